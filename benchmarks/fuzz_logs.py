"""乱码日志: spoiled lines of Asterisk's queue log and of its record of channels; what may come of them."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from random import Random

from benchmarks.mutations import spoiled
from core.clock import SHANGHAI
from core.ids import CALL_ID_SHAPE, CallId
from queue_manager import cel, queue_log
from queue_manager.journal_store import sightings
from queue_manager.sightings import Sighting
from queue_manager.story import story_of
from tests.fakes.sightings import HOME

CALL = "hotline-1772413200.1"
QUEUE_LOG = f"""\
1772413200|NONE|NONE|NONE|QUEUESTART|
1772413201|{CALL}|intake|NONE|ENTERQUEUE||13812345678|1
1772413216|{CALL}|intake|8001|RINGNOANSWER|15000
1772413217|{CALL}|intake|8001|RINGCANCELED|900
1772413220|{CALL}|intake|8002|CONNECT|19|hotline-1772413217.3|3
1772413250|{CALL}|intake|8002|BLINDTRANSFER|8003|hotline|19|30|1
1772413251|{CALL}|intake|8002|ATTENDEDTRANSFER|8003|19|30|1
1772413260|{CALL}|intake|8002|COMPLETECALLER|19|40|1
1772413260|{CALL}|intake|8002|COMPLETEAGENT|19|40|1
1772413261|{CALL}|intake|NONE|ABANDON|1|1|60
1772413262|{CALL}|intake|NONE|EXITWITHTIMEOUT|1|1|60
1772413263|{CALL}|intake|NONE|EXITWITHKEY|1|1|1|60
1772413264|{CALL}|intake|NONE|WITHDRAW|1|1|60|
""".encode().splitlines()
CEL = f"""\
"CHAN_START","1772413200.000001","{CALL}","{CALL}","PJSIP/carrier-00000001","13812345678","","","","hotline","12345","",""
"ANSWER","1772413200.100001","{CALL}","{CALL}","PJSIP/carrier-00000001","13812345678","","","","hotline","12345","Answer",""
"LINKEDID_END","1772413260.000001","{CALL}","{CALL}","PJSIP/carrier-00000001","","","","","hotline","s","",""
"HANGUP","1772413260.000001","{CALL}","{CALL}","PJSIP/carrier-00000001","","","","","hotline","s","","{{}}"
""".encode().splitlines()
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=SHANGHAI), datetime(2100, 1, 1, tzinfo=SHANGHAI)
WIDTHS = {column.name: length for column in sightings.c if (length := getattr(column.type, "length", None))}
MOST_WHOLE = 2**31 - 1
LONGEST_DETAIL = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


class NotToBeWritten(Exception):
    """A sighting that a database would refuse, or that says what cannot be."""


def read_queue_log(chance: Random, count: int) -> None:
    """Read spoiled lines of the queue log."""
    _read(_lines(chance, QUEUE_LOG, count), queue_log.when, queue_log.sightings_in)


def read_cel(chance: Random, count: int) -> None:
    """Read spoiled lines of the record of channels."""
    _read(_lines(chance, CEL, count), cel.when, lambda lines: cel.sightings_in(lines, "/recordings"))


def look_at(seen: Iterable[Sighting]) -> None:
    """Write the stories of these sightings; raises NotToBeWritten for one that no row can hold."""
    by_call: dict[CallId, list[Sighting]] = {}
    for sighting in seen:
        _check(sighting)
        by_call.setdefault(sighting.call_id, []).append(sighting)
    for call_id, told in by_call.items():
        story_of(call_id, told, HOME)


def _lines(chance: Random, whole: list[bytes], count: int) -> list[str]:
    """Give spoiled lines and whole ones in turn, as :mod:`queue_manager.log_files` hands them over."""
    lines: list[bytes] = []
    for _ in range(count):
        lines += spoiled(chance, chance.choice(whole)).split(b"\n")
        lines.append(chance.choice(whole))
    return [line.decode("utf-8", "replace").rstrip("\r\n") for line in lines]


def _read(
    lines: list[str],
    when: Callable[[str], datetime | None],
    sightings_in: Callable[[list[str]], Iterator[Sighting]],
) -> None:
    for line in lines:
        when(line)
    seen = list(sightings_in(lines))
    if not seen:
        raise NotToBeWritten("the whole lines are lost")
    look_at(seen)


def _check(sighting: Sighting) -> None:
    texts = {name: str(getattr(sighting, name)) for name in (*WIDTHS, "detail") if name != "mark"}
    for name, text in texts.items():
        if _CONTROL.search(text) or len(text) > WIDTHS.get(name, LONGEST_DETAIL):
            raise NotToBeWritten(f"{name} {text[:40]!r}")
    if not CALL_ID_SHAPE.fullmatch(sighting.call_id):
        raise NotToBeWritten(f"call_id {sighting.call_id!r}")
    if (
        not min(sighting.position, sighting.seconds) >= 0
        or max(sighting.position, sighting.seconds) > MOST_WHOLE
    ):
        raise NotToBeWritten(f"{sighting.position} {sighting.seconds}")
    if not EARLIEST <= sighting.at <= LATEST:
        raise NotToBeWritten(f"at {sighting.at}")
