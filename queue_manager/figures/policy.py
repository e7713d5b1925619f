"""统计口径: what a hotline may decide about its figures, from the file ``figures.toml`` of its profile."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from core.errors import HotlineError
from core.profiles import file_of

FILE = "figures.toml"
TEST = "test"
ROBOT = "robot"
FLAGS = {TEST: "测试来电", ROBOT: "已知机器来电"}
ANY_ENDING = "*"


class PolicyWrong(HotlineError):
    """统计口径文件 figures.toml 有误:请按括号里的原因改正后重试。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``connect_rate_target`` is in percent; a number that ends in ``*`` stands for all that begin so."""

    threshold_seconds: int = 15
    short_seconds: int = 5
    connect_rate_target: int = 95
    test_numbers: tuple[str, ...] = ()
    robot_numbers: tuple[str, ...] = ()

    def flag_of(self, number: str) -> str:
        """Say why calls of this number are not counted: ``test``, ``robot``, or empty for a citizen."""
        if self.test_numbers and _is_among(number, self.test_numbers):
            return TEST
        return ROBOT if self.robot_numbers and _is_among(number, self.robot_numbers) else ""


def read_policy(profile: Path) -> Policy:
    """Read ``figures.toml`` of a profile, where all may be left out; raises PolicyWrong."""
    file = file_of(profile, FILE)
    try:
        written = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Policy()
    except (OSError, ValueError) as wrong:
        raise PolicyWrong(file=file, reason=wrong) from wrong
    known = {field.name for field in fields(Policy)}
    values: dict[str, Any] = {}
    for name, value in written.items():
        if name not in known or not _is_right(name, value):
            raise PolicyWrong(file=file, reason=f"{name} = {value!r}")
        values[name] = tuple(value) if isinstance(value, list) else value
    return Policy(**values)


def _is_right(name: str, value: Any) -> bool:  # noqa: ANN401 - whatever somebody wrote
    if name.endswith("_numbers"):
        return isinstance(value, list) and all(isinstance(one, str) and one.strip("*") for one in value)
    top = 100 if name == "connect_rate_target" else 3600
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= top


def _is_among(number: str, numbers: tuple[str, ...]) -> bool:
    return any(number.startswith(one[:-1]) if one.endswith(ANY_ENDING) else number == one for one in numbers)
