"""``explain``: why one call went where it went."""

import json

from app.call_log_words import header
from tests.commands.command_line import CommandLine
from tests.commands.test_refused import refused


def test_a_call_is_explained(journal: CommandLine) -> None:
    told = json.loads(journal.run("explain", "hotline-0.0", "--json").out)
    assert told["call_id"] == "hotline-0.0"
    assert "hotline-0.0" in journal.run("explain", "hotline-0.0").out


def test_a_call_that_there_is_not_is_refused_and_the_column_to_copy_it_from_is_named(
    journal: CommandLine,
) -> None:
    refused(journal.run("explain", "hotline-9.9"), "没有这通来电", "“来电编号”")
    assert "来电编号" in header()
