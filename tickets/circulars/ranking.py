"""单位排名: units by score; equal scores share a rank (1, 2, 2, 4), the bottom is rounded up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tickets.circulars.facts import TicketFact
from tickets.circulars.figure import Figure, figure_of, half_up
from tickets.circulars.period import Period
from tickets.circulars.policy import CircularPolicy
from tickets.circulars.rule_book import BY_KEY
from tickets.circulars.sieve import Sifted
from tickets.rankings import places

COLUMNS = ("sent", "sign_rate", "on_time_rate", "late_rate", "redo_rate", "refusal_rate", "satisfaction")
FULL = 10_000
NOT_RANKED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """一个单位. ``score`` in hundredths; ``rank`` 0: not ranked; ``bottom``: 末位."""

    unit: str
    name: str
    figures: Mapping[str, Figure]
    score: int | None
    rank: int = NOT_RANKED
    bottom: bool = False


def unit_lines(
    tickets: Iterable[TicketFact], names: Mapping[str, str], period: Period, policy: CircularPolicy
) -> tuple[UnitLine, ...]:
    """Give a line for each unit that had anything to do, those ranked first, equal ones by number."""
    of_unit: defaultdict[str, list[TicketFact]] = defaultdict(list)
    for ticket in tickets:
        if ticket.unit and ticket.dispatched_at is not None:
            of_unit[ticket.unit].append(ticket)
    keys = tuple(dict.fromkeys((*COLUMNS, *policy.weights)))
    lines = []
    for unit, own in of_unit.items():
        sifted = Sifted(own, period)
        figures = {key: figure_of(BY_KEY[key], sifted) for key in keys}
        if any(figure.num or figure.den for figure in figures.values()):
            score = score_of(figures, policy) if figures["sent"].num >= policy.least else None
            lines.append(UnitLine(unit=unit, name=names.get(unit, unit), figures=figures, score=score))
    return ranked(lines, policy.bottom_percent)


def score_of(figures: Mapping[str, Figure], policy: CircularPolicy) -> int | None:
    """得分 in hundredths, 0 to 100; a rate with nothing to divide by is left out with its weight."""
    total = weights = 0
    for key, weight in policy.weights.items():
        figure = figures[key]
        if figure.hundredths is not None:
            total += weight * (figure.hundredths if figure.good > 0 else FULL - figure.hundredths)
            weights += weight
    return half_up(total, weights)


def ranked(lines: Sequence[UnitLine], bottom_percent: int) -> tuple[UnitLine, ...]:
    """Put lines in order and give ranks; whoever ties with the first of the bottom is in it too."""
    given = places({line.unit: line.score for line in lines if line.score is not None}, bottom_percent)
    placed = [
        UnitLine(
            unit=line.unit,
            name=line.name,
            figures=line.figures,
            score=line.score,
            rank=given[line.unit].rank if line.unit in given else NOT_RANKED,
            bottom=line.unit in given and given[line.unit].bottom,
        )
        for line in lines
    ]
    return tuple(sorted(placed, key=lambda line: (line.rank == NOT_RANKED, line.rank, line.unit)))


def scoring_words(policy: CircularPolicy) -> tuple[str, ...]:
    """Say in Chinese how scores and ranks come about."""
    parts = " + ".join(
        f"{'' if BY_KEY[key].good > 0 else '(100 − '}{BY_KEY[key].title}{'' if BY_KEY[key].good > 0 else ')'}"
        f" × {weight}"
        for key, weight in policy.weights.items()
    )
    return (
        f"得分 = ({parts}) ÷ {sum(policy.weights.values())}, 四舍五入保留两位小数;没有分母的比率连同权重不计",
        "得分相同名次并列, 其后的名次顺延(1、2、2、4)",
        f"末位 = 参与排名单位数的 {policy.bottom_percent}%, 向上取整;与末位首家同分的一并列入",
        f"本期派单少于 {policy.least} 件的单位不参与排名",
    )
