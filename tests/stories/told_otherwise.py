"""改写配置: lets a hotline's real Asterisk follow other rules for a while, and its own again afterwards."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from app.parts import ask_asterisk
from tests.stories.hotline import Hotline

RELOADS = {"queues.conf": "queue reload all", "extensions.conf": "dialplan reload"}


@contextmanager
def told_otherwise(hotline: Hotline, **texts: str) -> Iterator[None]:
    """Let Asterisk read other texts for a while: ``queues=`` of queues.conf, ``extensions=`` of the other."""
    with ExitStack() as put_back:
        for name, text in texts.items():
            put_back.callback(_tell, hotline, f"{name}.conf", told(hotline, name))
            _tell(hotline, f"{name}.conf", text)
        yield


def told(hotline: Hotline, name: str) -> str:
    """Give what Asterisk was told in ``queues`` or ``extensions``."""
    return (_folder(hotline) / f"{name}.conf").read_text(encoding="utf-8")


def section(text: str, name: str) -> str:
    """Give the lines of a section, without its name."""
    found = re.search(rf"^\[{name}\]\n(.*?)(?=^\[|\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"no [{name}]"
    return found[1]


def with_lines(text: str, name: str, **lines: str) -> str:
    """Give the text with these lines at the end of a section: there Asterisk takes the last of two."""
    old = section(text, name)
    more = "".join(f"{key} = {value}\n" for key, value in lines.items())
    return text.replace(f"[{name}]\n{old}", f"[{name}]\n{old}{more}", 1)


def _folder(hotline: Hotline) -> Path:
    return hotline.instance.asterisk / "etc"


def _tell(hotline: Hotline, file: str, text: str) -> None:
    (_folder(hotline) / file).write_text(text, encoding="utf-8")
    ask_asterisk(hotline.instance, RELOADS[file])
