"""Lists that people work through: a whole number finds that work order, words find what holds them all."""

import pytest

from core.database import Database
from tests.fakes.work import FIVE, Office
from tickets import work_store
from tickets.work_store import Asked


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def numbers_found(office: Office, words: str) -> list[str]:
    found = office.database.now(lambda connection: work_store.listing(connection, Asked(words=words)))
    return [one.ticket_no for one in found]


async def test_a_whole_number_finds_that_work_order_and_no_text_in_which_it_stands(office: Office) -> None:
    first = await office.opened()
    await office.opened(fields={**FIVE, "content": f"和 {first.ticket_no} 是同一件事"})
    assert numbers_found(office, first.ticket_no) == [first.ticket_no]


async def test_words_find_what_holds_them_all_and_a_part_of_a_number_too(office: Office) -> None:
    await office.opened(fields={**FIVE, "title": "路灯坏了", "address": "解放路2号"})
    second = await office.opened(fields={**FIVE, "title": "路灯坏了", "address": "人民路2号"})
    for words in ("路灯 人民路", second.ticket_no[6:]):
        assert numbers_found(office, words) == [second.ticket_no]
