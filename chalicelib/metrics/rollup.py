"""The roll-up: computes again what upstream commits have touched, and publishes it as a commit of the cube's own chain.

What is left to do is read from the logs, never from a message, so a run can be repeated, doubled or killed at any
point: the commit decides. What a run wrote without winning lies in folders of its own attempt, where nobody reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import StoreError
from chalicelib.lake import cubes as log
from chalicelib.lake import layout
from chalicelib.lake.catalog import Catalog
from chalicelib.lake.cubes import CubeChange, Manifest
from chalicelib.lake.published import CubePartition, DataFile
from chalicelib.metrics import packing, statements
from chalicelib.metrics.cube import Cube, CubeTable
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
    """

    store: ObjectStore
    catalog: Catalog
    engine: Engine
    clock: Clock
    new_attempt: Callable[[], str]

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
        if all(found.watermark is None for found in upstream.values()):
            return Outcome(None, (), (), more)
        attempt = self.new_attempt()
        touched = ranges(spill({day for found in upstream.values() for day in found.days}, cube.reads_before))
        seq = log.next_seq(head)
        changed = self._recompute(cube, before, touched, seq, attempt)
        change = _change(changed, upstream)
        log.commit_cube(self.store, self.catalog, cube.name, head, change, attempt=attempt, now=self.clock())
        return Outcome(seq, touched, tuple(sorted(changed)), more)

    def _recompute(
        self, cube: Cube, before: Manifest, touched: Sequence[Days], seq: int, attempt: str
    ) -> dict[str, CubePartition]:
        stage = layout.stage(cube.name, seq, attempt)
        try:
            computed = self._compute(cube, touched, stage)
        finally:
            with suppress(StoreError):  # what is left over, the bucket's lifecycle deletes
                for staged in list(self.store.list(stage)):
                    self.store.delete(staged.key)
        return {
            name: partition
            for table in cube.tables
            for name, partition in self._rewrite(table, before, computed, touched, (seq, attempt)).items()
        }

    def _compute(self, cube: Cube, touched: Sequence[Days], stage: str) -> pa.Table:
        statement = statements.load(cube.name)
        bodies = []
        for number, days in enumerate(touched):
            prefix = f"{stage}{number:02d}/"
            self.engine.unload(statement.sql, statement.bind(_parameters(days)), prefix)
            bodies += [self.store.get(file.key).body for file in self.store.list(prefix)]
        return packing.read_computed(cube, bodies)

    def _rewrite(
        self,
        table: CubeTable,
        before: Manifest,
        computed: pa.Table,
        touched: Sequence[Days],
        version: tuple[int, str],
    ) -> dict[str, CubePartition]:
        """Write the new versions of a level's touched partitions; one that never had a row stays absent."""
        fresh = packing.by_partition(table, packing.of_level(computed, table.level))
        names = fresh.keys() | {name for name in _partitions(table, before) if _overlaps(table, name, touched)}
        written = {}
        for name in sorted(names):
            standing = before.partitions.get(f"{table.name}/{name}")
            old = [self.store.get(file.key).body for file in standing.files] if standing else []
            rows = fresh.get(name, packing.schema(table).empty_table())
            packed = packing.pack(table, old, rows, touched)
            if packed is not None or standing is not None:
                location = layout.cube_folder(table.name, name, *version)
                written[f"{table.name}/{name}"] = CubePartition(location, self._put(location, table, packed))
        return written

    def _put(self, location: str, table: CubeTable, packed: packing.Packed | None) -> tuple[DataFile, ...]:
        if packed is None:
            return ()
        key = layout.cube_file(location, table.name)
        self.store.put(key, packed.body, content_type="application/vnd.apache.parquet")
        return (DataFile(key, len(packed.body)),)


def _change(partitions: Mapping[str, CubePartition], upstream: Mapping[str, News]) -> CubeChange:
    seen = {stream: found for stream, found in upstream.items() if found.watermark is not None}
    return CubeChange(
        partitions=partitions,
        inputs={stream: found.seq for stream, found in seen.items()},
        watermarks={stream: found.watermark for stream, found in seen.items() if found.watermark is not None},
    )


def _parameters(days: Days) -> dict[str, str]:
    """Name the values that statements may ask for; ``read_from`` is the day before the first."""
    read_from = days.first - ONE_DAY if days.first > days.first.min else days.first
    return {
        "read_from": read_from.isoformat(),
        "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat(),
    }


def _partitions(table: CubeTable, manifest: Manifest) -> list[str]:
    return [name.removeprefix(f"{table.name}/") for name in manifest.partitions if name.startswith(f"{table.name}/")]


def _overlaps(table: CubeTable, name: str, touched: Sequence[Days]) -> bool:
    """Answer whether a partition has touched days; names sort as their times do."""
    return any(table.partition(days.first) <= name <= table.partition(days.last) for days in touched)
