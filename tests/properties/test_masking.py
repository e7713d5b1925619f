"""Masking: whatever the number and wherever it stands, nobody outside can call it back."""

import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.events import KeptFact, TranscriptReady
from core.logs import mask_personal_data
from core.privacy import masked_number
from core.understanding import HeardWord, Segment, Side
from core.wire import outward
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, answered, arrived, suggestion, transcript

LONGEST_SHOWN = 7
numbers = st.from_regex(r"\+?[0-9]{8,20}", fullmatch=True)
talk = st.text("我的电话是号码请回一下,。 ", max_size=20)


def _shows(text: str, number: str) -> bool:
    """Tell whether a run of eight digits of the number stands in the text."""
    digits = number.lstrip("+")
    runs = {digits[at : at + LONGEST_SHOWN + 1] for at in range(len(digits) - LONGEST_SHOWN)}
    return any(run in text for run in runs)


def _outside(fact: KeptFact) -> str:
    """What leaves the house, without the name of the call and its instants: they are numbers of ours."""
    plain = {
        name: value for name, value in outward(fact).items() if name not in ("call_id", "at", "recording")
    }
    return json.dumps(plain, ensure_ascii=False)


@given(numbers)
def test_of_a_callers_number_at_most_seven_digits_are_shown(number: str) -> None:
    shown = masked_number(number)
    assert len(re.sub(r"[^0-9]", "", shown)) <= LONGEST_SHOWN
    assert not _shows(shown, number)


@given(numbers)
def test_no_fact_about_a_caller_shows_his_number(number: str) -> None:
    for fact in (replace(arrived(), caller=number), replace(answered(), caller=number)):
        assert not _shows(_outside(fact), number)


@given(numbers, talk, talk, st.sampled_from(Side))
def test_no_fact_about_what_was_said_shows_a_number_that_was_said(
    number: str, before: str, behind: str, side: Side
) -> None:
    said = before + number + behind
    words = (HeardWord(text=said, start=0.0, end=1.0, confidence=1.0),)
    segment = Segment(side=side, start=0.0, end=1.0, raw=said, text=said, words=words)
    heard = TranscriptReady(call_id=CALL, at=NINE_O_CLOCK, segments=(segment,), model=transcript().model)
    assert not _shows(_outside(heard), number)


@given(numbers)
def test_no_suggestion_shows_a_number_in_its_address_or_title(number: str) -> None:
    told = suggestion()
    named = replace(told, suggestion=replace(told.suggestion, address=f"{number}号", title=f"回电{number}"))
    assert not _shows(_outside(named), number)


@given(st.from_regex(r"[0-9]{11,30}", fullmatch=True), talk, talk)
def test_no_log_line_shows_a_long_number_wherever_it_stands(number: str, before: str, behind: str) -> None:
    line = mask_personal_data(None, "info", {"event": before + number + behind, "reason": number})
    assert not _shows(str(line), number)


@given(numbers)
def test_no_log_line_shows_a_number_under_its_own_key(number: str) -> None:
    line = mask_personal_data(None, "info", {"event": "来电", "caller": number, "phone": number})
    assert not _shows(str(line), number)
