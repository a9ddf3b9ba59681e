"""Whatever is sent to any address of the description: an answer or its problems, never a mistake of the server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from web.served import OWN, serving
from zizhu.web.app import create_app
from zizhu.web.routes.about import described

EXAMPLES = 12
STREAMS = "/events"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: str(mode.value))
def test_nothing_that_is_sent_breaks_the_server(tmp_path: Path, mode: GenerationMode) -> None:
    (tmp_path / "ws").mkdir()
    schema = schemathesis.openapi.from_dict(described(create_app(tmp_path / "ws")))
    found = [result.ok() for result in schema.get_all_operations()]
    operations = [o for o in found if not o.path.endswith(STREAMS)]
    assert len(operations) > 50
    with serving(tmp_path / "ws") as served:
        base = str(served.client.base_url).rstrip("/")
        sent = [_send(operation, base, mode) for operation in operations]
        assert sum(sent) > 40 * EXAMPLES / 2
        assert served.get("meta")["version"]


def _send(operation: APIOperation[Any], base: str, mode: GenerationMode) -> int:
    """Requests that fit the description of one address, or do not, and what comes of them; how many there were."""
    count = 0

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def sent(case: Any) -> None:
        nonlocal count
        count += 1
        answer = case.call(base_url=base, headers=OWN, timeout=110)
        assert answer.status_code < 500, (case.as_curl_command(), answer.content[:500])
        assert answer.status_code in (200, 202) or answer.json()["problems"]
        case.validate_response(answer, checks=CHECKS)

    with suppress(Unsatisfiable):  # an address without parameters: nothing of it can be wrong
        sent()
    return count
