"""The demo says what of its history could not be loaded."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.ingest.windows import settled_end
from chalicelib.lake import commits
from chalicelib.lake.steps import Kind, Step
from chalicelib.sources.base import Window
from chalicelib.sources.github_repository_stats import GithubRepositoryStats
from infra.local.demo import missing_history, moments
from tests.simulation.scheduler import NO_FAULTS, Scheduler
from tests.simulation.store import FakeS3

SOURCE = GithubRepositoryStats()
WHEN = moments(datetime(2026, 11, 22, 10, 20, tzinfo=UTC))
TICK = datetime(2026, 11, 22, 10, 20, tzinfo=UTC)


@pytest.fixture
def store() -> FakeS3:
    return FakeS3(Scheduler(random.Random(0), NO_FAULTS))


def pulled(store: FakeS3, when: Sequence[datetime]) -> None:
    """The log as pulls at these moments leave it."""
    head = None
    for moment in when:
        end = settled_end(moment, SOURCE.grid, SOURCE.settle)
        start = Step.from_body(head.body).cursor if head else end - timedelta(hours=1)
        body = Step(Window(start, end), end).to_body()
        drafted = commits.draft(head, SOURCE.name, attempt="a", kind=Kind.PULL, committed_at=moment, body=body)
        head = commits.append(store, drafted)


def test_a_whole_history_misses_nothing_though_the_schedule_went_on(store: FakeS3) -> None:
    pulled(store, [*WHEN, TICK + timedelta(hours=1)])

    assert missing_history(store, SOURCE, WHEN) == ""


def test_a_present_that_was_pulled_before_the_past_is_told_with_what_to_do(store: FakeS3) -> None:
    pulled(store, [TICK])

    told = missing_history(store, SOURCE, WHEN)

    assert f"{len(WHEN) - 1} of {len(WHEN)} moments of the past are missing, from 2026-08-24" in told
    assert "`make reset`, then `make run`" in told


def test_a_pull_in_the_middle_of_the_loading_is_told(store: FakeS3) -> None:
    pulled(store, [*WHEN[:50], TICK])

    assert f"{len(WHEN) - 51} of {len(WHEN)} moments" in missing_history(store, SOURCE, WHEN)


def test_nothing_loaded_at_all_is_told(store: FakeS3) -> None:
    assert f"{len(WHEN)} of {len(WHEN)} moments" in missing_history(store, SOURCE, WHEN)
