"""What pages for operators quote is what the hotline says: sentences in logs, announcements on telephones."""

import re

import pytest

from ivr.prompt_book import Prompt, text_of
from tests.house.tree import ROOT, letters, modules

HOWTO = ROOT / "docs" / "howto"
ROOMS = ("queue_manager", "recordings", "app")
SPOKEN_IN_TEXT = re.compile(r"(?:says?|hears?) ([\u4e00-\u9fff,]{3,})")


def cells(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table behind a heading."""
    behind = (HOWTO / page).read_text(encoding="utf-8").partition(heading)[2]
    rows = re.search(r"(?:^\|.*\n)+", behind, re.MULTILINE)
    assert rows
    return [[cell.strip() for cell in row.strip("|\n").split("|")] for row in rows[0].splitlines()[2:]]


def sentences() -> list[str]:
    rows = cells("at-three-in-the-morning.md", "## What the engine's log says")
    return [sentence for row in rows for sentence in row[0].split(" · ")]


@pytest.mark.parametrize("sentence", sentences())
def test_what_is_said_to_stand_in_the_log_is_written_somewhere(sentence: str) -> None:
    assert any(f'"{sentence}"' in letters(path) for room in ROOMS for path in modules(room))


@pytest.mark.parametrize("row", cells("seat-by-phone.md", "# Work"), ids=lambda row: row[0])
def test_what_is_said_to_be_heard_on_a_telephone_is_a_prompt(row: list[str]) -> None:
    spoken = {text_of(prompt).rstrip("。") for prompt in Prompt}
    assert row[2] in spoken


def test_announcements_in_the_text_are_prompts() -> None:
    page = (HOWTO / "seat-by-phone.md").read_text(encoding="utf-8").replace("\n  ", " ")
    quoted = SPOKEN_IN_TEXT.findall(page)
    assert len(quoted) >= 4
    everything = "".join(text_of(prompt) for prompt in Prompt)
    assert [words for words in quoted if words not in everything] == []
