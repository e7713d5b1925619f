"""Flows read like what the citizen hears: sentences with ``call.``, no machinery."""

import ast
from pathlib import Path

from ivr import call as vocabulary
from ivr.prompt_book import PROMPT_TEXTS, Prompt, check_prompts
from tests.house.tree import files, functions, letters, modules, nodes

MACHINERY = (
    ast.Try,
    ast.While,
    ast.For,
    ast.With,
    ast.AsyncFor,
    ast.AsyncWith,
    ast.JoinedStr,
    ast.Lambda,
    ast.Raise,
    ast.Global,
    ast.ListComp,
    ast.DictComp,
)
SPEAKERS = ("call", "hotline")
SPOKEN_BY_ASTERISK = [
    path
    for path in files()
    if path.parent == Path("asterisk_conf/templates") and path.suffix in (".conf", ".dialplan")
]
SPOKEN_IN_ANSWER = Path("ivr/seat_answers.py")


def _flows() -> list[Path]:
    return [path for path in modules("ivr/flows") if path.name != "__init__.py"]


def test_there_are_flows() -> None:
    assert _flows()


def test_a_flow_contains_no_machinery() -> None:
    found = [
        f"{path}:{getattr(node, 'lineno', 0)} {type(node).__name__}"
        for path in _flows()
        for node in nodes(path)
        if isinstance(node, MACHINERY)
    ]
    assert found == []


def test_a_flow_only_waits_for_the_call_and_the_hotline() -> None:
    foreign = [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path in _flows()
        for node in nodes(path)
        if isinstance(node, ast.Await) and not _is_spoken(node.value)
    ]
    assert foreign == []


def _is_spoken(waited_for: ast.expr) -> bool:
    return (
        isinstance(waited_for, ast.Call)
        and isinstance(waited_for.func, ast.Attribute)
        and isinstance(waited_for.func.value, ast.Name)
        and waited_for.func.value.id in SPEAKERS
    )


def test_a_flow_uses_only_words_that_the_vocabulary_has() -> None:
    spoken_to = (vocabulary.Speaking, vocabulary.Call, vocabulary.SeatCall)
    words = {name for kind in spoken_to for name in vars(kind) if not name.startswith("_")}
    unknown = [
        f"{path}: call.{node.attr}"
        for path in _flows()
        for node in nodes(path)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "call"
        and node.attr not in words
    ]
    assert unknown == []


def test_every_flow_says_where_the_citizen_goes_next() -> None:
    silent = [
        f"{path} {function.name}"
        for path in _flows()
        for function in functions(path)
        if isinstance(function, ast.AsyncFunctionDef)
        and (function.returns is None or ast.unparse(function.returns) != "Next")
    ]
    assert silent == []


def test_every_prompt_has_a_text_and_every_text_a_prompt() -> None:
    check_prompts()
    assert {file.stem for file in PROMPT_TEXTS.glob("*.txt")} == set(Prompt)


def test_every_prompt_is_spoken_somewhere() -> None:
    speakers = (*_flows(), SPOKEN_IN_ANSWER, *SPOKEN_BY_ASTERISK, *modules("agi_scripts"))
    spoken = "".join(letters(path) for path in speakers)
    assert [
        prompt.name for prompt in Prompt if prompt.name not in spoken and prompt.value not in spoken
    ] == []
