"""标题: a short line for the work order, made only of words that were said."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from classifier.model import Reason
from classifier.phrases import Span

LONGEST_MATTER = 16
# Words at which a matter's phrase ends: the citizen turns to us, or begins anew.
TURN = re.compile(
    "我们?|你们?|您|他们?|请|请问|请你|麻烦|希望|谢谢|感谢|能不能|可以|什么|什么时候|怎么|怎么办|吗|吧|呢|啊|"
    "然后|所以|因为|而且|但是|现在|已经|这个|那个|就是|还有|也|[,.?!、;。]"
)


def title_of(words: Sequence[str], address: str, reasons: Iterable[Reason]) -> str:
    """Return address and matter with a space between; empty when neither was heard.

    The matter is the stretch of speech around the weightiest words.
    """
    text = "".join(words)
    place = text.find(address) if address else -1
    taken = Span(start=place, end=place + len(address)) if place >= 0 else Span(start=0, end=0)
    spans = [
        (reason.weight, span)
        for reason in reasons
        if not (span := Span(start=reason.start, end=reason.end)).overlaps(taken)
    ]
    if not spans:
        return address
    matter = _widened(max(spans, key=lambda pair: (pair[0], -pair[1].start))[1], [s for _, s in spans])
    matter = _to_the_turn(words, matter, taken)
    return f"{address} {text[matter.start : matter.end]}".strip()


def _widened(core: Span, others: Sequence[Span]) -> Span:
    """Take in neighbouring words that speak for the same, up to the longest matter."""
    start, end = core.start, core.end
    for other in sorted(others, key=lambda span: abs(span.start - core.start)):
        near = other.start - end <= 4 and start - other.end <= 4
        if near and max(end, other.end) - min(start, other.start) <= LONGEST_MATTER:
            start, end = min(start, other.start), max(end, other.end)
    return Span(start=start, end=end)


def _to_the_turn(words: Sequence[str], matter: Span, taken: Span) -> Span:
    """Let the phrase run on by whole words until the citizen turns to something else."""
    end = matter.end
    for start, word in zip([0, *accumulate(len(word) for word in words)], words, strict=False):
        if start != end:
            continue
        stop = start + len(word)
        meets_place = Span(start=start, end=stop).overlaps(taken)
        if TURN.fullmatch(word) or meets_place or stop - matter.start > LONGEST_MATTER:
            break
        end = stop
    return Span(start=matter.start, end=end)
