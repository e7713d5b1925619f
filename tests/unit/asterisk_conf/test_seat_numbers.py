"""What seats may dial, press and hand on: as Asterisk is told."""

from pathlib import Path

import pytest

from asterisk_conf import node as nodes
from asterisk_conf.node import Seat, Trunk
from core.ids import SeatNo
from ivr.seat_desk import CODES, Wish
from tests.unit.asterisk_conf.test_render import INJECTIONS, SECRET, node, written

IN_TALK = (Wish.MARK_URGENT, Wish.PAUSE_RECORDING, Wish.RESUME_RECORDING, Wish.THREE_WAY)


def context(dialplan: str, name: str) -> str:
    return dialplan.partition(f"[{name}]\n")[2].partition("\n[")[0]


def test_what_a_trunk_dials_never_reaches_the_seats_numbers(tmp_path: Path) -> None:
    files = written(tmp_path)
    assert "8001" not in context(files["extensions.conf"], "from-trunk")
    assert "allow_transfer = no" in files["pjsip.conf"].partition("[trunk](!,phone)")[2]


@pytest.mark.parametrize("where", ["from-seat", "transferred"])
def test_seats_and_groups_have_numbers(tmp_path: Path, where: str) -> None:
    numbers = context(written(tmp_path)["extensions.conf"], where)
    assert "exten => 8001,1,Set(HAND_TO=seat-8001)" in numbers
    assert "exten => *31,1," in numbers
    assert "exten => *32,1," in numbers


def test_a_transfer_to_any_number_at_all_leads_somewhere(tmp_path: Path) -> None:
    numbers = context(written(tmp_path)["extensions.conf"], "transferred")
    for pattern in ("s", "_X!", "_[+*#]!", "_[a-zA-Z]."):
        assert f"exten => {pattern},1,Goto(handed-on,s,back)" in numbers


def test_whoever_is_handed_on_loses_the_mark_of_a_transfer_before_he_queues(tmp_path: Path) -> None:
    steps = context(written(tmp_path)["extensions.conf"], "handed-on")
    assert steps.index("Set(BLINDTRANSFER=)") < steps.index("Queue(")


def test_after_every_queue_the_engine_is_told_how_the_stay_ended(tmp_path: Path) -> None:
    lines = [line.strip() for line in written(tmp_path)["extensions.conf"].splitlines()]
    queued = [number for number, line in enumerate(lines) if ",Queue(" in line]
    assert len(queued) == 4
    told = [lines[number + 2] for number in queued]
    assert sum("UserEvent(QueueLeft" in line for line in told) == 3
    # a seat that asks a colleague is no citizen; one that was handed over meanwhile goes where he is told of
    assert [line for line in told if "QueueLeft" not in line] == [
        "; handed over while it rang: this channel is the citizen's now"
    ]


def test_no_citizen_is_hung_up_because_a_seats_telephone_was_lost(tmp_path: Path) -> None:
    files = written(tmp_path, silence_seconds=20)
    assert "rtp_timeout = 20" in files["pjsip.conf"].partition("[seat](!,phone)")[2].partition("\n[")[0]
    assert "rtp_timeout" not in files["pjsip.conf"].partition("[trunk](!,phone)")[2]
    lines = [line.strip() for line in files["extensions.conf"].splitlines()]
    for number, line in enumerate(lines):
        if ",Queue(" in line:
            # without c Asterisk hangs up whoever was answered, whatever became of the seat
            assert "c" in line.split(",")[3 if "exten" in line else 2].removesuffix(")")
            assert lines[number + 1].endswith('"CONTINUE"]?talk-over,s,1)')
    after = context(files["extensions.conf"], "talk-over")
    assert "Goto(hotline,s,wait)" in after


def test_what_one_queue_said_of_a_stay_is_never_said_of_the_next(tmp_path: Path) -> None:
    lines = [line.strip() for line in written(tmp_path)["extensions.conf"].splitlines()]
    before = [lines[number - 1] for number, line in enumerate(lines) if ",Queue(" in line]
    assert [line for line in before if "Gosub(before-queue,s,1)" not in line] == []
    assert "Set(QUEUESTATUS=)" in context(written(tmp_path)["extensions.conf"], "before-queue")


def test_seats_reach_no_outside_number_unless_the_settings_say_so(tmp_path: Path) -> None:
    dialplan = written(tmp_path)["extensions.conf"]
    assert "Dial(" not in dialplan
    assert "outside" not in dialplan


def test_allowed_outside_numbers_go_through_the_trunk_that_has_a_gateway(tmp_path: Path) -> None:
    trunks = (
        Trunk(name="incoming", addresses=("127.0.0.8",)),
        Trunk(name="carrier", addresses=("127.0.0.9",), gateway="127.0.0.9:5070"),
    )
    files = written(tmp_path, trunks=trunks, outside=("110", "0571XXXXXXXX"))
    assert "Dial(PJSIP/${THERE}@carrier," in context(files["extensions.conf"], "outside")
    for where in ("from-seat", "transferred"):
        numbers = context(files["extensions.conf"], where)
        assert "exten => _110,1,Goto(outside,${EXTEN},1)" in numbers
        assert "exten => _0571XXXXXXXX,1,Goto(outside,${EXTEN},1)" in numbers
    assert "contact = sip:127.0.0.9:5070" in files["pjsip.conf"]


def test_outside_numbers_without_a_way_out_are_refused() -> None:
    with pytest.raises(nodes.NoWayOut):
        node(outside=("110",))


@pytest.mark.parametrize("value", [*INJECTIONS, "_X.", "X!", "N"])
def test_outside_numbers_and_gateways_that_could_do_harm_are_refused(value: str) -> None:
    trunk = Trunk(name="carrier", addresses=("127.0.0.9",), gateway="127.0.0.9")
    with pytest.raises(nodes.UnsafeName):
        node(trunks=(trunk,), outside=(value,))
    if value not in ("", "N"):
        with pytest.raises(nodes.UnsafeName):
            Trunk(name="carrier", addresses=("127.0.0.9",), gateway=value)


def test_codes_in_a_talk_belong_to_the_seat_alone(tmp_path: Path) -> None:
    files = written(tmp_path)
    seat, trunk = files["pjsip.conf"].split("[trunk](!,phone)")
    assert "set_var = DYNAMIC_FEATURES=seat" in seat
    assert "DYNAMIC_FEATURES" not in trunk
    assert "DYNAMIC_FEATURES" not in context(files["extensions.conf"], "hotline")
    group = files["features.conf"].partition("\n[seat]\n")[2].split()
    assert [word for word in group if word != "=>"] == ["urgent", "pause", "resume", "emergency"]


@pytest.mark.parametrize(("code", "wish"), [(code, wish) for code, wish in CODES.items() if wish in IN_TALK])
def test_a_code_means_the_same_in_a_talk_as_on_the_second_line(tmp_path: Path, code: str, wish: Wish) -> None:
    features = written(tmp_path)["features.conf"]
    assert f"=> {code},self,Gosub(in-talk,s,1({wish}))" in features


def test_only_marked_seats_are_supervisors(tmp_path: Path) -> None:
    seats = (
        Seat(number=SeatNo("8001"), secret=SECRET, supervisor=True),
        Seat(number=SeatNo("8002"), secret=SECRET),
    )
    accounts = written(tmp_path, seats=seats)["pjsip.conf"]
    assert accounts.count("SUPERVISOR=yes") == 1
    assert "SUPERVISOR=yes" in accounts.partition("[8001](seat)\n")[2].partition("\n[")[0]
