"""The journal after a gap: what lives is taken over, what is gone is closed, the gap is shown."""

from pathlib import Path

import pytest
import structlog

from core.bus import Bus
from core.database import Database
from core.events import KEPT, CallEnded, EndReason
from core.ids import CallId
from queue_manager import store
from queue_manager.desk import JournalDesk, Node
from queue_manager.model import Blind, CallRow, GapRow, Heard
from queue_manager.reconciler import Reconciler
from queue_manager.reconciliation import BlindTime
from queue_manager.sightings import Sighting
from tests.fakes.asterisk_look import AskedAsterisk, citizen, entry, member
from tests.fakes.clock import StandingClock
from tests.fakes.database import Ear
from tests.fakes.facts import CALL
from tests.fakes.sightings import FIRST, answered, arrived, gone, moment, offered, queued

BLIND = BlindTime(began=moment(50), why=Blind.ENGINE_AWAY)
OTHER = CallId("hotline-1772413260.7")


class Given:
    """A journal that goes blind."""

    def __init__(self, database: Database, logs: Path) -> None:
        self.database = database
        self.logs = logs
        self.ear = Ear(*KEPT)
        self.outbox = self.ear.connect(database)
        self.clock = StandingClock(moment(100))
        node = Node(name="hotline", logs=logs, recordings=Path("/recordings"))
        self.desk = JournalDesk(database, self.outbox, Bus(), node, self.clock)
        self.heard = Heard(at=moment(100), booted_at=moment(-3600))

    def asterisk(self, *answers: dict[str, str]) -> AskedAsterisk:
        return AskedAsterisk(*answers, at=moment(100))

    async def knew(self, *seen: Sighting) -> None:
        await self.desk.note(*seen)

    async def reconciles(self, asking: AskedAsterisk, blind: BlindTime | None = BLIND) -> None:
        with structlog.testing.capture_logs() as self.said:
            await Reconciler(self.desk).reconcile(asking, blind, self.heard)

    async def row(self, call_id: CallId = CALL) -> CallRow:
        row = await self.desk.call_of(call_id)
        assert row is not None
        return row

    def gaps(self) -> list[GapRow]:
        return self.database.now(lambda c: store.gaps_between(c, moment(-1000), moment(1000)))

    def logged(self, *lines: str) -> None:
        (self.logs / "queue_log").write_text("".join(f"{line}\n" for line in lines))

    def recorded(self, *lines: str) -> None:
        (self.logs / "cel-custom").mkdir()
        (self.logs / "cel-custom" / "cel.csv").write_text("".join(f"{line}\n" for line in lines))


@pytest.fixture
def given(database: Database, tmp_path: Path) -> Given:
    return Given(database, tmp_path)


def at(second: int) -> int:
    return 1772413200 + second


async def test_a_finished_call_is_taken_from_the_queue_log(given: Given) -> None:
    given.logged(
        f"{at(5)}|{CALL}|intake|NONE|ENTERQUEUE||13812345678|1",
        f"{at(10)}|{CALL}|intake|8001|CONNECT|5|x|3",
        f"{at(70)}|{CALL}|intake|8001|COMPLETECALLER|5|60|1",
    )
    await given.knew(arrived())
    await given.reconciles(given.asterisk())
    row = await given.row()
    assert (row.end_reason, row.talk_seconds, row.seat) == (EndReason.ANSWERED, 60.0, FIRST)
    assert row.gone_certain
    assert given.gaps()[0].recovered == 3


async def test_a_clock_that_was_set_back_while_nobody_listened_hides_no_call(given: Given) -> None:
    given.logged(
        f"{at(60)}|{CALL}|intake|NONE|ENTERQUEUE||13812345678|1",
        f"{at(62)}|{CALL}|intake|8001|CONNECT|2|hotline-1772413260.2|1",
        f"{at(90)}|{CALL}|intake|8001|COMPLETECALLER|2|28|1",
    )
    await given.reconciles(given.asterisk(), BlindTime(began=moment(3600), why=Blind.ENGINE_AWAY))
    assert (await given.row()).end_reason is EndReason.ANSWERED
    [line] = [line for line in given.said if "时钟被拨回" in line["event"]]
    assert line["seconds"] == 3500


async def test_a_call_that_asterisk_itself_recorded_ended_to_the_microsecond(given: Given) -> None:
    given.recorded(f'"HANGUP","{at(71)}.250000","{CALL}","{CALL}","PJSIP/t-1","138","s","","","hotline",""')
    await given.knew(arrived())
    await given.reconciles(given.asterisk())
    row = await given.row()
    assert (row.end_reason, row.gone_at, row.gap) == (EndReason.HUNG_UP_IN_PROMPT, moment(71.25), "")


async def test_a_call_of_which_nobody_of_ours_ever_heard_is_found_in_asterisks_record(given: Given) -> None:
    given.recorded(
        f'"ANSWER","{at(60)}.5","{OTHER}","{OTHER}","PJSIP/t-1","13912345678","s","","","hotline","12345"',
        f'"HANGUP","{at(63)}.5","{OTHER}","{OTHER}","PJSIP/t-1","13912345678","s","","","hotline","12345"',
        f'"HANGUP","{at(64)}.5","{OTHER}","hotline-9.9","PJSIP/8001-2","8001","s","","","from-seat",""',
    )
    await given.reconciles(given.asterisk())
    row = await given.row(OTHER)
    assert (row.end_reason, row.caller) == (EndReason.HUNG_UP_IN_PROMPT, "13912345678")
    assert await given.desk.call_of(CallId("hotline-9.9")) is None


