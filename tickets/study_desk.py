"""学习培训台: enters what was studied, withdraws what was wrong, and says who still owes a study."""

from dataclasses import dataclass, replace
from datetime import date

from core.clock import Clock
from core.database import Connection, Database
from core.errors import HotlineError
from tickets import study_store, unit_store
from tickets.limits import day_of
from tickets.roles import Actor, May, may
from tickets.study import CENTRE, Owing, Study, StudyKind, Withdrawal, owing
from tickets.study_policy import StudyPolicy
from tickets.study_store import Asked
from tickets.units import UnitId, UnitTree

LONGEST_TOPIC = 200
LONGEST_NAME = 40
MOST_PEOPLE = 100_000


class MayNotStudy(HotlineError):
    """您的角色不能登记或看这个单位的学习培训:单位的人只管本单位的, 其余的请热线办登记。"""


class StudyUnclear(HotlineError):
    """要写明主题 (200 字以内)、主持人或授课人 (40 字以内) 和参加人数 (至少 1 人)。"""


class StudyInTheFuture(HotlineError):
    """日期不能晚于今天:开完了再登记。"""


class StudiedAlready(HotlineError):
    """同一单位同一天同一主题已经登记过:写错了要先用 ./hotline study withdraw 撤销那一条。"""


class NoSuchStudy(HotlineError):
    """没有这个编号的学习培训登记:编号用 ./hotline study list 里的。"""


class WithdrawnAlready(HotlineError):
    """这一条已经撤销过了。"""


class WhyWithdrawn(HotlineError):
    """撤销要写明理由。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """登记的内容; ``unit`` in anybody's words, None for the centre itself."""

    unit: str | None
    kind: StudyKind
    day: date
    topic: str
    chair: str
    people: int
    remark: str = ""


class StudyDesk:
    """Every use case in one transaction; raises MayNotStudy for who may not."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Work on this database."""
        self._database = database
        self._clock = clock

    def add(self, entry: Entry, actor: Actor) -> Study:
        """登记, under the number it gets.

        Raises NoSuchUnit, UnitUnclear, StudyUnclear, StudyInTheFuture or StudiedAlready.
        """
        now = self._clock.now()
        _check(entry, day_of(now))

        def work(connection: Connection) -> Study:
            study_store.lock(connection)
            study = Study(
                unit=_unit_named(connection, entry.unit),
                kind=entry.kind,
                day=entry.day,
                topic=_plain(entry.topic),
                chair=_plain(entry.chair),
                people=entry.people,
                remark=entry.remark.strip(),
                entered_by=actor.name,
                entered_at=now,
            )
            _check_may_enter(actor, study.unit)
            if known := study_store.same_study(connection, study):
                raise StudiedAlready(number=known.number, day=known.day, topic=known.topic)
            return replace(study, number=study_store.add_study(connection, study))

        return self._database.now(work)

    def withdraw(self, number: int, why: str, actor: Actor) -> Study:
        """撤销: it stays on record, uncounted. Raises WhyWithdrawn, NoSuchStudy or WithdrawnAlready."""
        if not why.strip():
            raise WhyWithdrawn(number=number)
        withdrawal = Withdrawal(at=self._clock.now(), by=actor.name, why=why.strip())

        def work(connection: Connection) -> Study:
            study = study_store.study_by_number(connection, number)
            if study is None:
                raise NoSuchStudy(number=number)
            _check_may_enter(actor, study.unit)
            if not study_store.withdraw_study(connection, number, withdrawal):
                raise WithdrawnAlready(number=number)
            return replace(study, withdrawn=withdrawal)

        return self._database.now(work)

    def studies(self, asked: Asked, unit: str | None, actor: Actor) -> list[Study]:
        """Give entries, the last day first; of this unit, in anybody's words, or all that the actor may see.

        Raises NoSuchUnit or UnitUnclear.
        """

        def work(connection: Connection) -> list[Study]:
            only = asked if unit is None else replace(asked, unit=_unit_named(connection, unit))
            return study_store.studies_known(connection, replace(only, unit=_may_see(actor, only.unit)))

        return self._database.now(work)

    def owing(self, day: date, policy: StudyPolicy, actor: Actor) -> list[Owing]:
        """欠学习: who has not yet studied in the period of a day, as far as the actor may see it."""
        own = _may_see(actor, None)
        found = self._database.now(lambda connection: owing_in(connection, day, policy))
        return [one for one in found if own in (None, one.unit.unit_id)]


def owing_in(connection: Connection, day: date, policy: StudyPolicy) -> list[Owing]:
    """Give who has not yet studied in the period of a day, by number."""
    period = policy.period_of(day)
    tree = UnitTree(unit_store.units_known(connection))
    held = study_store.times_studied(connection, period)
    return list(owing(tree, policy, held, study_store.reminded_in(connection, period)))


def _check(entry: Entry, today: date) -> None:
    topic, chair = _plain(entry.topic), _plain(entry.chair)
    if not (0 < len(topic) <= LONGEST_TOPIC and 0 < len(chair) <= LONGEST_NAME):
        raise StudyUnclear(topic=topic, chair=chair)
    if not 0 < entry.people <= MOST_PEOPLE:
        raise StudyUnclear(people=entry.people)
    if entry.day > today:
        raise StudyInTheFuture(day=entry.day)


def _plain(words: str) -> str:
    """However it is spaced: the same topic twice is one."""
    return " ".join(words.split())


def _unit_named(connection: Connection, words: str | None) -> UnitId:
    if words is None:
        return CENTRE
    return UnitTree(unit_store.units_known(connection)).find(words).unit_id


def _check_may_enter(actor: Actor, unit: UnitId) -> None:
    own = may(actor, May.ENTER_OWN_STUDY) and actor.unit and actor.unit == unit
    if not (own or may(actor, May.ENTER_STUDY)):
        raise MayNotStudy(role=actor.role)


def _may_see(actor: Actor, unit: UnitId | None) -> UnitId | None:
    """Give which unit's he is shown, None for all; whoever is of a unit sees its own only."""
    if may(actor, May.READ):
        return unit
    own = UnitId(actor.unit)
    if not own or not may(actor, May.READ_OWN_UNIT) or unit not in (None, own):
        raise MayNotStudy(role=actor.role)
    return own
