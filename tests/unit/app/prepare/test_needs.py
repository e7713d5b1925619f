"""What each command needs."""

import pytest

from app.__main__ import COMMANDS
from app.prepare.needs import ASK, CHECK, RUN, TEST, UP, USAGE, Needs, Package, asks_for_usage, needs_of


def names(packages: tuple[Package, ...]) -> set[str]:
    return {package.name for package in packages}


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [
        (["demo", "--json"], RUN),
        (["status"], RUN),
        (["calls", "--follow"], RUN),
        (["seat", "add", "8001"], RUN),
        (["up"], UP),
        (["unit", "list"], ASK),
        (["due", "--days", "5"], ASK),
        (["test"], TEST),
        (["bench", "calls"], TEST),
        (["check"], CHECK),
        (["figures", "--json"], ASK),
        (["prepare"], UP),
        (["prepare", "--test"], TEST),
        (["up", "--help"], ASK),
    ],
)
def test_a_command_gets_what_it_needs(arguments: list[str], needs: Needs) -> None:
    assert needs_of(arguments) == needs


def test_checking_the_code_needs_neither_asterisk_nor_programs() -> None:
    assert not CHECK.asterisk
    assert not CHECK.packages


def test_only_use_and_tests_need_a_database_server() -> None:
    assert "postgresql" not in names(RUN.packages)
    assert "postgresql" in names(UP.packages) & names(TEST.packages)


def test_tests_need_all_that_use_needs() -> None:
    assert names(UP.packages) < names(TEST.packages)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_whoever_has_not_named_a_command_gets_the_usage(arguments: list[str]) -> None:
    assert asks_for_usage(arguments)


def test_every_command_stands_in_the_usage() -> None:
    told = {line.split()[0] for line in USAGE.splitlines() if line.startswith("  ")}
    assert set(COMMANDS) - told == set()
