"""通报口径: every figure of a circular as one row: title, formula in Chinese, what is counted."""

from collections.abc import Sequence
from operator import attrgetter

from tickets.circulars.facts import GRADES, OUTCOMES, RATHER, SATISFIED, SOLVED, UNRATED, TicketFact
from tickets.circulars.figure import Amount, Rule
from tickets.circulars.period import Period
from tickets.circulars.sieve import Picked, Sieve, Test, during, those
from tickets.limits import day_of

MINUTE = 60


def _counts(ticket: TicketFact) -> bool:
    return not (ticket.invalid or ticket.withdrawn)


COUNTING = those(None, _counts)
WITH_A_UNIT = those(COUNTING, lambda one: one.dispatched_at is not None)
RECEIVED = during(attrgetter("received_at"))
"""受理: registered in the period."""
VALID = those(RECEIVED, _counts)
"""有效受理."""
LEFT_OUT = those(RECEIVED, lambda one: not _counts(one))
ON_LINE = those(VALID, attrgetter("solved_on_line"))
"""直接解答."""
TO_UNITS = those(VALID, lambda one: not one.solved_on_line)
SENT = those(TO_UNITS, lambda one: one.dispatched_at is not None)
"""派单, of what was received in the period."""
WAITING = those(TO_UNITS, lambda one: one.dispatched_at is None)
"""待派单."""
SENT_NOW = during(attrgetter("dispatched_at"), WITH_A_UNIT)
SIGN_DUE = during(attrgetter("sign_due"), WITH_A_UNIT)
CONTACT_DUE = during(attrgetter("contact_due"), WITH_A_UNIT)
DUE = during(attrgetter("due"), WITH_A_UNIT)
FIRST_DUE = during(attrgetter("first_due"), WITH_A_UNIT)
CLOSED_BY_UNIT = during(attrgetter("closed_at"), WITH_A_UNIT)
CLOSED_FIRST = during(attrgetter("first_closed_at"), WITH_A_UNIT)
REDONE_TWICE = those(CLOSED_FIRST, lambda one: one.redos > 1)
TO_VISIT = those(CLOSED_BY_UNIT, attrgetter("wants_visit"))
VISITED = during(lambda one: one.visit.at if one.visit else None)


def _still_open(tickets: Sequence[TicketFact], period: Period) -> Picked:
    since, until = period.since, period.until
    return [
        one
        for one in tickets
        if one.received_at < until and (one.closed_at is None or one.closed_at >= since)
    ]


IN_HAND = Sieve(pick=_still_open, of=COUNTING)
"""期初未结 + 本期受理."""


def _closed(ticket: TicketFact, period: Period) -> bool:
    return period.holds(ticket.closed_at)


def _in_time(ticket: TicketFact, _: Period) -> bool:
    return ticket.closed_at is not None and ticket.due is not None and ticket.closed_at <= ticket.due


def _late(ticket: TicketFact, period: Period) -> bool:
    return not _in_time(ticket, period)


def _in_first_time(ticket: TicketFact, _: Period) -> bool:
    closed, due = ticket.closed_at, ticket.first_due
    return closed is not None and due is not None and closed <= due


def _signed(ticket: TicketFact, _: Period) -> bool:
    signed, due = ticket.signed_at, ticket.sign_due
    return signed is not None and due is not None and signed <= due


def _contacted(ticket: TicketFact, _: Period) -> bool:
    contacted, due = ticket.contacted_at, ticket.contact_due
    return contacted is not None and due is not None and contacted <= due


