"""Quality as a person types it: a call is drawn and marked, and its seat has a figure."""

import json

from tests.commands.command_line import CommandLine
from tests.commands.conftest import SEAT
from tests.commands.test_refused import refused

THE_DAY = "2026-03-02"
WHO = ("--as", "质检周")
MARKS = ("--marks", "95,90,100,80,85")


def test_a_drawn_call_is_marked_and_its_seat_has_a_quality(journal: CommandLine) -> None:
    assert journal.run("user", "add", "质检周", "--role", "质检员").code == 0
    drawn = journal.run("quality", "draw", "--date", THE_DAY, "--each", "1", "--json", *WHO)
    [call] = [one for one in json.loads(drawn.out)["calls"] if one["seat"] == SEAT]
    filled = journal.run("quality", "sheet", call["call_id"], "--seat", SEAT, *MARKS, *WHO)
    assert (filled.code, filled.sentences) == (0, []), filled.err
    assert "90.0" in filled.out
    assert "计入 1 张" in journal.run("quality", "list", "--date", THE_DAY, *WHO).out
    figures = json.loads(journal.run("figures", "--date", THE_DAY, "--json").out)
    assert figures["seats"][SEAT]["quality"]["value"] == 90.0
    refused(journal.run("quality", "sheet", "hotline-9999.9", *MARKS, *WHO), "没有这通来电")
    refused(journal.run("quality", "sheet", call["call_id"], "--marks", "95", *WHO), "五项都要打分")
