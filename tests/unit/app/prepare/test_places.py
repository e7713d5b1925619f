"""Handing over where everything lies."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.prepare.places import (
    HANDED_OVER,
    AsteriskPlaces,
    Places,
    PlacesUnknown,
    ProgramMissing,
    ServiceUser,
)

STATE = Path("/var/lib/hotline")
BUNDLE = STATE / "asterisk-1.x86_64"
PLACES = Places(
    project=Path("/home/li/hotline"),
    code=STATE / "code-1",
    state_dir=STATE,
    data_dir=STATE / "data",
    python=STATE / "python-run-1" / "bin" / "python",
    asterisk=AsteriskPlaces(
        version="Asterisk 22.10.1",
        launcher=BUNDLE / "sbin" / "asterisk",
        modules=BUNDLE / "modules",
        data=BUNDLE / "share" / "asterisk",
    ),
    programs={"sox": Path("/usr/bin/sox")},
    baresip_modules=Path("/usr/lib/baresip/modules"),
    service_user=ServiceUser(name="hotline", uid=999, gid=999),
)
BARE = replace(PLACES, asterisk=None, programs={}, baresip_modules=None, service_user=None)


@pytest.mark.parametrize("places", [PLACES, BARE])
def test_what_was_written_is_read_again(places: Places, tmp_path: Path) -> None:
    places.write(tmp_path / "places.json")
    assert Places.load({HANDED_OVER: str(tmp_path / "places.json")}) == places


def test_whoever_was_not_started_through_hotline_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(PlacesUnknown, match=r"\./hotline"):
        Places.load({})
    (tmp_path / "places.json").write_text('{"project": "/x"}', encoding="utf-8")
    with pytest.raises(PlacesUnknown):
        Places.load({HANDED_OVER: str(tmp_path / "places.json")})


def test_a_program_is_found_by_name() -> None:
    assert PLACES.program("sox") == Path("/usr/bin/sox")


def test_a_program_that_was_not_prepared_is_named() -> None:
    with pytest.raises(ProgramMissing, match="program=sipp"):
        PLACES.program("sipp")


def test_the_prepared_folders_are_those_below_the_state_folder() -> None:
    assert PLACES.prepared() == {STATE / "code-1", STATE / "python-run-1", BUNDLE}
    from_checkout = replace(BARE, code=PLACES.project)
    assert from_checkout.prepared() == {STATE / "python-run-1"}
