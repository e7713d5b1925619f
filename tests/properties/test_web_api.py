"""The interface does what its description says, whatever is sent: no crash, no other answer."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core.database import Database
from tests.fakes.channels import Counter
from tests.fakes.database import fresh_database
from tickets.roles import Role

EXAMPLES = 12
PAGE = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
OPERATIONS = [
    (method, path)
    for path, methods in json.loads(PAGE.read_text(encoding="utf-8"))["paths"].items()
    for method in methods
]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("web")
    with fresh_database(f"sqlite:///{folder}/web.db") as fresh:
        yield fresh


@pytest.fixture(scope="module")
def described(database: Database) -> Any:
    counter = Counter(database)
    counter.give_key("desk", Role.REVIEWER)
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", counter.api)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_sent_is_answered_as_described(described: Any, method: str, path: str) -> None:
    operation = described[path][method]

    @settings(
        max_examples=EXAMPLES,
        database=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=operation.as_strategy())
    def sent(case: schemathesis.Case[Any]) -> None:
        answer = case.call(headers={"Authorization": "Bearer desk-secret"})
        case.validate_response(answer, checks=CHECKS)

    sent()
