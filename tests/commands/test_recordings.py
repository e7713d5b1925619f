"""``recordings``: found, shown, heard, compared, held and deleted by commands, beside whatever else runs."""

import stat
import subprocess
import wave
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from app.instance import Instance
from app.parts import database_url
from core.clock import SystemClock
from core.database import Connection, Database
from core.ids import CallId, SeatNo, TicketNo
from core.settings import load_settings
from queue_manager import journal_store
from queue_manager.model import CallRow, CallStory
from recordings import store
from recordings.files import measure
from recordings.model import Recording, RecordingState
from recordings.registry import Lies, manifest_of
from tests.commands.command_line import CommandLine, Ran
from tests.commands.test_refused import refused
from tests.fakes.facts import CALLER
from tests.fakes.recordings import ended, lay
from tickets import store as tickets
from tickets.model import Ticket, TicketState

NOW = SystemClock().now().replace(microsecond=0)
LONG_AGO = NOW - timedelta(days=1000)
SOUND = bytes(range(200)) * 1600
TICKET = TicketNo("260302090009000001")
MASKED = "138****5678"
Result = TypeVar("Result")


def call_of(begun: datetime) -> CallId:
    return CallId(f"hotline-{begun.timestamp():.0f}.1")


class Given:
    """A hotline that was started once: its catalogue and its folder."""

    def __init__(self, line: CommandLine) -> None:
        self.line = line
        settings = load_settings(line.settings_file)
        self.instance = Instance(
            name="up", folder=line.instance_folder, settings=settings, places=line.places
        )
        self.instance.make_folders()
        self.instance.save()
        with closing(Database(database_url(self.instance))) as database:
            database.migrate()

    @property
    def folder(self) -> Path:
        return self.instance.recordings

    def run(self, *words: str) -> Ran:
        return self.line.run("recordings", *words)

    def now(self, work: Callable[[Connection], Result]) -> Result:
        with closing(Database(database_url(self.instance))) as database:
            return database.now(work)

    def recorded(self, begun: datetime = NOW, seconds: float = 10, *, with_ticket: bool = False) -> CallId:
        """An answered call of ten seconds, and so much of it on record."""
        call_id = call_of(begun)
        path = lay(self.folder / f"{call_id}.raw", SOUND[: int(seconds * 32000)], SystemClock())
        end = ended(begun + timedelta(seconds=10), call_id=call_id)
        lies = Lies(path=path, audio=measure(path), file_bytes=path.stat().st_size)
        self.now(lambda c: store.put(c, manifest_of(end, None, lies, self.instance.settings.node)))
        row = CallRow(
            call_id=call_id,
            node="hotline",
            caller=CALLER,
            recording=str(path),
            arrived_at=begun,
            answered_at=begun,
            seat=SeatNo("8001"),
            gone_at=end.at,
        )
        story = CallStory(call=row, segments=(), offers=(), arrival_seen=True, end_seen=True)
        self.now(lambda c: journal_store.put(c, story))
        if with_ticket:
            self.now(lambda c: tickets.put(c, _ticket(call_id, begun), TicketState.DRAFT))
        return call_id

    def row(self, call_id: CallId) -> Recording:
        found = self.now(lambda c: store.recording_of(c, call_id))
        assert found is not None
        return found


def _ticket(call_id: CallId, at: datetime) -> Ticket:
    return Ticket(
        ticket_no=TICKET,
        query_code="7KQ2MZ",
        state=TicketState.DRAFT,
        src_channel="电话",
        call_id=call_id,
        orig_did="12345",
        received_at=at,
        seat=SeatNo("8001"),
        phone=CALLER,
    )


@pytest.fixture
def given(line: CommandLine) -> Given:
    return Given(line)


class TestFinding:
    def test_the_recordings_of_a_day_have_a_line_each_with_the_number_masked(self, given: Given) -> None:
        call_id, older = given.recorded(), given.recorded(LONG_AGO, seconds=4)
        today, then = given.run("list"), given.run("list", "--date", f"{LONG_AGO:%Y-%m-%d}")
        assert (today.code, today.err) == (0, "")
        (line,) = today.out.splitlines()
        assert [word in line for word in (call_id, "0:10", MASKED, "8001", "待转写")] == [True] * 5
        assert older in then.out
        assert "录音缺少约 6 秒" in then.out
        assert CALLER not in today.out + then.out

    def test_those_with_gaps_alone(self, given: Given) -> None:
        given.recorded(NOW - timedelta(seconds=20))
        short = given.recorded(seconds=4)
        (line,) = given.run("list", "--gaps").out.splitlines()
        assert short in line

    def test_a_day_without_recordings_says_so(self, given: Given) -> None:
        ran = given.run("list", "--date", "2001-01-01")
        assert (ran.code, ran.out, ran.sentences) == (0, "", ["这一天没有录音。"])

    def test_a_manifest_shows_everything_but_the_number(self, given: Given) -> None:
        call_id = given.recorded(seconds=4)
        shown = given.run("show", call_id)
        assert shown.code == 0
        for word in (MASKED, "8001", "录音段 1", given.row(call_id).sha256, "缺口", "录音缺少约 6 秒"):
            assert word in shown.out
        assert CALLER not in shown.out

    def test_the_number_is_shown_for_a_reason_that_stays_on_record(self, given: Given) -> None:
        call_id = given.recorded()
        assert CALLER in given.run("show", call_id, "--for", "回访联系不上").out
        after = given.run("show", call_id).out
        assert CALLER not in after
        assert "查看号码  回访联系不上" in after

    def test_a_call_that_there_is_not(self, given: Given) -> None:
        refused(given.run("show", "hotline-1.1"), "没有这通电话的录音", "hotline-1.1")


