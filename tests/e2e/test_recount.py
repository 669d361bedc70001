"""The nightly recount, run now on the running system: every cube says what its raw rows say."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.metrics.cubes import CUBES

pytestmark = pytest.mark.deployed


def test_every_cube_is_what_its_raw_rows_say(aws: Callable[[str], Any], settled: Callable[[], None]) -> None:
    settled()

    answer = aws("lambda").invoke(FunctionName="headwater-local-recount", Payload=b"{}")

    ended = json.load(answer["Payload"])
    assert "FunctionError" not in answer, ended
    assert ended.keys() >= CUBES.keys()
    assert set(ended.values()) == {"ok"}, ended
