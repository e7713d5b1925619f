"""后果规则: from what was found of each conduct to evidence rows: what cumulates, and who is named."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from core.ids import TicketNo
from tickets.circulars.period import period_of
from tickets.consequences_conduct import CUMULATING, SEEKERS, SPANS, Hit
from tickets.consequences_facts import Evidence, Material, Person
from tickets.consequences_policy import Conduct, ConsequenceRule
from tickets.units import Post


def evidence(rule: ConsequenceRule, material: Material) -> tuple[Evidence, ...]:
    """Give the rows of one rule, by unit and time."""
    hits = list(SEEKERS[rule.conduct](rule, material))
    rows = (
        _row(rule, material, unit, some)
        for unit, together in sorted(_groups(rule, hits).items())
        for some in together
        if any(material.period.holds(hit.at) for hit in some)
    )
    return tuple(sorted(rows, key=lambda row: (row.unit, row.at, row.tickets)))


def _groups(rule: ConsequenceRule, hits: Iterable[Hit]) -> Mapping[str, list[list[Hit]]]:
    """Put together what cumulates: each hit by itself when once is enough."""
    of_unit: defaultdict[str, defaultdict[object, list[Hit]]] = defaultdict(lambda: defaultdict(list))
    alone = rule.times == 1 or rule.conduct not in CUMULATING
    span = SPANS.get(rule.within)
    for number, hit in enumerate(hits):
        key: object = number if alone else period_of(span, hit.at.date()).first if span else ""
        of_unit[hit.unit][key].append(hit)
    needed = 1 if alone else rule.times
    return {
        unit: [together for together in spans.values() if len(together) >= needed]
        for unit, spans in of_unit.items()
    }


def _row(rule: ConsequenceRule, material: Material, unit: str, hits: Sequence[Hit]) -> Evidence:
    tickets = tuple(sorted({number for hit in hits for number in hit.tickets}))
    sign = -1 if rule.conduct is Conduct.PRAISED else 1
    return Evidence(
        rule=rule.basis,
        name=rule.name,
        sentence=rule.sentence,
        outcome=rule.outcome,
        unit=unit,
        at=max(hit.at for hit in hits),
        tickets=tickets,
        why=";".join(hit.why for hit in hits),
        persons=persons_of(unit, tickets, material),
        points=sign * rule.points,
        part=rule.part,
    )


def persons_of(unit: str, numbers: Iterable[TicketNo], material: Material) -> tuple[Person, ...]:
    """Give the unit's head, and whoever handled these work orders for it."""
    known = material.units.get(unit)
    heads = [Person(name=one.name, post=one.post) for one in known.people_as(Post.HEAD)] if known else []
    wanted = set(numbers)
    handlers = {
        task.handler
        for one in material.dossiers
        if one.ticket.ticket_no in wanted
        for task in one.ticket.work.tasks
        if task.unit == unit and task.handler
    }
    return (*heads, *(Person(name=name, post=Post.OFFICER) for name in sorted(handlers)))
