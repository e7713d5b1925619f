"""What Asterisk is told, and what is refused before it is told."""

import configparser
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agi_scripts.variables import SHARED
from asterisk_conf import node as nodes
from asterisk_conf.node import Address, AwayScript, Folders, Node, PortRange, Seat, Trunk, TrunkAccount
from asterisk_conf.render import render
from core.errors import HotlineError
from core.ids import QueueName, SeatNo
from ivr.prompt_book import Prompt

AWAY = Path(__file__).parents[3] / "agi_scripts" / "away.py"
SECRET = "n0t-a-real-secret"
INJECTIONS = [
    "x\nsecret=y",
    "x\r\ny",
    "a]b",
    "a;b",
    'a"b',
    "a,b",
    "${SHELL(id)}",
    "a b",
    "a=>b",
    "#exec",
    "",
    "号",
]


def node(**changes: Any) -> Node:
    plain: dict[str, Any] = {
        "name": "hotline",
        "folders": Folders(
            modules=Path("/bundle/modules"),
            data=Path("/bundle/share"),
            prompts=Path("/state/prompts"),
            music=Path("/state/music"),
            recordings=Path("/state/recordings"),
            away_spool=Path("/state/away"),
        ),
        "sip": Address(port=5060),
        "rtp": PortRange(first=10000, last=11999),
        "ami": Address(port=5038),
        "ami_user": "engine",
        "ami_secret": SECRET,
        "agi": Address(port=4573),
        "seats": (Seat(number=SeatNo("8001"), secret=SECRET),),
        "trunks": (Trunk(name="carrier", addresses=("127.0.0.9",)),),
        "queues": (QueueName("intake"), QueueName("enterprise")),
        "variables": SHARED,
        "away": AwayScript(source=AWAY, python=Path("/venv/bin/python")),
    }
    return Node(**(plain | changes))


def written(into: Path, **changes: Any) -> dict[str, str]:
    render(node(**changes), into)
    return {file.name: file.read_text(encoding="utf-8") for file in (into / "etc").iterdir()}


def test_everything_that_asterisk_writes_lies_in_the_private_tree(tmp_path: Path) -> None:
    told = configparser.ConfigParser(delimiters=("=>",))
    told.read_string(written(tmp_path)["asterisk.conf"].partition("[options]")[0])
    folders = dict(told["directories"])
    outside = {name for name, folder in folders.items() if not folder.startswith(str(tmp_path))}
    assert outside == {"astmoddir", "astdatadir"}
    assert len(folders) == 11


def test_only_the_owner_can_read_the_secrets(tmp_path: Path) -> None:
    written(tmp_path)
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "etc").iterdir()} == {0o600}
    assert (tmp_path / "etc").stat().st_mode & 0o777 == 0o700


def test_a_second_rendering_replaces_the_first_whole(tmp_path: Path) -> None:
    first = written(tmp_path)
    assert written(tmp_path) == first
    assert "8002" in written(tmp_path, seats=(Seat(number=SeatNo("8002"), secret=SECRET),))["pjsip.conf"]
    assert not [file for file in (tmp_path / "etc").iterdir() if file.name.startswith(".")]


def test_unless_told_otherwise_everything_listens_on_loopback(tmp_path: Path) -> None:
    files = written(tmp_path)
    assert "bind = 127.0.0.1:5060" in files["pjsip.conf"]
    assert "bindaddr = 127.0.0.1" in files["manager.conf"]
    assert "permit = 127.0.0.0/255.0.0.0" in files["manager.conf"]


def test_no_secret_has_a_default() -> None:
    for kind in (Node, Seat, TrunkAccount):
        for name, field in kind.__dataclass_fields__.items():
            if "secret" in name:
                assert field.default is field.default_factory


def test_the_engine_has_no_shell_through_the_manager_interface(tmp_path: Path) -> None:
    lines = written(tmp_path)["manager.conf"].splitlines()
    (rights,) = [line for line in lines if line.startswith("write")]
    assert rights == "write = call,agent,reporting,originate"
    assert "channelvars = CALL_ID,DIALLED,RECORDING" in lines


