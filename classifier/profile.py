"""配置档: reads and checks all that a hotline may write about categories, units and urgency."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from classifier.model import (
    DemandCue,
    DemandRules,
    Duty,
    Meaning,
    PlaceRules,
    Profile,
    UrgencyRule,
    UrgencyRules,
)
from classifier.phrases import Phrase, PhraseWrong, is_pattern, phrase_of
from classifier.profile_files import ProfileFileWrong, Row, TomlTable, rows_of
from core.profiles import file_of
from core.understanding import DemandType, Urgency

FILES = (
    "taxonomy.csv",
    "words.csv",
    "units.csv",
    "urgency.toml",
    "demand_types.toml",
    "places.csv",
    "address.toml",
)
NOBODY_ELSE = "*"  # in units.csv: the unit that takes what nobody answers for
Kind = TypeVar("Kind", bound=StrEnum)


def read_profile(folder: Path) -> Profile:
    """Read the classifier's files of a profile; anything wrong raises :class:`ProfileFileWrong`."""
    children = _taxonomy(file_of(folder, "taxonomy.csv"))
    meanings, phrases = _words(file_of(folder, "words.csv"), children)
    duties, backstop = _duties(file_of(folder, "units.csv"), children)
    units = dict.fromkeys(duty.unit for claims in duties.values() for duty in claims)
    for word in duties:
        # A duty may name a word that no category needs; it still has to be heard.
        if word not in children and word not in meanings:
            meanings[word] = (Meaning(category=next(iter(children[""])), weight=0.5),)
    return Profile(
        children=children,
        meanings=meanings,
        phrases=phrases,
        duties=duties,
        units=tuple(units),
        backstop=backstop,
        urgency=_urgency(file_of(folder, "urgency.toml"), children),
        demand=_demand(file_of(folder, "demand_types.toml")),
        places=_places(folder, meanings),
        version=_version(folder),
    )


def _taxonomy(file: Path) -> dict[str, tuple[str, ...]]:
    children: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in rows_of(file, ("level1", "level2", "level3")):
        level1, level2 = row.cells[:2]
        if not level1 or not level2 or "/" in level1 + level2:
            raise row.wrong("一级和二级分类都要写, 名称里不能有斜线")
        if level2 in children[level1]:
            raise row.wrong(f"“{level1}/{level2}”写了两次")
        children[""][level1] = None
        children[level1][level2] = None
        for level3 in row.words(2):
            children[f"{level1}/{level2}"][level3] = None
            children[f"{level1}/{level2}/{level3}"] = {}
    if not children:
        raise ProfileFileWrong(file=file, line=0, reason="一个分类也没有")
    return {path: tuple(names) for path, names in children.items()}


def _words(
    file: Path, children: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, tuple[Meaning, ...]], dict[Phrase, tuple[Meaning, ...]]]:
    meanings: defaultdict[str, list[Meaning]] = defaultdict(list)
    for row in rows_of(file, ("category", "weight", "words")):
        category, weight = row.cells[0], row.weight(1)
        if not category or category not in children:
            raise row.wrong(f"分类“{category}”不在 taxonomy.csv 里")
        for word in row.words(2):
            if any(known.category == category for known in meanings[word]):
                raise row.wrong(f"“{word}”在“{category}”里写了两次")
            _check_word(row, word)
            meanings[word].append(Meaning(category=category, weight=weight))
    whole = {word: tuple(of_word) for word, of_word in meanings.items()}
    phrases = {phrase_of(word): of_word for word, of_word in whole.items() if is_pattern(word)}
    return {word: of_word for word, of_word in whole.items() if not is_pattern(word)}, phrases


