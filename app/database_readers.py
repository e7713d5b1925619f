"""只读访问: lets other programs read our database, and tells the people who run them how."""

import structlog

from app.instance import Instance
from core.database import Database, DatabaseTrouble
from core.readers import admit_readers, rights_by_hand
from core.views import READER, VIEWS

log = structlog.get_logger(__name__)

KEY_NAME = "database-reader"
MADE_BY_US = "postgres"
"""The name of the database in our own server."""


def let_readers_in(instance: Instance, database: Database) -> None:
    """Give the role its rights, in our own server; what fails here keeps no citizen waiting."""
    if instance.settings.database.url:
        return
    try:
        database.now(lambda connection: admit_readers(connection, instance.secret(KEY_NAME)))
    except DatabaseTrouble as error:
        log.warning("只读账号没有建好, 其他程序暂时读不了数据库", reason=type(error).__name__)


def reader_url(instance: Instance) -> str:
    """Give the way in for a program on this machine, for our own server, with the password in it."""
    return f"postgresql://{READER}:{instance.secret(KEY_NAME)}@/{MADE_BY_US}?host={instance.run}"


def how_to_read(instance: Instance) -> list[str]:
    """Say in Chinese how another program reads; holds a password when the server is ours."""
    url = instance.settings.database.url
    views = [f"  {view.name}  {view.about}" for view in VIEWS]
    return [*_way_in(instance, url), "可读的视图(号码已脱敏,不含市民说的话):", *views]


def _way_in(instance: Instance, url: str) -> list[str]:
    if not url:
        address = reader_url(instance)
        return [f"本机的程序用只读账号 {READER} 连接(含口令,请妥善保管):", f"  psql '{address}'"]
    if url.startswith("sqlite"):
        file = f"{instance.data}/hotline.db" if url == "sqlite" else url.removeprefix("sqlite:///")
        return [
            "SQLite 没有账号,请用只读方式打开文件;能读文件的账号也读得到号码:",
            f"  sqlite3 -readonly {file}",
        ]
    database = url.rpartition("/")[2].partition("?")[0]
    by_hand = [f"  {statement};" for statement in rights_by_hand(database)]
    return ["数据库是您自己的,请由它的管理员执行一次并另设口令:", *by_hand]