def test_the_engine_hears_no_number_that_was_not_made_harmless(tmp_path: Path) -> None:
    files = written(tmp_path)
    assert "eventfilter = !Event: Newchannel" in files["manager.conf"]
    dialplan = files["extensions.conf"].partition("[hotline]")[2]
    steps = [dialplan.index(step) for step in ("Set(CALLERID(num)=", "Set(CALLERID(dnid)=", "Set(__CALL_ID=")]
    assert steps == sorted(steps)


def test_whatever_number_a_trunk_sends_reaches_the_hotline(tmp_path: Path) -> None:
    dialplan = written(tmp_path)["extensions.conf"]
    context = dialplan.partition("[from-trunk]")[2].partition("[")[0]
    assert "_X!,1,Goto(hotline,s,1)" in dialplan.partition("[from-trunk]")[2]
    assert "Hangup" not in context


def test_the_recording_starts_before_the_flow_and_the_queue(tmp_path: Path) -> None:
    dialplan = written(tmp_path)["extensions.conf"].partition("[hotline]")[2]
    steps = [dialplan.index(step) for step in ("Answer()", "MixMonitor(", "AGI(agi:", "Queue(${FLOW_NEXT}")]
    assert steps == sorted(steps)


def test_no_recording_is_written_over_another(tmp_path: Path) -> None:
    dialplan = written(tmp_path)["extensions.conf"].partition("[hotline]")[2]
    steps = [
        dialplan.index(step) for step in ("STAT(e,", "Set(RECORDING=", "Answer()", "MixMonitor(${RECORDING}")
    ]
    assert steps == sorted(steps)
    assert "${STAT(e,${RECORDED_AS}.flac)}" in dialplan  # it may be compressed by then


def test_whoever_comes_without_a_decision_goes_to_the_first_queue(tmp_path: Path) -> None:
    assert "Set(FLOW_NEXT=intake)" in written(tmp_path)["extensions.conf"]


def test_every_queue_has_a_section(tmp_path: Path) -> None:
    queues = written(tmp_path)["queues.conf"]
    assert "[intake]" in queues
    assert "[enterprise]" in queues


def test_a_trunk_registers_only_when_it_has_an_account(tmp_path: Path) -> None:
    assert "type = registration" not in written(tmp_path)["pjsip.conf"]
    account = TrunkAccount(
        server="sip:10.0.0.1:5060", client="sip:12345@10.0.0.1", user="12345", secret=SECRET
    )
    files = written(tmp_path, trunks=(Trunk(name="carrier", addresses=("10.0.0.1",), account=account),))
    assert "client_uri = sip:12345@10.0.0.1" in files["pjsip.conf"]
    assert "res_pjsip_outbound_registration.so" in files["modules.conf"]


def test_modules_are_named_one_by_one(tmp_path: Path) -> None:
    modules = written(tmp_path)["modules.conf"]
    assert "autoload = no" in modules
    assert "app_originate" not in modules
    assert "app_system" not in modules
    assert "func_shell" not in modules


def test_the_away_script_runs_under_the_python_it_was_given(tmp_path: Path) -> None:
    written(tmp_path)
    script = tmp_path / "agi-bin" / "away.py"
    assert script.read_text(encoding="utf-8").startswith("#!/venv/bin/python -I\n")
    assert script.stat().st_mode & 0o777 == 0o700


def test_the_seat_that_knows_the_matter_is_tried_alone_for_eight_seconds(tmp_path: Path) -> None:
    dialplan = written(tmp_path)["extensions.conf"]
    assert f"Queue(${{{SHARED['first']}}},ic,,,8)" in dialplan


def test_every_prompt_of_the_dialplan_is_in_the_prompt_book(tmp_path: Path) -> None:
    dialplan = written(tmp_path)["extensions.conf"]
    played = {part.split(")")[0].split(",")[0] for part in dialplan.split("/state/prompts/")[1:]}
    assert {name for name in played if not name.startswith("${FILTER(")} <= {
        prompt.value for prompt in Prompt
    }


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.parametrize("field", ["name", "ami_user", "ami_secret"])
def test_what_could_break_out_of_the_configuration_is_refused(field: str, value: str) -> None:
    with pytest.raises(HotlineError):
        node(**{field: value})


