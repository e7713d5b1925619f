"""``status``, ``calls`` and ``seat``: what one asks a hotline that runs, and one that does not."""

import asyncio
import json
import os
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from random import Random

import psycopg
import pytest

from core.events import KeptFact
from core.ids import CallId
from core.views import READER, VIEWS
from simulator.phone import Phone
from simulator.signalling import Line
from tests.commands.command_line import CommandLine, Running, own_command_line
from tests.commands.test_refused import refused
from tests.fakes.call_log import lines_in, wrote
from tests.fakes.facts import CALL, CALLER, answered, arrived, queued

FOLLOW_SECONDS = 10.0
HANGING_SECONDS = 20.0
LOOK_SECONDS = 0.1
REFUSED = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
TRUNK = '[[trunks]]\nname = "citizens"\naddresses = ["127.0.0.2"]'


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[CommandLine, Running]]:
    """One hotline for all questions that change nothing in it for good."""
    line = own_command_line("asked")
    try:
        with line.running() as up:
            yield line, up
            up.press(signal.SIGTERM)
            assert up.end() == 0
        assert line.processes() == []
    finally:
        line.clean_up()


@pytest.fixture
def asked(running: tuple[CommandLine, Running]) -> CommandLine:
    return running[0]


class TestStatus:
    def test_of_a_hotline_that_is_well(self, asked: CommandLine) -> None:
        ran = asked.run("status")
        assert (ran.code, ran.err) == (0, "")
        assert "✘" not in ran.out
        assert "只听得懂合成语音" in ran.out

    @pytest.mark.parametrize(("part", "named"), [("engine", "引擎"), ("asterisk", "Asterisk")])
    def test_names_the_part_that_hangs_and_how_to_mend_it(
        self, asked: CommandLine, part: str, named: str
    ) -> None:
        pid = int((asked.instance_folder / "run" / f"{part}.pid").read_text())
        os.kill(pid, signal.SIGSTOP)
        try:
            ran = asked.run("status")
        finally:
            os.kill(pid, signal.SIGCONT)
        assert (ran.code, ran.err) == (1, "")
        assert next(said for said in ran.out.splitlines() if "✘" in said).startswith(f"✘ {named}")
        assert "    → " in ran.out
        assert asked.run("status").code == 0

    def test_of_a_hotline_that_was_stopped(self, line: CommandLine) -> None:
        with line.running() as up:
            up.press(signal.SIGTERM)
            assert up.end() == 0
        ran = line.run("status")
        assert (ran.code, ran.err) == (1, "")
        said = ran.out.splitlines()
        broken = [number for number, line in enumerate(said) if line.startswith("✘")]
        parts = [said[number].removeprefix("✘ ").partition(":")[0] for number in broken]
        assert parts == ["Asterisk", "引擎", "识别", "消息代理"]
        assert all("→" in said[number + 1] and "./hotline up" in said[number + 1] for number in broken)
        assert "✔ 数据库" in ran.out

    def test_shows_a_file_that_others_may_read(self, asked: CommandLine) -> None:
        ran = asked.run("status", "--reader")
        assert (ran.code, ran.err) == (0, "")
        assert "sqlite3 -readonly" in ran.out
        for view in VIEWS:
            assert view.name in ran.out


async def _call_that_is_read(line: CommandLine, reader: psycopg.Connection) -> None:
    """A citizen calls; another program sees the call while it goes on, and when it is over."""

    async def until(over: bool) -> None:
        query = "SELECT caller, ended_at IS NOT NULL FROM v_calls"
        began = time.monotonic()
        while reader.execute(query).fetchall() != [("138****5678", over)]:
            assert time.monotonic() - began < FOLLOW_SECONDS, reader.execute(query).fetchall()
            await asyncio.sleep(LOOK_SECONDS)

    own = Line(number=CALLER, server=("127.0.0.1", line.ports.sip), ip="127.0.0.2")
    async with Phone(own, Random(1)) as phone:
        call = phone.dial("12345")
        await call.until_answered(FOLLOW_SECONDS)
        await until(over=False)
        await call.hang_up()
        await until(over=True)


