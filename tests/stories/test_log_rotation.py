"""日志轮换: Asterisk's logs are put away while nobody reads them, and the journal is repaired from all.

The engine is away. One citizen is served before the logs are put away, another one after that. When the
engine is back it knows both, with their seats.
"""

from dataclasses import replace
from pathlib import Path

from app.log_keeping import Kept, LogKeeper
from app.parts import ask_asterisk, engine_part
from core.clock import SystemClock
from core.events import EndReason
from tests.stories.hotline import SEATS, Hotline
from tests.stories.people import CitizenCalling, SeatAtPhone
from tests.stories.records import has_ended
from tests.stories.waiting import PATIENCE_SECONDS


async def test_logs_are_put_away_while_the_engine_is_away(hotline: Hotline, tmp_path: Path) -> None:
    asterisks = hotline.instance.asterisk / "log"
    async with hotline.seat() as seat, hotline.without(engine_part(hotline.instance)):
        before = await a_short_talk(hotline, seat)
        put_away_everything(hotline, tmp_path)
        after = await a_short_talk(hotline, seat)
    for citizen in (before, after):
        row = await hotline.records.call_from(citizen.number, has_ended)
        assert (row.end_reason, row.seat) == (EndReason.ANSWERED, SEATS[0])
        assert row.gone_certain
    assert len(list(asterisks.glob("queue_log.*"))) == 1
    assert len(list((asterisks / "cel-custom").glob("cel.csv.*"))) == 1
    assert after.number in (asterisks / "cel-custom" / "cel.csv").read_text(encoding="utf-8")


async def a_short_talk(hotline: Hotline, seat: SeatAtPhone) -> CitizenCalling:
    async with hotline.citizen() as citizen:
        talk = await seat.answers()
        await talk.says()
        await talk.hangs_up()
        await citizen.call.until_over(PATIENCE_SECONDS)
    return citizen


def put_away_everything(hotline: Hotline, nothing_of_ours: Path) -> None:
    """As in the night, when the files are large."""
    kept = Kept.of(hotline.instance, hotline.instance.settings)
    kept = replace(kept, ours=nothing_of_ours, file_bytes=0)
    LogKeeper(kept, SystemClock(), lambda: ask_asterisk(hotline.instance, "logger rotate")).tidy()