@pytest.mark.parametrize("value", [*INJECTIONS, "general", "General", "hang_up"])
def test_a_queue_with_a_dangerous_name_is_refused(value: str) -> None:
    with pytest.raises(nodes.UnsafeName):
        node(queues=(QueueName(value),))


@pytest.mark.parametrize("value", INJECTIONS)
def test_seats_and_trunks_with_dangerous_names_are_refused(value: str) -> None:
    with pytest.raises(nodes.UnsafeName):
        Seat(number=SeatNo(value), secret=SECRET)
    with pytest.raises(nodes.UnsafeName):
        Trunk(name=value, addresses=("127.0.0.9",))
    with pytest.raises(nodes.UnsafeName):
        TrunkAccount(server=f"sip:{value}\n", client="sip:a@b", user="a", secret=SECRET)


def test_a_short_secret_is_refused_and_not_repeated() -> None:
    with pytest.raises(nodes.UnsafeSecret) as refused:
        Seat(number=SeatNo("8001"), secret="1234")
    assert "1234" not in str(refused.value)


@pytest.mark.parametrize(
    "path", ["relative", "/a b", "/a,b", "/a;b", "/a\nb", "/a&b", "/a${b}", "/a/../b", "/a'b", '/a"b']
)
def test_a_path_that_could_break_out_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(nodes.UnsafePath):
        replace(node().folders, prompts=Path(path))
    with pytest.raises(nodes.UnsafePath):
        AwayScript(source=AWAY, python=Path(path))
    with pytest.raises(nodes.UnsafePath):
        render(node(), Path(path))
    assert list(tmp_path.iterdir()) == []


def test_a_path_with_chinese_characters_is_fine(tmp_path: Path) -> None:
    render(node(), tmp_path / "热线")
    assert (tmp_path / "热线" / "etc" / "extensions.conf").exists()


def test_a_path_that_is_too_long_for_a_socket_is_refused(tmp_path: Path) -> None:
    with pytest.raises(nodes.PathTooLong):
        render(node(), tmp_path / ("x" * 100))


@pytest.mark.parametrize("address", ["0.0.0.0/0", "carrier.example.com", "10.0.0.0/8;", "", "10.0.0.1/24"])
def test_a_trunk_that_is_everybody_or_nobody_is_refused(address: str) -> None:
    with pytest.raises(nodes.WrongAddress):
        Trunk(name="carrier", addresses=(address,))
    with pytest.raises(nodes.WrongAddress):
        Trunk(name="carrier", addresses=())


@pytest.mark.parametrize(
    ("host", "port"), [("127.0.0.1", 0), ("127.0.0.1", 65536), ("::1", 5060), ("x\ny", 1), ("1.2.3.4/8", 1)]
)
def test_an_impossible_address_is_refused(host: str, port: int) -> None:
    with pytest.raises(nodes.WrongAddress):
        Address(host=host, port=port)


def test_an_empty_port_range_is_refused() -> None:
    with pytest.raises(nodes.WrongAddress):
        PortRange(first=11000, last=10000)


def test_the_manager_interface_is_never_open_to_the_network() -> None:
    with pytest.raises(nodes.WrongAddress):
        node(ami=Address(host="0.0.0.0", port=5038))  # noqa: S104
    with pytest.raises(nodes.WrongAddress):
        node(agi=Address(host="10.0.0.1", port=4573))


def test_nothing_is_given_twice() -> None:
    seat = Seat(number=SeatNo("8001"), secret=SECRET)
    trunk = Trunk(name="carrier", addresses=("127.0.0.9",))
    for changes in (
        {"seats": (seat, seat)},
        {"trunks": (trunk, trunk)},
        {"trunks": (trunk, replace(trunk, name="other"))},
        {"queues": (QueueName("intake"), QueueName("INTAKE"))},
        {"agi": Address(port=5038)},
    ):
        with pytest.raises(nodes.GivenTwice):
            node(**changes)


def test_a_hotline_without_a_queue_is_refused() -> None:
    with pytest.raises(nodes.NothingToServe):
        node(queues=())


def test_a_folder_that_cannot_be_written_is_a_plain_sentence(tmp_path: Path) -> None:
    (tmp_path / "etc").write_text("", encoding="utf-8")
    with pytest.raises(HotlineError, match="etc"):
        render(node(), tmp_path)
