"""New versions of a cube's partitions: both levels, from what a statement computed for the touched days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pyarrow as pa

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import layout
from chalicelib.lake.cubes import Manifest
from chalicelib.lake.published import CubePartition, DataFile
from chalicelib.metrics import packing
from chalicelib.metrics.cube import Cube, CubeTable
from chalicelib.metrics.days import by_day
from chalicelib.metrics.manifests import covers
from chalicelib.metrics.touched import Span, whole_days

_UTC = ZoneInfo("UTC")


@dataclass
class Levels:
    """Writes the partitions of one commit of a cube.

    Parameters
    ----------
    store
        Where they go.
    cube, before
        The cube, and what its last commit says.
    zone
        The reporting zone: the day level has its days.
    version
        ``seq`` and attempt of the commit to be.
    """

    store: ObjectStore
    cube: Cube
    before: Manifest
    zone: ZoneInfo
    version: tuple[int, str]
    _months: dict[str, pa.Table] = field(default_factory=dict)

    def write(self, computed: pa.Table, touched: Sequence[Span]) -> dict[str, CubePartition]:
        """Write what differs and answer the partitions, by ``"{table}/{partition}"``.

        Where the zone is another than that of the day level before, all of that is added up anew.
        """
        base = self._rewrite(self.cube.quarter_hours, computed, touched, _UTC)
        spans = whole_days(touched if self.before.zone == self.zone.key else self._everything(), self.zone)
        fresh = by_day(self.cube, self._base(spans), spans, self.zone)
        return base | self._rewrite(self.cube.days, fresh, spans, self.zone)

    def _rewrite(
        self, table: CubeTable, fresh: pa.Table, spans: Sequence[Span], zone: ZoneInfo
    ) -> dict[str, CubePartition]:
        """Write a level's touched partitions: absent where there never was a row, empty where the last is gone."""
        parts = packing.by_partition(table, fresh, zone)
        touched = parts.keys() | {name for name in self._standing(table) if _overlaps(name, spans, zone)}
        written = {}
        for name in sorted(touched):
            rows = packing.merge(table, self._old(table, name), parts.get(name, fresh.slice(0, 0)), spans)
            if table == self.cube.quarter_hours:
                self._months[name] = rows
            if len(rows) or name in self._standing(table):
                location = layout.cube_folder(table.name, name, *self.version)
                files = (self._put(layout.cube_file(location, table.name), table, rows),) if len(rows) else ()
                written[f"{table.name}/{name}"] = CubePartition(location, files)
        return written

    def _base(self, spans: Sequence[Span]) -> pa.Table:
        """Answer the 15-minute rows of the spans: of the months that were just written, and of others as they stand."""
        table = self.cube.quarter_hours
        names = sorted(name for name in self._months.keys() | self._standing(table) if _overlaps(name, spans, _UTC))
        months = [self._months[name] if name in self._months else self._old(table, name) for name in names]
        return pa.concat_tables([packing.schema(table).empty_table(), *months])

    def _everything(self) -> Iterator[Span]:
        return (Span(*covers(name)) for name in self._months.keys() | self._standing(self.cube.quarter_hours))

    def _standing(self, table: CubeTable) -> set[str]:
        return {
            name.removeprefix(f"{table.name}/") for name in self.before.partitions if name.startswith(f"{table.name}/")
        }

    def _old(self, table: CubeTable, name: str) -> pa.Table:
        standing = self.before.partitions.get(f"{table.name}/{name}")
        return packing.read(table, (self.store.get(file.key).body for file in standing.files) if standing else ())

    def _put(self, key: str, table: CubeTable, rows: pa.Table) -> DataFile:
        body = packing.to_parquet(rows, table)
        self.store.put(key, body, content_type="application/vnd.apache.parquet")
        return DataFile(key, len(body))


def _overlaps(name: str, spans: Sequence[Span], zone: ZoneInfo) -> bool:
    start, end = covers(name, zone)
    return any(span.start < end and start < span.end for span in spans)
