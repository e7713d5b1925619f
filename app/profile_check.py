"""配置档检查: reads every file of a profile as the hotline will, then looks for files that disagree."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from classifier.profile import FILES as CLASSIFIER_FILES
from classifier.profile import read_profile
from console.sms_texts import FILE as SMS
from console.sms_texts import read_texts
from core.calendar import national_calendar
from core.errors import HotlineError
from queue_manager.figures.policy import FILE as FIGURES
from queue_manager.figures.policy import read_policy as read_figures
from queue_manager.seat_rules import FILE as SEATS
from queue_manager.seat_rules import read_seat_rules
from recordings.rule import FILE as RECORDINGS
from recordings.rule import read_rule
from tickets.calendar_file import CALENDAR, read_calendar
from tickets.circulars.policy import CIRCULARS, read_circular_policy
from tickets.city_file import CITY, read_city
from tickets.consequences_policy import CONSEQUENCES, Conduct, read_consequences
from tickets.deadlines import Case, ClockKind
from tickets.flow_policy import WORKFLOW, read_flow
from tickets.limit_file import LIMITS, read_policy
from tickets.study_policy import STUDY, read_study
from tickets.transitions import ROWS
from tickets.visits_policy import VISITS, read_visits
from tickets.wish import Action

README = "README.md"
THE_CLASSIFIERS = " ".join(CLASSIFIER_FILES)
READERS: Mapping[str, Callable[[Path], object]] = {
    CITY: read_city,
    CALENDAR: lambda folder: read_calendar(folder, national_calendar()),
    LIMITS: read_policy,
    WORKFLOW: read_flow,
    VISITS: read_visits,
    CONSEQUENCES: read_consequences,
    CIRCULARS: read_circular_policy,
    STUDY: read_study,
    SMS: read_texts,
    SEATS: read_seat_rules,
    FIGURES: read_figures,
    RECORDINGS: lambda folder: read_rule(folder / RECORDINGS),
    THE_CLASSIFIERS: read_profile,
}
"""Each file of a profile, or the seven that are read together, and who reads it."""
KNOWN = (*(name for names in READERS for name in names.split()), README)


class RulesDisagree(HotlineError):
    """两个文件互相矛盾:请改其中一个。"""

    def sentence(self) -> str:
        """Name both and how they disagree."""
        return f"{self.facts['one']} 和 {self.facts['other']} 互相矛盾:{self.facts['reason']}。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """一项检查: which files, and what is wrong with them; empty when nothing is."""

    files: str
    problem: str = ""


def findings(folder: Path) -> list[Finding]:
    """Check a profile: strange files, then each file, then files against each other."""
    found = [Finding(files=path.name, problem=_strange(path.name)) for path in _strangers(folder)]
    found += [Finding(files=names, problem=_problem(read, folder)) for names, read in READERS.items()]
    if not any(one.problem for one in found):
        found += [
            Finding(
                files=f"{disagreement.facts['one']} {disagreement.facts['other']}", problem=str(disagreement)
            )
            for disagreement in disagreements(folder)
        ]
    return found


def note_on(folder: Path, today: date) -> str:
    """Say what is right as yet and will not be for long: that the calendar ends; else nothing."""
    try:
        return read_policy(folder).alarm(today)
    except HotlineError:
        return ""


def disagreements(folder: Path) -> Iterator[RulesDisagree]:
    """Give where files that are right by themselves cannot both be meant."""
    limits, circulars = read_policy(folder), read_circular_policy(folder)
    may_approve = [f"{role}" for role in ROWS[Action.APPROVE].roles]
    for role in limits.extension.approvers:
        if role not in may_approve:
            reason = f"{role}不能同意申请, 能同意的只有 {'、'.join(may_approve)}"
            yield RulesDisagree(one=f"{LIMITS} 的 extension.approvers", other="角色权限", reason=reason)
    if limits.deadlines.rule_for(ClockKind.VISIT, Case()) is None:
        reason = "回访要有时限, limits.toml 里没有一条不带条件的回访规则"
        yield RulesDisagree(one=LIMITS, other=VISITS, reason=reason)
    for rule in read_consequences(folder).rule:
        if rule.conduct is Conduct.BOTTOM and rule.percent != circulars.bottom_percent:
            reason = f"“{rule.name}”是末位 {rule.percent} %, 通报的末位是 {circulars.bottom_percent} %"
            yield RulesDisagree(one=CONSEQUENCES, other=f"{CIRCULARS} 的 bottom_percent", reason=reason)


def _problem(read: Callable[[Path], object], folder: Path) -> str:
    try:
        read(folder)
    except HotlineError as error:
        return str(error)
    return ""


def _strangers(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if path.name not in KNOWN and not path.name.startswith(".")
    )


def _strange(name: str) -> str:
    near = get_close_matches(name, KNOWN, n=1)
    meant = f", 是不是 {near[0]}" if near else ""
    return f"{name}:配置档里没有这种文件{meant}。放在这里不起作用, 请改名或拿走。"
