"""What a failed program said, in one line."""

import pytest

from app.prepare.tools import ToolMissing, last_words, run


def test_the_line_that_names_the_fault_is_repeated() -> None:
    said = "Reading lists\nE: Unable to locate package asterisk\nE: more\nW: remark\n"
    assert last_words(said) == "E: Unable to locate package asterisk"


def test_without_such_a_line_the_last_one_is() -> None:
    assert last_words("Traceback\n\nOSError: [Errno 28] No space left on device\n").startswith("OSError")


def test_silence_is_told_as_a_question_mark() -> None:
    assert last_words("") == "?"


def test_a_missing_program_is_named() -> None:
    with pytest.raises(ToolMissing, match="/nowhere/program"):
        run(["/nowhere/program"])
