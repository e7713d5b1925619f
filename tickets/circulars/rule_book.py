"""通报口径: every figure of a circular as one row: title, formula in Chinese, what is counted."""

from collections.abc import Callable

from tickets.circulars.facts import GRADES, OUTCOMES, RATHER, SATISFIED, SOLVED, TicketFact
from tickets.circulars.figure import Rule
from tickets.circulars.period import Period
from tickets.limits import day_of

Test = Callable[[TicketFact, Period], bool]
MINUTE = 60


def received(ticket: TicketFact, period: Period) -> bool:
    """受理: registered in the period."""
    return period.holds(ticket.received_at)


def valid(ticket: TicketFact, period: Period) -> bool:
    """有效受理."""
    return not (ticket.invalid or ticket.withdrawn) and received(ticket, period)


def on_line(ticket: TicketFact, period: Period) -> bool:
    """直接解答."""
    return ticket.solved_on_line and valid(ticket, period)


def sent(ticket: TicketFact, period: Period) -> bool:
    """派单, of what was received in the period."""
    return ticket.dispatched_at is not None and not ticket.solved_on_line and valid(ticket, period)


def waiting(ticket: TicketFact, period: Period) -> bool:
    """待派单."""
    return valid(ticket, period) and not on_line(ticket, period) and not sent(ticket, period)


def _left_out(ticket: TicketFact, period: Period) -> bool:
    return (ticket.invalid or ticket.withdrawn) and received(ticket, period)


def _with_a_unit(ticket: TicketFact) -> bool:
    return ticket.dispatched_at is not None and not (ticket.invalid or ticket.withdrawn)


def _sent_now(ticket: TicketFact, period: Period) -> bool:
    return _with_a_unit(ticket) and period.holds(ticket.dispatched_at)


def _in_hand(ticket: TicketFact, period: Period) -> bool:
    if ticket.invalid or ticket.withdrawn or ticket.received_at >= period.until:
        return False
    return ticket.closed_at is None or ticket.closed_at >= period.since


def _closed(ticket: TicketFact, period: Period) -> bool:
    return period.holds(ticket.closed_at)


def _closed_by_unit(ticket: TicketFact, period: Period) -> bool:
    return _with_a_unit(ticket) and _closed(ticket, period)


def _due(ticket: TicketFact, period: Period) -> bool:
    return _with_a_unit(ticket) and period.holds(ticket.due)


def _first_due(ticket: TicketFact, period: Period) -> bool:
    return _with_a_unit(ticket) and period.holds(ticket.first_due)


def _in_time(ticket: TicketFact, _: Period) -> bool:
    return ticket.closed_at is not None and ticket.due is not None and ticket.closed_at <= ticket.due


def _late(ticket: TicketFact, period: Period) -> bool:
    return not _in_time(ticket, period)


def _in_first_time(ticket: TicketFact, _: Period) -> bool:
    closed, due = ticket.closed_at, ticket.first_due
    return closed is not None and due is not None and closed <= due


def _sign_due(ticket: TicketFact, period: Period) -> bool:
    return _with_a_unit(ticket) and period.holds(ticket.sign_due)


def _signed(ticket: TicketFact, _: Period) -> bool:
    signed, due = ticket.signed_at, ticket.sign_due
    return signed is not None and due is not None and signed <= due


def _contact_due(ticket: TicketFact, period: Period) -> bool:
    return _with_a_unit(ticket) and period.holds(ticket.contact_due)


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


def _closed_first(ticket: TicketFact, period: Period) -> bool:
    return _with_a_unit(ticket) and period.holds(ticket.first_closed_at)


def _to_visit(ticket: TicketFact, period: Period) -> bool:
    return ticket.wants_visit and _closed_by_unit(ticket, period)


def _visited(ticket: TicketFact, period: Period) -> bool:
    return ticket.visit is not None and period.holds(ticket.visit.at)


def _grade(*grades: str, all_of_them: bool = False) -> Test:
    """Rated so in the period; with ``all_of_them`` those that two persons excluded as well."""

    def rated(ticket: TicketFact, period: Period) -> bool:
        visit = ticket.visit
        if visit is None or visit.satisfaction not in grades or not (visit.counted or all_of_them):
            return False
        return period.holds(visit.at)

    return rated


def _outcome(*outcomes: str) -> Test:
    def so(ticket: TicketFact, period: Period) -> bool:
        visit = ticket.visit
        return visit is not None and visit.outcome in outcomes and visit.counted and period.holds(visit.at)

    return so


def _of(matter: str) -> Test:
    return lambda ticket, period: ticket.matter == matter and _in_hand(ticket, period)


def _rate(key: str, title: str, formula: str, base: Test, hit: Test, good: int = 1) -> Rule:  # noqa: PLR0917
    return Rule(key=key, title=title, formula=formula, base=base, hit=hit, unit="%", times=100, good=good)


def _count(key: str, title: str, formula: str, base: Test, good: int = 0) -> Rule:
    return Rule(key=key, title=title, formula=formula, base=base, good=good)


