"""The call log: a numbered line per fact, masked, whole after a crash, readable while it grows."""

import json
from pathlib import Path

import pytest

from app.call_log import REASONS, WORDS, CallLog, CallLogReader, readable
from core.events import KEPT, CallEnded, EndReason, KeptFact
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, answered, arrived, queued, suggestion, transcript


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "calls.jsonl"


def _lines(file: Path) -> list[dict[str, object]]:
    return list(CallLogReader(file).new_lines())


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


async def _written(file: Path, *facts: KeptFact) -> None:
    log = CallLog(file)
    for fact in facts:
        await log.write(fact)


async def test_every_fact_is_one_numbered_line(file: Path) -> None:
    await _written(file, arrived(), queued(), answered())
    lines = _lines(file)
    assert [line["seq"] for line in lines] == [1, 2, 3]
    assert [line["what"] for line in lines] == ["来电", "入队", "接通"]
    assert {line["call_id"] for line in lines} == {CALL}


async def test_the_numbers_go_on_after_a_restart(file: Path) -> None:
    await _written(file, arrived(), queued())
    await _written(file, answered())
    assert [line["seq"] for line in _lines(file)] == [1, 2, 3]


async def test_a_line_that_a_crash_tore_costs_only_itself(file: Path) -> None:
    await _written(file, arrived(), queued())
    with file.open("a") as torn:
        torn.write('{"seq": 3, "what": "接')
    await _written(file, answered())
    assert [line["seq"] for line in _lines(file)] == [1, 2, 3]
    assert len(_text(file).splitlines()) == 4


async def test_no_number_and_no_word_of_a_citizen_is_in_it(file: Path) -> None:
    await _written(file, arrived(), answered(), transcript(), suggestion())
    text = _text(file)
    assert "13812345678" not in text
    assert "138****5678" in text
    assert "煤气味" not in text


async def test_bulky_facts_are_told_in_short(file: Path) -> None:
    await _written(file, transcript(), suggestion())
    [words, told] = _lines(file)
    assert words["segments"] == "2句 12字"
    assert told["suggestion"] == "求助 城乡建设/公用事业/燃气 特急"


async def test_whoever_follows_gets_each_line_once_and_only_when_it_is_whole(file: Path) -> None:
    reader = CallLogReader(file)
    assert list(reader.new_lines()) == []
    await _written(file, arrived())
    with file.open("a") as growing:
        growing.write('{"seq": 2, "wh')
        growing.flush()
        assert [line["seq"] for line in reader.new_lines()] == [1]
        growing.write('at": "x"}\n')
    assert [line["seq"] for line in reader.new_lines()] == [2]
    assert list(reader.new_lines()) == []


def test_there_is_a_chinese_word_for_every_kept_fact_and_every_end() -> None:
    assert set(WORDS) == set(KEPT)
    assert set(REASONS) == set(EndReason)


async def test_a_person_reads_columns(file: Path) -> None:
    await _written(
        file,
        CallEnded(call_id=CALL, at=NINE_O_CLOCK, end_reason=EndReason.HUNG_UP_WAITING, talk_seconds=0.0),
    )
    [line] = _lines(file)
    said = readable(line)
    assert said.split()[:5] == ["1", "03-02", "09:00:00.000", "结束", CALL]
    assert "排队中挂机" in said
    assert "\n" not in said


async def test_the_file_holds_json_only(file: Path) -> None:
    await _written(file, arrived(), transcript())
    for line in _text(file).splitlines():
        assert json.loads(line)["at"].endswith("+08:00")
