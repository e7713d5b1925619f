"""全部测试: every tier, real Asterisk and real telephones included; what follows goes to pytest."""

import argparse
import os
import subprocess

from app.prepare.places import Places

LANES = ("-q", "--durations=15", "--numprocesses=2")
"""One process for each lane of tests/lanes.py; a part of the tests runs in a single one."""
ROUNDS = {
    "一、除真实通话以外的全部": ("tests", "--ignore=tests/stories"),
    "二、真实通话": ("tests/stories",),
}
"""Nothing else keeps the processors busy while people talk: their sound would come late."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything else on the line is pytest's."""
    parser.epilog = "其余选项原样交给 pytest,例如:./hotline test tests/stories -k greeting -x"


def run(args: argparse.Namespace) -> int:
    """Become pytest for a part; two rounds of it for everything. 0 if both were green."""
    places = Places.load()
    os.chdir(places.project)
    pytest = [str(places.python), "-m", "pytest"]
    around = {**os.environ, "PYTHONPATH": str(places.project)}
    if args.rest:
        os.execve(pytest[0], [*pytest, *args.rest], around)  # noqa: S606 - no shell is meant
    ended = []
    for name, where in ROUNDS.items():
        print(f"▶ {name}", flush=True)
        ended.append(subprocess.run([*pytest, *LANES, *where], env=around, check=False).returncode)
    return next((code for code in ended if code), 0)
