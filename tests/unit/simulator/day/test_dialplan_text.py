"""The dialplan is read as Asterisk reads it, as far as our templates go; no further."""

import pytest

from simulator.day.dialplan_text import Dialplan, DialplanUnknown, filled

VARIABLES = {"EXTEN": "*141", "EMPTY": "", "ARG1": "pause", "ANSWER_pause": "done", "LOOKS": "14"}


def value(name: str) -> str:
    return VARIABLES.get(name, f"<{name}>")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("plain", "plain"),
        ("${EXTEN:3}", "1"),
        ("${EXTEN:0:3}", "*14"),
        ("${ANSWER_${ARG1}}", "done"),
        ("${FILTER(0-9*,${EXTEN}):0:2}", "<F"),
        ('$["${EMPTY}" = ""]', "1"),
        ('$["${EXTEN}" != "*12"]', "1"),
        ("$[${LOOKS} + 1]", "15"),
        ("$[${LOOKS} < 15]", "1"),
    ],
)
def test_what_stands_in_braces_is_filled_in_from_the_inside(text: str, means: str) -> None:
    assert filled(text, value) == means


def test_the_narrowest_pattern_wins() -> None:
    plan = Dialplan(
        """
        [from-seat]
        exten => _[+*#]!,1,Goto(unknown,s,1)
        exten => _*X!,1,Goto(desk,s,1)
        exten => 8001,1,Goto(consult,s,1)
        exten => _X!,1,Goto(unknown,s,1)
        """
    )

    def leads_to(number: str) -> str | None:
        found = plan.find("from-seat", number)
        return found.steps[0].argument if found else None

    assert leads_to("*12") == "desk,s,1"
    assert leads_to("#1") == "unknown,s,1"
    assert leads_to("8001") == "consult,s,1"
    assert leads_to("8009") == "unknown,s,1"
    assert leads_to("abc") is None


def test_what_is_not_understood_is_refused() -> None:
    with pytest.raises(DialplanUnknown):
        filled("$[1 ~ 2]", value)
    with pytest.raises(DialplanUnknown):
        Dialplan("[a]\nexten => s,1,???")
