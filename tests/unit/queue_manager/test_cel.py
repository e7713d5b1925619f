"""Asterisk's record of channels, read for what nobody of ours saw."""

from queue_manager.cel import sightings_in, when
from queue_manager.sightings import Mouth, Seen, Sighting

LINES = """\
"CHAN_START","1772413200.750595","hotline-1772413200.0","hotline-1772413200.0","PJSIP/8001-0","8001","*12","","","from-seat",""
"ANSWER","1772413200.751286","hotline-1772413200.0","hotline-1772413200.0","PJSIP/8001-0","8001","s","","","codes",""
"HANGUP","1772413200.813942","hotline-1772413200.0","hotline-1772413200.0","PJSIP/8001-0","8001","s","","{""hangupcause"":0}","codes",""
"ANSWER","1772413201.250000","hotline-1772413201.1","hotline-1772413201.1","PJSIP/t-1","13910000001","s","","","hotline","12345"
"APP_START","1772413202.052694","hotline-1772413201.1","hotline-1772413201.1","PJSIP/t-1","13910000001","s","intake,i","","hotline","12345"
"ANSWER","1772413203.153205","hotline-1772413201.1","hotline-1772413202.2","PJSIP/8001-2","8001","s","(Outgoing Line)","","from-seat",""
"HANGUP","1772413230.748457","hotline-1772413201.1","hotline-1772413201.1","PJSIP/t-1","13910000001","s","","{""hangupcause"":16}","hotline","12345"
"""  # noqa: E501 - as Asterisk writes them


def read(text: str) -> list[Sighting]:
    return list(sightings_in(text.splitlines(), "/recordings"))


def test_a_citizen_who_was_answered_by_us_arrived_and_a_seat_that_dialled_a_code_did_not() -> None:
    [arrival] = [seen for seen in read(LINES) if seen.kind is Seen.ARRIVED]
    assert (arrival.call_id, arrival.mouth) == ("hotline-1772413201.1", Mouth.CEL)
    assert (arrival.caller, arrival.dialled) == ("13910000001", "12345")
    assert arrival.detail == "/recordings/hotline-1772413201.1.raw"
    assert arrival.at.isoformat() == "2026-03-02T09:00:01.250000+08:00"


def test_it_says_where_a_call_with_a_number_that_was_given_before_is_recorded() -> None:
    arrived = LINES.splitlines()[3] + ',"/recordings/hotline-1772413201.1~2.raw"'
    assert [seen.detail for seen in read(arrived)] == ["/recordings/hotline-1772413201.1~2.raw"]


def test_every_channel_that_is_gone_is_given_to_the_microsecond() -> None:
    gone = {seen.call_id: seen.at for seen in read(LINES) if seen.kind is Seen.GONE}
    assert gone.keys() == {"hotline-1772413200.0", "hotline-1772413201.1"}
    assert gone["hotline-1772413201.1"] == when(LINES.splitlines()[-1])  # type: ignore[index]  # a plain string


def test_lines_of_an_older_form_tell_of_ends_only() -> None:
    older = "\n".join(line.rsplit(",", 2)[0] for line in LINES.splitlines())
    assert {seen.kind for seen in read(older)} == {Seen.GONE}


def test_broken_lines_pass() -> None:
    assert read('"HANGUP","soon","a","b","c","d"\n"HANGUP"\n\n"ANSWER","1e999","a","a","c","d"') == []
    assert when("nothing") is None
