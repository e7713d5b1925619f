"""Facts on the wire: read back as they were, and masked when they leave the house."""

import json

import jsonschema
import pytest

from core.events import KEPT, LIVE
from core.wire import FACTS, UnknownFact, from_json, outward, schema_of, to_json
from tests.fakes.facts import arrived, offered, one_of_each

SOME = [*one_of_each(), offered()]


@pytest.mark.parametrize("fact", SOME, ids=lambda fact: type(fact).__name__)
def test_a_fact_comes_back_as_it_was(fact: object) -> None:
    assert from_json(type(fact).__name__, to_json(fact)) == fact  # type: ignore[arg-type]


@pytest.mark.parametrize("fact", SOME, ids=lambda fact: type(fact).__name__)
def test_what_leaves_the_house_fits_its_schema_and_shows_nobody(fact: object) -> None:
    shown = outward(fact)  # type: ignore[arg-type]
    jsonschema.validate(json.loads(json.dumps(shown)), schema_of(type(fact)))  # type: ignore[arg-type]
    text = json.dumps(shown, ensure_ascii=False)
    assert "13812345678" not in text
    assert "煤气味" not in text


def test_a_masked_number_keeps_three_and_four_digits() -> None:
    assert outward(arrived())["caller"] == "138****5678"


def test_an_unknown_fact_is_refused_by_name() -> None:
    with pytest.raises(UnknownFact):
        from_json("CallTeleported", "{}")


def test_every_fact_has_a_name_of_its_own() -> None:
    assert len(FACTS) == len(KEPT) + len(LIVE)


def test_there_is_an_example_of_every_kept_fact() -> None:
    assert {type(fact) for fact in one_of_each()} == set(KEPT)


def test_a_body_of_another_version_is_refused_without_telling_what_was_said() -> None:
    with pytest.raises(UnknownFact) as told:
        from_json("CallArrived", '{"caller": "13812345678"}')
    assert "13812345678" not in str(told.value)
