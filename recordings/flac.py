"""无损压缩: the only file that knows the ``flac`` program; nothing replaces a recording unproved."""

import asyncio
import os
from pathlib import Path

from core.errors import HotlineError

_TELEPHONE = (
    "--force-raw-format",
    "--endian=little",
    "--sign=signed",
    "--channels=2",
    "--bps=16",
    "--sample-rate=8000",
)


class CompressionFailed(HotlineError):
    """录音压缩没有成功,原始录音保持不变,请检查磁盘空间和 flac 程序。"""


class Flac:
    """压缩器: raw stereo at 8 kHz into FLAC, at low priority."""

    def __init__(self, program: Path) -> None:
        """Use this ``flac`` executable."""
        self._program = ("nice", "-n", "15", str(program), "--silent")

    async def compress(self, raw: Path, flac: Path) -> None:
        """Write ``flac`` in one move, once what lies on the disk is proved to give back the same audio.

        Raises CompressionFailed; then ``raw`` is untouched and no ``flac`` was written.
        """
        unproved = flac.with_suffix(".flac.part")
        try:
            await self._run("--verify", *_TELEPHONE, "--force", f"--output-name={unproved}", str(raw))
            _sync(unproved)
            await self._run("--test", str(unproved))
            unproved.rename(flac)
        except OSError as error:
            raise CompressionFailed(path=raw, reason=error.strerror) from error
        finally:
            unproved.unlink(missing_ok=True)

    async def _run(self, *arguments: str) -> None:
        quiet, pipe = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._program, *arguments, stdout=quiet, stderr=pipe)
        _, complaint = await process.communicate()
        if process.returncode != 0:
            said = " ".join(complaint.decode("utf-8", "replace").split())
            raise CompressionFailed(path=arguments[-1], reason=said)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
