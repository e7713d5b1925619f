"""无损压缩: the only file that knows the ``flac`` program; nothing replaces a recording unproved."""

import asyncio
import contextlib
import hashlib
import os
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncGenerator
from pathlib import Path

from core.errors import HotlineError
from recordings.files import CHUNK, Measured, measure
from recordings.model import BYTES_PER_SECOND, Codec
from recordings.shelf import UNFINISHED, codec_of

_RAW = ("--force-raw-format", "--endian=little", "--sign=signed")
_TELEPHONE = (*_RAW, "--channels=2", "--bps=16", "--sample-rate=8000")


class CompressionFailed(HotlineError):
    """录音压缩没有成功,原始录音保持不变,请检查磁盘空间和 flac 程序。"""


class AudioUnreadable(HotlineError):
    """录音文件读不出来:可能已损坏,请从备份恢复这个文件。"""


class Flac:
    """压缩器: raw stereo at 8 kHz into FLAC and back, at low priority."""

    def __init__(self, program: Path) -> None:
        """Use this ``flac`` executable."""
        self._program = ("nice", "-n", "15", str(program), "--silent")

    async def compress(self, raw: Path, flac: Path) -> None:
        """Write ``flac`` in one move, once what lies on the disk is proved to give back the same audio.

        Raises CompressionFailed; then ``raw`` is untouched and no ``flac`` was written.
        """
        unproved = flac.with_suffix(UNFINISHED)
        try:
            await self._run("--verify", *_TELEPHONE, "--force", f"--output-name={unproved}", str(raw))
            _sync(unproved)
            await self._run("--test", str(unproved))
            unproved.rename(flac)
        except OSError as error:
            raise CompressionFailed(path=raw, reason=error.strerror) from error
        finally:
            unproved.unlink(missing_ok=True)

    async def audio_of(self, path: Path) -> AsyncGenerator[bytes, None]:
        """Yield the raw audio of a piece, whichever codec; raises AudioUnreadable, perhaps half-way."""
        if codec_of(path) is Codec.FLAC:
            async for chunk in self._decoded(path):
                yield chunk
            return
        try:
            with path.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, CHUNK):
                    yield chunk
        except OSError as error:
            raise AudioUnreadable(path=path, reason=error.strerror) from error

    async def measure(self, path: Path) -> Measured | None:
        """Measure the raw audio of a piece, whichever codec; None when it cannot be read to its end."""
        if codec_of(path) is Codec.RAW:
            with contextlib.suppress(OSError):
                return await asyncio.to_thread(measure, path)
            return None
        checksum, size = hashlib.sha256(), 0
        try:
            async with contextlib.aclosing(self._decoded(path)) as chunks:
                async for chunk in chunks:
                    checksum.update(chunk)
                    size += len(chunk)
        except AudioUnreadable:
            return None
        return Measured(bytes=size, duration_seconds=size / BYTES_PER_SECOND, sha256=checksum.hexdigest())

    async def _decoded(self, path: Path) -> AsyncGenerator[bytes, None]:
        try:
            process = await asyncio.create_subprocess_exec(
                *self._program, "--decode", "--stdout", *_RAW, str(path), stdout=PIPE, stderr=DEVNULL
            )
        except OSError as error:
            raise AudioUnreadable(path=path, reason=error.strerror) from error
        sound = process.stdout or asyncio.StreamReader()
        try:
            while chunk := await sound.read(CHUNK):
                yield chunk
        finally:
            # Whoever stops half-way does not leave a program behind that waits to be read.
            if process.returncode is None and not sound.at_eof():
                process.kill()
            code = await process.wait()
        if code != 0:
            raise AudioUnreadable(path=path)

    async def _run(self, *arguments: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *self._program, *arguments, stdout=DEVNULL, stderr=PIPE
        )
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
