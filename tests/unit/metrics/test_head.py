"""The head: what is kept is not computed again, what has moved is, what fails or comes too late is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.dashboards.first_questions import first_questions
from chalicelib.domain.objects import ObjectInfo
from chalicelib.errors import StoreUnavailable
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.head import Head, Look
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.stored import StoredAnswers
from tests.unit.metrics.every_cube import publish_all
from tests.unit.metrics.memory_lake import MemoryStore

NOW = datetime(2026, 11, 22, 12, 7, 30, tzinfo=UTC)
KNOWN = NOW.replace(minute=0, second=0)


class Results(MemoryStore):
    """Counts what is looked for and what is written; refuses writing where told to."""

    def __init__(self) -> None:
        super().__init__()
        self.heads, self.puts, self.away = 0, 0, False

    def head(self, key: str) -> ObjectInfo:
        self.heads += 1
        return super().head(key)

    def put(self, key: str, body: bytes, **more: Any) -> str:
        self.puts += 1
        if self.away:
            raise StoreUnavailable("away")
        return super().put(key, body, **more)


class Place:
    """A lake of two cubes, a bucket of answers, and the clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.store, self.results, self.now = folder, MemoryStore(), Results(), NOW
        self.told: list[str] = []
        self.processes = 0

    def process(self) -> Head:
        """Begin a cold process."""
        self.processes += 1
        stored = StoredAnswers(lambda: self.results, pytest.fail)
        series = SeriesQuery(lambda: self.store, lambda: self.now, self.folder / str(self.processes), stored)
        utc = ZoneInfo("UTC")
        return Head(series, lambda: first_questions(self.now, utc, "Acme", series.watermark), self.told.append)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    publish_all(found.store, KNOWN, cubes=[DOWNLOADS])
    return found


def always() -> bool:
    return True


def test_what_is_kept_is_not_computed_again(place: Place) -> None:
    warm = place.process()

    first, second = warm.look(always), warm.look(always)
    cold = place.process().look(always)

    assert first.computed == place.results.puts == len(place.results.objects) > 5
    assert (second.computed, cold.computed, cold.failed, cold.left) == (0, 0, 0, 0)
    assert place.results.puts == first.computed
    assert place.results.heads == first.computed * 2  # by the first process and by the cold one, not by a warm look


def test_what_has_not_been_published_is_not_kept(place: Place) -> None:
    look = place.process().look(always)

    assert look.computed < look.questions / 2
    assert look.failed == 0


def moved(place: Place) -> None:
    publish_all(place.store, KNOWN, cubes=[DOWNLOADS], seq=2)


def another_day(place: Place) -> None:
    place.now += timedelta(days=1)


@pytest.mark.parametrize("happened", [moved, another_day])
def test_a_cube_that_has_moved_and_a_day_that_has_begun_are_answered_anew(
    place: Place, happened: Callable[[Place], None]
) -> None:
    head = place.process()
    first = head.look(always)

    happened(place)
    place.now += timedelta(seconds=60)
    second = head.look(always)

    assert second.computed == first.computed
    assert len(place.results.objects) == 2 * first.computed


def test_what_there_was_no_time_for_is_done_by_the_next_look(place: Place) -> None:
    times = iter([True] * 3 + [False] * 1000)

    first = place.process().look(lambda: next(times))
    second = place.process().look(always)

    assert first.left == first.questions - 3
    assert second == Look(first.questions, second.computed, failed=0, left=0)
    assert first.computed + second.computed == len(place.results.objects)


def test_an_answer_that_cannot_be_kept_is_told_and_tried_again(place: Place) -> None:
    head = place.process()
    place.results.away = True

    failed = head.look(always)
    place.results.away = False
    mended = head.look(always)

    assert failed.failed == len(place.told) == mended.computed > 5
    assert place.told[0] == "downloads could not be answered ahead: StoreUnavailable: away"
    assert mended.failed == 0


def test_a_spoilt_cube_fails_its_own_questions_only(place: Place) -> None:
    publish_all(place.store, KNOWN)
    place.store.objects |= spoilt(place.store.objects, "lake/downloads_cube")

    look = place.process().look(always)

    assert look.failed == len(place.told) > 5
    assert all(said.startswith("download") for said in place.told)
    assert look.computed > 30


def spoilt(objects: Mapping[str, tuple[bytes, str, Mapping[str, str]]], prefix: str) -> dict[str, Any]:
    return {key: (b"", tag, more) for key, (_, tag, more) in objects.items() if key.startswith(prefix)}
