"""Asterisk's side of one AGI connection, as Asterisk 22 was seen to behave."""

import asyncio
import re
import shlex
from dataclasses import dataclass, field

from ivr.prompt_book import Prompt

ENVIRONMENT = """\
agi_network: yes
agi_network_script: citizen_call
agi_request: agi://127.0.0.1:4573/citizen_call
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
agi_arg_1: {call_id}
agi_arg_2: /recordings/{call_id}.raw

"""  # noqa: W291 - Asterisk does send that space


@dataclass(kw_only=True)
class AsteriskChannel:
    """Answers commands, plays nothing, remembers everything."""

    call_id: str = "hotline-1772413200.1"
    caller: str = "13812345678"
    dialled: str = "12345"
    hangs_up_in: Prompt | None = None
    presses_a_key_in: Prompt | None = None
    cannot_play: Prompt | None = None
    freezes: bool = False
    heard: list[Prompt] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Open the call, then answer until the other side closes or the citizen hangs up."""
        opening = ENVIRONMENT.format(call_id=self.call_id, caller=self.caller, dialled=self.dialled)
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
        if words == ["CHANNEL", "STATUS"]:
            return "200 result=6\n"
        return "510 Invalid or unknown command\n"

    def _stream(self, prompt: Prompt) -> str:
        if prompt is self.cannot_play:
            return "200 result=-1 endpos=0\n"
        self.heard.append(prompt)
        if prompt is self.hangs_up_in:
            return "200 result=-1 endpos=11680\nHANGUP\nHANGUP\n"
        if prompt is self.presses_a_key_in:
            return "200 result=53 endpos=4000\n"
        return "200 result=0 endpos=36800\n"
