"""剧本: who calls in the demonstration and what is said, in words that the bundled model knows."""

from dataclasses import dataclass
from pathlib import Path

from ivr.voice import Voice, spelled_out
from simulator.telephone import QUIET, Surroundings

_PUNCTUATION = frozenset("，。、；：？！…—,.;:?!()《》“”‘’\"' \n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """角色: one citizen of a scenario: the number, the words, the voice, and where the phone stands."""

    number: str
    text: str
    voice: Voice
    surroundings: Surroundings = QUIET


DEMO_CITIZENS = (
    Part(
        number="13800001111",
        text="你好,我要投诉,幸福小区旁边工地半夜施工,噪音很大,影响休息。",
        voice=Voice(variant="m3", speed=165, pitch=45),
        surroundings=Surroundings(noise_below_db=24, rumbles=True),
    ),
    Part(
        number="13800002222",
        text="喂,你好,我家楼道里闻到煤气味,有危险,请派人来看一下。地址是阳光花园三号楼二单元。",
        voice=Voice(variant="f2", speed=175, pitch=55),
    ),
    Part(
        number="13800003333",
        text="您好,我想咨询一下,社保卡丢了怎么补办,需要什么材料。",
        voice=Voice(variant="f5", speed=160, pitch=50),
    ),
)
"""A building site at night, a smell of gas in a stairwell, a question about a social-security card."""

SEAT_VOICE = Voice(variant="f3", speed=170, pitch=50)
SEAT_GREETING = "您好,请问你要反映什么问题。"
SEAT_CLOSING = "好的,我们尽快处理,谢谢,再见。"


def words_unknown(text: str, words_file: Path) -> list[str]:
    """不认识的词: give the stretches of a text that the bundled model cannot hear, in order.

    ``words_file`` is the model's ``graph/words.txt``. The text is cut so that as few characters as
    possible stay unknown; digits count as they are read.
    """
    lines = words_file.read_text(encoding="utf-8").splitlines()
    words = {line.split()[0] for line in lines if line.strip()}
    clauses = "".join(" " if mark in _PUNCTUATION else mark for mark in spelled_out(text)).split()
    return [stretch for clause in clauses for stretch in _unknown_in(clause, words)]


def _unknown_in(clause: str, words: set[str]) -> list[str]:
    longest = max(map(len, words))
    best: list[tuple[int, int]] = [(0, 0)]
    for end in range(1, len(clause) + 1):
        cuts = [(best[end - 1][0] + 1, end - 1)]
        begins = range(max(0, end - longest), end)
        cuts += [(best[begin][0], begin) for begin in begins if clause[begin:end] in words]
        best.append(min(cuts))
    unknown = ""
    end = len(clause)
    while end:
        cost, begin = best[end]
        unknown = (clause[begin:end] if cost > best[begin][0] else " ") + unknown
        end = begin
    return unknown.split()
