"""通报数据: what an issue says as plain data, byte for byte the same; corrections are numbered errata."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from tickets.circulars.breakdown import Part
from tickets.circulars.circular import Circular, Line

MINUTE = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """更正: one number that was printed wrong; ``added`` and ``removed`` are the work orders that differ."""

    title: str
    was: str
    now: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """勘误: number ``1`` is the first after the issue was published."""

    number: int
    on: date
    corrections: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """一版: a circular with all errata up to now."""

    circular: Circular
    errata: tuple[Erratum, ...] = ()

    @property
    def text(self) -> str:
        """Give it as JSON, the form in which it is kept."""
        plain = {"content": content(self.circular), "errata": [_erratum_plain(one) for one in self.errata]}
        return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def content(circular: Circular) -> dict[str, Any]:
    """Give all that a circular says as plain values: figures by title, with formula, working and numbers."""
    return {
        "title": circular.title,
        "since": f"{circular.period.first}",
        "until": f"{circular.period.last}",
        "as_of": circular.as_of.strftime(MINUTE),
        "figures": [_figure_plain(line) for group in circular.groups for line in group.lines],
        "calls": [asdict(call) for call in circular.calls],
        "trend": [list(point) for point in circular.trend.points],
        "breakdowns": {
            split.title: [_part_plain(part) for part in split.parts] for split in circular.breakdowns
        },
        "units": [_unit_plain(circular, number) for number in range(len(circular.units))],
        "items": [ticket.no for ticket in circular.items],
        "checks": [{**asdict(check), "holds": check.holds} for check in circular.checks],
        "notes": list(circular.notes),
    }


def _figure_plain(line: Line) -> dict[str, Any]:
    figure = line.figure
    return {
        "key": figure.key,
        "title": figure.title,
        "value": figure.text,
        "unit": figure.unit,
        "num": figure.num,
        "den": figure.den,
        "formula": figure.formula,
        "before": line.before.text,
        "change": line.change,
        "ids": list(figure.ids),
        "base_ids": list(figure.base_ids),
    }


def _part_plain(part: Part) -> dict[str, Any]:
    return {"label": part.label, "count": part.count, "before": part.before, "ids": list(part.ids)}


def _unit_plain(circular: Circular, number: int) -> dict[str, Any]:
    line = circular.units[number]
    return {
        "unit": line.unit,
        "name": line.name,
        "rank": line.rank,
        "bottom": line.bottom,
        "score": line.score,
        "figures": {
            key: {"value": figure.text, "ids": list(figure.ids), "base_ids": list(figure.base_ids)}
            for key, figure in line.figures.items()
        },
    }


def edition_of(circular: Circular, kept: str | None, today: date) -> Edition:
    """Give the next edition after what was kept; without a difference it is the kept one again.

    ``kept`` is the JSON of the last edition, None for the first. A period that was not over when the
    last one was made is no published issue: nothing is corrected, it is made anew.
    """
    if kept is None:
        return Edition(circular=circular)
    plain = json.loads(kept)
    was, now = plain["content"], json.loads(json.dumps(content(circular), ensure_ascii=False))
    errata = tuple(_erratum_from(one) for one in plain["errata"])
    if was == now or was["as_of"] != now["as_of"]:
        return Edition(circular=circular, errata=errata)
    erratum = Erratum(number=len(errata) + 1, on=today, corrections=tuple(_corrections(was, now)))
    return Edition(circular=circular, errata=(*errata, erratum))


def _corrections(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Correction]:
    before, after = _numbers(was), _numbers(now)
    nothing: tuple[str, frozenset[str]] = ("—", frozenset())
    found = []
    for title in dict.fromkeys((*before, *after)):
        (old, old_ids), (new, new_ids) = before.get(title, nothing), after.get(title, nothing)
        if (old, old_ids) != (new, new_ids):
            found.append(
                Correction(
                    title=title,
                    was=old,
                    now=new,
                    added=tuple(sorted(new_ids - old_ids)),
                    removed=tuple(sorted(old_ids - new_ids)),
                )
            )
    return found


def _numbers(plain: Mapping[str, Any]) -> dict[str, tuple[str, frozenset[str]]]:
    """Give every number of an issue as it was printed, with the work orders behind it."""
    numbers = {one["title"]: (one["value"], frozenset(one["ids"])) for one in plain["figures"]}
    numbers |= {f"来电 {one['title']}": (one["text"], frozenset()) for one in plain["calls"]}
    for title, parts in plain["breakdowns"].items():
        numbers |= {f"{title} {one['label']}": (str(one["count"]), frozenset(one["ids"])) for one in parts}
    for unit in plain["units"]:
        rank = f"第 {unit['rank']} 名" if unit["rank"] else "不参与排名"
        numbers[f"{unit['name']} 名次"] = (rank, frozenset())
    numbers["专报所列工单"] = (str(len(plain["items"])), frozenset(plain["items"]))
    return numbers


def _erratum_plain(erratum: Erratum) -> dict[str, Any]:
    return {**asdict(erratum), "on": f"{erratum.on}"}


def _erratum_from(plain: Mapping[str, Any]) -> Erratum:
    corrections = tuple(
        Correction(**{**one, "added": tuple(one["added"]), "removed": tuple(one["removed"])})
        for one in plain["corrections"]
    )
    return Erratum(number=plain["number"], on=date.fromisoformat(plain["on"]), corrections=corrections)


def fingerprint(edition: Edition) -> str:
    """校验码: the first digits of the checksum of its data, printed at its foot."""
    return hashlib.sha256(edition.text.encode()).hexdigest()[:16]