def _duties(file: Path, children: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, tuple[Duty, ...]], str]:
    duties: defaultdict[str, list[Duty]] = defaultdict(list)
    backstop = ""
    for row in rows_of(file, ("unit", "weight", "duties")):
        unit, weight = row.cells[0], row.weight(1)
        if not unit:
            raise row.wrong("缺少单位名称")
        for about in row.words(2):
            if about == NOBODY_ELSE:
                backstop = unit
                continue
            _check_duty(row, about, duties[about], children)
            duties[about].append(Duty(unit=unit, weight=weight))
    if not backstop:
        raise ProfileFileWrong(file=file, line=0, reason=f"要有一个职责为“{NOBODY_ELSE}”的兜底单位")
    return {about: tuple(claims) for about, claims in duties.items()}, backstop


def _check_duty(row: Row, about: str, claims: list[Duty], children: Mapping[str, tuple[str, ...]]) -> None:
    if "/" in about and about not in children:
        raise row.wrong(f"分类“{about}”不在 taxonomy.csv 里")
    if any(claim.unit == row.cells[0] for claim in claims):
        raise row.wrong(f"“{row.cells[0]}”的职责“{about}”写了两次")


def _check_word(row: Row, word: str) -> None:
    try:
        phrase_of(word)
    except PhraseWrong as wrong:
        raise row.wrong(str(wrong)) from wrong


def _urgency(file: Path, children: Mapping[str, tuple[str, ...]]) -> UrgencyRules:
    whole = TomlTable.of(file)
    calm = whole.table("calm")
    return UrgencyRules(
        rules=tuple(_urgency_rule(table, children) for table in whole.tables("rule")),
        calm_before=calm.phrases("before"),
        asking=calm.phrases("asking"),
        calm_after=calm.phrases("after"),
    )


def _urgency_rule(table: TomlTable, children: Mapping[str, tuple[str, ...]]) -> UrgencyRule:
    category = table.text("category", default="")
    if category and category not in children:
        raise table.wrong(f"分类“{category}”不在 taxonomy.csv 里", f'"{category}"')
    return UrgencyRule(
        name=table.text("name"),
        level=_one_of(Urgency, table, "level"),
        category=category,
        said=table.phrases("said"),
        sounding=table.phrases("sounding"),
        unless=table.phrases("unless"),
    )


def _demand(file: Path) -> DemandRules:
    whole = TomlTable.of(file)
    return DemandRules(
        default=_one_of(DemandType, whole, "default"),
        cues=tuple(
            DemandCue(
                demand_type=_one_of(DemandType, table, "type"),
                weight=table.number("weight"),
                said=table.phrases("said"),
            )
            for table in whole.tables("cue")
        ),
    )


def _one_of(kind: type[Kind], table: TomlTable, name: str) -> Kind:
    written = table.text(name)
    try:
        return kind(written)
    except ValueError as wrong:
        allowed = "、".join(kind)
        raise table.wrong(f"{name} 只能是 {allowed}, 不能是“{written}”", f'"{written}"') from wrong


def _places(folder: Path, matters: Iterable[str]) -> PlaceRules:
    """Read the places; words for a matter that happen to end like a road (跑路) are none."""
    rules = TomlTable.of(file_of(folder, "address.toml"))
    known = (
        name for row in rows_of(file_of(folder, "places.csv"), ("kind", "names")) for name in row.words(1)
    )
    endings = [ending for kind in ("road", "estate", "district") for ending in rules.texts(kind)]
    return PlaceRules(
        known=frozenset(known),
        endings=tuple(sorted(endings, key=len, reverse=True)),
        beside=rules.texts("beside"),
        not_names=frozenset(rules.texts("not_names")),
        not_places=frozenset({*rules.texts("not_places"), *(one for one in matters if one[-1] in endings)}),
    )


def _version(folder: Path) -> str:
    """Name the state of the files: the folder's name and the beginning of their common hash."""
    files: Iterator[Path] = (file_of(folder, name) for name in FILES)
    whole = sha256(b"\0".join(file.read_bytes() for file in files))
    return f"{folder.name}-{whole.hexdigest()[:8]}"
