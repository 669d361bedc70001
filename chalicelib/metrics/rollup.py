"""The roll-up: computes again what upstream commits have touched, and publishes it as a commit of the cube's own chain.

What is left to do is read from the logs, never from a message, so a run can be repeated, doubled or killed at any
point: the commit decides. What a run wrote without winning lies in folders of its own attempt, where nobody reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import StoreError
from chalicelib.lake import cubes as log
from chalicelib.lake import layout
from chalicelib.lake.catalog import Catalog
from chalicelib.lake.cubes import CubeChange, Manifest
from chalicelib.lake.published import CubePartition
from chalicelib.metrics import packing, statements
from chalicelib.metrics.cube import Cube, Touches
from chalicelib.metrics.levels import Levels
from chalicelib.metrics.statements import Statement
from chalicelib.metrics.touched import ONE_DAY, Days, ranges, spill
from chalicelib.metrics.upstream import News, news


class Engine(Protocol):
    """Runs a SELECT and writes its rows as Parquet; ``chalicelib.aws.athena`` does it with Athena."""

    def unload(self, sql: str, parameters: Sequence[str], prefix: str, /) -> object:
        """Write under an empty prefix of the lake bucket. Raises ``QueryFailed``, ``QueryThrottled``."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run did.

    ``seq`` is the commit that it made, None when there was nothing new; ``touched`` are the days computed; ``more``
    says that upstream has gone further than this run looked.
    """

    seq: int | None
    touched: tuple[Days, ...]
    partitions: tuple[str, ...]
    more: bool


@dataclass(frozen=True)
class Rollup:
    """Everything that a roll-up touches.

    Parameters
    ----------
    store, catalog
        Where the lake is.
    engine
        Runs the statements.
    clock
        For the commit's time stamp.
    new_attempt
        Answers an id that no other run has.
    zone
        The company's reporting zone, whose days the day level has.
    """

    store: ObjectStore
    catalog: Catalog
    engine: Engine
    clock: Clock
    new_attempt: Callable[[], str]
    zone: ZoneInfo

    def run(self, cube: Cube) -> Outcome:
        """Bring one cube up to what its inputs have published.

        Raises
        ------
        CommitLost
            A twin was faster: its commit stands, nothing of this run is visible. Run again.
        QueryFailed, QueryThrottled, StoreUnavailable
            Nothing of this run is visible, or all of it is (an answer was lost): run again.
        IntegrityError
            A log is broken, or the statement gave what it must not: nothing was published; a person is needed.
        """
        head = log.recover(self.store, self.catalog, cube.name)
        before = log.manifest(head)
        upstream = {
            stream: news(self.store, stream, tables, before.inputs.get(stream, 0))
            for stream, tables in cube.inputs.items()
        }
        more = any(stream.more for stream in upstream.values())
        if all(found.watermark is None for found in upstream.values()) and self._has_days(before):
            return Outcome(None, (), (), more)
        seq, attempt = log.next_seq(head), self.new_attempt()
        touched, changed = self._recompute(cube, before, upstream, seq, attempt)
        change = _change(changed, upstream, self.zone)
        log.commit_cube(self.store, self.catalog, cube.name, head, change, attempt=attempt, now=self.clock())
        return Outcome(seq, touched, tuple(sorted(changed)), more)

    def _has_days(self, before: Manifest) -> bool:
        """Answer whether the day level has the days of the reporting zone, or there is none yet."""
        return before.zone == self.zone.key or not before.partitions

    def _recompute(
        self, cube: Cube, before: Manifest, upstream: Mapping[str, News], seq: int, attempt: str
    ) -> tuple[tuple[Days, ...], dict[str, CubePartition]]:
        stage = layout.stage(cube.name, seq, attempt)
        try:
            touched = ranges(self._touched(cube, {day for found in upstream.values() for day in found.days}, stage))
            statement = statements.load(cube.name)
            bodies = self._run(statement, [_parameters(cube, days) for days in touched], f"{stage}rows/")
        finally:
            with suppress(StoreError):  # what is left over, the bucket's lifecycle deletes
                for staged in list(self.store.list(stage)):
                    self.store.delete(staged.key)
        spans = [days.span for days in touched]
        computed = packing.computed(cube, bodies, spans)
        levels = Levels(self.store, cube, before, self.zone, (seq, attempt))
        return touched, levels.write(computed, spans)

    def _touched(self, cube: Cube, days: Collection[date], stage: str) -> Collection[date]:
        """Answer the days whose results may differ now that partitions of these days got rows."""
        if cube.touches is Touches.DAYS:
            return spill(days, cube.reads_after, cube.reads_before)
        statement = statements.load(f"{cube.name}_touched")
        bodies = self._run(statement, [_parameters(cube, found) for found in ranges(days)], f"{stage}days/")
        return packing.days(bodies)

    def _run(self, statement: Statement, parameters: Iterable[Mapping[str, str]], prefix: str) -> list[bytes]:
        """Run a statement once for each set of parameters and answer the files that it wrote."""
        bodies = []
        for number, given in enumerate(parameters):
            folder = f"{prefix}{number:02d}/"
            self.engine.unload(statement.sql, statement.bind(given), folder)
            bodies += [self.store.get(file.key).body for file in self.store.list(folder)]
        return bodies


def _change(partitions: Mapping[str, CubePartition], upstream: Mapping[str, News], zone: ZoneInfo) -> CubeChange:
    seen = {stream: found for stream, found in upstream.items() if found.watermark is not None}
    return CubeChange(
        partitions=partitions,
        inputs={stream: found.seq for stream, found in seen.items()},
        watermarks={stream: found.watermark for stream, found in seen.items() if found.watermark is not None},
        zone=zone.key,
    )


def _parameters(cube: Cube, days: Days) -> dict[str, str]:
    """Name the values that statements may ask for: dates, inclusive."""
    return {
        "read_from": (days.first - ONE_DAY * cube.reads_before).isoformat(),
        "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat(),
        "read_to": (days.last + ONE_DAY * cube.reads_after).isoformat(),
    }
