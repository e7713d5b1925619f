"""媒体协商: offers and answers."""

import pytest

from simulator.sdp import Direction, Media, NoCommonCodec, media_in


@pytest.mark.parametrize("direction", list(Direction))
def test_what_is_written_reads_the_same(direction: Direction) -> None:
    media = Media(address=("127.0.0.7", 4000), direction=direction, digits_payload=96)
    assert media_in(media.to_sdp(3)) == media


def test_a_description_without_a_direction_goes_both_ways() -> None:
    sdp = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 0 8\r\n"
    assert media_in(sdp).direction is Direction.BOTH


@pytest.mark.parametrize("sdp", ["", "c=IN IP4 127.0.0.1\r\nm=audio 4000 RTP/AVP 0 18\r\n"])
def test_without_a_law_there_is_no_call(sdp: str) -> None:
    with pytest.raises(NoCommonCodec):
        media_in(sdp)


def test_who_is_held_may_only_listen() -> None:
    assert Direction.SEND.seen_from_the_other_side is Direction.RECEIVE
    assert Direction.NONE.seen_from_the_other_side is Direction.NONE
