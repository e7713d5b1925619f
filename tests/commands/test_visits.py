"""Visits and consequences as a person types them, on the database of the hotline."""

import json

from tests.commands.command_line import CommandLine
from tests.commands.test_refused import refused

DAYS = ("--from", "2026-01-01", "--to", "2026-12-31")


def test_before_anything_happened_every_list_is_empty(started: CommandLine) -> None:
    assert started.run("user", "add", "督办赵", "--role", "督办员").code == 0
    who = ("--as", "督办赵")
    found = json.loads(started.run("consequences", *DAYS, "--profile", "shijiazhuang", "--json").out)
    assert (found["period"]["name"], found["rows"], found["sheets"]) == ("2026年", [], [])
    assert "共 0 件" in started.run("register", "list", *DAYS, *who).out
    refused(started.run("visit", "record", "1", "--handle", "还行", *who), "visits.toml", "基本满意")
