"""AGI, line by line."""

import pytest

from agi_scripts.lines import (
    Environment,
    NotAsterisk,
    Replies,
    Reply,
    UnsafeCommand,
    command,
    set_variable,
    shown,
)
from tests.fakes.asterisk_channel import opening_of


def opening(*arguments: str, **values: str) -> Environment:
    environment = Environment()
    for line in opening_of(arguments=arguments, **values).split("\n"):
        if environment.heard(line):
            break
    return environment


def replies_to(*lines: str) -> list[Reply]:
    replies = Replies()
    return [reply for line in lines if (reply := replies.heard(line))]


def test_the_opening_tells_who_calls() -> None:
    arrival = opening().arrival()
    assert (arrival.call_id, arrival.caller, arrival.dialled, arrival.recording) == (
        "hotline-1772413200.1",
        "13812345678",
        "12345",
        "/recordings/hotline-1772413200.1.raw",
    )


def test_the_opening_tells_which_flow_is_wanted() -> None:
    assert opening().script == "citizen_call"
    assert opening("8001", "*12", "").script == "seat_desk"


@pytest.mark.parametrize(("mark", "supervisor"), [("yes", True), ("", False), ("no", False)])
def test_a_seats_opening_tells_which_seat_dialled_what(mark: str, supervisor: bool) -> None:
    arrival = opening("8001", "*208002", mark).seat_arrival()
    assert (arrival.seat, arrival.code, arrival.supervisor) == ("8001", "*208002", supervisor)


@pytest.mark.parametrize(
    ("seat", "code"),
    [("", "*12"), ("80 01", "*12"), ("carrier", "*12"), ("8001", ""), ("8001", "12"), ("8001", "*" * 40)],
)
def test_a_seat_or_a_code_that_cannot_be_is_refused(seat: str, code: str) -> None:
    with pytest.raises(NotAsterisk):
        opening(seat, code, "").seat_arrival()


def test_a_caller_without_a_number_is_empty() -> None:
    assert opening(caller="unknown").arrival().caller == ""


@pytest.mark.parametrize(
    ("number", "harmless"),
    [
        ("", ""),
        ("anonymous", "anonymous"),
        ("9" * 300, "9" * 64),
        ("1\"3'8", "1\"3'8"),
        ("138\r\nagi_arg_1: x", "138agi_arg_1: x"),
        ("${SHELL(reboot)}", "${SHELL(reboot)}"),
        ("张三", "张三"),
        ("\u202e138\x00\x1b[2J", "138[2J"),
    ],
)
def test_a_number_from_outside_becomes_harmless_text(number: str, harmless: str) -> None:
    assert shown(number) == harmless


@pytest.mark.parametrize("line", ["GET / HTTP/1.0", "\x16\x03\x01", "agi_network", "hello: world"])
def test_garbage_is_not_a_call(line: str) -> None:
    with pytest.raises(NotAsterisk):
        Environment().heard(line)


def test_an_opening_without_end_is_not_a_call() -> None:
    environment = Environment()
    for number in range(64):
        environment.heard(f"agi_arg_{number}: x")
    with pytest.raises(NotAsterisk):
        environment.heard("agi_arg_65: x")


@pytest.mark.parametrize("call_id", ["", "a b", "../../x", "x" * 65, "12"])
def test_an_opening_without_a_call_id_is_not_a_call(call_id: str) -> None:
    with pytest.raises(NotAsterisk):
        opening(call_id=call_id).arrival()


def test_a_reply_has_a_code_a_result_and_a_note() -> None:
    assert replies_to("200 result=1 (张三)") == [Reply(code=200, result="1", note="张三")]
    assert replies_to("200 result=-1 endpos=11680") == [Reply(code=200, result="-1")]


def test_progress_is_not_a_reply() -> None:
    assert replies_to("100 result=0 Trying...", "200 result=0") == [Reply(code=200, result="0")]


def test_a_usage_of_many_lines_is_one_reply() -> None:
    usage = ["520-Invalid command syntax.  Proper usage follows:", "200 result=1", "520 End of proper usage."]
    (reply,) = replies_to(*usage)
    assert reply.code == 520


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("510 Invalid or unknown command", 510),
        ("511 Command Not Permitted on a dead channel or intercept routine", 511),
        ("520 Invalid command syntax.  Proper usage not available.", 520),
    ],
)
def test_a_refusal_is_a_reply_without_a_result(line: str, code: int) -> None:
    (reply,) = replies_to(line)
    assert (reply.code, reply.result) == (code, "")


@pytest.mark.parametrize("line", ["", "agi_accountcode: ", "HTTP/1.1 200 OK"])
def test_what_is_not_a_reply_is_refused(line: str) -> None:
    with pytest.raises(NotAsterisk):
        replies_to(line)


def test_quotes_and_backslashes_are_escaped() -> None:
    assert set_variable("NAME", '张"三\\') == 'SET VARIABLE "NAME" "张\\"三\\\\"\n'.encode()


@pytest.mark.parametrize("value", ["a\nHANGUP", "a\rb", "a\x00b", "\x7f", "x" * 3000])
def test_a_value_that_would_be_a_second_command_is_refused(value: str) -> None:
    with pytest.raises(UnsafeCommand):
        command("VERBOSE", value)
