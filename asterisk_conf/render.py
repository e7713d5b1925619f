"""写配置: a node becomes a complete private Asterisk tree; jinja2 fills the templates."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from asterisk_conf.modules import modules_of
from asterisk_conf.node import Node, check_path, check_socket
from core.errors import HotlineError
from core.ids import own_queue_of
from ivr.prompt_book import Prompt
from ivr.seat_desk import Wish, group_code

TEMPLATES = Path(__file__).parent / "templates"
STUBS = ("acl", "ccss", "pjproject", "queuerules", "udptl")
"""Without a file of this name Asterisk complains; its built-in defaults are what we want."""
WHATEVER = ("s", "_X!", "_[+*#]!", "_[a-zA-Z].")
"""Patterns that together match whatever may be dialled."""
ALONE_SECONDS = 8
"""优先回原座席: so long the seat that knows the matter is tried alone."""
FOLDERS = ("etc", "run", "log/cel-custom", "spool", "var", "db", "cache", "agi-bin")


class CannotWrite(HotlineError):
    """写不了 Asterisk 的配置文件:请检查状态文件夹的权限和磁盘空间。"""


def render(node: Node, into: Path, also_dial: Path | None = None) -> None:
    """Write the tree: ``into/etc/*.conf``, the away script, and empty folders for all that Asterisk keeps.

    ``also_dial`` is a template in the same words that stands behind our own dialplan. Each file is
    replaced whole, readable by its owner alone; whoever runs Asterisk must own ``into``.
    Raises UnsafePath, PathTooLong or CannotWrite.
    """
    check_path(into)
    check_socket(into / "run" / "asterisk.ctl")
    try:
        for folder in FOLDERS:
            (into / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in _configuration(node, into, also_dial):
            _replace(into / "etc" / name, text, mode=0o600)
        script = f"#!{node.away.python} -I\n{node.away.source.read_text(encoding='utf-8')}"
        _replace(into / "agi-bin" / "away.py", script, mode=0o700)
    except OSError as error:
        raise CannotWrite(path=error.filename, reason=error.strerror) from error


def _configuration(node: Node, into: Path, also_dial: Path | None) -> Iterator[tuple[str, str]]:
    templates = _templates()
    words = {
        "node": node,
        "root": into,
        "var": node.variables,
        "say": node.folders.prompts,
        "prompt": Prompt,
        "wish": Wish,
        "modules": modules_of(node),
        "whatever": WHATEVER,
        "own_queue_of": own_queue_of,
        "alone_seconds": ALONE_SECONDS,
        "group_code": group_code,
    }
    for name in STUBS:
        yield f"{name}.conf", "; Asterisk's defaults\n"
    for name in sorted(templates.list_templates(extensions=["conf"])):
        text = templates.get_template(name).render(words)
        if also_dial and name == "extensions.conf":
            text += templates.from_string(also_dial.read_text(encoding="utf-8")).render(words)
        yield name, text


@cache
def _templates() -> Environment:
    # << >> instead of {{ }}, because ${NAME} is Asterisk's own
    return Environment(  # noqa: S701 - not HTML; a Node has refused whatever could need escaping
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        variable_start_string="<<",
        variable_end_string=">>",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _replace(path: Path, text: str, *, mode: int) -> None:
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
