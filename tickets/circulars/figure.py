"""通报指标: a number with its rule in Chinese and the numbers of the work orders behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.ids import TicketNo
from tickets.circulars.facts import TicketFact
from tickets.circulars.period import Period
from tickets.circulars.sieve import Picked, Sieve, Sifted

ROUNDING = "比率和平均数四舍五入, 保留两位小数;分母为零时不计算, 记作“—”"
NOTHING = "—"
Amount = Callable[[TicketFact, Period], int]
"""How much a work order adds; 0: it has no part in this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """口径. Without ``hit`` it counts ``base``; else it is Σ hit · ``times`` ÷ (Σ base · ``by``).

    Each of ``base`` adds 1, or what ``each`` says. With ``longest`` it is the greatest hit alone, ÷ ``by``.
    """

    key: str
    title: str
    formula: str
    base: Sieve
    each: Amount | None = None
    hit: Amount | None = None
    unit: str = "件"
    times: int = 1
    by: int = 1
    longest: bool = False
    good: int = 0
    """1: more is better, -1: less is better, 0: neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """一个数. ``hundredths`` is the rounded value times 100; None where there is nothing to divide by."""

    key: str
    title: str
    formula: str
    unit: str
    good: int
    num: int
    den: int | None
    hundredths: int | None
    ids: tuple[TicketNo, ...]
    base_ids: tuple[TicketNo, ...]

    @property
    def text(self) -> str:
        """Give it as it is printed."""
        if self.den is None:
            return f"{self.num:,}"
        return decimal(self.hundredths) + ("%" if self.unit == "%" and self.hundredths is not None else "")

    @property
    def working(self) -> str:
        """计算过程: what was divided by what."""
        return f"{self.num:,}" if self.den is None else f"{self.num:,} ÷ {self.den:,}"


def figure_of(rule: Rule, sifted: Sifted) -> Figure:
    """Work a rule out."""
    base, hit, period = sifted.by(rule.base), rule.hit, sifted.period
    bases = _amounts(rule.each, base, period)
    hits = _amounts(hit, base, period) if hit else {}
    den = sum(bases.values())
    if rule.longest:
        num, den = max(hits.values(), default=0), min(den, 1)
        hits = {no: hit for no, hit in hits.items() if hit == num}
    else:
        num = sum(hits.values())
    counted = rule.hit is None
    return Figure(
        key=rule.key,
        title=rule.title,
        formula=rule.formula,
        unit=rule.unit,
        good=rule.good,
        num=den if counted else num,
        den=None if counted else den,
        hundredths=den * 100 if counted else half_up(num * rule.times * 100, den * rule.by),
        ids=tuple(bases if counted else hits),
        base_ids=() if counted else tuple(bases),
    )


def _amounts(amount: Amount | None, tickets: Picked, period: Period) -> dict[TicketNo, int]:
    if amount is None:
        return dict.fromkeys([one.no for one in tickets], 1)
    return {one.no: much for one in tickets if (much := amount(one, period))}


def half_up(num: int, den: int) -> int | None:
    """四舍五入 to a whole number, for ``num`` ≥ 0; None without a denominator."""
    return (2 * num + den) // (2 * den) if den > 0 else None


def decimal(hundredths: int | None) -> str:
    """Print hundredths: ``9740`` → ``97.40``."""
    if hundredths is None:
        return NOTHING
    whole, rest = divmod(abs(hundredths), 100)
    return f"{'-' if hundredths < 0 else ''}{whole:,}.{rest:02d}"


def change(now: Figure, before: Figure) -> str:
    """环比: in percentage points for a rate, in percent for a count, in the unit for a mean; signed."""
    if now.den is None:
        share = half_up(abs(now.num - before.num) * 10_000, before.num)
        return NOTHING if share is None else _signed(share * (1 if now.num >= before.num else -1)) + "%"
    if now.hundredths is None or before.hundredths is None:
        return NOTHING
    return _signed(now.hundredths - before.hundredths) + ("个百分点" if now.unit == "%" else now.unit)


def _signed(hundredths: int) -> str:
    return ("+" if hundredths > 0 else "") + decimal(hundredths)


def day_in_chinese(day: date) -> str:
    """Print a day: ``2026年11月22日``."""
    return f"{day.year}年{day.month}月{day.day}日"
