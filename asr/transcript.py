"""转写文本: puts the two sides together in the order of time, for people and for the classifier."""

from collections.abc import Iterable

from core.understanding import Segment, Side

SPEAKERS = {Side.CITIZEN: "市民", Side.SEAT: "座席"}


def dialogue(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """Both sides by the second in which they began; the citizen first where that is the same."""
    return tuple(sorted(segments, key=lambda each: (each.start, each.side is Side.SEAT, each.end)))


def citizen_text(segments: Iterable[Segment]) -> str:
    """What the citizen said, one utterance after another, parted by commas; empty when nothing."""
    return ",".join(each.text for each in dialogue(segments) if each.side is Side.CITIZEN)


def dialogue_text(segments: Iterable[Segment]) -> str:
    """The conversation for a work order, one line per utterance: ``市民:…`` / ``座席:…``."""
    return "\n".join(f"{SPEAKERS[each.side]}:{each.text}" for each in dialogue(segments))