async def test_a_call_that_still_lives_stays_open(given: Given) -> None:
    given.logged(f"{at(70)}|{CALL}|intake|8001|COMPLETEAGENT|5|60|1")
    await given.knew(arrived(), queued())
    await given.reconciles(given.asterisk(citizen(), entry()))
    assert (await given.row()).end_reason is None


async def test_a_living_call_of_which_nobody_knew_is_taken_over(given: Given) -> None:
    await given.reconciles(given.asterisk(citizen(OTHER, "00:00:40"), entry(OTHER, wait=30)))
    row = await given.row(OTHER)
    assert (row.arrived_at, row.queue, row.queued_at) == (moment(60), "intake", moment(70))


async def test_a_call_that_left_no_trace_ends_unknown_within_the_gap(given: Given) -> None:
    await given.knew(arrived(), queued())
    await given.reconciles(given.asterisk())
    row = await given.row()
    assert (row.end_reason, row.gone_after, row.gone_at) == (EndReason.UNKNOWN_END, moment(50), moment(100))
    [gap] = given.gaps()
    assert (gap.began_at, gap.ended_at, gap.why, gap.closed) == (
        moment(50),
        moment(100),
        Blind.ENGINE_AWAY,
        1,
    )


async def test_who_waited_when_asterisk_restarted_ends_system_failure(given: Given) -> None:
    await given.knew(arrived(), queued(), offered())
    restarted = BlindTime(began=moment(50), why=Blind.ASTERISK_AWAY, restarted=moment(54))
    await given.reconciles(given.asterisk(), restarted)
    row = await given.row()
    assert (row.end_reason, row.gone_at) == (EndReason.SYSTEM_FAILURE, moment(54))
    assert given.gaps()[0].why is Blind.ASTERISK_RESTARTED


async def test_a_call_that_arrives_while_asterisk_is_asked_has_not_vanished(given: Given) -> None:
    class OneArrivesMeanwhile(AskedAsterisk):
        async def caught_up(self) -> None:
            await given.knew(arrived())

    await given.reconciles(OneArrivesMeanwhile(at=moment(100)))
    assert (await given.row()).end_reason is None


async def test_an_end_that_was_heard_before_the_answer_came_is_no_unknown_end(given: Given) -> None:
    class ItsEndIsStillToBeWritten(AskedAsterisk):
        async def caught_up(self) -> None:
            await given.knew(gone(at=20))

    await given.knew(arrived(), queued())
    await given.reconciles(ItsEndIsStillToBeWritten(at=moment(100)))
    await given.outbox.deliver_once()
    ends = [fact.end_reason for fact in given.ear.heard if isinstance(fact, CallEnded)]
    assert ends == [EndReason.HUNG_UP_WAITING]


async def test_a_late_certain_end_is_told_as_a_correction(given: Given) -> None:
    await given.knew(arrived())
    await given.reconciles(given.asterisk())
    await given.knew(gone(at=3))
    await given.outbox.deliver_once()
    reasons = [fact.end_reason for fact in given.ear.heard if isinstance(fact, CallEnded)]
    assert reasons == [EndReason.UNKNOWN_END, EndReason.HUNG_UP_IN_PROMPT]


async def test_without_a_gap_none_is_shown(given: Given) -> None:
    await given.reconciles(given.asterisk(), None)
    assert given.gaps() == []


async def test_asterisk_counts_as_heard_only_when_the_gap_is_written(given: Given) -> None:
    assert await given.desk.last_heard() is None
    await given.reconciles(given.asterisk())
    assert await given.desk.last_heard() == given.heard


async def test_what_the_log_repeats_of_a_known_call_is_not_kept_again(given: Given) -> None:
    given.logged(f"{at(5)}|{CALL}|intake|NONE|ENTERQUEUE||13812345678|1")
    await given.knew(arrived(), queued())
    await given.reconciles(given.asterisk(citizen(), entry()))
    assert given.gaps()[0].recovered == 0


async def test_a_seat_that_was_renamed_by_hand_is_named_in_the_log_and_keeps_its_calls(given: Given) -> None:
    given.logged(f"{at(10)}|{CALL}|intake|张三|CONNECT|5|x|3")
    await given.knew(arrived(), queued())
    await given.reconciles(given.asterisk(citizen(), member(FIRST, "张三")))
    assert (await given.row()).seat == FIRST
    [said] = [line for line in given.said if "改了名" in line["event"]]
    assert (said["seat"], said["called"]) == (FIRST, "张三")


async def test_a_call_that_was_closed_and_lives_after_all_is_open_again(given: Given) -> None:
    await given.knew(arrived(), queued())
    await given.reconciles(given.asterisk())
    later = AskedAsterisk(citizen(), entry(wait=115), at=moment(120))
    await given.reconciles(later)
    row = await given.row()
    assert (row.end_reason, row.gone_at) == (None, None)


async def test_twice_is_the_same_as_once(given: Given) -> None:
    await given.knew(arrived(), queued(), answered())
    for _ in range(2):
        await given.reconciles(given.asterisk())
    await given.outbox.deliver_once()
    assert sum(isinstance(fact, CallEnded) for fact in given.ear.heard) == 1
