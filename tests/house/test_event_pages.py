"""What is written about facts is what the facts are."""

from app.docs_pages import pages


def test_the_pages_of_facts_are_up_to_date() -> None:
    stale = [str(file) for file, text in pages().items() if file.read_text(encoding="utf-8") != text]
    assert stale == [], "run: python -m app.docs_pages"
