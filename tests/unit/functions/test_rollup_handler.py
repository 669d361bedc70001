"""The roll-up's Lambda reports what must come again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.metrics.cubes import CUBES
from functions.rollup import handler as module


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    module.settings.cache_clear()
    for name in ("LAKE_BUCKET", "STATE_TABLE", "DATABASE", "WORKGROUP"):
        monkeypatch.setenv(f"HEADWATER_{name}", "x")
    monkeypatch.setenv("HEADWATER_REPORTING_ZONE", "Europe/Berlin")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setattr(module.wiring, "cubes", lambda table: dict(CUBES))


def event(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"messageId": f"m{n}", "body": body} for n, body in enumerate(bodies)]}


def test_an_unreadable_message_comes_again_and_one_that_feeds_no_cube_is_done() -> None:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000)

    answer = module.handler(event("nonsense", '{"stream": "feeds_no_cube"}'), context)  # type: ignore[arg-type]

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}


def test_without_time_for_a_look_the_message_comes_again() -> None:
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: 10_000)

    answer = module.handler(event('{"stream": "s3_access_logs"}'), context)  # type: ignore[arg-type]

    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
