"""编号: work-order numbers and query codes."""

from datetime import datetime
from random import Random

from core.ids import TicketNo

QUERY_CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0, O, 1, I: the code is read out over the telephone."""
QUERY_CODE_LENGTH = 6


def ticket_no(received_at: datetime, sequence: int) -> TicketNo:
    """18 digits: yymmddHHMMSS of the receipt and six digits of a running sequence."""
    return TicketNo(f"{received_at:%y%m%d%H%M%S}{sequence % 1_000_000:06d}")


def query_code(chance: Random) -> str:
    """查询码: what a citizen states together with the number to see the order."""
    return "".join(chance.choice(QUERY_CODE_SIGNS) for _ in range(QUERY_CODE_LENGTH))
