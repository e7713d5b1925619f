"""Of a ringing that only Asterisk's own log tells of, no more is concluded than can be."""

from queue_manager.story import story_of
from tests.fakes.facts import CALL
from tests.fakes.sightings import HOME, SECOND, arrived, gone, moment, queued, rung_out


def test_none_is_older_than_the_waiting() -> None:
    told = story_of(CALL, [arrived(), queued(), rung_out(at=8), gone(at=8.2)], HOME)
    assert (told.call.end_reason, told.offers[0].outcome) == ("hung_up_ringing", "rescinded")
    assert told.offers[0].offered_at == moment(5)


def test_none_begins_before_the_one_before_has_ended() -> None:
    told = story_of(CALL, [arrived(), queued(), rung_out(at=21), rung_out(at=24, seat=SECOND)], HOME)
    assert [offer.offered_at for offer in told.offers] == [moment(6), moment(21)]
