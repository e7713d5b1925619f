"""Transcripts in the database."""

from dataclasses import replace

from asr.store import keep, transcript_of
from core.database import Database
from core.events import TranscriptReady
from core.understanding import HeardWord, Segment, Side
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.facts import CALL

WORD = HeardWord(text="你好", start=0.3, end=0.96, confidence=0.9)
DONE = TranscriptReady(
    call_id=CALL,
    at=NINE_O_CLOCK,
    segments=(Segment(side=Side.CITIZEN, start=0.3, end=0.96, raw="你好", text="你好", words=(WORD,)),),
    model="demo-synth",
)
FAILED = replace(DONE, segments=(), outcome="failed", reason="找不到录音文件")


def test_what_was_kept_is_given_back(database: Database) -> None:
    assert database.now(lambda c: transcript_of(c, CALL)) is None
    assert database.now(lambda c: keep(c, DONE))
    assert database.now(lambda c: transcript_of(c, CALL)) == DONE


def test_kept_twice_is_kept_once(database: Database) -> None:
    assert database.now(lambda c: keep(c, DONE))
    assert not database.now(lambda c: keep(c, replace(DONE, at=DONE.at)))
    assert database.now(lambda c: transcript_of(c, CALL)) == DONE


def test_a_failure_never_replaces_what_was_heard(database: Database) -> None:
    database.now(lambda c: keep(c, DONE))
    assert not database.now(lambda c: keep(c, FAILED))
    assert database.now(lambda c: transcript_of(c, CALL)) == DONE


def test_a_later_success_replaces_a_failure(database: Database) -> None:
    database.now(lambda c: keep(c, FAILED))
    assert database.now(lambda c: keep(c, DONE))
    assert database.now(lambda c: transcript_of(c, CALL)) == DONE
