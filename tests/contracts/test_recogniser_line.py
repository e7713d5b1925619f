"""The recogniser's line on a real socket: a call is asked for until words and suggestion are kept."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from app.recogniser_line import LineNeeds, RecogniserLine
from asr import store as transcripts
from classifier import store as suggestions
from core.database import Database
from core.events import Fact, RecordingReady
from core.intercom import Extension
from core.outbox import Outbox
from recordings import store as recordings
from recordings.model import Codec, Condition, Piece, Recording
from tests.fakes.clock import NINE_O_CLOCK, StandingClock
from tests.fakes.facts import CALL, after, suggestion, transcript
from tests.stories.waiting import until_true

PATIENCE_SECONDS = 20.0


async def test_a_call_with_words_and_no_suggestion_is_asked_for_again(tmp_path: Path) -> None:
    async with served(tmp_path) as database:
        async with joined(tmp_path) as recogniser:
            assert await recogniser.is_asked_for() == CALL
            recogniser.tells(transcript())
            await until_true(lambda: has_words(database), "the words")
        async with joined(tmp_path) as recogniser:
            assert await recogniser.is_asked_for() == CALL
            recogniser.tells(suggestion())
            await until_true(lambda: not unheard(database), "the recording to be heard")
        assert database.now(lambda connection: connection.scalar(suggestions.suggestions.select())) == CALL


async def test_a_recording_that_could_not_be_heard_is_asked_for_again(tmp_path: Path) -> None:
    async with served(tmp_path) as database:
        async with joined(tmp_path) as recogniser:
            await recogniser.is_asked_for()
            recogniser.tells(replace(transcript(), segments=(), outcome="failed", reason="听写程序出错"))
            recogniser.tells(suggestion())
            await until_true(lambda: has_suggestion(database), "the suggestion")
        async with joined(tmp_path) as recogniser:
            assert await recogniser.is_asked_for() == CALL


class Joined:
    """A recogniser's end of the line."""

    def __init__(self, extension: Extension) -> None:
        self._extension = extension
        self._facts = cast("AsyncGenerator[Fact, None]", extension.facts())

    async def is_asked_for(self) -> str:
        """Wait until a recording is to be heard, and give its call."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            fact = await anext(self._facts)
        assert isinstance(fact, RecordingReady)
        return fact.call_id

    def tells(self, fact: Fact) -> None:
        assert self._extension.tell(fact)

    async def hangs_up(self) -> None:
        await self._facts.aclose()


@asynccontextmanager
async def joined(folder: Path) -> AsyncIterator[Joined]:
    recogniser = Joined(Extension(folder / "line.sock"))
    try:
        yield recogniser
    finally:
        await recogniser.hangs_up()


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Database]:
    """One complete recording that nobody has heard lies in the catalogue."""
    database = Database(f"sqlite:///{folder}/hotline.db", inline=True)
    database.migrate()
    database.now(lambda connection: recordings.put(connection, a_recording()))
    outbox = Outbox(database)
    outbox.connect()
    needs = LineNeeds(
        socket=folder / "line.sock", node="hotline", database=database, outbox=outbox, clock=StandingClock()
    )
    line = RecogniserLine(needs)
    serving = asyncio.create_task(line.run())
    try:
        yield database
    finally:
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving
        database.close()


def a_recording() -> Recording:
    piece = Piece(
        number=1,
        path=f"/recordings/{CALL}.raw",
        from_at=NINE_O_CLOCK,
        to_at=NINE_O_CLOCK + after(60),
        sha256="0" * 64,
        bytes=60 * 32000,
        codec=Codec.RAW,
        file_bytes=60 * 32000,
        condition=Condition.WHOLE,
    )
    return Recording(call_id=CALL, node="hotline", at=NINE_O_CLOCK, pieces=(piece,), gaps=(), gap="")


def unheard(database: Database) -> list[Recording]:
    return database.now(lambda connection: recordings.unheard(connection, "hotline"))


def has_words(database: Database) -> bool:
    return database.now(lambda connection: transcripts.transcript_of(connection, CALL)) is not None


def has_suggestion(database: Database) -> bool:
    return database.now(lambda connection: connection.scalar(suggestions.suggestions.select())) is not None
