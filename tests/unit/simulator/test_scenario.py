"""剧本: what is said in the demonstration, and which words the bundled model cannot know."""

from pathlib import Path

import pytest

import asr
from simulator.scenario import DEMO_CITIZENS, SEAT_CLOSING, SEAT_GREETING, words_unknown

BUNDLED_WORDS = Path(asr.__path__[0]) / "models" / "demo-synth" / "graph" / "words.txt"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    file = tmp_path / "words.txt"
    known = ["<eps>", "[unk]", "楼道", "里", "楼", "道路", "煤气", "味", "一", "二", "三", "积水"]
    file.write_text("".join(f"{word} {number}\n" for number, word in enumerate(known)), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("", []),
        ("楼道里,煤气味。", []),
        ("楼道路积水", []),
        ("楼道里有蟑螂", ["有蟑螂"]),
        ("蟑螂,煤气,老鼠", ["蟑螂", "老鼠"]),
        ("123", []),
        ("1234", ["四"]),
        ("煤气WiFi味", ["WiFi"]),
    ],
)
def test_a_text_is_cut_so_that_as_little_as_possible_stays_unknown(
    words: Path, text: str, unknown: list[str]
) -> None:
    assert words_unknown(text, words) == unknown


@pytest.mark.parametrize("text", [*(part.text for part in DEMO_CITIZENS), SEAT_GREETING, SEAT_CLOSING])
def test_the_bundled_model_knows_every_word_of_the_demonstration(text: str) -> None:
    assert words_unknown(text, BUNDLED_WORDS) == []


def test_the_three_citizens_have_three_numbers_and_three_voices() -> None:
    assert len({part.number for part in DEMO_CITIZENS}) == 3
    assert len({part.voice.variant for part in DEMO_CITIZENS}) == 3
