"""全部测试: every tier, real Asterisk and real telephones included; what follows goes to pytest."""

import argparse
import os

from app.prepare.places import Places

EVERYTHING = ("-q", "--durations=15", "--numprocesses=4")
"""One process for each lane of tests/lanes.py; a part of the tests runs in a single one."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything else on the line is pytest's."""
    parser.epilog = "其余选项原样交给 pytest,例如:./hotline test tests/stories -k greeting -x"


def run(args: argparse.Namespace) -> int:
    """Become pytest."""
    places = Places.load()
    os.chdir(places.project)
    argv = [str(places.python), "-m", "pytest", *(args.rest or EVERYTHING)]
    os.execve(argv[0], argv, {**os.environ, "PYTHONPATH": str(places.project)})  # noqa: S606 - no shell is meant
