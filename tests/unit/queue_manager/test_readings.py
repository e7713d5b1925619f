"""What Asterisk writes is read so that a row can hold it."""

import pytest

from core.clock import from_epoch
from queue_manager import cel, queue_log
from queue_manager.readings import call_named, instant, whole, word

CALL = "hotline-1772413200.1"


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "nan", "inf", "1e309", "9" * 20, "9" * 5000, "253402300799", "-1e12"]
)
def test_what_is_no_instant_of_this_century_is_none(text: str) -> None:
    assert instant(text) is None


def test_an_instant_is_read_to_the_microsecond() -> None:
    assert instant("1772413200.000001") == from_epoch(1772413200.000001)


@pytest.mark.parametrize("text", ["", "-1", "1.5", "٣", "²", "9" * 5000])
def test_what_is_no_number_is_nothing(text: str) -> None:
    assert whole(text) == 0


@pytest.mark.parametrize("text", ["", "a b", "x\x00y", "../etc/passwd", "热线-1.1", "h" * 65])
def test_what_is_no_name_of_a_call_names_none(text: str) -> None:
    assert call_named(text) is None


def test_a_word_has_no_control_characters_and_an_end() -> None:
    assert word("in\x00ta\x1bke\n") == "intake"
    assert len(word("长" * 1000)) == 32


@pytest.mark.parametrize(
    "line", ["9" * 5000 + f"|{CALL}|intake|NONE|ABANDON|1|1|9", "٣|x|y|z|ABANDON", "9" * 17 + "|a"]
)
def test_a_line_of_the_queue_log_without_an_instant_is_passed_over(line: str) -> None:
    whole_line = f"1772413200|{CALL}|intake|NONE|ABANDON|1|1|9"
    assert len(list(queue_log.sightings_in([line, whole_line]))) == 1


def test_a_quote_that_is_not_closed_swallows_no_other_line() -> None:
    whole_line = (
        f'"HANGUP","1772413260.5","{CALL}","{CALL}","PJSIP/carrier-00000001","","","","","hotline","s"'
    )
    broken = ['"HANGUP","17724132', '"' + "x" * 200_000, whole_line]
    assert len(list(cel.sightings_in(broken, "/recordings"))) == 1
