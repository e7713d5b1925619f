"""一套系统: the folders, ports and secrets of one running hotline on this machine."""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from app.leftovers import end_leftover
from app.prepare.places import Places
from core.errors import HotlineError
from core.settings import Settings, settings_from

SECRET_BYTES = 18


class AlreadyRunning(HotlineError):
    """这套系统已经在运行:请先在它的窗口按 Ctrl-C 停止,或用 ./hotline status 查看。"""


class FolderUnreachable(HotlineError):
    """状态文件夹建不了或写不进:请检查磁盘与权限,或用环境变量 HOTLINE_STATE_DIR 指到别处。"""


class NeverStarted(HotlineError):
    """这套系统还没有启动过:请先运行 ./hotline up,演示则运行 ./hotline demo --keep。"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """``up``, ``demo`` or a test's own; everything that it writes lies below ``folder``."""

    name: str
    folder: Path
    settings: Settings
    places: Places

    @property
    def asterisk(self) -> Path:
        """The private tree of our Asterisk."""
        return self.folder / "asterisk"

    @property
    def run(self) -> Path:
        """Sockets and process numbers."""
        return self.folder / "run"

    @property
    def logs(self) -> Path:
        """Logs of our own processes."""
        return self.folder / "log"

    @property
    def recordings(self) -> Path:
        """录音."""
        return self.settings.recordings.folder or self.folder / "recordings"

    @property
    def prompts(self) -> Path:
        """Spoken prompts as WAV."""
        return self.folder / "prompts"

    @property
    def music(self) -> Path:
        """等候音."""
        return self.folder / "music"

    @property
    def away_spool(self) -> Path:
        """Calls noted by Asterisk's own script while the engine was away."""
        return self.folder / "away"

    @property
    def heard(self) -> Path:
        """What robots heard at their telephones."""
        return self.folder / "heard"

    @property
    def data(self) -> Path:
        """The embedded database."""
        return self.folder / "data"

    @property
    def intercom(self) -> Path:
        """The engine's socket."""
        return self.run / "engine.sock"

    @property
    def postgres_socket(self) -> Path:
        """The folder of our own PostgreSQL's socket."""
        return self.run

    @property
    def cache(self) -> Path:
        """What can be made again: the segmenter's dictionary."""
        return self.folder / "cache"

    @property
    def attachments(self) -> Path:
        """附件: the files of work orders."""
        return self.data / "attachments"

    @property
    def profile(self) -> Path:
        """政策: the folder of this hotline's profile."""
        return self.places.code / "profiles" / self.settings.profile

    @property
    def speech_model(self) -> Path:
        """语音模型: the configured one, or the bundled one, which hears synthetic speech only."""
        return self.settings.speech.model or self.places.code / "asr" / "models" / "demo-synth"

    def ready_file(self, part: str) -> Path:
        """The file that a part of ours makes once it serves."""
        return self.run / f"{part}.ready"

    def say_ready(self, part: str) -> None:
        """Say, from within a part, that it serves."""
        self.ready_file(part).write_text(str(os.getpid()))

    @property
    def call_log(self) -> Path:
        """通话日志."""
        return self.logs / "calls.jsonl"

    def make_folders(self) -> None:
        """Make every folder, owned by the service user; raises FolderUnreachable."""
        try:
            for folder in (
                self.folder,
                self.run,
                self.logs,
                self.data,
                self.cache,
                self.away_spool,
                self.prompts,
                self.music,
            ):
                folder.mkdir(parents=True, exist_ok=True)
                self.give_away(folder)
            for folder in (self.asterisk, self.recordings, self.attachments):
                folder.mkdir(parents=True, exist_ok=True)
                self.give_away(folder)
                folder.chmod(0o750)
        except OSError as error:
            raise FolderUnreachable(folder=error.filename, reason=error.strerror) from error

    def save(self) -> None:
        """Write down what the parts need to know to find each other."""
        plain = {"name": self.name, "settings": self.settings.model_dump(mode="json")}
        (self.folder / "instance.json").write_text(json.dumps(plain, ensure_ascii=False, indent=1))

    @classmethod
    def load(cls, folder: Path) -> "Instance":
        """Read what :meth:`save` wrote; raises NeverStarted or SettingsOfAnother."""
        try:
            plain = json.loads((folder / "instance.json").read_text())
        except OSError as error:
            raise NeverStarted(name=folder.name, reason=error.strerror) from error
        return cls(
            name=plain["name"],
            folder=folder,
            settings=settings_from(plain["settings"]),
            places=Places.load(),
        )

    def give_away(self, path: Path) -> None:
        """Hand a file or folder to the service user; nothing to do when we are no service."""
        if self.places.service_user is not None:
            os.chown(path, self.places.service_user.uid, self.places.service_user.gid)

    def give_tree(self, folder: Path) -> None:
        """Hand a folder with all that it holds to the service user."""
        self.give_away(folder)
        for path in folder.rglob("*"):
            self.give_away(path)

    @contextmanager
    def claimed(self, *, afresh: bool = False) -> Iterator[None]:
        """Hold this instance alone, ``afresh`` without what it wrote before.

        Raises AlreadyRunning or FolderUnreachable.
        """
        with self._lock() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise AlreadyRunning(name=self.name) from error
            for pid_file in self.run.glob("*.pid"):
                end_leftover(self.run, pid_file.stem)
            if afresh:
                shutil.rmtree(self.folder, ignore_errors=True)
            yield

    def _lock(self) -> TextIO:
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            return self.folder.with_suffix(".lock").open("w")
        except OSError as error:
            raise FolderUnreachable(folder=error.filename, reason=error.strerror) from error

    def secret(self, name: str) -> str:
        """Give the secret of that name, generated on first use and kept in a file that only we can read."""
        file = self.folder / "secrets.json"
        known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(SECRET_BYTES).replace("=", "")
            fresh = file.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(json.dumps(known, indent=1))
            self.give_away(fresh)
            fresh.replace(file)
        return known[name]
