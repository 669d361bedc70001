"""A store, a catalog and a clock in memory, for tests of ingestion."""

from __future__ import annotations

import random

import pytest

from tests.simulation.scheduler import NO_FAULTS, Scheduler
from tests.simulation.store import FakeCatalog, FakeS3


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler(random.Random(0), NO_FAULTS)


@pytest.fixture
def store(scheduler: Scheduler) -> FakeS3:
    return FakeS3(scheduler)


@pytest.fixture
def catalog(scheduler: Scheduler) -> FakeCatalog:
    return FakeCatalog(scheduler)
