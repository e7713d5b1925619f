"""部件: how each process of the hotline is started, and how one sees that it serves."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from app.call_log_numbers import KEY_NAME as NUMBERS_KEY_NAME
from app.database_readers import KEY_NAME as READERS_KEY_NAME
from app.instance import Instance
from app.leftovers import is_running
from app.prepare.places import HANDED_OVER, AsteriskPlaces
from app.supervisor import Part, Ready
from core.database import Database
from core.errors import HotlineError

AMI_USER = "engine"
BROKER_USER = "hotline"
DATABASE_USER = "hotline"
TITLES = {
    "asterisk": "Asterisk ",
    "broker": "消息代理",
    "database": "数据库",
    "engine": "引擎",
    "recogniser": "识别进程",
    "web": "网络接口",
}
WEB_KEY_NAME = "web"
"""Of this secret those are derived that we share with other systems."""
LINKS_KEY_NAME = "links"
"""With this secret links for telephones are signed; a fresh one voids all that were given out."""
RECOGNISER_SECONDS = 60.0
DATABASE_SECONDS = 600.0
"""After a crash PostgreSQL goes through what was not yet in its tables; whoever stops it begins anew."""
ANSWER_SECONDS = 5.0
FIRST_SET_UP_SECONDS = 120


class SetUpFailed(HotlineError):
    """准备一个部件时它自己的工具报错:请按括号里的原因解决后重新启动。"""


def asterisk_part(instance: Instance, places: AsteriskPlaces) -> Part:
    """Asterisk in the foreground on its private tree."""
    conf = instance.asterisk / "etc" / "asterisk.conf"
    return _part(
        instance,
        "asterisk",
        (str(places.launcher), "-f", "-C", str(conf)),
        lambda _pid: _command_says(places, conf, "core waitfullybooted", "fully booted"),
    )


def engine_part(instance: Instance) -> Part:
    """The engine: decisions, journal, outbox, tickets."""
    # Made before the engine starts: only one process at a time may add to the secrets.
    instance.secret(NUMBERS_KEY_NAME)
    instance.secret(LINKS_KEY_NAME)
    return _part(instance, "engine", _module(instance, "app.engine"), _says_ready(instance, "engine"))


def recogniser_part(instance: Instance) -> Part:
    """The recogniser: speech model and words."""
    return _part(
        instance,
        "recogniser",
        _module(instance, "app.recogniser"),
        _says_ready(instance, "recogniser"),
        patience=RECOGNISER_SECONDS,
    )


def web_part(instance: Instance) -> Part:
    """The web interface, and what goes out from it: short messages and webhooks."""
    instance.secret(WEB_KEY_NAME)
    instance.secret(LINKS_KEY_NAME)
    return _part(instance, "web", _module(instance, "app.web"), _says_ready(instance, "web"))


def broker_part(instance: Instance) -> Part:
    """An own mosquitto on loopback with a generated password."""
    port = instance.settings.broker.port
    passwords = instance.data / "mosquitto.passwords"
    secret = instance.secret("broker")
    passwords.unlink(missing_ok=True)
    _set_up(
        instance,
        str(instance.places.program("mosquitto_passwd")),
        "-b",
        "-c",
        str(passwords),
        BROKER_USER,
        secret,
    )
    conf = instance.data / "mosquitto.conf"
    conf.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n"
        f"persistence true\npersistence_location {instance.data}/\nlog_dest stderr\n"
    )
    argv = (str(instance.places.program("mosquitto")), "-c", str(conf))
    return _part(instance, "broker", argv, lambda _pid: _listens(port))


def database_part(instance: Instance) -> Part:
    """An own PostgreSQL that only answers on a socket below the instance's folder."""
    instance.secret(READERS_KEY_NAME)
    folder = instance.data / "postgres"
    if not folder.exists():
        # Made under another name: one that broke off in the making is never taken for a whole one.
        fresh = folder.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        _make_cluster(instance, fresh)
        fresh.rename(folder)
    sockets = instance.run
    for lock in (folder / "postmaster.pid", sockets / ".s.PGSQL.5432.lock"):
        _forget_dead_server(lock)
    argv = (str(instance.places.program("postgres")), "-D", str(folder), "-k", str(sockets), "-h", "")
    # Fast shutdown: sessions are ended, nothing that was committed is lost.
    return _part(
        instance,
        "database",
        argv,
        lambda _pid: asyncio.to_thread(_takes_questions, database_url(instance)),
        patience=DATABASE_SECONDS,
        stop_signal=signal.SIGINT,
    )


