"""Help and wrong words: Chinese, and never a traceback."""

import re
import subprocess
import sys

import pytest

from app.__main__ import COMMANDS
from tests.commands.command_line import CommandLine
from tests.house.tree import ROOT, is_chinese

ENGLISH = re.compile(r"\b(usage|options|optional|positional|arguments|show this|error|invalid|required)\b")


@pytest.mark.parametrize("command", [*COMMANDS, "seat add", "seat list", "seat remove"])
def test_every_command_explains_itself_in_chinese(line: CommandLine, command: str) -> None:
    ran = line.run(*command.split(), "--help")
    assert ran.code == 0, ran.err
    assert ran.err == ""
    assert ran.out.startswith(f"用法:./hotline {command}")
    assert not ENGLISH.search(ran.out), ran.out


def test_the_list_of_commands_has_a_line_for_each(line: CommandLine) -> None:
    said = line.run("--help").out
    assert all(f"{command} " in said and explained in said for command, explained in COMMANDS.items())
    assert not ENGLISH.search(said), said


WRONG = {
    "": "命令",
    "dmeo": "'dmeo'",
    "seat": "动作",
    "seat ad 8001": "'ad'",
    "seat add": "座席号",
    "calls -n": "-n",
    "calls -n many": "'many'",
    "calls -n -3": "'-3'",
    "calls --folow": "--folow",
    "calls --slow=-1": "'-1'",
    "calls --slow=nan": "'nan'",
    "calls --slow long": "'long'",
    "calls --number-hash 13812345678": "--hash-of",
    "calls --verify --hash-of 110": "--verify",
    "status --json": "--json",
    "up --settings": "--settings",
    "up now": "now",
    "demo --say": "--say",
}


@pytest.mark.parametrize("words", WRONG)
def test_a_wrong_word_is_named_in_one_chinese_sentence(line: CommandLine, words: str) -> None:
    ran = line.run(*words.split())
    assert ran.code == 2
    assert ran.out == ""
    [sentence] = ran.sentences
    assert sentence.startswith("错误:")
    assert is_chinese(sentence)
    assert WRONG[words] in sentence
    assert not ENGLISH.search(sentence), sentence
    assert "--help" in sentence


@pytest.mark.parametrize("words", [[], ["--help"], ["-h"], ["help"]])
def test_the_executable_without_a_command_says_what_there_is_at_once(words: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, str(ROOT / "hotline"), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=5,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert all(command in ran.stdout for command in COMMANDS)
    assert not ENGLISH.search(ran.stdout)
