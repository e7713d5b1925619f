"""留存规则: how long recordings are kept, as the profile's ``recordings.toml`` says."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from core.clock import SHANGHAI
from core.errors import HotlineError
from core.profiles import file_of

FILE = "recordings.toml"
_TABLE = "keep"
_KEYS = ("days", "open_ticket_days", "every_night")
MOST_DAYS = 36500


class KeepingRuleWrong(HotlineError):
    """录音留存规则写错了:在改正之前不会删除任何录音,请改正配置档里的 recordings.toml。"""


class NoKeepingRule(HotlineError):
    """配置档里没有录音留存规则:请从 profiles/default 抄一份 recordings.toml,在此之前不会删除任何录音。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """规则: days after the day of the call; ``open_ticket_days`` while its work order is open (0: no end).

    ``every_night``: the engine applies it by itself.
    """

    days: int
    open_ticket_days: int
    every_night: bool

    def last_day(self, begun: datetime, *, ticket_open: bool) -> date | None:
        """Until when, this day included, a recording is kept; None as long as the work order is open."""
        days = self.days
        if ticket_open:
            if not self.open_ticket_days:
                return None
            days = max(days, self.open_ticket_days)
        return begun.astimezone(SHANGHAI).date() + timedelta(days=days)

    def begun_before(self, today: date) -> datetime:
        """Recordings that began later than this are kept in any case."""
        return datetime.combine(today - timedelta(days=self.days), time(), SHANGHAI)


def read_rule(file: Path) -> Rule:
    """Read the rule, the default's if the city has none; raises NoKeepingRule or KeepingRuleWrong."""
    file = file_of(file.parent, file.name)
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise NoKeepingRule(file=file) from error
    except OSError as error:
        raise KeepingRuleWrong(file=file, reason=error.strerror) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KeepingRuleWrong(file=file, reason="不是 UTF-8 编码的 TOML") from error
    table = said.pop(_TABLE, None)
    if said or not isinstance(table, dict):
        raise KeepingRuleWrong(file=file, reason=f"只能有一节 [{_TABLE}]")
    if unknown := [key for key in table if key not in _KEYS]:
        raise KeepingRuleWrong(file=file, key=unknown[0], reason="没有这一项")
    return _rule(file, table)


def _rule(file: Path, table: dict[str, object]) -> Rule:
    every_night = table.get("every_night")
    if not isinstance(every_night, bool):
        raise KeepingRuleWrong(file=file, key="every_night", reason="应是 true 或 false")
    return Rule(
        days=_days(file, table, "days", least=1),
        open_ticket_days=_days(file, table, "open_ticket_days", least=0),
        every_night=every_night,
    )


def _days(file: Path, table: dict[str, object], key: str, least: int) -> int:
    days = table.get(key)
    if not isinstance(days, int) or isinstance(days, bool) or not least <= days <= MOST_DAYS:
        raise KeepingRuleWrong(file=file, key=key, reason=f"应是 {least} 到 {MOST_DAYS} 之间的整数")
    return days
