"""后果: the rules of a profile held against the histories of a period: evidence, score sheets, places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickets.circulars.period import Kind, period_of
from tickets.consequences_facts import Evidence, Material
from tickets.consequences_policy import Conduct, ConsequencePolicy, ConsequenceRule
from tickets.consequences_rules import evidence, persons_of
from tickets.rankings import places
from tickets.tasks import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """得分表 of one unit: ``parts`` with what is left of their marks, and the rows that took or gave."""

    unit: str
    sent: int
    parts: Mapping[str, int]
    praise: int
    ledger: tuple[Evidence, ...]

    @property
    def score(self) -> int:
        """Give the sum; praise lifts it to 100 at most."""
        return min(sum(self.parts.values()) + self.praise, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """结论 of one period. ``sheets`` are of every unit that was sent anything; few are not ranked."""

    rows: tuple[Evidence, ...]
    sheets: tuple[Sheet, ...]


def judged(material: Material, policy: ConsequencePolicy, before: Sequence[Judged] = ()) -> Judged:
    """Hold every rule against the period; ``before`` are the years before it, the last one first.

    Bottom places are of whole years only: in any other period nobody is last.
    """
    rows = [row for rule in policy.rule for row in evidence(rule, material)]
    sheets = _sheets(material, policy, rows)
    now = Judged(rows=tuple(rows), sheets=sheets)
    if material.period == period_of(Kind.YEARLY, material.period.first):
        for rule in policy.rule:
            if rule.conduct is Conduct.BOTTOM:
                rows.extend(_bottom_rows(rule, material, policy, (now, *before)))
    return Judged(rows=tuple(rows), sheets=sheets)


def _sheets(material: Material, policy: ConsequencePolicy, rows: Sequence[Evidence]) -> tuple[Sheet, ...]:
    """得分表: every row takes its points off its part, which is never below zero."""
    sent: dict[str, int] = {}
    for one in material.dossiers:
        for task in one.ticket.work.tasks:
            if task.part is Part.LEAD and material.period.holds(task.given_at):
                sent[task.unit] = sent.get(task.unit, 0) + 1
    found = []
    for unit in sorted({*sent, *(row.unit for row in rows if row.points)}):
        ledger = tuple(row for row in rows if row.unit == unit and row.points)
        lost = {
            part.name: sum(row.points for row in ledger if row.part == part.name and row.points > 0)
            for part in policy.part
        }
        found.append(
            Sheet(
                unit=unit,
                sent=sent.get(unit, 0),
                parts={part.name: max(part.marks - lost[part.name], 0) for part in policy.part},
                praise=-sum(row.points for row in ledger if row.points < 0),
                ledger=ledger,
            )
        )
    return tuple(found)


def scores(sheets: Sequence[Sheet], policy: ConsequencePolicy) -> Mapping[str, int]:
    """Give the scores of those that are ranked."""
    return {sheet.unit: sheet.score for sheet in sheets if sheet.sent >= policy.ranked_from}


def _bottom_rows(
    rule: ConsequenceRule, material: Material, policy: ConsequencePolicy, years: Sequence[Judged]
) -> list[Evidence]:
    """末位: at the bottom of this year, and of as many years before it as the rule wants."""
    if len(years) < rule.years:
        return []
    placed = [places(scores(year.sheets, policy), rule.percent) for year in years[: rule.years]]
    last = [unit for unit in placed[0] if all(unit in one and one[unit].bottom for one in placed)]
    now = {sheet.unit: sheet for sheet in years[0].sheets}
    return [
        Evidence(
            rule=rule.basis,
            name=rule.name,
            sentence=rule.sentence,
            outcome=rule.outcome,
            unit=unit,
            at=material.period.until,
            tickets=tuple(sorted({number for row in now[unit].ledger for number in row.tickets})),
            why=_why([(one[unit].rank, len(one)) for one in placed], material.period.year),
            persons=persons_of(unit, (), material),
        )
        for unit in sorted(last)
    ]


def _why(ranks: Sequence[tuple[int, int]], year: int) -> str:
    return ";".join(
        f"{year - back}年参与排名{number}个单位, 第{rank}名" for back, (rank, number) in enumerate(ranks)
    )
