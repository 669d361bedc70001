"""A state table, a clock and an outbox in memory, for the tests of the alerts."""

from __future__ import annotations

import pytest

from tests.unit.incidents.memory import World


@pytest.fixture
def world() -> World:
    return World()
