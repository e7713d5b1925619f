"""Every prompt has a text, and every text a prompt."""

from pathlib import Path

import pytest

from ivr.prompt_book import Prompt, PromptWithoutText, TextWithoutPrompt, check_prompts, text_of


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    for prompt in Prompt:
        (tmp_path / f"{prompt}.txt").write_text("您好。\n", encoding="utf-8")
    return tmp_path


def test_the_prompts_that_we_ship_are_complete() -> None:
    check_prompts()


def test_the_greeting_says_who_we_are_and_that_the_call_is_recorded() -> None:
    assert text_of(Prompt.GREETING) == "您好,12345热线,通话将被录音。"


def test_a_prompt_without_a_text_is_named(texts: Path) -> None:
    (texts / "please_wait.txt").unlink()
    with pytest.raises(PromptWithoutText, match="please_wait"):
        check_prompts(texts)


def test_an_empty_text_is_no_text(texts: Path) -> None:
    (texts / "greeting.txt").write_text(" \n", encoding="utf-8")
    with pytest.raises(PromptWithoutText, match="greeting"):
        check_prompts(texts)


def test_a_text_that_no_flow_knows_is_named(texts: Path) -> None:
    (texts / "gretting.txt").write_text("您好。", encoding="utf-8")
    with pytest.raises(TextWithoutPrompt, match=r"gretting\.txt"):
        check_prompts(texts)
