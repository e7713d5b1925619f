"""读音: writes a text so that what sounds alike looks alike, character for character.

``sounds.csv`` lists the 6,763 characters of GB/T 2312 by their main toneless reading (readings as pypinyin
gives them). Sounds that telephone and dialect blur are one here: zh/z, ch/c, sh/s, and -ng/-n after a, e, i.
"""

import csv
import re
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("sounds.csv")
_BLURRED_END = re.compile(r"(?<=[aei])ng$")


def blurred(syllable: str) -> str:
    """Return the syllable as a bad line carries it: ``zhang`` becomes ``zan``."""
    head = syllable[0] + syllable[2:] if syllable[:2] in {"zh", "ch", "sh"} else syllable
    return _BLURRED_END.sub("n", head)


@cache
def _table() -> dict[int, str]:
    first: dict[str, str] = {}
    table: dict[int, str] = {}
    with _TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            stands_for_all = first.setdefault(blurred(row["syllable"]), row["characters"][0])
            table.update((ord(char), stands_for_all) for char in row["characters"])
    return table


def as_it_sounds(text: str) -> str:
    """Return a text of the same length in which every character is the first of those that sound like it."""
    return text.translate(_table())