class TestOwnDatabase:
    """With a PostgreSQL of our own, as ``up`` has by default."""

    def test_of_one_that_is_well_hangs_and_is_shared(self, line: CommandLine) -> None:
        line.settle(TRUNK, database="")
        with line.running() as up:
            well = line.run("status")
            assert (well.code, well.err) == (0, ""), well.out
            assert "✔ 数据库:有应答" in well.out
            self._is_read_by_another(line)
            self._is_proven_to_be_whole(line)
            self._hangs(line)
            up.press(signal.SIGTERM)
            assert up.end() == 0
        said = line.run("status").out
        assert "✘ 数据库:打不开" in said

    def _is_read_by_another(self, line: CommandLine) -> None:
        told = line.run("status", "--reader").out
        address = next(word for word in told.split("'") if word.startswith("postgresql://"))
        assert f"{READER}:" in address
        with psycopg.connect(address, autocommit=True) as reader:
            asyncio.run(_call_that_is_read(line, reader))
            for closed in ("SELECT caller FROM calls", "DELETE FROM v_calls", "CREATE TABLE mine (x int)"):
                with pytest.raises(REFUSED):
                    reader.execute(closed)

    def _is_proven_to_be_whole(self, line: CommandLine) -> None:
        ran = line.run("calls", "--verify")
        assert (ran.code, ran.err) == (0, ""), ran.out
        assert "没有缺口" in ran.out
        assert "结束的 1 通来电,每通都有“通话”行" in ran.out

    def _hangs(self, line: CommandLine) -> None:
        pid = int((line.instance_folder / "run" / "database.pid").read_text())
        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            ran = line.run("status")
            assert time.monotonic() - began < HANGING_SECONDS
        finally:
            os.kill(pid, signal.SIGCONT)
        assert (ran.code, ran.err) == (1, "")
        said = ran.out.splitlines()
        [at] = [number for number, one in enumerate(said) if one.startswith("✘")]
        assert said[at].startswith("✘ 数据库:5 秒没有应答;来电照常接入座席")
        assert "自动重启" in said[at + 1]


class TestDoors:
    def test_nothing_listens_beyond_this_machine(self, asked: CommandLine) -> None:
        ports = asked.ports
        assert asked.open_doors("tcp") == {
            f"127.0.0.1:{port}" for port in (ports.ami, ports.agi, ports.broker)
        }
        udp = asked.open_doors("udp")
        assert f"127.0.0.1:{ports.sip}" in udp
        # Where Asterisk waits for answers of name servers: one socket per family, on no port of ours.
        name_service = {door for door in udp if not door.startswith("127.")}
        assert len(name_service) <= 2
        assert not {int(door.rpartition(":")[2]) for door in name_service} & set(asdict(ports).values())


class TestSeats:
    def test_one_is_added_shown_renamed_and_removed(self, asked: CommandLine) -> None:
        added = asked.run("seat", "add", "8003", "--name", "三号台")
        assert added.code == 0, added.err
        [password] = [word for word in added.out.split() if len(word) > 20]
        assert "账号 8003" in added.out
        again = asked.run("seat", "add", "8003", "--name", "夜班台")
        assert password in again.out
        listed = asked.run("seat", "list").out
        assert "8003  夜班台" in listed
        assert "三号台" not in listed
        assert "已移除" in asked.run("seat", "remove", "8003").out
        assert asked.run("seat", "list").out == ""

    @pytest.mark.parametrize(
        "number", ["12", "0800", "8001234", "八千", "80 1", "8001; DROP", "-8001", "8001\n"]
    )
    def test_a_wrong_number_is_refused(self, asked: CommandLine, number: str) -> None:
        refused(asked.run("seat", "add", "--", number), "3 到 6 位数字")

    def test_what_was_refused_is_not_in_the_list(self, asked: CommandLine) -> None:
        asked.run("seat", "add", "12")
        assert asked.run("seat", "list").out == ""

    def test_one_that_there_is_not_cannot_be_removed(self, asked: CommandLine) -> None:
        refused(asked.run("seat", "remove", "8999"), "没有这个座席号", "8999")


def _log(line: CommandLine, *facts: KeptFact) -> None:
    folder = line.instance_folder / "log"
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(wrote(folder, *facts))


