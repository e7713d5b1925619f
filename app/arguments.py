"""命令行选项: the standard library's argument parser, speaking Chinese."""

import argparse
import re
import sys
from typing import Any, NoReturn

_SAID = (
    (r"the following arguments are required: (.*)", r"还要写上 \1"),
    (r"one of the arguments (\S+) (\S+) is required", r"\1 和 \2 要写一个"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.*)\)", r"\1 不能是 \2,可以是 \3"),
    (r"argument (.+?): expected .*", r"\1 后面要写一个值"),
    (r"argument (.+?): ignored explicit argument (.*)", r"\1 后面不要写值 \2"),
    (r"argument (.+?): not allowed with argument (.*)", r"\1 不能和 \2 一起用"),
    (r"argument (.+?): invalid \w+ value: (.*)", r"\1 不能是 \2"),
    (r"argument (.+?): (.*)", r"\1:\2"),
    (r"unrecognized arguments: (.*)", r"不认识的选项:\1"),
)
"""What argparse says, and what it means."""


LONGEST_WORD = 12


class Arguments(argparse.ArgumentParser):
    """Options are never shortened: what works today must mean the same tomorrow."""

    def __init__(self, **words: Any) -> None:  # noqa: ANN401 - argparse's own words
        """Take what argparse takes."""
        super().__init__(**words, add_help=False, allow_abbrev=False, formatter_class=_Usage)
        self._positionals.title = "要写的"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        """End with one sentence and code 2."""
        print(f"错误:{_in_chinese(message)}。用法见 {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


class _Usage(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog)
        # argparse forgets that commands stand further in than their list, and breaks the longest one
        self._action_max_length = LONGEST_WORD + 4

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401
        super().add_usage(usage, actions, groups, "用法:" if prefix is None else prefix)


def _in_chinese(message: str) -> str:
    for english, chinese in _SAID:
        if found := re.fullmatch(english, message, re.DOTALL):
            return found.expand(chinese)
    return message
