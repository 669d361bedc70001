"""Fixtures of the metrics' tests."""

from __future__ import annotations

import pytest

from tests.unit.metrics.memory_lake import Lake


@pytest.fixture
def lake() -> Lake:
    return Lake()
