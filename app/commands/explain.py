"""派席说明: says why a call went to the seats that it went to, from what was noted at that moment."""

import argparse
import json

from rich.console import Console

from app.offers_explained import explained, plain, show
from app.opened_database import opened_database
from app.real_instance import NAME, started_instance
from core.database import Connection
from core.errors import HotlineError
from core.ids import CallId
from queue_manager.model import CallRow, OfferRow
from queue_manager.offering import OfferReason
from queue_manager.seat_store import offer_reasons_of
from queue_manager.store import call_of, offers_of

NARROWEST = 100


class NoSuchCall(HotlineError):
    """没有这通来电:来电编号在 ./hotline calls 的“来电编号”一列,请整个照抄。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``./hotline explain``."""
    parser.add_argument("call_id", metavar="来电", help="来电编号,见 ./hotline calls")
    parser.add_argument("--json", action="store_true", help="标准输出只有 JSON")
    parser.add_argument("--demo", action="store_true", help="看演示(demo --keep)的来电")


def run(args: argparse.Namespace) -> int:
    """Print each offer of the call with its reason; raises NoSuchCall."""
    call_id = CallId(args.call_id)
    instance = started_instance("demo" if args.demo else NAME)
    with opened_database(instance) as database:
        call, offers, reasons = database.now(lambda connection: _known_of(connection, call_id))
    if call is None:
        raise NoSuchCall(call_id=call_id)
    told = explained(offers, reasons)
    if args.json:
        print(json.dumps(plain(call, told), ensure_ascii=False))
    else:
        show(Console(highlight=False, width=max(NARROWEST, Console().width)), call, told)
    return 0


def _known_of(
    connection: Connection, call_id: CallId
) -> tuple[CallRow | None, list[OfferRow], list[OfferReason]]:
    return call_of(connection, call_id), offers_of(connection, call_id), offer_reasons_of(connection, call_id)