def database_url(instance: Instance) -> str:
    """Give where the engine keeps its rows: configured, embedded SQLite, or our own PostgreSQL."""
    configured = instance.settings.database.url
    if configured == "sqlite":
        return f"sqlite:///{instance.data}/hotline.db"
    if configured:
        return configured
    secret = instance.secret("database")
    return f"postgresql+psycopg://{DATABASE_USER}:{secret}@/postgres?host={instance.run}"


def ask_asterisk(instance: Instance, command: str) -> str:
    """Give what Asterisk's own console answers; empty when it is not running, or hangs."""
    places = instance.places.asterisk
    if places is None:
        return ""
    conf = instance.asterisk / "etc" / "asterisk.conf"
    asked = [str(places.launcher), "-C", str(conf), "-rx", command]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=ANSWER_SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout if done.returncode == 0 else ""


def _part(
    instance: Instance,
    name: str,
    argv: tuple[str, ...],
    ready: Ready,
    *,
    patience: float = 30.0,
    stop_signal: signal.Signals = signal.SIGTERM,
) -> Part:
    return Part(
        name=name,
        title=TITLES[name],
        argv=argv,
        ready=ready,
        log=instance.logs / f"{name}.out",
        run=instance.run,
        cwd=instance.places.code,
        user=instance.places.service_user,
        env={HANDED_OVER: os.environ.get(HANDED_OVER, "")},
        patience_seconds=patience,
        stop_signal=stop_signal,
    )


def _module(instance: Instance, module: str) -> tuple[str, ...]:
    return (str(instance.places.python), "-m", module, str(instance.folder))


def _says_ready(instance: Instance, name: str) -> Ready:
    """Our own parts write their process number once they serve; one left by an earlier life is not theirs."""
    file = instance.ready_file(name)

    async def look(pid: int) -> bool:
        return file.exists() and file.read_text() == str(pid)

    return look


async def _listens(port: int) -> bool:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        return True
    return False


def _takes_questions(url: str) -> bool:
    with contextlib.closing(Database(url)) as database:
        return database.answers()


async def _command_says(places: AsteriskPlaces, conf: Path, command: str, expected: str) -> bool:
    process = await asyncio.create_subprocess_exec(
        str(places.launcher),
        "-C",
        str(conf),
        "-rx",
        command,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    said, _ = await process.communicate()
    return process.returncode == 0 and expected in said.decode("utf-8", "replace")


def _make_cluster(instance: Instance, folder: Path) -> None:
    passwords = instance.data / "initdb.password"
    passwords.touch(mode=0o600)
    passwords.write_text(instance.secret("database"))
    instance.give_away(passwords)
    try:
        _set_up(
            instance,
            str(instance.places.program("initdb")),
            *("-D", str(folder), "-U", DATABASE_USER, "--auth=scram-sha-256", f"--pwfile={passwords}"),
            *("--encoding=UTF8", "--locale=C.UTF-8"),
        )
    finally:
        passwords.unlink()


def _forget_dead_server(lock: Path) -> None:
    """PostgreSQL takes a killed server for a living one while nobody has asked for its exit code."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        if not is_running(int(lock.read_text().splitlines()[0])):
            lock.unlink()


def _set_up(instance: Instance, *argv: str) -> None:
    user = instance.places.service_user
    program = Path(argv[0]).name
    try:
        done = subprocess.run(
            argv,
            capture_output=True,
            text=True,
            check=False,
            timeout=FIRST_SET_UP_SECONDS,
            cwd=instance.folder,
            # Ctrl-C is ours to answer, not the tool's.
            start_new_session=True,
            user=user.uid if user else None,
            group=user.gid if user else None,
        )
    except subprocess.TimeoutExpired as error:
        raise SetUpFailed(program=program, said=f"{FIRST_SET_UP_SECONDS} 秒还没有做完") from error
    if done.returncode != 0:
        raise SetUpFailed(program=program, said=done.stderr.strip().rsplit("\n", 1)[-1])