INTAKE = (
    _count("received", "受理量", "本期登记的工单", received),
    _count("valid", "有效受理", "受理量 − 无效、骚扰、撤单、合并", valid),
    _count("left_out", "不计有效", "本期登记、后判为无效或骚扰、并入另一工单或由来电人撤回的工单", _left_out),
    _count("on_line", "直接解答", "有效受理中由座席当场答复办结的工单", on_line),
    _count("sent", "派单", "有效受理中截止时已派给承办单位的工单", sent),
    _count("waiting", "待派单", "有效受理中截止时尚未派出的工单", waiting),
)
HANDLING = (
    _rate("sign_rate", "签收及时率", "签收期限内签收 ÷ 本期签收到期", _sign_due, _signed),
    _rate("response_rate", "响应率", "联系期限内联系来电人 ÷ 本期联系到期", _contact_due, _contacted),
    _rate("closing_rate", "办结率", "本期办结 ÷ (期初未结 + 本期有效受理)", _in_hand, _closed),
    _rate("on_time_rate", "按时办结率", "在(含批准延期的)期限内办结 ÷ 本期到期", _due, _in_time),
    _rate(
        "on_time_rate_first",
        "按时办结率(延期前)",
        "在最初期限内办结 ÷ 按最初期限本期到期",
        _first_due,
        _in_first_time,
    ),
    _rate("late_rate", "逾期率", "到期未办结或逾期办结 ÷ 本期到期", _due, _late, -1),
    _rate("same_day_rate", "当日办结率", "受理当天办结 ÷ 本期办结的派单件", _closed_by_unit, _same_day),
    Rule(
        key="mean_hours",
        title="平均办理时长",
        formula="本期办结的派单件从受理到办结的分钟数之和 ÷ 件数 ÷ 60, 自然时长, 不满一分钟不计",
        base=_closed_by_unit,
        hit=_minutes,
        unit="小时",
        by=MINUTE,
        good=-1,
    ),
    Rule(
        key="longest_hours",
        title="最长办理时长",
        formula="本期办结的派单件中从受理到办结最久的一件, 分钟数 ÷ 60, 自然时长, 不满一分钟不计",
        base=_closed_by_unit,
        hit=_minutes,
        unit="小时",
        by=MINUTE,
        longest=True,
        good=-1,
    ),
    _rate("refusal_rate", "退单率", "被退过单 ÷ 本期派单", _sent_now, lambda one, _: one.refusals > 0, -1),
    _rate("accuracy", "一次派准率", "没有被退过单 ÷ 本期派单", _sent_now, lambda one, _: one.refusals == 0),
    _rate(
        "redo_rate", "重办率", "被退回重办 ÷ 本期首次办结", _closed_first, lambda one, _: one.redos > 0, -1
    ),
    _count(
        "redo_twice",
        "两次以上重办",
        "本期首次办结、已被退回重办两次以上的工单",
        lambda one, period: one.redos > 1 and _closed_first(one, period),
        -1,
    ),
)
VISITS = (
    _rate(
        "visit_rate", "回访率", "已回访 ÷ 本期办结且应回访", _to_visit, lambda one, _: one.visit is not None
    ),
    Rule(
        key="reach_rate",
        title="回访接通率",
        formula="接通次数 ÷ 拨打次数",
        base=lambda one, period: one.visit.attempts if one.visit and _visited(one, period) else 0,
        hit=lambda one, _: one.visit.answered if one.visit else 0,
        unit="%",
        times=100,
        good=1,
    ),
    _rate(
        "satisfaction",
        "满意率",
        "(满意 + 基本满意) ÷ (满意 + 基本满意 + 不满意), 不予评价不入分母, 剔除后",
        _grade(*GRADES),
        _grade(SATISFIED, RATHER),
    ),
    _rate(
        "satisfaction_raw",
        "满意率(剔除前)",
        "同上, 连同两人核定不计入考核的工单",
        _grade(*GRADES, all_of_them=True),
        _grade(SATISFIED, RATHER, all_of_them=True),
    ),
    _rate(
        "satisfaction_strict",
        "满意率(只计满意)",
        "满意 ÷ (满意 + 基本满意 + 不满意), 剔除后",
        _grade(*GRADES),
        _grade(SATISFIED),
    ),
    _count("unrated", "不予评价", "本期回访时来电人不予评价的工单", _grade("不予评价", all_of_them=True)),
    _rate(
        "excluded_rate",
        "剔除率",
        "不计入考核 ÷ 本期有评价",
        _grade(*GRADES, all_of_them=True),
        lambda one, _: one.visit is not None and not one.visit.counted,
        0,
    ),
    _rate(
        "solved_rate",
        "解决率",
        "(解决 + 基本解决) ÷ (解决 + 基本解决 + 未解决), 剔除后",
        _outcome(*OUTCOMES),
        _outcome(*OUTCOMES[:2]),
    ),
    _rate(
        "solved_rate_strict",
        "解决率(只计解决)",
        "解决 ÷ (解决 + 基本解决 + 未解决), 剔除后",
        _outcome(*OUTCOMES),
        _outcome(SOLVED),
    ),
)
MATTERS = ("督办件", "批示件", "领导接听件")
SUPERVISED = tuple(
    _rate(
        f"matter_{number}",
        f"{matter}办结率",
        f"本期办结的{matter} ÷ (期初未结 + 本期受理的{matter})",
        _of(matter),
        _closed,
    )
    for number, matter in enumerate(MATTERS)
)
RULES = INTAKE + HANDLING + VISITS + SUPERVISED
BY_KEY = {rule.key: rule for rule in RULES}
