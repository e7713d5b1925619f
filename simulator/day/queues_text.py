"""技能组设置: reads the very queues.conf that the real Asterisk gets."""

from configparser import ConfigParser, SectionProxy

from core.errors import HotlineError
from simulator.day.members import GeneralRules, LongestFirst, QueueRules

GENERAL = "general"
STRATEGIES = ("leastrecent", "rrmemory", "rrordered")


class StrategyUnknown(HotlineError):
    """演练不会按这个 strategy 派话:请在 simulator/day/members.py 的 metric 里补上,照 app_queue 的写法。"""


class OrderUnknown(HotlineError):
    """force_longest_waiting_caller 写得不对:只能是 prio、yes 或 no,请改正 queues.conf。"""


def rules_in(text: str) -> dict[str, QueueRules]:
    """Give every queue's rules, by name; raises StrategyUnknown."""
    parser = _parsed(text)
    fill = parser.getboolean(GENERAL, "autofill", fallback=False)
    return {name: _rules(parser[name], fill) for name in parser.sections() if name != GENERAL}


def general_in(text: str) -> GeneralRules:
    """Give what is said of all queues; what is not said is as in Asterisk. Raises OrderUnknown."""
    parser = _parsed(text)
    return GeneralRules(
        longest_first=_longest_first(parser),
        shared_lastcall=parser.getboolean(GENERAL, "shared_lastcall", fallback=False),
    )


def _parsed(text: str) -> ConfigParser:
    parser = ConfigParser(comment_prefixes=(";",), interpolation=None, strict=False)
    parser.read_string(text)
    return parser


def _longest_first(parser: ConfigParser) -> LongestFirst:
    said = parser.get(GENERAL, "force_longest_waiting_caller", fallback="no")
    if said.lower() == LongestFirst.PRIO:
        return LongestFirst.PRIO
    try:
        is_on = parser.getboolean(GENERAL, "force_longest_waiting_caller", fallback=False)
    except ValueError:
        raise OrderUnknown(given=said) from None
    return LongestFirst.YES if is_on else LongestFirst.NO


def _rules(said: SectionProxy, fill: bool) -> QueueRules:
    strategy = said.get("strategy", "ringall")
    if strategy not in STRATEGIES:
        raise StrategyUnknown(queue=said.name, strategy=strategy)
    return QueueRules(
        strategy=strategy,
        timeout=said.getint("timeout", 15),
        retry=said.getint("retry", 5),
        wrapuptime=said.getint("wrapuptime", 0),
        weight=said.getint("weight", 0),
        autofill=said.getboolean("autofill", fill),
        needs_telephone="unavailable" in said.get("joinempty", ""),
    )
