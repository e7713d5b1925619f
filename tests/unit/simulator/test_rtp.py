"""RTP包: sound and keys as packets."""

import pytest

from simulator.rtp import NotRtp, RtpPacket, key_press, key_released, parse_rtp


def test_what_is_written_reads_the_same() -> None:
    packet = RtpPacket(
        payload_type=8, sequence=65535, timestamp=1 << 31, source=7, payload=b"\xd5" * 160, marker=True
    )
    assert parse_rtp(packet.to_bytes()) == packet


def test_sequence_and_timestamp_wrap_around() -> None:
    packet = RtpPacket(payload_type=8, sequence=65536 + 3, timestamp=(1 << 32) + 4, source=7, payload=b"")
    assert (parse_rtp(packet.to_bytes()).sequence, parse_rtp(packet.to_bytes()).timestamp) == (3, 4)


def test_extensions_sources_and_padding_are_skipped() -> None:
    head = bytes([0x80 | 0x30 | 1, 8, 0, 1]) + bytes(8)
    data = head + b"CSRC" + b"\xbe\xde\x00\x01EXT!" + b"sound" + b"\x00\x00\x03"
    assert parse_rtp(data).payload == b"sound"


@pytest.mark.parametrize("data", [b"", b"\x80" * 11, b"\x00" * 40])
def test_garbage_is_not_rtp(data: bytes) -> None:
    with pytest.raises(NotRtp):
        parse_rtp(data)


@pytest.mark.parametrize("key", list("0159*#A"))
def test_a_key_is_heard_when_it_is_released(key: str) -> None:
    payloads = key_press(key)
    assert [key_released(payload) for payload in payloads] == [""] * 8 + [key] * 3


def test_noise_on_the_digits_channel_is_no_key() -> None:
    assert key_released(b"") == ""
    assert key_released(b"\x63\x80\x00\x00") == ""
