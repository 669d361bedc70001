"""A cube's statements, run by the engine for ranges of days: its rows, and the days that changed records touch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pyarrow as pa

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import StoreError
from chalicelib.metrics import packing, statements
from chalicelib.metrics.cube import Cube, Touches
from chalicelib.metrics.statements import Statement
from chalicelib.metrics.touched import ONE_DAY, Days, ranges, spill


class Engine(Protocol):
    """Runs a SELECT and writes its rows as Parquet; ``chalicelib.aws.athena`` does it with Athena."""

    def unload(self, sql: str, parameters: Sequence[str], prefix: str, /) -> object:
        """Write under an empty prefix of the lake bucket. Raises ``QueryFailed``, ``QueryThrottled``."""
        ...


@dataclass(frozen=True)
class Computing:
    """The statements of one cube; what they write lies under ``stage`` until :meth:`staged` is left."""

    store: ObjectStore
    engine: Engine
    cube: Cube
    stage: str

    @contextmanager
    def staged(self) -> Iterator[Computing]:
        """Delete in the end what the statements have written; what is left over, the bucket's lifecycle deletes."""
        try:
            yield self
        finally:
            with suppress(StoreError):
                for found in list(self.store.list(self.stage)):
                    self.store.delete(found.key)

    def rows(self, days: Sequence[Days]) -> pa.Table:
        """Answer the cube's rows of these days. Raises ``QueryFailed``, ``QueryThrottled``, ``IntegrityError``."""
        statement = self.cube.statement or statements.load(self.cube.name)
        bodies = self._run(statement, days, f"{self.stage}rows/")
        return packing.computed(self.cube, bodies, [of.span for of in days])

    def touched(self, days: Collection[date]) -> Collection[date]:
        """Answer the days whose results may differ now that partitions of ``days`` got rows. Raises as above."""
        if self.cube.touches is Touches.DAYS or not days:
            return spill(days, self.cube.reads_after, self.cube.reads_before)
        statement = statements.load(f"{self.cube.name}_touched")
        return packing.days(self._run(statement, ranges(days), f"{self.stage}days/"))

    def _run(self, statement: Statement, days: Iterable[Days], prefix: str) -> list[bytes]:
        bodies = []
        for number, given in enumerate(days):
            folder = f"{prefix}{number:02d}/"
            self.engine.unload(statement.sql, statement.bind(self._parameters(given)), folder)
            bodies += [self.store.get(file.key).body for file in self.store.list(folder)]
        return bodies

    def _parameters(self, days: Days) -> Mapping[str, str]:
        """Name the values that statements may ask for: dates, inclusive."""
        return {
            "read_from": (days.first - ONE_DAY * self.cube.reads_before).isoformat(),
            "first_day": days.first.isoformat(),
            "last_day": days.last.isoformat(),
            "read_to": (days.last + ONE_DAY * self.cube.reads_after).isoformat(),
        }
