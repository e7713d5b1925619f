"""The call log: a line per change and one per call, the same fields in each, masked, told twice as once."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.call_log_words import CORRECTED, REASONS, SAID, SUMMARY, WORDS, header, readable
from core.events import KEPT, CallEnded, EndReason, RecordingReady
from tests.fakes.call_log import SaidRows, letters_in, lines_in, numbers_in, summary, wrote
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL, after, answered, arrived, one_of_each, queued, suggestion, transcript

FIELDS = [
    *("seq", "at", "what", "call_id", "caller", "number_hash", "queues", "seats"),
    *("waited_ms", "talk_ms", "hold_ms", "result", "more", "written"),
]
COLUMNS = 13
ENDED = CallEnded(call_id=CALL, at=NINE_O_CLOCK + after(69), end_reason=EndReason.ANSWERED, talk_seconds=60.0)


async def test_every_change_is_one_numbered_line(tmp_path: Path) -> None:
    await wrote(tmp_path, arrived(), queued(), answered())
    lines = lines_in(tmp_path)
    assert numbers_in(tmp_path) == [1, 2, 3]
    assert [line["what"] for line in lines] == ["来电", "入队", "接通"]
    assert {line["call_id"] for line in lines} == {CALL}


async def test_every_line_has_the_same_fields_in_the_same_order(tmp_path: Path) -> None:
    await wrote(tmp_path, *one_of_each())
    assert len(lines_in(tmp_path)) == len(KEPT)
    for line in lines_in(tmp_path):
        assert list(line) == FIELDS


async def test_the_end_of_a_call_is_its_sum(tmp_path: Path) -> None:
    await wrote(tmp_path, ENDED, rows=SaidRows(summary()))
    [line] = lines_in(tmp_path)
    assert line["what"] == SUMMARY
    assert line["at"] == "2026-03-02T09:01:09.000+08:00"
    assert (line["queues"], line["seats"]) == (["intake", "seat-8002"], ["8001", "8002"])
    assert (line["waited_ms"], line["talk_ms"], line["hold_ms"]) == (4000, 60000, 2500)
    assert line["result"] == "已接通"
    assert line["caller"] == "138****5678"
    assert line["more"]["urgency"] == "加急"


async def test_a_call_without_a_row_is_summed_up_from_what_was_told(tmp_path: Path) -> None:
    await wrote(tmp_path, replace(ENDED, end_reason=EndReason.UNKNOWN_END, talk_seconds=0.0))
    [line] = lines_in(tmp_path)
    assert (line["what"], line["result"], line["talk_ms"], line["more"]) == (SUMMARY, "结束不明", 0, {})


async def test_another_end_that_is_told_later_is_a_correction_and_not_another_call(tmp_path: Path) -> None:
    unsure = replace(ENDED, end_reason=EndReason.UNKNOWN_END)
    await wrote(tmp_path, unsure, rows=SaidRows(summary(EndReason.UNKNOWN_END)))
    await wrote(tmp_path, ENDED, rows=SaidRows(summary(EndReason.ANSWERED)))
    assert [(line["what"], line["result"]) for line in lines_in(tmp_path)] == [
        (SUMMARY, "结束不明"),
        (CORRECTED, "已接通"),
    ]


async def test_told_twice_is_written_once_in_the_same_life_and_in_the_next(tmp_path: Path) -> None:
    rows = SaidRows(summary())
    await wrote(tmp_path, *one_of_each(), *one_of_each(), rows=rows)
    await wrote(tmp_path, *one_of_each(), rows=rows)
    assert numbers_in(tmp_path) == list(range(1, len(KEPT) + 1))


async def test_a_correction_that_is_told_twice_is_written_once(tmp_path: Path) -> None:
    await wrote(tmp_path, ENDED, rows=SaidRows(summary(EndReason.UNKNOWN_END)))
    for _ in range(2):
        await wrote(tmp_path, ENDED, rows=SaidRows(summary(EndReason.ANSWERED)))
    assert [line["what"] for line in lines_in(tmp_path)] == [SUMMARY, CORRECTED]


async def test_the_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    await wrote(tmp_path, arrived(), queued())
    await wrote(tmp_path, answered())
    assert numbers_in(tmp_path) == [1, 2, 3]


async def test_no_number_and_no_word_of_a_citizen_is_in_it(tmp_path: Path) -> None:
    await wrote(tmp_path, *one_of_each(), rows=SaidRows(summary()))
    said = letters_in(tmp_path)
    assert "13812345678" not in said
    assert "138****5678" in said
    assert "煤气味" not in said


async def test_nothing_in_it_looks_like_a_number_by_chance(tmp_path: Path) -> None:
    checksum = "13812345678" * 6
    ready = RecordingReady(call_id=CALL, at=NINE_O_CLOCK, path="/a.raw", duration_seconds=1, sha256=checksum)
    await wrote(tmp_path, ready, arrived(), ENDED)
    assert not re.search(r"1[3-9]\d{9}", letters_in(tmp_path).replace(CALL, ""))


async def test_all_lines_of_one_caller_have_one_hash(tmp_path: Path) -> None:
    other = replace(arrived(), caller="+86 138 1234 5678", at=NINE_O_CLOCK + timedelta(hours=1))
    hidden = replace(arrived(), caller="", at=NINE_O_CLOCK + timedelta(hours=2))
    await wrote(tmp_path, arrived(), answered(), ENDED, other, hidden, rows=SaidRows(summary()))
    *of_the_caller, of_nobody = [line["number_hash"] for line in lines_in(tmp_path)]
    assert len(set(of_the_caller)) == 1
    assert of_nobody == ""


async def test_bulky_facts_are_told_in_short(tmp_path: Path) -> None:
    await wrote(tmp_path, transcript(), suggestion())
    [words, told] = lines_in(tmp_path)
    assert (words["more"]["heard"], words["result"]) == ("2句12字", "完成")
    assert (told["more"]["category"], told["result"]) == ("城乡建设/公用事业/燃气", "特急")


async def test_a_recording_that_lacks_something_says_so(tmp_path: Path) -> None:
    whole = RecordingReady(call_id=CALL, at=NINE_O_CLOCK, path="/a.raw", duration_seconds=6.25, sha256="0")
    await wrote(tmp_path, whole, replace(whole, gap="录音缺少约 12 秒"))
    [one, other] = lines_in(tmp_path)
    assert (one["result"], one["more"]["duration_ms"]) == ("完整", 6250)
    assert (other["result"], other["more"]["gap"]) == ("有缺失", "录音缺少约 12 秒")


def test_there_is_a_chinese_word_for_every_kept_fact_and_every_end() -> None:
    assert set(WORDS) == set(KEPT)
    assert len(set(WORDS.values())) == len(KEPT)
    assert set(REASONS) == set(EndReason)


async def test_what_stands_behind_the_columns_has_chinese_names(tmp_path: Path) -> None:
    await wrote(tmp_path, *one_of_each())
    named = {name for line in lines_in(tmp_path) for name in line["more"]}
    assert named - set(SAID) == set()


async def test_a_person_reads_always_the_same_number_of_columns(tmp_path: Path) -> None:
    await wrote(tmp_path, *one_of_each(), rows=SaidRows(summary()))
    assert len(header().split()) == COLUMNS + 1
    for line in lines_in(tmp_path):
        columns = readable(line | {"more": {}}).split()
        assert len(columns) == COLUMNS
        assert columns[3:5] == [line["what"], CALL]


async def test_a_person_reads_why_a_call_ended(tmp_path: Path) -> None:
    await wrote(tmp_path, ENDED, rows=SaidRows(summary(EndReason.HUNG_UP_WAITING)))
    [line] = lines_in(tmp_path)
    said = readable(line).split()
    assert said[:4] == ["1", "03-02", "09:01:09.000", "通话"]
    assert said[5:13] == [
        "138****5678",
        line["number_hash"],
        "intake,seat-8002",
        "8001,8002",
        "4000",
        "60000",
        "2500",
        "排队中挂机",
    ]
    assert said[13:] == ["被叫=12345", "紧急程度=加急"]


async def test_a_line_that_is_caught_up_says_how_late_it_is(tmp_path: Path) -> None:
    await wrote(tmp_path, replace(arrived(), at=NINE_O_CLOCK - after(90)), queued(at=0))
    late, in_time = (readable(line) for line in lines_in(tmp_path))
    assert "迟写毫秒=90000" in late
    assert "迟写" not in in_time


@pytest.mark.parametrize("name", ["二号 楼\t综合", "a\nb"])
def test_no_name_breaks_the_columns(name: str) -> None:
    line = {"seq": 1, "at": NINE_O_CLOCK.isoformat(), "what": "入队", "call_id": CALL, "queues": [name]}
    assert len(readable(line).split()) == COLUMNS


async def test_the_files_hold_json_only(tmp_path: Path) -> None:
    await wrote(tmp_path, arrived(), transcript())
    for line in (tmp_path / "calls.jsonl").read_text(encoding="utf-8").splitlines():
        assert json.loads(line)["at"].endswith("+08:00")
