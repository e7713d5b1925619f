"""SIP消息: read, written, answered."""

import pytest

from simulator.sip_message import (
    NotSip,
    SipMessage,
    parse,
    response_to,
    routes_in,
    tag_in,
    uri_in,
    user_in,
    with_body,
)

INVITE = (
    "INVITE sip:12345@127.0.0.1 SIP/2.0\r\n"
    "v: SIP/2.0/UDP 127.0.0.2:5060;rport;branch=z9hG4bKfirst\r\n"
    "Via: SIP/2.0/UDP 127.0.0.3:5060;branch=z9hG4bKsecond\r\n"
    "Record-Route: <sip:127.0.0.4;lr>, <sip:127.0.0.5;lr>\r\n"
    'f: "张三 \\"老张\\"" <sip:13800001111@127.0.0.2>;tag=abc\r\n'
    "To: <sip:12345@127.0.0.1>\r\n"
    "i: one@127.0.0.2\r\n"
    "CSeq: 7 INVITE\r\n"
    "Subject: a folded\r\n"
    "  header\r\n"
    "Content-Length: 5\r\n"
    "\r\n"
    "v=0\r\n"
).encode()


def test_a_request_is_read_with_short_long_and_folded_headers() -> None:
    invite = parse(INVITE)
    assert (invite.method, invite.is_response, invite.cseq) == ("INVITE", False, (7, "INVITE"))
    assert invite.call_id == "one@127.0.0.2"
    assert invite.branch == "z9hG4bKfirst"
    assert len(invite.all_of("Via")) == 2
    assert invite.header("subject") == "a folded header"
    assert invite.body == "v=0\r\n"
    assert routes_in(invite) == ["<sip:127.0.0.4;lr>", "<sip:127.0.0.5;lr>"]


def test_what_is_written_reads_the_same() -> None:
    invite = parse(INVITE)
    again = parse(with_body(invite, "v=0\r\n").to_bytes())
    assert again.header("From") == invite.header("From")
    assert again.body == invite.body
    assert again.all_of("Content-Length")[-1] == "5"


def test_the_length_counts_bytes_not_characters() -> None:
    message = SipMessage(first_line="INFO sip:a SIP/2.0", headers=(), body="热线")
    assert b"Content-Length: 6\r\n" in message.to_bytes()


def test_a_response_carries_what_the_caller_needs_to_find_his_request() -> None:
    ringing = response_to(parse(INVITE), 180, "Ringing", to="<sip:12345@127.0.0.1>;tag=ours")
    assert ringing.status == 180
    assert ringing.method == "INVITE"
    assert len(ringing.all_of("Via")) == 2
    assert tag_in(ringing.header("To")) == "ours"


@pytest.mark.parametrize(
    ("value", "uri", "user", "tag"),
    [
        ('"a <b>" <sip:1@h>;tag=x', "sip:1@h", "1", "x"),
        ("<sip:138@h:5060;transport=udp>", "sip:138@h:5060;transport=udp", "138", ""),
        ("sip:138@h;tag=y", "sip:138@h", "138", "y"),
        ("<sip:127.0.0.2>;tag=z", "sip:127.0.0.2", "", "z"),
    ],
)
def test_addresses_and_tags_are_found_in_headers(value: str, uri: str, user: str, tag: str) -> None:
    assert tag_in(value) == tag
    assert (uri_in(value), user_in(value)) == (uri, user)


def test_brackets_inside_a_quoted_name_are_not_an_address() -> None:
    assert user_in('"a <sip:110@x>" <sip:138@h>;tag=x') == "138"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xff\xfe\x00",
        b"INVITE sip:a SIP/2.0\r\n",
        b"SIP/2.0 2 OK\r\n\r\n",
        b"OPTIONS sip:a SIP/2.0\r\nCall-ID: x\r\n\r\n",
        b"OPTIONS sip:a SIP/2.0\r\nCall-ID: x\r\nCSeq: one OPTIONS\r\n\r\n",
    ],
)
def test_garbage_is_not_sip(data: bytes) -> None:
    with pytest.raises(NotSip):
        parse(data)
