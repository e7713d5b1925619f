"""Logs: readable by machines and people, without anybody's number, name or words."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from core.logs import set_up_logs


def _close() -> None:
    factory = structlog.get_config()["logger_factory"]
    if isinstance(factory, structlog.WriteLoggerFactory) and factory._file is not None:
        factory._file.close()


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    _close()
    structlog.contextvars.clear_contextvars()
    structlog.configure(**before)


@pytest.fixture
def screen() -> io.StringIO:
    text = io.StringIO()
    set_up_logs("test", screen=text)
    return text


def test_a_line_in_the_file_is_json_with_time_level_process_and_keys(tmp_path: Path) -> None:
    set_up_logs("engine", folder=tmp_path / "log")
    structlog.get_logger("x").warning("部件意外退出", part="asterisk", code=1)
    [line] = (tmp_path / "log" / "engine.jsonl").read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert told["event"] == "部件意外退出"
    assert (told["level"], told["process"], told["part"], told["code"]) == (
        "warning",
        "engine",
        "asterisk",
        1,
    )
    assert told["timestamp"]


def test_the_file_goes_on_where_it_ended(tmp_path: Path) -> None:
    for _ in range(2):
        set_up_logs("engine", folder=tmp_path)
        structlog.get_logger("x").info("引擎就绪")
        _close()
    assert len((tmp_path / "engine.jsonl").read_text().splitlines()) == 2


def test_a_file_that_was_put_away_is_begun_anew(tmp_path: Path) -> None:
    set_up_logs("engine", folder=tmp_path)
    structlog.get_logger("x").info("引擎就绪")
    (tmp_path / "engine.jsonl").rename(tmp_path / "engine.jsonl.20260302-030000")
    structlog.get_logger("x").info("对账完成")
    assert "引擎就绪" in (tmp_path / "engine.jsonl.20260302-030000").read_text(encoding="utf-8")
    [line] = (tmp_path / "engine.jsonl").read_text(encoding="utf-8").splitlines()
    assert "对账完成" in line


@pytest.mark.parametrize(
    ("key", "value", "secret"),
    [
        ("caller", "13812341234", "13812341234"),
        ("phone", "87654321", "8765"),
        ("name_of_citizen", "王小明", "小明"),
        ("text", "煤气味", "煤气"),
        ("transcript", "煤气味", "煤气"),
        ("digits", "110101199003071234", "110101"),
        ("reason", "拨打 13812341234 失败", "13812341234"),
    ],
)
def test_personal_data_is_masked_under_whatever_key(
    screen: io.StringIO, key: str, value: str, secret: str
) -> None:
    structlog.get_logger("x").info("一行", **{key: value})
    assert "一行" in screen.getvalue()
    assert secret not in screen.getvalue()


def test_numbers_in_a_traceback_are_masked(screen: io.StringIO) -> None:
    try:
        int("13812341234a")
    except ValueError:
        structlog.get_logger("x").exception("失败")
    assert "ValueError" in screen.getvalue()
    assert "13812341234" not in screen.getvalue()


def test_what_is_bound_once_stands_in_every_line(screen: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(call_id="hotline-1.1"):
        structlog.get_logger("x").info("一")
        structlog.get_logger("y").info("二")
    assert screen.getvalue().count("hotline-1.1") == 2