class TestCalls:
    def test_of_a_hotline_without_calls(self, line: CommandLine) -> None:
        ran = line.run("calls")
        assert (ran.code, ran.out, ran.sentences) == (0, "", ["还没有通话。"])

    def test_as_columns_and_as_json(self, line: CommandLine) -> None:
        _log(line, arrived(), queued(), answered())
        columns = line.run("calls").out.splitlines()
        assert [line_.split()[3] for line_ in columns] == ["来电", "入队", "接通"]
        plain = [json.loads(one) for one in line.run("calls", "--json").out.splitlines()]
        assert [one["seq"] for one in plain] == [1, 2, 3]
        assert plain[0]["caller"] == "138****5678"

    def test_only_the_last_or_only_one_call(self, line: CommandLine) -> None:
        _log(line, arrived(), queued(), answered())
        assert len(line.run("calls", "-n", "1").out.splitlines()) == 1
        assert line.run("calls", "-n", "0").out == ""
        assert len(line.run("calls", "--call", CALL).out.splitlines()) == 3
        assert line.run("calls", "--call", "another").out == ""

    def test_one_callers_calls_are_found_by_the_hash_of_his_number(self, asked: CommandLine) -> None:
        ran = asked.run("calls", "--hash-of", "138 1234-5678")
        assert (ran.code, ran.err) == (0, "")
        found = ran.out.strip()
        assert re.fullmatch("[a-z]{12}", found)
        assert asked.run("calls", "--hash-of", "+8613812345678").out.strip() == found
        assert asked.run("calls", "--number-hash", found).out == ""
        audit = (asked.instance_folder / "log" / "audit.jsonl").read_text(encoding="utf-8")
        assert [json.loads(one)["number_hash"] for one in audit.splitlines()] == [found, found]
        assert "13812345678" not in audit

    def test_a_hash_of_nothing_is_refused(self, asked: CommandLine) -> None:
        refused(asked.run("calls", "--hash-of", "不知道"), "不是一个电话号码")

    def test_of_a_queue_of_a_caller_and_the_slow_ones(self, line: CommandLine) -> None:
        slow = CallId("hotline-1772413200.2")
        _log(line, arrived(), queued(), answered(), replace(answered(slow), waited_seconds=15.5))
        found = lines_in(line.instance_folder / "log")[0]["number_hash"]
        assert len(line.run("calls", "--number-hash", found).out.splitlines()) == 4
        assert len(line.run("calls", "--queue", "intake").out.splitlines()) == 3
        nothing = line.run("calls", "--queue", "english")
        assert (nothing.out, nothing.sentences) == ("", ["没有符合条件的通话。"])
        [shown] = line.run("calls", "--slow").out.splitlines()
        assert slow in shown
        assert len(line.run("calls", "--slow", "3.5").out.splitlines()) == 2
        assert line.run("calls", "--slow", "15.5").out == ""

    def test_it_is_proven_that_no_line_is_missing(self, line: CommandLine) -> None:
        _log(line, *(arrived(CallId(f"hotline-1772413200.{number}")) for number in range(1, 6)))
        ran = line.run("calls", "--verify")
        assert ran.code == 0
        assert "没有与它对照" in ran.err
        assert "序号 1 到 5 连续,没有缺口" in ran.out
        file = line.instance_folder / "log" / "calls.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join([lines[0], *lines[3:]]), encoding="utf-8")
        ran = line.run("calls", "--verify")
        assert ran.code == 1
        assert "缺序号 2 到 3(2 行)" in ran.out.replace(" 序", "序")

    def test_following_shows_new_lines_until_ctrl_c(self, line: CommandLine) -> None:
        _log(line, arrived())
        with line.window("calls", "--follow", "--json") as follower:
            assert follower.stdout is not None
            assert json.loads(follower.stdout.readline())["seq"] == 1
            _log(line, queued())
            began = time.monotonic()
            assert json.loads(follower.stdout.readline())["seq"] == 2
            assert time.monotonic() - began < FOLLOW_SECONDS
            follower.send_signal(signal.SIGINT)
            assert follower.wait(FOLLOW_SECONDS) == 130
            assert follower.stderr is not None
            assert follower.stderr.read() == ""

    def test_a_reader_that_has_seen_enough_is_no_error(self, line: CommandLine) -> None:
        _log(line, *(arrived(CallId(f"hotline-1772413200.{number}")) for number in range(200)))
        with line.window("calls", "--json", "-n", "100000") as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            writer.stdout.close()
            assert writer.wait(FOLLOW_SECONDS) == 0
            assert writer.stderr is not None
            assert writer.stderr.read() == ""

    def test_torn_lines_are_passed_over(self, line: CommandLine) -> None:
        _log(line, arrived())
        with (line.instance_folder / "log" / "calls.jsonl").open("a") as torn:
            torn.write("\x00\x00\x00\n{'no': json}\n")
        _log(line, queued())
        assert len(line.run("calls").out.splitlines()) == 2
