"""What status says of facts that wait in the outbox."""

from datetime import datetime, timedelta
from pathlib import Path

from app.commands.status import Backlog, Finding, _backlog
from core.clock import SystemClock
from tests.fakes.instance import an_instance


def _found(of: dict[str, tuple[int, int]], since: datetime | None = None) -> Finding:
    return _backlog(an_instance(Path("/hotline")), Backlog(of=of, since=since))


def _ago(minutes: float) -> datetime:
    return SystemClock().now() - timedelta(minutes=minutes)


def test_nothing_waits() -> None:
    assert _found({}) == Finding(part="数据库", said="有应答,发件箱已清空")


def test_what_waits_is_counted_for_each_who_is_not_told_yet() -> None:
    found = _found({"mqtt": (12, 0), "recogniser": (1, 0), "tickets": (0, 0)}, _ago(3))
    assert found.said == "有应答,发件箱待送:对外消息 12 条, 识别 1 条;最早的已等 3 分钟"
    assert found.mend == ""


def test_what_waits_too_long_is_a_fault() -> None:
    found = _found({"call_log": (5, 0)}, _ago(10))
    assert "通话日志 5 条;最早的已等 10 分钟" in found.said
    assert "engine.jsonl" in found.mend


def test_what_was_set_aside_is_a_fault_and_what_waits_is_said_too() -> None:
    found = _found({"mqtt": (2, 1)}, _ago(0))
    assert found.said == "有 1 条事实送不出去被搁置;待送:对外消息 2 条"
    assert "engine.jsonl" in found.mend
