"""The script for citizens who call while the engine is away: a real process, Asterisk's side played."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from agi_scripts import away
from ivr.prompt_book import Prompt
from tests.fakes.asterisk_channel import AsteriskChannel

CALL = "hotline-1772413200.1"


class Script:
    """Runs away.py as Asterisk does: isolated, answers on its standard input."""

    def __init__(self, spool: Path, prompts: Path) -> None:
        self.spool = spool
        self.greeting = prompts / Prompt.GREETING
        self.stderr = ""

    async def run(self, channel: AsteriskChannel, call_id: str = CALL) -> int:
        command = ("-I", away.__file__, str(self.spool), str(self.greeting), call_id, f"/rec/{call_id}.raw")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stdin
        assert process.stdout
        assert process.stderr
        await channel.talk(process.stdout, process.stdin)
        self.stderr = (await process.stderr.read()).decode()
        return await process.wait()

    def notes(self) -> list[dict[str, str]]:
        return [json.loads(file.read_text(encoding="utf-8")) for file in self.spool.iterdir()]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    (tmp_path / "greeting.wav").write_bytes(bytes(16000 * 4))
    (tmp_path / "spool").mkdir()
    return Script(tmp_path / "spool", tmp_path)


async def test_the_citizen_is_greeted_and_noted(script: Script) -> None:
    channel = AsteriskChannel(caller="13812345678")
    assert await script.run(channel) == 0
    assert channel.heard == [Prompt.GREETING]
    assert channel.variables == {"TIMEOUT(absolute)": "6.00"}
    (note,) = script.notes()
    assert {key: note[key] for key in ("call_id", "caller", "dialled", "recording")} == {
        "call_id": CALL,
        "caller": "13812345678",
        "dialled": "12345",
        "recording": f"/rec/{CALL}.raw",
    }


async def test_a_citizen_who_hangs_up_in_the_greeting_is_noted(script: Script) -> None:
    assert await script.run(AsteriskChannel(hangs_up_in=Prompt.GREETING)) == 0
    assert len(script.notes()) == 1
    assert script.stderr == ""


async def test_the_number_of_the_citizen_is_not_written_to_any_log(script: Script) -> None:
    await script.run(AsteriskChannel(caller="13812345678"))
    assert script.stderr == ""


async def test_a_folder_that_cannot_be_written_does_not_spoil_the_greeting(script: Script) -> None:
    script.spool = script.spool / "missing"
    channel = AsteriskChannel()
    assert await script.run(channel) == 0
    assert channel.heard == [Prompt.GREETING]
    assert "写不下来电记录" in script.stderr
    assert "Traceback" not in script.stderr


async def test_a_missing_greeting_does_not_lose_the_note(script: Script) -> None:
    script.greeting = script.spool / "missing"
    assert await script.run(AsteriskChannel()) == 0
    assert len(script.notes()) == 1
    assert script.stderr == ""


async def test_a_line_break_never_reaches_asterisk(script: Script) -> None:
    channel = AsteriskChannel()
    assert await script.run(channel, call_id="x\nHANGUP") == 0
    assert channel.commands == []
