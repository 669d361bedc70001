"""What is better of a metric: said of those that there are, once, and of people's own nothing."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.metrics.news import LOWER, NEITHER, Better, better
from chalicelib.metrics.registry import METRICS


def test_what_is_said_is_said_of_metrics_that_there_are_and_once() -> None:
    assert set(METRICS) >= LOWER | NEITHER
    assert not LOWER & NEITHER


def test_metrics_of_what_is_lost_are_better_when_lower() -> None:
    lost = [name for name in METRICS if "lost" in name or "negative" in name or "removed" in name]

    assert lost
    assert {better(METRICS[name]) for name in lost} == {Better.LOWER}


def test_of_metrics_of_people_nobody_knows() -> None:
    assert better(replace(METRICS["downloads"], name="team_signups")) is Better.NEITHER
