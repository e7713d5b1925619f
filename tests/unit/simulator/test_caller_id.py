"""主叫号码: every kind of caller id can be sent without breaking the message."""

import pytest

from simulator.caller_id import ANONYMOUS, CallerId
from simulator.sip_message import SipMessage, parse, tag_in


@pytest.mark.parametrize(
    ("caller", "header"),
    [
        (CallerId(number="13800001111"), "<sip:13800001111@127.0.0.2>"),
        (CallerId(), "<sip:127.0.0.2>"),
        (ANONYMOUS, '"Anonymous" <sip:anonymous@anonymous.invalid>'),
        (CallerId(name='老"张"\\', number="1"), '"老\\"张\\"\\\\" <sip:1@127.0.0.2>'),
        (CallerId(number="1\r\nX: y"), "<sip:1%0D%0AX%3A%20y@127.0.0.2>"),
        (CallerId(number="${SHELL(id)}"), "<sip:$%7BSHELL(id)%7D@127.0.0.2>"),
    ],
)
def test_a_caller_id_is_written_as_the_standard_wants(caller: CallerId, header: str) -> None:
    assert caller.header("127.0.0.2") == header


@pytest.mark.parametrize("name", ["x" * 300, 'a"b', "line\r\nbreak", "line\nbreak", "${EXTEN}"])
def test_no_name_can_add_a_header(name: str) -> None:
    shown = CallerId(name=name, number="1").header("127.0.0.2") + ";tag=t"
    headers = (("From", shown), ("Call-ID", "c"), ("CSeq", "1 INVITE"))
    read = parse(SipMessage(first_line="INVITE sip:1@h SIP/2.0", headers=headers).to_bytes())
    assert [key for key, _ in read.headers] == ["From", "Call-ID", "CSeq", "Content-Length"]
    assert tag_in(read.header("From")) == "t"
