"""The roll-up: computes again what upstream commits have touched, and publishes it as a commit of the cube's own chain.

What is left to do is read from the logs, never from a message, so a run can be repeated, doubled or killed at any
point: the commit decides. What a run wrote without winning lies in folders of its own attempt, where nobody reads.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import cubes as log
from chalicelib.lake import layout
from chalicelib.lake.catalog import Catalog, Unlisted
from chalicelib.lake.cubes import CubeChange, Manifest
from chalicelib.lake.published import CubePartition
from chalicelib.metrics import packing
from chalicelib.metrics.computing import Computing, Engine
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.levels import Levels
from chalicelib.metrics.touched import Days, ranges
from chalicelib.metrics.upstream import News, news


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

    def run(self, cube: Cube, again: Collection[date] = ()) -> Outcome:
        """Bring one cube up to what its inputs have published, and compute the UTC days ``again`` whatever is new.

        Raises
        ------
        CommitLost
            A twin was faster: its commit stands, nothing of this run is visible. Run again.
        QueryFailed, QueryThrottled, StoreUnavailable
            Nothing of this run is visible, or all of it is (an answer was lost): run again.
        IntegrityError
            A log is broken, or the statement gave what it must not: nothing was published; a person is needed.
        """
        catalog = self.catalog if cube.statement is None else Unlisted()
        head = log.recover(self.store, catalog, cube.name)
        before = log.manifest(head)
        upstream = {
            stream: news(self.store, stream, tables, before.inputs.get(stream, 0))
            for stream, tables in cube.inputs.items()
        }
        more = any(stream.more for stream in upstream.values())
        moved = any(found.watermark is not None for found in upstream.values())
        if not (moved or again) and self._has_days(before):
            return Outcome(None, (), (), more)
        seq, attempt = log.next_seq(head), self.new_attempt()
        new = {day for found in upstream.values() for day in found.days}
        computing = Computing(self.store, self.engine, cube, layout.stage(cube.name, seq, attempt))
        with computing.staged():
            days = {*computing.touched(new), *again}
            computed = computing.rows(ranges(days))
        touched = ranges(days, most=len(days))  # what was computed in vain, to save queries, is not written
        spans = [found.span for found in touched]
        levels = Levels(self.store, cube, before, self.zone, (seq, attempt))
        changed = levels.write(packing.within(computed, spans), spans)
        change = _change(changed, upstream, self.zone)
        log.commit_cube(self.store, catalog, cube.name, head, change, attempt=attempt, now=self.clock())
        return Outcome(seq, touched, tuple(sorted(changed)), more)

    def _has_days(self, before: Manifest) -> bool:
        """Answer whether the day level has the days of the reporting zone, or there is none yet."""
        return before.zone == self.zone.key or not before.partitions


def _change(partitions: Mapping[str, CubePartition], upstream: Mapping[str, News], zone: ZoneInfo) -> CubeChange:
    seen = {stream: found for stream, found in upstream.items() if found.watermark is not None}
    return CubeChange(
        partitions=partitions,
        inputs={stream: found.seq for stream, found in seen.items()},
        watermarks={stream: found.watermark for stream, found in seen.items() if found.watermark is not None},
        zone=zone.key,
    )
