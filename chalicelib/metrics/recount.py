"""The nightly recount: cubes beside their raw rows, so that a wrong number is told before somebody relies on it.

Each night the last weeks are counted again, and one stretch of the past, so that all of history comes up in turn. What
upstream has published since the cube looked is left out: the next roll-up counts it anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import layout, published
from chalicelib.lake.published import Published
from chalicelib.metrics import packing
from chalicelib.metrics.computing import Computing, Engine
from chalicelib.metrics.cube import BUCKET_START, Cube, CubeTable
from chalicelib.metrics.days import by_day
from chalicelib.metrics.manifests import covers, files_between
from chalicelib.metrics.touched import ONE_DAY, Days, Span, ranges, whole_days
from chalicelib.metrics.upstream import news

STRETCH = 21
"""Days of each of the two stretches."""
LONGEST_DAY = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Recounted:
    """What a recount found: days and rows that were compared, and the days of each level that differ."""

    days: int
    rows: int
    differing: tuple[date, ...]
    differing_days_of_zone: tuple[date, ...]

    @property
    def again(self) -> tuple[date, ...]:
        """Answer the UTC days to compute again so that both levels are right."""
        around = {day + ONE_DAY * n for day in self.differing_days_of_zone for n in (-1, 0, 1)}
        return tuple(sorted({*self.differing, *around}))

    def words(self, cube: str) -> str | None:
        """Say what differs, None where nothing does."""
        said = [
            f"{len(found)} {what}: {', '.join(map(str, found[:10]))}{' …' if len(found) > 10 else ''}"
            for what, found in (
                ("UTC days of quarter hours", self.differing),
                ("days of the reporting zone", self.differing_days_of_zone),
            )
            if found
        ]
        return f"{cube} differs from its raw rows in {'; '.join(said)}." if said else None


@dataclass(frozen=True)
class Recount:
    """Everything that a recount touches; it writes nothing that stays."""

    store: ObjectStore
    engine: Engine
    new_attempt: Callable[[], str]

    def run(self, cube: Cube, today: date) -> Recounted | None:
        """Compare one cube with its raw rows; None where nothing is published yet.

        Raises ``QueryFailed``, ``QueryThrottled``, ``StoreUnavailable``, ``IntegrityError``.
        """
        manifest = published.read(self.store, cube.name)
        if manifest is None:
            return None
        stage = layout.stage(cube.name, manifest.seq, self.new_attempt())
        with Computing(self.store, self.engine, cube, stage).staged() as computing:
            wanted = stretches(_first_day(manifest, cube), today) - self._moved(computing, manifest, "before/")
            raw = computing.rows(ranges(wanted))
            # What was published while the statement ran may be in its rows and not in the cube.
            days = wanted - self._moved(computing, manifest, "after/")
        return self._compared(cube, manifest, raw, ranges(days, most=max(1, len(days))))

    def _moved(self, computing: Computing, manifest: Published, stage: str) -> set[date]:
        """Answer the days that may differ by what upstream has published since the cube looked."""
        days = {
            day
            for stream, tables in computing.cube.inputs.items()
            for day in news(self.store, stream, tables, manifest.inputs.get(stream, 0)).days
        }
        return set(replace(computing, stage=f"{computing.stage}{stage}").touched(days))

    def _compared(self, cube: Cube, manifest: Published, raw: pa.Table, days: Sequence[Days]) -> Recounted:
        spans = [found.span for found in days]
        raw, shown = packing.within(raw, spans), self._published(cube.quarter_hours, manifest, spans)
        zone = ZoneInfo(manifest.zone)
        whole = _inner_days(spans, zone)
        added, stands = by_day(cube, raw, whole, zone), self._published(cube.days, manifest, whole)
        return Recounted(
            days=sum(1 for found in days for _ in found),
            rows=len(raw),
            differing=differing(cube.quarter_hours, raw, shown, ZoneInfo("UTC")),
            differing_days_of_zone=differing(cube.days, added, stands, zone),
        )

    def _published(self, table: CubeTable, manifest: Published, spans: Sequence[Span]) -> pa.Table:
        keys = {file.key for span in spans for file in files_between(manifest, table.name, span.start, span.end)}
        return packing.within(packing.read(table, (self.store.get(key).body for key in sorted(keys))), spans)


def stretches(first: date | None, today: date) -> set[date]:
    """Answer the days to recount on a day: the last :data:`STRETCH`, and another stretch of history, by turns.

    The turns go round a power of two, so that history's growing by a day does not reorder them.

    >>> found = stretches(date(2026, 1, 1), date(2026, 11, 26))
    >>> max(found).isoformat(), min(found) >= date(2026, 1, 1), STRETCH < len(found) <= 2 * STRETCH
    ('2026-11-25', True, True)
    """
    if first is None or first >= today:
        return set()
    known = (today - first).days
    pieces = -(-known // STRETCH)
    turns = 1 << (pieces - 1).bit_length()
    turn = today.toordinal() % turns
    piece = turn if turn < pieces else turn - turns // 2
    old = range(piece * STRETCH, min((piece + 1) * STRETCH, known))
    return {first + ONE_DAY * n for n in (*old, *range(max(0, known - STRETCH), known))}


def differing(table: CubeTable, one: pa.Table, other: pa.Table, zone: ZoneInfo) -> tuple[date, ...]:
    """Answer the days, of a zone, in which two tables of a level do not have the same rows."""
    keys = [(name, "ascending") for name in table.sort_by]
    if one.sort_by(keys).equals(other.sort_by(keys)):
        return ()
    parts, others = dict(_by_day(one, zone)), dict(_by_day(other, zone))
    nothing = one.slice(0, 0)
    return tuple(
        day
        for day in sorted(parts.keys() | others.keys())
        if not parts.get(day, nothing).sort_by(keys).equals(others.get(day, nothing).sort_by(keys))
    )


def _by_day(rows: pa.Table, zone: ZoneInfo) -> Iterator[tuple[date, pa.Table]]:
    def local_date(at: datetime) -> date:
        return at.astimezone(zone).date()

    dates = packing.each(rows[BUCKET_START.name], local_date, pa.date32())
    return ((day, rows.filter(pc.equal(dates, day))) for day in pc.unique(dates).to_pylist())


def _inner_days(spans: Sequence[Span], zone: ZoneInfo) -> tuple[Span, ...]:
    """Narrow spans to the whole days of a zone that lie within them."""
    inner = (Span(span.start + LONGEST_DAY, span.end - LONGEST_DAY) for span in spans)
    return whole_days((span for span in inner if span.start < span.end), zone)


def _first_day(manifest: Published, cube: Cube) -> date | None:
    prefix = f"{cube.name}/"
    months = [covers(name.removeprefix(prefix))[0] for name in manifest.partitions if name.startswith(prefix)]
    return min(months).astimezone(UTC).date() if months else None
