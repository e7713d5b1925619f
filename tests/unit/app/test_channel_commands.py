"""``./hotline key``, ``webhook`` and ``sms``: what a person types, and what he is shown."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.arguments import Arguments
from app.commands import key, sms, webhook
from console import key_store
from console.api_keys import KeyNameTaken, KeyNameWrong, NoSuchKey, digest_of
from console.sms_store import MessageState, ShortMessage, add_messages
from core.database import Database
from core.ids import TicketNo
from tests.fakes.clock import NINE_O_CLOCK
from tests.fakes.database import fresh_database
from tickets.roles import Role

Run = Callable[..., str]
SECRET = "the hotline's own"
ONCE = "abcdef0123456789"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database(f"sqlite:///{tmp_path}/channels.db") as database:
        yield database


@pytest.fixture
def run(database: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COLUMNS", "160")
    parser = Arguments(prog="./hotline")
    commands = parser.add_subparsers(dest="command")
    for module, name in ((key, "key"), (webhook, "webhook"), (sms, "sms")):
        module.add_arguments(commands.add_parser(name))

    def type_(*words: str) -> str:
        args = parser.parse_args(words)
        if words[0] == "key":
            code = key.act(args, key.KeyDesk(database=database, secret=SECRET))
        elif words[0] == "webhook":
            code = webhook.act(args, webhook.WebhookOffice(database=database, secret=SECRET))
        else:
            code = sms.act(args, database)
        assert code == 0
        return capsys.readouterr().out

    return type_


class TestKey:
    def test_a_key_is_shown_once_and_kept_nowhere(self, run: Run, database: Database) -> None:
        told = json.loads(run("key", "add", "website", "--json"))
        found = database.now(lambda c: key_store.key_of(c, digest_of(told["key"])))
        assert found is not None
        assert (found.name, found.role) == ("website", Role.SYSTEM)
        assert told["key"] not in run("key", "list")
        assert told["key"] not in repr(database.now(key_store.keys_known))

    def test_a_revoked_key_opens_nothing(self, run: Run, database: Database) -> None:
        told = json.loads(run("key", "add", "website", "--json"))
        run("key", "revoke", "website")
        assert database.now(lambda c: key_store.key_of(c, digest_of(told["key"]))) is None
        assert "停用" in run("key", "list")
        with pytest.raises(NoSuchKey):
            run("key", "revoke", "website")

    def test_a_name_is_taken_once_unless_it_is_made_again(self, run: Run, database: Database) -> None:
        first = json.loads(run("key", "add", "website", "--json"))["key"]
        with pytest.raises(KeyNameTaken):
            run("key", "add", "website")
        run("key", "add", "website", "--again", "--role", "报表")
        assert database.now(lambda c: key_store.key_of(c, digest_of(first))) is None
        assert [one["role"] for one in json.loads(run("key", "list", "--json"))] == ["报表"]

    @pytest.mark.parametrize("name", ["网站", "a", "a b", "x" * 33])
    def test_a_name_that_cannot_stand_in_an_address_is_refused(self, run: Run, name: str) -> None:
        with pytest.raises(KeyNameWrong):
            run("key", "add", name)

    def test_a_seat_gets_no_key(self, run: Run) -> None:
        with pytest.raises(SystemExit):
            run("key", "add", "seat", "--role", "话务员")


class TestWebhook:
    def test_one_is_added_listed_and_removed(self, run: Run) -> None:
        said = run("webhook", "add", "city", "https://oa.city.example/hook", "--fact", "CallEnded")
        assert "签名密钥" in said
        assert json.loads(run("webhook", "list", "--json")) == [
            {"name": "city", "url": "https://oa.city.example/hook", "facts": ["CallEnded"]}
        ]
        assert "还没有" in run("webhook", "list")
        run("webhook", "remove", "city")
        assert json.loads(run("webhook", "list", "--json")) == []
        with pytest.raises(webhook.NoSuchWebhook):
            run("webhook", "test", "city")

    @pytest.mark.parametrize(
        "url",
        ["oa.city.example", "ftp://a.example/", "file:///etc/passwd", "https://u:p@a.example/", "https://"],
    )
    def test_an_address_that_is_none_is_refused(self, run: Run, url: str) -> None:
        with pytest.raises(webhook.AddressWrong):
            run("webhook", "add", "city", url)


class TestSms:
    @pytest.fixture
    def stuck(self, database: Database) -> None:
        message = ShortMessage(
            once=ONCE,
            ticket_no=TicketNo("260302090000000001"),
            kind="受理",
            phone="13812341234",
            text="已受理",
            at=NINE_O_CLOCK,
            state=MessageState.UNCERTAIN,
            tries=1,
            next_at=NINE_O_CLOCK,
            said="",
        )
        database.now(lambda c: add_messages(c, [message]))

    @pytest.mark.usefixtures("stuck")
    def test_they_are_listed_masked_and_sent_again_on_wish(self, run: Run) -> None:
        listed = run("sms", "list", "--state", "不确定")
        assert "138****1234" in listed
        assert "13812341234" not in listed
        run("sms", "again", ONCE[:12])
        assert [one["state"] for one in json.loads(run("sms", "list", "--json"))] == ["待发"]

    @pytest.mark.usefixtures("stuck")
    @pytest.mark.parametrize("begins", ["abc", "ffffffff"])
    def test_what_is_unclear_is_not_sent_again(self, run: Run, begins: str) -> None:
        with pytest.raises(sms.NotToBeSentAgain):
            run("sms", "again", begins)
