"""The register of seats, their rules, and who called before."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.database import Database
from core.errors import HotlineError
from core.ids import QueueName, SeatNo
from queue_manager import seat_rules, seats
from queue_manager.repeat_callers import MOST_CALLERS, RepeatCallers
from queue_manager.seat_rules import SeatRules, read_seat_rules
from queue_manager.seats import SeatRegister
from tests.fakes.clock import NINE_O_CLOCK, StandingClock

ONE = SeatNo("8001")
ROOT = Path(__file__).parents[3]


@pytest.fixture
def register(database: Database) -> SeatRegister:
    return SeatRegister(database, StandingClock(), (QueueName("intake"), QueueName("english")))


class TestRegister:
    def test_a_new_seat_takes_every_call(self, register: SeatRegister) -> None:
        seat = register.add("8001")
        assert (seat.name, seat.supervisor, seat.skills) == ("8001", False, {"intake": 0})
        assert register.all() == [seat]

    def test_adding_it_again_changes_only_what_is_said(self, register: SeatRegister) -> None:
        register.add("8001", "一号台", supervisor=True)
        register.give_skill("8001", "english", 5)
        assert register.add("8001") == register.all()[0]
        again = register.add("8001", "夜班台", supervisor=False)
        assert (again.name, again.supervisor, again.skills) == ("夜班台", False, {"english": 5, "intake": 0})

    def test_skills_come_and_go_but_never_the_last(self, register: SeatRegister) -> None:
        register.add("8001")
        register.give_skill("8001", "english", 5)
        assert register.take_skill("8001", "intake").skills == {"english": 5}
        with pytest.raises(seats.LastSkill):
            register.take_skill("8001", "english")
        with pytest.raises(seats.NoSuchQueue):
            register.take_skill("8001", "intake")

    @pytest.mark.parametrize(("queue", "penalty"), [("french", 0), ("english", -1), ("english", 100)])
    def test_what_cannot_be_is_refused(self, register: SeatRegister, queue: str, penalty: int) -> None:
        register.add("8001")
        with pytest.raises(HotlineError):
            register.give_skill("8001", queue, penalty)
        assert register.all()[0].skills == {"intake": 0}

    def test_a_seat_that_is_not_there_learns_nothing(self, register: SeatRegister) -> None:
        with pytest.raises(seats.NoSuchSeat):
            register.give_skill("8001", "english", 0)
        with pytest.raises(seats.NoSuchSeat):
            register.remove("8001")

    def test_a_removed_seat_has_no_skills_left(self, register: SeatRegister) -> None:
        register.add("8001")
        register.remove("8001")
        assert register.all() == []
        assert register.add("8001").skills == {"intake": 0}


class TestRules:
    def test_those_that_are_shipped_are_the_defaults(self) -> None:
        assert read_seat_rules(ROOT / "profiles" / "default") == SeatRules()

    def test_without_a_file_the_defaults_hold(self, tmp_path: Path) -> None:
        assert read_seat_rules(tmp_path) == SeatRules()

    def test_intake_is_always_the_first_queue(self, tmp_path: Path) -> None:
        (tmp_path / "seats.toml").write_text(
            '[queues]\nenglish = "英语"\nintake = "综合受理"\n', encoding="utf-8"
        )
        assert list(read_seat_rules(tmp_path).queues) == ["intake", "english"]

    @pytest.mark.parametrize(
        "wrong",
        [
            "misses = 0",
            "misses = true",
            "misses = '3'",
            "wrap_up_seconds = -1",
            "wrap_up = 20",
            "[queues]\nenglish = '英语'",
            "[queues]\nintake = ''",
            "[queues]\nintake = '综合受理'\n'seat-8001' = '一号'",
            "queues = 3",
            "misses = ",
            "\udcff",
        ],
    )
    def test_a_mistake_is_named_with_the_file(self, tmp_path: Path, wrong: str) -> None:
        (tmp_path / "seats.toml").write_text(wrong, encoding="utf-8", errors="surrogateescape")
        with pytest.raises(seat_rules.SeatRulesWrong, match=r"seats\.toml"):
            read_seat_rules(tmp_path)


class TestRepeatCallers:
    def test_the_last_seat_is_remembered_for_so_many_hours(self) -> None:
        callers = RepeatCallers(24)
        callers.talked("13812345678", ONE, NINE_O_CLOCK)
        callers.talked("13812345678", SeatNo("8002"), NINE_O_CLOCK + timedelta(hours=1))
        assert callers.seat_of("13812345678", NINE_O_CLOCK + timedelta(hours=25)) == "8002"
        assert callers.seat_of("13812345678", NINE_O_CLOCK + timedelta(hours=26)) is None

    @pytest.mark.parametrize("nobodys", ["", "110", "anonymous", "<unknown>"])
    def test_numbers_that_are_nobodys_are_not(self, nobodys: str) -> None:
        callers = RepeatCallers(24)
        callers.talked(nobodys, ONE, NINE_O_CLOCK)
        assert callers.seat_of(nobodys, NINE_O_CLOCK) is None

    def test_a_hotline_that_does_not_want_it_remembers_nobody(self) -> None:
        callers = RepeatCallers(0)
        callers.talked("13812345678", ONE, NINE_O_CLOCK)
        assert callers.seat_of("13812345678", NINE_O_CLOCK) is None

    def test_the_oldest_are_forgotten_before_memory_is_full(self) -> None:
        callers = RepeatCallers(24)
        callers.remember((str(10_000_000 + number), ONE, NINE_O_CLOCK) for number in range(MOST_CALLERS + 1))
        assert callers.seat_of("10000000", NINE_O_CLOCK) is None
        assert callers.seat_of("10000001", NINE_O_CLOCK) == ONE
