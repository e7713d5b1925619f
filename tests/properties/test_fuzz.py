"""Nonsense on every wire from Asterisk: nothing breaks, nothing hangs, nothing is kept, the healthy is heard.

Twenty thousand spoiled inputs; ``./hotline bench fuzz`` reads a million.
"""

from benchmarks.fuzz import fuzz, summary
from tests.contracts.managers import fake_manager, listening

INPUTS = 20_000
PIECE = b"x" * 65536
PIECES = 80
"""Five megabytes without the end of a message."""


def test_twenty_thousand_spoiled_inputs_harm_nothing() -> None:
    found = fuzz(INPUTS, seed=12345)
    assert found.total >= INPUTS
    assert not found.harmed, summary(found)


async def test_a_message_without_end_is_cut_off_and_the_line_is_back() -> None:
    async with fake_manager() as manager, listening(manager.door) as ours:
        await ours.until_connected()
        for _ in range(PIECES):
            try:
                await manager.server.send_raw(PIECE)
            except ConnectionError:
                break
        await ours.until_connected(2)
        await manager.server.tell(Number="after", Queue="intake")
        await ours.until(lambda: ours.named("UserEvent") != [])
