"""标题: a short line for the work order, made only of words that were said."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from classifier.model import Reason
from classifier.phrases import Span

LONGEST_MATTER = 18
# The words before the weightiest one may turn its sense round (没有签合同), so a few are kept.
LONGEST_LEAD = 8
# Here the citizen turns to us or begins anew.
TURN = re.compile(
    "我们?|你们?|您|他们?|请|请问|麻烦|希望|谢谢|感谢|能不能|可以|然后|所以|因为|而且|但是|就是|还有|[,.?!、;:。]"
)
# Words with which a citizen begins; they are no part of the matter.
OPENING = re.compile(
    "我[想要家]|家|你好|您好|喂|同志|市民|反映|投诉|举报|咨询|求助|问|问一下|了解|查询|一下|问题|情况|"
    "个|一个|的|要|想|来|在|是|去|有|有个|下|说|办理|说是|昨天|今天|晚上"
)
# A phrase may hold these, but does not end with them.
DANGLING = re.compile(
    "的|是|和|与|跟|在|从|到|去|把|被|让|给|对|就|都|也|还|又|很|老|没|不|需要|要|想|有|来|人|能|帮|个|一个"
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
    core = max(spans, key=lambda pair: (pair[0], -pair[1].start))[1]
    matter = _phrase_around(_joined(core, [span for _, span in spans]), words, taken)
    return f"{address} {text[matter.start : matter.end]}".strip()


def _joined(core: Span, others: Sequence[Span]) -> Span:
    """Take in neighbouring words that speak for the same, up to the longest matter."""
    start, end = core.start, core.end
    for other in sorted(others, key=lambda span: abs(span.start - core.start)):
        near = other.start - end <= 4 and start - other.end <= 4
        if near and max(end, other.end) - min(start, other.start) <= LONGEST_MATTER:
            start, end = min(start, other.start), max(end, other.end)
    return Span(start=start, end=end)


def _phrase_around(matter: Span, words: Sequence[str], taken: Span) -> Span:
    """Let the phrase grow by whole words, back a little and then on, until the citizen turns away."""
    ends = list(accumulate(len(word) for word in words))
    placed = [(word, Span(start=end - len(word), end=end)) for word, end in zip(words, ends, strict=True)]
    free = [(word, span) for word, span in placed if not TURN.fullmatch(word) and not span.overlaps(taken)]
    touched = [span for _, span in placed if span.overlaps(matter)]
    first, last = touched[0].start, touched[-1].end
    start, end = first, last
    earliest = max(first - LONGEST_LEAD, last - LONGEST_MATTER)
    for word, span in reversed(free):
        if span.end == start and not OPENING.fullmatch(word) and span.start >= earliest:
            start = span.start
    for _, span in free:
        if span.start == end and span.end - start <= LONGEST_MATTER:
            end = span.end
    while end > last and DANGLING.fullmatch(next(word for word, span in placed if span.end == end)):
        end = next(span.start for _, span in placed if span.end == end)
    return Span(start=start, end=end)
