"""Asterisk's side of one AGI connection, as Asterisk 22 was seen to behave."""

import asyncio
import re
import shlex
from dataclasses import dataclass, field

from ivr.prompt_book import Prompt

ENVIRONMENT = """\
agi_network: yes
agi_network_script: {script}
agi_request: agi://127.0.0.1:4573/{script}
agi_channel: PJSIP/carrier-00000039
agi_language: en
agi_type: PJSIP
agi_uniqueid: {call_id}
agi_version: 22.10.1
agi_callerid: {caller}
agi_calleridname: unknown
agi_dnid: {dialled}
agi_rdnis: unknown
agi_context: hotline
agi_extension: s
agi_priority: 9
agi_enhanced: 0.0
agi_accountcode: 
agi_threadid: 139653131351744
{arguments}

"""  # noqa: W291 - Asterisk does send that space


def opening_of(
    call_id: str = "hotline-1772413200.1",
    caller: str = "13812345678",
    dialled: str = "12345",
    arguments: tuple[str, ...] = (),
) -> str:
    """What Asterisk says first: for a citizen, or with a seat's arguments for a seat."""
    script = "seat_desk" if arguments else "citizen_call"
    given = arguments or (call_id, f"/recordings/{call_id}.raw")
    lines = "\n".join(f"agi_arg_{number}: {value}" for number, value in enumerate(given, 1))
    return ENVIRONMENT.format(script=script, call_id=call_id, caller=caller, dialled=dialled, arguments=lines)


@dataclass(kw_only=True)
class AsteriskChannel:
    """Answers commands, plays nothing, remembers everything."""

    call_id: str = "hotline-1772413200.1"
    caller: str = "13812345678"
    dialled: str = "12345"
    arguments: tuple[str, ...] = ()
    """A seat's: its number, what it dialled, ``yes`` for a supervisor."""
    key: str = ""
    """What is pressed when a key is asked for."""
    hangs_up_in: Prompt | None = None
    presses_a_key_in: Prompt | None = None
    cannot_play: Prompt | None = None
    freezes: bool = False
    heard: list[Prompt] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Open the call, then answer until the other side closes or the citizen hangs up."""
        opening = opening_of(self.call_id, self.caller, self.dialled, self.arguments)
        writer.write(opening.encode())
        try:
            while line := (await reader.readline()).decode().rstrip("\n"):
                self.commands.append(line)
                if self.freezes:
                    await asyncio.Event().wait()
                answer = self._answer(line)
                writer.write(answer.encode())
                if "HANGUP" in answer:
                    break
        finally:
            writer.close()

    def _answer(self, line: str) -> str:
        words = shlex.split(line)
        if words[:2] == ["SET", "VARIABLE"]:
            self.variables[words[2]] = words[3]
            return "200 result=1\n"
        if words[:2] == ["STREAM", "FILE"]:
            return self._stream(Prompt(re.sub(".*/", "", words[2])))
        if words[:2] == ["GET", "DATA"]:
            return self._stream(Prompt(re.sub(".*/", "", words[2])), then=f"200 result={self.key}\n")
        if words == ["CHANNEL", "STATUS"]:
            return "200 result=6\n"
        return "510 Invalid or unknown command\n"

    def _stream(self, prompt: Prompt, then: str = "200 result=0 endpos=36800\n") -> str:
        if prompt is self.cannot_play:
            return "200 result=-1 endpos=0\n"
        self.heard.append(prompt)
        if prompt is self.hangs_up_in:
            return "200 result=-1 endpos=11680\nHANGUP\nHANGUP\n"
        if prompt is self.presses_a_key_in:
            return "200 result=53 endpos=4000\n"
        return then
