"""Safety that must not be forgotten: no default secrets, no open doors, nothing of anybody's own machine."""

import ast
import re
from pathlib import Path

import pytest

from core.settings import Section, Settings
from tests.house.tree import PRODUCT, files, letters, modules, nodes

SECRET_WORDS = re.compile(r"password|passwd|secret|token|口令|密码", re.IGNORECASE)
OPEN_TO_ALL = re.compile(r"(?<![\d.])0\.0\.0\.0(?![\d.])|\[::\]|(?<!:)::(?=[\"'])")
DENIES = "deny = 0.0.0.0/0.0.0.0"
OUR_HOSTS = ("www.apache.org", "alphacephei.com", "mirror", "127.0.0.1", "localhost", "github.com")
MADE_UP = (".example", ".invalid", ".test")
SOMEBODYS = tuple("/" + place for place in ("work/", "tmp/dev", "tmp/lab", "opt/pypi", "opt/wheels"))
REGISTRIES = tuple(".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("docker", "io")))


def _sections(section: type[Section | Settings]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, described in section.model_fields.items():
        inner = described.annotation
        if isinstance(inner, type) and issubclass(inner, Section):
            found += _sections(inner)
        else:
            found.append((name, described.default))
    return found


def test_no_secret_has_a_default() -> None:
    defaulted = [name for name, default in _sections(Settings) if SECRET_WORDS.search(name) and default]
    assert defaulted == []


def test_no_secret_stands_in_the_code() -> None:
    found = [
        f"{path}:{value.lineno} {name}"
        for path in modules(*PRODUCT)
        for node in nodes(path)
        for name, value in _named_values(node)
        if SECRET_WORDS.search(name) and _is_text(value)
    ]
    assert found == []


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str) and bool(value.value)


def _named_values(node: ast.AST) -> list[tuple[str, ast.expr]]:
    match node:
        case ast.keyword(arg=str(name), value=value):
            return [(name, value)]
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, value)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, value)]
        case _:
            return []


def test_by_default_nothing_listens_beyond_this_machine() -> None:
    settings = Settings()
    assert settings.sip.bind.is_loopback
    assert settings.broker.host.startswith("127.")


def test_nothing_is_opened_to_all() -> None:
    wide = []
    for path in files():
        if path.parts[0] not in PRODUCT:
            continue
        for number, line in enumerate(letters(path).splitlines(), 1):
            if OPEN_TO_ALL.search(line) and line.strip() != DENIES:
                wide.append(f"{path}:{number} {line.strip()}")
    assert wide == []


@pytest.mark.parametrize("place", SOMEBODYS)
def test_no_place_of_anybodys_own_machine_is_named(place: str) -> None:
    named = [path for path in files() if re.search(rf"(?<![\w.~-]){re.escape(place)}", letters(path))]
    assert named == []


def test_no_host_is_named_but_those_of_public_documents_and_made_up_ones() -> None:
    named = [
        f"{path} {host}"
        for path in files()
        for host in re.findall(r"https?://(?:[^/@\s]*@)?([A-Za-z0-9.-]+)", letters(path))
        if host not in OUR_HOSTS and not host.endswith(MADE_UP)
    ]
    assert named == []


@pytest.mark.parametrize("registry", REGISTRIES)
def test_no_registry_is_named(registry: str) -> None:
    assert [path for path in files() if registry in letters(path)] == []


@pytest.mark.parametrize("name", ["settings.toml", ".hotline/"])
def test_what_belongs_to_one_machine_is_not_kept(name: str) -> None:
    assert name in letters(Path(".gitignore")).splitlines()
