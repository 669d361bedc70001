"""An export is made once, whoever is told of it and however often; what cannot be had is told and not tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.documents import report
from chalicelib.documents.formats import Format
from chalicelib.domain.periods import Interval
from chalicelib.domain.records import WorkState
from chalicelib.errors import StoreUnavailable
from chalicelib.exports import jobs
from chalicelib.exports.jobs import Export
from chalicelib.exports.work import Work
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.question import Question
from chalicelib.metrics.question_json import write_question
from chalicelib.metrics.registry import METRICS
from tests.unit.api.world import MemoryState
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import publish
from tests.unit.sql.disk_results import DiskResults

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = datetime(2026, 11, 1, tzinfo=UTC)


class Room:
    """A worker and what it works with."""

    def __init__(self, folder: Path) -> None:
        self.now, self.state, self.store = NOW, MemoryState(), MemoryStore()
        self.results = DiskResults(folder / "results")
        series = SeriesQuery(lambda: self.store, lambda: self.now, folder / "cubes")
        self.work = Work(self.state, self.results, series, lambda: METRICS, lambda: self.now)
        row: dict[str, Any] = {"bucket_start": START, "version": "1", "product": None, "is_bot": False}
        publish(self.store, DOWNLOADS, [{**row, "downloads": 3, "download_bytes": 4}], {"s3_access_logs": NOW})

    def asked(self, form: Format = Format.CSV, days: int = 20, interval: Interval = Interval.P1D) -> Export:
        question = Question((METRICS["downloads"],), START, START + timedelta(days=days), interval, ZoneInfo("UTC"))
        made = Export("e1", "own", "ann", write_question(question), form, f"f.{form.value}", self.now)
        return jobs.create(self.state, made)

    def stands(self) -> Export:
        found = jobs.read(self.state, "own", "e1")
        assert found is not None
        return found


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_the_file_is_made_and_the_end_written_down(room: Room) -> None:
    room.asked()

    ended = room.work.do("own", "e1")

    assert ended == room.stands()
    assert (ended.state, ended.started_at, ended.finished_at) == (WorkState.DONE, NOW, NOW)
    path = room.results.folder / "exports/own/e1.csv"
    assert ended.size_bytes == path.stat().st_size
    assert path.read_text().splitlines()[1] == "2026-11-01,2026-11-02,3,false"


def test_told_twice_is_made_once(room: Room) -> None:
    room.asked()
    room.work.do("own", "e1")

    assert room.work.do("own", "e1") is None
    assert len(room.results.uploads) == 1


def test_more_points_than_a_request_answers_are_no_bound_here(room: Room) -> None:
    room.asked(days=3_000, interval=Interval.PT1H)

    ended = room.work.do("own", "e1")

    assert ended is not None
    assert ended.state is WorkState.DONE
    assert len((room.results.folder / ended.key).read_text().splitlines()) == 1 + 3_000 * 24


def test_while_somebody_is_at_it_the_message_comes_again(room: Room) -> None:
    begun = replace(room.asked(), state=WorkState.RUNNING, started_at=NOW)
    jobs.update(room.state, begun)

    with pytest.raises(StoreUnavailable, match="already"):
        room.work.do("own", "e1")
    room.now += jobs.WORK_CAP
    assert room.work.do("own", "e1") == room.stands()
    assert room.stands().state is WorkState.DONE


def test_of_two_that_begin_at_once_one_goes_on(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.asked()
    read: Callable[..., Export | None] = jobs.read

    def read_and_be_late(*given: Any) -> Export | None:
        found = read(*given)
        assert found is not None
        jobs.update(room.state, replace(found, state=WorkState.RUNNING, started_at=NOW))
        return found

    monkeypatch.setattr(jobs, "read", read_and_be_late)
    with pytest.raises(StoreUnavailable, match="somebody else"):
        room.work.do("own", "e1")
    assert room.results.uploads == []


def test_what_cannot_be_had_fails_with_what_to_do(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "MAX_ROWS", 5)
    room.asked(Format.PDF)

    ended = room.work.do("own", "e1")

    assert ended is not None
    assert ended.state is WorkState.FAILED
    assert "A PDF has up to 5 rows" in ended.error
    assert "XLSX, CSV or Parquet" in ended.error
    assert room.work.do("own", "e1") is None


def test_a_metric_that_is_gone_fails(room: Room) -> None:
    room.asked()

    ended = replace(room.work, metrics=dict).do("own", "e1")

    assert ended is not None
    assert (ended.state, ended.error) == (WorkState.FAILED, "There is no metric downloads any more.")


def test_a_lake_that_is_away_leaves_the_export_for_another_try(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.asked()

    def away(*_: Any) -> None:
        raise StoreUnavailable("busy")

    with monkeypatch.context() as broken:
        broken.setattr(room.results, "upload", away)
        with pytest.raises(StoreUnavailable, match="busy"):
            room.work.do("own", "e1")
    assert not room.stands().state.is_final
    room.now += jobs.WORK_CAP
    assert room.work.do("own", "e1") == room.stands()


def test_one_that_nobody_ends_has_failed_after_its_time(room: Room) -> None:
    room.asked()
    room.now += jobs.TIME_CAP

    assert room.stands().as_of(room.now).state is WorkState.FAILED
    assert "ask again" in room.stands().as_of(room.now).error
    assert room.work.do("own", "e1") is None


def test_what_nobody_knows_is_nothing_to_do(room: Room) -> None:
    assert room.work.do("own", "unknown") is None
