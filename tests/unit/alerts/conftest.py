"""One rule, for tests to change."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from chalicelib.alerts.rule import Level, Look, Rule, Side
from chalicelib.domain.periods import Interval


@pytest.fixture
def a_rule() -> Rule:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    look = Look("downloads", Interval.PT1H, "UTC")
    return Rule("r1", "Many downloads", Level(Side.HIGH, Decimal(100)), look, created_at=at, updated_at=at)
