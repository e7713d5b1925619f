"""Bad input and bad luck: one Chinese sentence, a code other than 0, and nothing left running."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from core.database import Database
from tests.commands.command_line import CommandLine, Ran
from tests.house.tree import is_chinese


def refused(ran: Ran, *said: str) -> None:
    """It was told in one sentence, as a person would, and with a code that scripts see."""
    assert ran.code == 1, ran.err
    assert len(ran.sentences) == 1, ran.err
    [sentence] = ran.sentences
    assert sentence.startswith("错误:")
    assert is_chinese(sentence)
    assert "Traceback" not in ran.err
    for word in said:
        assert word in sentence, sentence


@contextmanager
def occupied(port: int, kind: socket.SocketKind) -> Iterator[None]:
    with socket.socket(socket.AF_INET, kind) as somebody:
        somebody.bind(("127.0.0.1", port))
        if kind is socket.SOCK_STREAM:
            somebody.listen()
        yield


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A disk of one megabyte."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody make a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("sip", socket.SOCK_DGRAM),
        ("ami", socket.SOCK_STREAM),
        ("agi", socket.SOCK_STREAM),
        ("broker", socket.SOCK_STREAM),
    ],
)
def test_a_port_that_somebody_has_taken(line: CommandLine, what: str, kind: socket.SocketKind) -> None:
    with occupied(getattr(line.ports, what), kind):
        refused(line.up(), "端口已被别的程序占用", str(getattr(line.ports, what)), f"{what}")


def test_an_address_that_is_not_ours(line: CommandLine) -> None:
    line.settle()
    text = line.settings_file.read_text().replace("[sip]", '[sip]\nbind = "192.0.2.1"')
    line.settings_file.write_text(text)
    refused(line.up(), "没有这个地址", "192.0.2.1")


def test_a_disk_that_is_full(line: CommandLine) -> None:
    with small_disk(line.folder / "recordings"):
        line.settle(f'[recordings]\nfolder = "{line.folder}/recordings"\n')
        refused(line.up(), "磁盘空间不足", "recordings")


def test_a_recording_folder_that_is_a_file(line: CommandLine) -> None:
    (line.folder / "recordings").touch()
    line.settle(f'[recordings]\nfolder = "{line.folder}/recordings"\n')
    refused(line.up(), "recordings")


def test_a_recording_folder_behind_a_closed_door(line: CommandLine, tmp_path: Path) -> None:
    if line.places.service_user is None:
        pytest.skip("without root everything runs as one user")
    tmp_path.chmod(0o700)
    line.settle(f'[recordings]\nfolder = "{tmp_path}/recordings"\n')
    refused(line.up(), "够不着", "recordings")


@pytest.mark.parametrize(("path", "said"), [("nowhere", "模型目录不存在"), ("torn", "final.mdl")])
def test_a_speech_model_that_is_none(line: CommandLine, path: str, said: str) -> None:
    torn = line.folder / "torn"
    shutil.copytree(line.places.code / "asr" / "models" / "demo-synth", torn)
    (torn / "am" / "final.mdl").write_bytes(b"")
    line.settle(f'[speech]\nmodel = "{line.folder}/{path}"\n')
    refused(line.up(), said, str(line.folder / path))


def test_a_speech_model_that_is_broken_inside(line: CommandLine) -> None:
    broken = line.folder / "broken"
    shutil.copytree(line.places.code / "asr" / "models" / "demo-synth", broken)
    (broken / "am" / "final.mdl").write_bytes(b"no model at all\n" * 100)
    line.settle(f'[speech]\nmodel = "{broken}"\n')
    refused(line.up(), "识别进程启动失败", "模型")


def test_a_profile_that_there_is_not(line: CommandLine) -> None:
    line.settle('profile = "atlantis"\n')
    refused(line.up(), "没有这个配置档", "atlantis")


def _database(line: CommandLine, *, newer: bool) -> Path:
    file = line.folder / "own.db"
    if newer:
        database = Database(f"sqlite:///{file}")
        database.migrate()
        database.now(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '2031'"))
        database.close()
    else:
        file.write_bytes(b"this is no database\n" * 500)
    user = line.places.service_user
    if user is not None:
        os.chown(file, user.uid, user.gid)
    return file


def test_a_database_of_a_newer_version(line: CommandLine) -> None:
    line.settle(database=f"sqlite:///{_database(line, newer=True)}")
    refused(line.up(), "引擎启动失败", "更新版本", "2031")


def test_a_database_that_is_broken(line: CommandLine) -> None:
    line.settle(database=f"sqlite:///{_database(line, newer=False)}")
    refused(line.up(), "引擎启动失败", "已损坏", "own.db")


def test_a_database_that_is_away(line: CommandLine) -> None:
    url = f"postgresql+psycopg://hotline:top-secret@/hotline?host={line.folder}"
    line.settle(database=url)
    ran = line.up()
    refused(ran, "引擎启动失败", "数据库连不上")
    assert "top-secret" not in ran.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[sip\nport = 5060\n", "第 1 行"),
        ("[sip]\nprot = 5060\n", "sip.prot"),
        ('[sip]\nport = "many"\n', "应当是整数"),
        ('[broker]\nuse = "mine"\n', "broker.use"),
    ],
)
def test_settings_that_are_broken(line: CommandLine, text: str, said: str) -> None:
    line.settings_file.write_text(text)
    refused(line.up(), "settings.toml", said)


def test_settings_that_are_not_there(line: CommandLine) -> None:
    line.settings_file.unlink()
    refused(line.up(), "没有这个设置文件", str(line.settings_file))


def test_a_state_folder_that_nobody_may_write(line: CommandLine) -> None:
    user = line.places.service_user
    if user is not None:
        os.chown(line.folder, 0, 0)
        line.folder.chmod(0o755)
        # The service user may not be able to read the checkout.
        line.places = replace(line.places, project=line.places.code)
        line.prepare()
        refused(line.run("up", user=user), "状态文件夹建不了或写不进")
    else:
        line.prepare()
        line.folder.chmod(0o555)
        refused(line.up(), "状态文件夹建不了或写不进")
        line.folder.chmod(0o755)


@pytest.mark.parametrize(
    "words", [("status",), ("status", "--demo"), ("seat", "list"), ("seat", "add", "8001")]
)
def test_asking_before_anything_was_ever_started(line: CommandLine, words: tuple[str, ...]) -> None:
    refused(line.run(*words), "还没有启动过", "./hotline up")
    assert not line.instance_folder.exists()


def test_without_the_preparation_nothing_runs(line: CommandLine) -> None:
    line.prepare()
    line.places_file.write_text("{}")
    refused(line.run("status", prepared=False), "请用项目根目录下的 ./hotline 启动")
