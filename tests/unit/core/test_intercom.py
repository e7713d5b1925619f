"""Lines of the intercom: a fact each; what is not one is passed over."""

import pytest

from core.intercom import fact_of, line_of
from tests.fakes.facts import arrived, offered, suggestion, transcript

SOME = [arrived(), offered(), transcript(text='他说:"换行\n制表\t"'), suggestion()]


@pytest.mark.parametrize("fact", SOME, ids=lambda fact: type(fact).__name__)
def test_a_fact_is_one_line_and_comes_back_as_it_was(fact: object) -> None:
    line = line_of(fact)  # type: ignore[arg-type]
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")
    assert fact_of(line) == fact


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"GET / HTTP/1.1\r\n",
        b"CallArrived\n",
        b"CallArrived\t{}\n",
        b"CallArrived\tnot json\n",
        b'CallTeleported\t{"call_id": "1"}\n',
        b"CallArrived\t" + b"\xff" * 100 + b"\n",
        b"\x00" * 1000,
        line_of(arrived())[:-20],
    ],
)
def test_what_is_no_fact_of_ours_is_passed_over(line: bytes) -> None:
    assert fact_of(line) is None
