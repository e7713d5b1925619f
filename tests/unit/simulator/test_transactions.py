"""事务: requests under way, and what happens when one is said twice."""

import asyncio
from typing import Any

from simulator.sip_message import SipMessage, response_to
from simulator.transactions import Transactions

CANCEL = SipMessage(
    first_line="CANCEL sip:12345@127.0.0.1 SIP/2.0",
    headers=(
        ("Via", "SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bKx"),
        ("From", "<sip:138@127.0.0.2>;tag=a"),
        ("To", "<sip:12345@127.0.0.1>"),
        ("Call-ID", "c"),
        ("CSeq", "1 CANCEL"),
    ),
)


async def test_whoever_hangs_up_twice_is_answered_and_nothing_is_left_behind() -> None:
    troubles: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, trouble: troubles.append(trouble))
    sent: list[SipMessage] = []
    transactions = Transactions()
    first = transactions.begin(CANCEL, sent.append)
    second = transactions.begin(CANCEL, sent.append)
    first.cancel()
    await asyncio.sleep(0)
    assert transactions.receive(response_to(CANCEL, 200, "OK"))
    assert (await second).status == 200
    await asyncio.sleep(0)
    assert not transactions.receive(response_to(CANCEL, 200, "OK"))
    assert len(sent) == 2
    assert troubles == []
