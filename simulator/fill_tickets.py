"""批量工单: lives of work orders, each gone through by the real steps and rules."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random

from core.clock import SHANGHAI
from core.ids import CallId, SeatNo, TicketNo
from core.understanding import Urgency
from tickets.deadlines import UnitClass
from tickets.guards import WorkRules
from tickets.history import Event, event_of
from tickets.model import Citizen, Demand, Ticket, TicketState, Visit
from tickets.roles import Actor, Role
from tickets.steps import taken
from tickets.tasks import Outcome
from tickets.units import Person, Post, Unit, UnitId
from tickets.wish import Action, Wish

BUREAUS = tuple(
    f"{name}局"
    for name in (
        *(
            "住建",
            "水务",
            "城管",
            "公安",
            "交通",
            "教育",
            "卫健",
            "人社",
            "民政",
            "市监",
            "生态环境",
            "自然资源",
        ),
        *("农业农村", "应急", "文旅", "商务", "财政", "税务", "医保", "消防"),
    )
)
DISTRICTS = tuple(f"{name}区" for name in ("城东", "城西", "城南", "城北", "新城", "湖滨", "高新", "港口"))
MATTERS = (
    ("市政设施/道路照明/路灯不亮", "求助", "路灯坏了"),
    ("环境保护/环境污染/噪音污染", "投诉", "夜间施工噪音扰民"),
    ("城建住房/供水/漏水", "投诉", "楼道水管漏水"),
    ("劳动保障/工资/拖欠工资", "投诉", "工地拖欠工资"),
    ("市场监管/消费/退款", "举报", "商家拒绝退款"),
    ("社会保障/医保/报销", "咨询", "医保怎么报销"),
    ("交通/公交/线路", "建议", "希望增加公交班次"),
    ("物业/收费/物业费", "投诉", "物业乱收费"),
)
SEAT = Actor(name="小李", role=Role.SEAT)
REVIEWER = Actor(name="派单王", role=Role.REVIEWER)
VISITOR = Actor(name="回访陈", role=Role.VISITOR)
ON_LINE, UNHAPPY, ASSISTED, URGENT = 0.3, 0.06, 0.1, 0.05
NOWHERE = TicketNo("0" * 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """一生: a work order as it stands, and the steps that led there; number, caller and words are blank."""

    ticket: Ticket
    events: tuple[Event, ...]


def units() -> list[Unit]:
    """Give the organisation: the centre, its bureaus, its districts, and two offices below each."""
    found = [_unit("01", "热线办", None)]
    for number, name in enumerate((*BUREAUS, *DISTRICTS), 2):
        kind = UnitClass.DISTRICT if name in DISTRICTS else UnitClass.CITY
        found.append(_unit(f"{number:02}", name, "01", kind))
        found += [
            _unit(f"{number:02}{below:02}", f"{name}{below}科", f"{number:02}", kind) for below in (1, 2)
        ]
    return found


def _unit(number: str, name: str, parent: str | None, kind: UnitClass = UnitClass.CITY) -> Unit:
    contact = Person(post=Post.CONTACT, name=f"{name}联络员"[:20], phone=f"0999-{number:>07}")
    return Unit(
        unit_id=UnitId(number),
        name=name,
        parent=UnitId(parent) if parent else None,
        unit_class=kind,
        people=(contact,),
    )


class Lives:
    """Makes lives that begin on a day; what would come after ``until`` has not happened yet."""

    def __init__(self, rules: WorkRules, until: datetime, chance: Random) -> None:
        """``rules`` know the units that :func:`units` gives."""
        self._rules = rules
        self._until = until
        self._chance = chance

    def one(self, day: date) -> Life:
        """Make one that begins on this day between 7 and 22 o'clock."""
        begin = datetime.combine(day, time(7), SHANGHAI) + timedelta(
            seconds=self._chance.randrange(15 * 3600)
        )
        ticket = self._draft(begin)
        events = [event_of(None, ticket, Wish(action=Action.REGISTER, actor=SEAT, at=begin))]
        for wish in self._wishes(begin):
            if wish.at >= self._until:
                break
            moved = taken(ticket, wish, self._rules)
            moved = replace(moved, version=ticket.version + 1, work=replace(moved.work, touched=True))
            events.append(event_of(ticket, moved, wish))
            ticket = moved
        return Life(ticket=ticket, events=tuple(events))

    def _draft(self, at: datetime) -> Ticket:
        category, kind, title = self._chance.choice(MATTERS)
        urgent = self._chance.random()
        return Ticket(
            ticket_no=NOWHERE,
            query_code="",
            state=TicketState.DRAFT,
            src_channel="电话",
            call_id=CallId(""),
            orig_did="12345",
            received_at=at,
            seat=SeatNo(f"{8001 + self._chance.randrange(60)}"),
            phone="",
            content=title,
            title=title,
            category=category,
            demand_type=kind,
            urgency=Urgency.URGENT if urgent < URGENT else Urgency.ORDINARY,
            citizen=Citizen(name=self._chance.choice(("张先生", "李女士", "王先生", "赵女士"))),
            demand=Demand(occurred_at="今天", cause=title, district=self._chance.choice(DISTRICTS)),
        )

    def _wishes(self, begin: datetime) -> Iterator[Wish]:
        """The way of most: answered at once, or through a unit to the return visit."""
        at = begin + timedelta(minutes=4)
        if self._chance.random() < ON_LINE:
            yield Wish(action=Action.ANSWER, actor=SEAT, at=at, text="已当场解释清楚")
            return
        yield Wish(action=Action.SUBMIT, actor=SEAT, at=at, reason="来电人不愿多说")
        at += timedelta(minutes=self._chance.randrange(5, 240))
        lead = self._chance.randrange(2, 2 + len(BUREAUS) + len(DISTRICTS))
        assist = ("01",) if self._chance.random() < ASSISTED else ()
        yield Wish(action=Action.DISPATCH, actor=REVIEWER, at=at, leads=(f"{lead:02}",), assists=assist)
        if assist:
            at += timedelta(hours=1)
            released = Wish(action=Action.RELEASE, actor=REVIEWER, at=at, unit="01", reason="不需要协办")
            yield released
        unit = Actor(name=f"{lead:02}联络员", role=Role.CONTACT, unit=f"{lead:02}")
        at += timedelta(minutes=self._chance.randrange(20, 900))
        yield Wish(action=Action.SIGN, actor=unit, at=at)
        rounds = 2 if self._chance.random() < UNHAPPY else 1
        for number in range(1, rounds + 1):
            at = yield from self._round(unit, at, satisfied=number == rounds)

    def _round(self, unit: Actor, begin: datetime, *, satisfied: bool) -> Generator[Wish, None, datetime]:
        """From the unit's work to what the citizen says; gives when that was."""
        at = begin + timedelta(minutes=self._chance.randrange(30, 600))
        yield Wish(action=Action.CONTACT, actor=unit, at=at, text="电话联系来电人")
        at += timedelta(minutes=self._chance.randrange(300, 8000))
        outcome = Outcome(at=at, result="已办理", reply_proof="已电话答复来电人", signed_by_head="局长")
        yield Wish(action=Action.DONE, actor=unit, at=at, outcome=outcome)
        at += timedelta(minutes=self._chance.randrange(10, 300))
        yield Wish(action=Action.ACCEPT, actor=REVIEWER, at=at)
        at += timedelta(minutes=self._chance.randrange(60, 1500))
        said = self._chance.choice(("满意", "满意", "基本满意")) if satisfied else "不满意"
        visit = Visit(at=at, by=VISITOR.name, handle_sat=said, is_solved="解决" if satisfied else "未解决")
        action = Action.VISITED if satisfied else Action.DISSATISFIED
        reason = "" if satisfied else "没有办好"
        yield Wish(action=action, actor=VISITOR, at=at, visit=visit, reason=reason)
        return at