class TestHearing:
    def test_it_is_exported_for_a_reason_and_for_nobody_else_to_read(self, given: Given) -> None:
        call_id, out = given.recorded(), given.line.folder / "call.wav"
        ran = given.run("listen", call_id, "--for", "投诉复核", "--out", str(out))
        assert (ran.code, ran.err) == (0, "")
        with wave.open(str(out), "rb") as sound:
            assert sound.readframes(sound.getnframes()) == SOUND
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        shown = given.run("show", call_id).out
        assert f"导出  投诉复核  → {out}" in shown

    def test_into_a_pipe_it_is_played(self, given: Given) -> None:
        call_id = given.recorded(seconds=4)
        given.line.prepare()
        argv = given.line._argv(("recordings", "listen", call_id, "--for", "质检"))
        ran = subprocess.run(argv, env=given.line._environment(), capture_output=True, check=True)
        assert ran.stdout[:4] == b"RIFF"
        assert ran.stdout[44:] == SOUND[: 4 * 32000]
        assert "录音缺少约 6 秒" in ran.stderr.decode()

    def test_a_file_that_there_is_is_never_overwritten(self, given: Given) -> None:
        call_id, out = given.recorded(), given.line.folder / "call.wav"
        out.write_text("mine")
        refused(
            given.run("listen", call_id, "--for", "质检", "--out", str(out)), "导出文件建不了", "call.wav"
        )
        assert out.read_text() == "mine"

    def test_of_an_export_that_came_to_nothing_nothing_is_left(self, given: Given) -> None:
        out = given.line.folder / "call.wav"
        refused(given.run("listen", "hotline-1.1", "--for", "质检", "--out", str(out)), "没有这通电话的录音")
        assert not out.exists()

    def test_without_a_reason_nothing_is_heard(self, given: Given) -> None:
        call_id, out = given.recorded(), given.line.folder / "call.wav"
        assert given.run("listen", call_id, "--out", str(out)).code == 2
        refused(given.run("listen", call_id, "--for", " ", "--out", str(out)), "要写明事由")
        assert not out.exists()
        assert "查阅" not in given.run("show", call_id).out


class TestSweeping:
    def test_what_differs_is_named_once(self, given: Given) -> None:
        gone, cut = given.recorded(LONG_AGO), given.recorded()
        (given.folder / f"{gone}.raw").unlink()
        lay(given.folder / f"{cut}.raw", b"cut", SystemClock())
        lay(given.folder / "notes.txt", b"", SystemClock())
        lay(given.folder / f"{call_of(NOW - timedelta(days=1))}.raw", SOUND, SystemClock())
        rehearsed, swept = given.run("sweep", "--dry-run"), given.run("sweep")
        assert (swept.code, swept.err) == (0, "")
        assert swept.out == rehearsed.out
        for word in ("录音文件缺失", "录音文件被改动", "来历不明的文件", "收录无登记的录音", "共 4 处新发现"):
            assert word in swept.out
        assert given.run("sweep", "--thorough").out == "录音目录与登记一致,没有新发现。\n"
        assert given.row(gone).state is RecordingState.DAMAGED


class TestKeeping:
    def test_the_rehearsal_prints_exactly_what_the_real_run_then_does(self, given: Given) -> None:
        old, young = given.recorded(LONG_AGO), given.recorded()
        held = given.recorded(LONG_AGO - timedelta(days=1))
        busy = given.recorded(LONG_AGO - timedelta(days=2), with_ticket=True)
        assert given.run("hold", held, "--reason", "信访复核").code == 0
        rehearsed = given.run("keep", "--dry-run")
        assert "什么也没有删除" in rehearsed.err
        assert (given.folder / f"{old}.raw").exists()
        done = given.run("keep")
        assert (done.code, done.err, done.out) == (0, "", rehearsed.out)
        assert "保全中,保留" in done.out
        assert f"工单 {TICKET}" in done.out
        left = {file.name for file in given.folder.iterdir()}
        assert left == {f"{call}.raw" for call in (young, held, busy)}
        assert "已删除" in given.run("show", old).out
        out = given.line.folder / "old.wav"
        refused(given.run("listen", old, "--for", "质检", "--out", str(out)), "已按留存规则删除")
        refused(given.run("hold", old, "--reason", "信访"), "无法保全")

    def test_a_wrong_rule_deletes_nothing(self, given: Given) -> None:
        old = given.recorded(LONG_AGO)
        settings = given.instance.settings.model_copy(update={"profile": "no_such_profile"})
        Instance(name="up", folder=given.instance.folder, settings=settings, places=given.line.places).save()
        refused(given.run("keep"), "没有录音留存规则")
        assert (given.folder / f"{old}.raw").exists()

    def test_a_hold_is_lifted_with_a_reason_and_both_stay_on_record(self, given: Given) -> None:
        call_id = given.recorded(LONG_AGO, with_ticket=True)
        assert "已保全" in given.run("hold", TICKET, "--reason", "行政复议").out
        assert given.run("hold", call_id).code == 2
        assert "已解除" in given.run("lift", TICKET, "--reason", "复议结束").out
        shown = given.run("show", call_id).out
        assert f"工单 {TICKET}  行政复议  (已于" in shown
        assert "复议结束" in shown
        refused(given.run("lift", call_id, "--reason", "复议结束"), "没有正在生效的保全")


@pytest.mark.parametrize("action", ["list", "show", "listen", "sweep", "keep", "hold", "lift"])
def test_every_action_explains_itself_in_chinese(line: CommandLine, action: str) -> None:
    ran = line.run("recordings", action, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"用法:./hotline recordings {action}")


def test_before_the_first_start_there_is_nothing_to_ask(line: CommandLine) -> None:
    refused(line.run("recordings", "list"), "还没有启动过")
