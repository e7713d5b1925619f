"""引擎不在时: Asterisk itself starts this script for a citizen while nobody answers on the AGI port.

Greets the citizen and leaves a spool file that becomes the call's row when the engine is back. Plain
AGI with pyst2; copied into Asterisk's agi-bin, so it imports nothing of ours.

    AGI(away.py,SPOOL_FOLDER,GREETING_WITHOUT_SUFFIX,CALL_ID,RECORDING)
"""

import io
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from asterisk.agi import AGI, AGIException

GRACE_SECONDS = 2.0
WAV_BYTES_PER_SECOND = 16000
"""8 kHz, 16 bit, mono."""
ANY_KEY = "0123456789*#"


class _FromAsterisk(io.TextIOWrapper):
    """Asterisk's lines; the end is an error, because pyst2 would read it for ever."""

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        line = super().readline(size)
        if not line:
            raise EOFError
        return line


def main(arguments: list[str]) -> None:
    """Leave the spool file first: the citizen may hang up at any moment."""
    if not all(argument.isprintable() for argument in arguments):
        return  # a line break would be a second command
    spool, greeting, call_id, recording = arguments
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    with Path(os.devnull).open("w", encoding="utf-8") as silence:  # pyst2 would print the caller's number
        asterisk = AGI(_FromAsterisk(sys.stdin.buffer, "utf-8", "replace"), sys.stdout, silence)
        note = {
            "call_id": call_id,
            "at": datetime.now(UTC).isoformat(),
            "caller": asterisk.env.get("agi_callerid", ""),
            "dialled": asterisk.env.get("agi_dnid", ""),
            "recording": recording,
        }
        try:
            leave_note(Path(spool), note)
        except OSError as error:
            sys.stderr.write(f"值守脚本写不下来电记录, 请检查磁盘和权限: {error.strerror}\n")
        greet(asterisk, greeting)


def leave_note(spool: Path, note: dict[str, str]) -> None:
    """Write the spool file whole or not at all, readable by the hotline alone."""
    draft = spool / f".{note['call_id']}.draft"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(note, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(spool / f"{note['call_id']}.json")


def greet(asterisk: AGI, greeting: str) -> None:
    """Speak; any key cuts it short. A citizen who hangs up ends the script, nothing else to do."""
    try:
        leash = Path(f"{greeting}.wav").stat().st_size / WAV_BYTES_PER_SECOND + GRACE_SECONDS
        asterisk.set_variable("TIMEOUT(absolute)", f"{leash:.2f}")
        if asterisk.stream_file(greeting, ANY_KEY):
            # cut short by a key, which Asterisk calls FAILED: without this the dialplan would greet again
            asterisk.set_variable("PLAYBACKSTATUS", "SUCCESS")
    except (AGIException, EOFError, OSError):
        # the pipe may be broken: nothing that is still in it may be written at the end of this process
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


if __name__ == "__main__":
    main(sys.argv[1:])
