"""Whoever makes reports, over a lake, a state, Athena and an outbox in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.documents.formats import Format
from chalicelib.domain.due import Cadence, Schedule
from chalicelib.domain.state import StateStore
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.registry import METRICS
from chalicelib.outbox import outbox
from chalicelib.outbox.message import Message
from chalicelib.outbox.outbox import Outbox
from chalicelib.reports import runs
from chalicelib.reports.making import Maker
from chalicelib.reports.report import Asked, Content, Part, Report, Selected
from chalicelib.reports.runs import Run
from chalicelib.reports.work import Work
from chalicelib.sql.desk import Desk
from tests.unit.api.world import MemoryState
from tests.unit.metrics.memory_lake import MemoryStore
from tests.unit.metrics.published_cubes import publish
from tests.unit.sql.disk_results import DiskResults
from tests.unit.sql.memory_engine import MemoryEngine

NOW = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
DUE = datetime(2026, 11, 23, 7, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
MONDAYS = Schedule(Cadence.WEEKLY, 8, PARIS)
KEY = b"of links"
DOWNLOADS_LAST_WEEK = Asked(
    "Downloads", {"metrics": ["downloads"], "range": "last_week", "tz": "Europe/Paris", "compare": "previous_period"}
)
BY_VERSION = Asked("By version", {"metrics": ["downloads"], "range": "last_week", "group_by": ["version"]})
COUNTED = Selected("All of them", "SELECT count(*) AS n FROM v_downloads")


def rows() -> list[dict[str, Any]]:
    """Three downloads of 3.5 and two of 3.4 every hour for three weeks."""
    first = datetime(2026, 11, 1, tzinfo=UTC)
    return [
        {
            "bucket_start": first + timedelta(hours=hour),
            "version": version,
            "product": None,
            "is_bot": False,
            "downloads": count,
            "download_bytes": 10,
        }
        for hour in range(23 * 24)
        for version, count in (("3.5", 3), ("3.4", 2))
    ]


class Room:
    """A worker and what it works with."""

    def __init__(self, folder: Path, state: StateStore | None = None) -> None:
        self.now = NOW
        self.memory = MemoryState()
        self.state: StateStore = self.memory if state is None else state
        self.store, self.engine = MemoryStore(), MemoryEngine()
        self.results = DiskResults(folder / "results")
        self.warned: list[str] = []
        publish(self.store, DOWNLOADS, rows(), {"s3_access_logs": NOW})
        self.folder = folder
        self.work = self.worker()

    def worker(self, **changed: Any) -> Work:
        """Put a worker together; some of what it works with may be others."""
        state = changed.get("state", self.state)
        maker = Maker(
            state=state,
            store=lambda: self.store,
            series=SeriesQuery(lambda: self.store, lambda: self.now, self.folder / "cubes"),
            metrics=lambda: METRICS,
            desk=lambda: Desk(state, self.engine, lambda: self.now, self.sleep),
            engine=lambda: self.engine,
            results=lambda: self.results,
            database="lake",
            clock=lambda: self.now,
            warn=self.warned.append,
        )
        parts: Mapping[str, Any] = {
            "state": state,
            "results": changed.get("results", self.results),
            "maker": maker,
            "teller": Outbox(state, lambda: self.now),
            "key": lambda: KEY,
            "clock": lambda: self.now,
        }
        return Work(**parts)

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def asked(self, *parts: Part, form: Format = Format.PDF, send: bool = True) -> Run:
        """Write a run down."""
        content = Content("Weekly downloads", form, parts, ("subscribers", "channel:team"))
        run = Run("weekly-downloads", "2026-11-23", content, DUE, self.now, zone="Europe/Paris", send=send)
        return runs.create(self.state, run)

    def athena_answers(self, columns: Sequence[Any], lines: Sequence[Sequence[str]], execution: str = "q1") -> None:
        """Have Athena's file of a result there."""
        self.engine.columns = columns
        written = [[column.name for column in columns], *lines]
        path = self.results.folder / "sql" / f"{execution}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(",".join(f'"{value}"' if value else "" for value in line) + "\n" for line in written))

    def do(self) -> Run | None:
        return self.work.do("weekly-downloads", "2026-11-23", self.now + timedelta(minutes=4))

    def stands(self) -> Run:
        found = runs.read(self.memory, "weekly-downloads", "2026-11-23")
        assert found is not None
        return found

    def messages(self) -> list[Message]:
        return [found.message for found in outbox.of_days(self.memory, DUE.date(), DUE.date())]

    def file(self, run: Run) -> Path:
        return self.results.folder / run.key


def report(name: str = "weekly-downloads", schedule: Schedule | None = MONDAYS, **changed: Any) -> Report:
    """Make a report that was made in the beginning of November."""
    begun = datetime(2026, 11, 2, 9, tzinfo=UTC)
    content = Content("Weekly downloads", Format.PDF, (DOWNLOADS_LAST_WEEK,))
    given = {"content": content, "schedule": schedule, "enabled": True, "since": begun, **changed}
    return Report(name=name, created_at=begun, created_by="ann", updated_at=begun, updated_by="ann", **given)