def _minutes(ticket: TicketFact, _: Period) -> int:
    if ticket.closed_at is None:
        return 0
    return max(0, int((ticket.closed_at - ticket.received_at).total_seconds()) // MINUTE)


def _same_day(ticket: TicketFact, _: Period) -> bool:
    closed = ticket.closed_at
    return closed is not None and day_of(closed) == day_of(ticket.received_at)


def _grade(*grades: str) -> Test:
    return lambda one: one.visit is not None and one.visit.satisfaction in grades


def _counted(ticket: TicketFact) -> bool:
    return ticket.visit is not None and ticket.visit.counted


def _outcome(*outcomes: str) -> Test:
    return lambda one: one.visit is not None and one.visit.outcome in outcomes


def _of(matter: str) -> Test:
    return lambda one: one.matter == matter


def _which(test: Test) -> Amount:
    return lambda one, _: test(one)


RATED_RAW = those(VISITED, _grade(*GRADES))
"""有评价, with those that two persons excluded."""
RATED = those(RATED_RAW, _counted)
TOLD_OUTCOME = those(those(VISITED, _counted), _outcome(*OUTCOMES))


def _rate(key: str, title: str, formula: str, base: Sieve, hit: Amount, good: int = 1) -> Rule:  # noqa: PLR0917
    return Rule(key=key, title=title, formula=formula, base=base, hit=hit, unit="%", times=100, good=good)


def _count(key: str, title: str, formula: str, base: Sieve, good: int = 0) -> Rule:
    return Rule(key=key, title=title, formula=formula, base=base, good=good)


INTAKE = (
    _count("received", "受理量", "本期登记的工单", RECEIVED),
    _count("valid", "有效受理", "受理量 − 无效、骚扰、撤单、合并", VALID),
    _count("left_out", "不计有效", "本期登记、后判为无效或骚扰、并入另一工单或由来电人撤回的工单", LEFT_OUT),
    _count("on_line", "直接解答", "有效受理中由座席当场答复办结的工单", ON_LINE),
    _count("sent", "派单", "有效受理中截止时已派给承办单位的工单", SENT),
    _count("waiting", "待派单", "有效受理中截止时尚未派出的工单", WAITING),
)
HANDLING = (
    _rate("sign_rate", "签收及时率", "签收期限内签收 ÷ 本期签收到期", SIGN_DUE, _signed),
    _rate("response_rate", "响应率", "联系期限内联系来电人 ÷ 本期联系到期", CONTACT_DUE, _contacted),
    _rate("closing_rate", "办结率", "本期办结 ÷ (期初未结 + 本期有效受理)", IN_HAND, _closed),
    _rate("on_time_rate", "按时办结率", "在(含批准延期的)期限内办结 ÷ 本期到期", DUE, _in_time),
    _rate(
        "on_time_rate_first",
        "按时办结率(延期前)",
        "在最初期限内办结 ÷ 按最初期限本期到期",
        FIRST_DUE,
        _in_first_time,
    ),
    _rate("late_rate", "逾期率", "到期未办结或逾期办结 ÷ 本期到期", DUE, _late, -1),
    _rate("same_day_rate", "当日办结率", "受理当天办结 ÷ 本期办结的派单件", CLOSED_BY_UNIT, _same_day),
    Rule(
        key="mean_hours",
        title="平均办理时长",
        formula="本期办结的派单件从受理到办结的分钟数之和 ÷ 件数 ÷ 60, 自然时长, 不满一分钟不计",
        base=CLOSED_BY_UNIT,
        hit=_minutes,
        unit="小时",
        by=MINUTE,
        good=-1,
    ),
    Rule(
        key="longest_hours",
        title="最长办理时长",
        formula="本期办结的派单件中从受理到办结最久的一件, 分钟数 ÷ 60, 自然时长, 不满一分钟不计",
        base=CLOSED_BY_UNIT,
        hit=_minutes,
        unit="小时",
        by=MINUTE,
        longest=True,
        good=-1,
    ),
    _rate("refusal_rate", "退单率", "被退过单 ÷ 本期派单", SENT_NOW, lambda one, _: one.refusals > 0, -1),
    _rate("accuracy", "一次派准率", "没有被退过单 ÷ 本期派单", SENT_NOW, lambda one, _: one.refusals == 0),
    _rate("redo_rate", "重办率", "被退回重办 ÷ 本期首次办结", CLOSED_FIRST, lambda one, _: one.redos > 0, -1),
    _count(
        "redo_twice",
        "两次以上重办",
        "本期首次办结、已被退回重办两次以上的工单",
        REDONE_TWICE,
        -1,
    ),
)
VISITS = (
    _rate(
        "visit_rate", "回访率", "已回访 ÷ 本期办结且应回访", TO_VISIT, lambda one, _: one.visit is not None
    ),
    Rule(
        key="reach_rate",
        title="回访接通率",
        formula="接通次数 ÷ 拨打次数",
        base=VISITED,
        each=lambda one, _: one.visit.attempts if one.visit else 0,
        hit=lambda one, _: one.visit.answered if one.visit else 0,
        unit="%",
        times=100,
        good=1,
    ),
    _rate(
        "satisfaction",
        "满意率",
        "(满意 + 基本满意) ÷ (满意 + 基本满意 + 不满意), 不予评价不入分母, 剔除后",
        RATED,
        _which(_grade(SATISFIED, RATHER)),
    ),
    _rate(
        "satisfaction_raw",
        "满意率(剔除前)",
        "同上, 连同两人核定不计入考核的工单",
        RATED_RAW,
        _which(_grade(SATISFIED, RATHER)),
    ),
    _rate(
        "satisfaction_strict",
        "满意率(只计满意)",
        "满意 ÷ (满意 + 基本满意 + 不满意), 剔除后",
        RATED,
        _which(_grade(SATISFIED)),
    ),
    _count("unrated", "不予评价", "本期回访时来电人不予评价的工单", those(VISITED, _grade(UNRATED))),
    _rate(
        "excluded_rate",
        "剔除率",
        "不计入考核 ÷ 本期有评价",
        RATED_RAW,
        lambda one, _: not _counted(one),
        0,
    ),
    _rate(
        "solved_rate",
        "解决率",
        "(解决 + 基本解决) ÷ (解决 + 基本解决 + 未解决), 剔除后",
        TOLD_OUTCOME,
        _which(_outcome(*OUTCOMES[:2])),
    ),
    _rate(
        "solved_rate_strict",
        "解决率(只计解决)",
        "解决 ÷ (解决 + 基本解决 + 未解决), 剔除后",
        TOLD_OUTCOME,
        _which(_outcome(SOLVED)),
    ),
)
MATTERS = ("督办件", "批示件", "领导接听件")
SUPERVISED = tuple(
    _rate(
        f"matter_{number}",
        f"{matter}办结率",
        f"本期办结的{matter} ÷ (期初未结 + 本期受理的{matter})",
        those(IN_HAND, _of(matter)),
        _closed,
    )
    for number, matter in enumerate(MATTERS)
)
RULES = INTAKE + HANDLING + VISITS + SUPERVISED
BY_KEY = {rule.key: rule for rule in RULES}
