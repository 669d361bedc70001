"""Late, restated and deleted data: what is computed again is what was touched, and comes out as if all were."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.lake import published
from chalicelib.metrics.cube import Cube, Touches
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.rollup import Outcome
from tests.recount.lake import REPORTING_ZONE, Asked
from tests.recount.rows import MadeUp, Row
from tests.unit.metrics.memory_lake import TABLES, ordered
from tests.unit.metrics.recount import RECOUNT, quarter

DAY = timedelta(days=1)
QUARTERS = 96


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that come late, restate or delete what was told before; ``replaces`` are days that are told anew."""

    what: str
    table: str
    rows: Sequence[Row]
    replaces: frozenset[date] = frozenset()


@dataclass
class Recomputed:
    """What the commits of changes came to: days and partitions computed again, and those that had to be."""

    commits: int = 0
    days: int = 0
    days_that_had_to: int = 0
    partitions: int = 0
    partitions_that_stood_still: int = 0
    rows_like_a_full_recompute: int = 0
    differences: list[str] = field(default_factory=list)


def changes(made: MadeUp, raw: Mapping[str, Sequence[Row]]) -> Iterator[Change]:
    """Late rows of every table that is counted as it comes, then what is restated and deleted."""
    every = (made.requests, made.github, made.audience, made.videos, made.mentions, made.web, made.product, made.search)
    late: dict[str, Row] = {}
    told_days = {row["day_start"] for row in raw["rank_tracker_shares"]}
    for table, row in chain.from_iterable(make() for make in every):
        if row.get("day_start") not in told_days:  # a share of a day that is known would contradict it
            late.setdefault(table, row)
    for table, row in late.items():
        yield Change("late", table, [row])
    told = raw["youtube_channel_days"][0]["day"]
    yield Change("restated", "youtube_channel_days", [made.channel_day(told)], frozenset({told}))
    yield from _sales(raw)


def _sales(raw: Mapping[str, Sequence[Row]]) -> Iterator[Change]:
    now = datetime(2025, 1, 20, tzinfo=UTC)
    lead, other = raw["salesforce_leads"][:2]
    yield Change("restated", "salesforce_leads", [{**lead, "modified_at": now, "country": "FR"}])
    yield Change("deleted", "salesforce_leads", [{**other, "modified_at": now, "is_deleted": True}])
    deal = raw["salesforce_opportunities"][0]
    yield Change("restated", "salesforce_opportunities", [{**deal, "modified_at": now, "amount": Decimal("0.07")}])
    gone = {**deal, "modified_at": now + DAY, "is_deleted": True}
    yield Change("deleted", "salesforce_opportunities", [gone])
    yield Change("restored", "salesforce_opportunities", [{**deal, "modified_at": now + 2 * DAY}])


def apply(asked: Asked, change: Change, found: Recomputed) -> None:
    """Commit a change, roll up, and hold what was computed again against what was touched."""
    cubes = [cube for cube in CUBES.values() if any(change.table in tables for tables in cube.inputs.values())]
    before = {cube.name: (_places(asked, cube), _counted(asked, cube)) for cube in cubes}
    kept = asked.lake.raw.rows[change.table]
    asked.lake.raw.rows[change.table] = [row for row in kept if row.get("day") not in change.replaces]
    outcomes = asked.commit(change.table, change.rows)
    for cube in cubes:
        places, counted = before[cube.name]
        if cube.touches is Touches.DAYS:
            had_to = _around(cube, change)
        else:
            had_to = _days_that_differ(counted, _counted(asked, cube))
        _hold(asked, cube, change, outcomes[cube.name], (places, had_to), found)
    found.commits += 1


def _hold(
    asked: Asked,
    cube: Cube,
    change: Change,
    outcome: Outcome,
    known: tuple[Mapping[str, str], frozenset[date]],
    found: Recomputed,
) -> None:
    places, had_to = known
    touched = frozenset(day for days in outcome.touched for day in days)
    found.days += len(touched)
    found.days_that_had_to += len(had_to)
    is_right = touched == had_to if cube.touches is Touches.DAYS else touched >= had_to
    if not is_right:
        found.differences.append(f"{change.what} {change.table}: {cube.name} computed {touched}, touched were {had_to}")
    now = _places(asked, cube)
    moved = {name for name in now if now[name] != places.get(name)}
    expected = {name for name in _partitions(cube, touched) if name in now}
    found.partitions += len(moved)
    found.partitions_that_stood_still += len(now) - len(moved)
    if not moved == expected == set(outcome.partitions):
        found.differences.append(f"{change.what} {change.table}: {cube.name} wrote {moved}, touched were {expected}")


def _around(cube: Cube, change: Change) -> frozenset[date]:
    """The days that rows of some days can change: those days, and so many around them as the statement reads."""
    of, table = TABLES[change.table][1], change.rows
    days = {row[of.time_column] for row in table}
    dates = {day.astimezone(UTC).date() if isinstance(day, datetime) else day for day in days}
    return frozenset(day + DAY * n for day in dates for n in range(-cube.reads_after, cube.reads_before + 1))


def _counted(asked: Asked, cube: Cube) -> dict[date, list[dict[str, Any]]]:
    """A recount by UTC day, of records that change only: of others it would tell nothing that is asked for."""
    by_day: dict[date, list[dict[str, Any]]] = {}
    if cube.touches is Touches.RECORDS:
        for row in ordered(cube, RECOUNT[cube.name](asked.lake.raw.rows, quarter)):
            by_day.setdefault(row["bucket_start"].date(), []).append(row)
    return by_day


def _days_that_differ(before: Mapping[date, Any], after: Mapping[date, Any]) -> frozenset[date]:
    return frozenset(day for day in before.keys() | after.keys() if before.get(day) != after.get(day))


def _places(asked: Asked, cube: Cube) -> dict[str, str]:
    """Where each partition of a cube lies: another place is another version."""
    position = published.read(asked.lake.store, cube.name)
    return {name: partition.location for name, partition in position.partitions.items()} if position else {}


def _partitions(cube: Cube, days: frozenset[date]) -> set[str]:
    """The months of UTC days, and the years that clocks of the reporting zone show in the course of them."""
    zone, found = ZoneInfo(REPORTING_ZONE), set()
    for day in days:
        found.add(f"{cube.name}/month={day:%Y-%m}")
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        quarters = (midnight + timedelta(minutes=15 * n) for n in range(QUARTERS))
        found |= {f"{cube.name}_day/year={at.astimezone(zone).year}" for at in quarters}
    return found


def hold_against_full_recompute(asked: Asked, folder: Path, found: Recomputed) -> None:
    """Commit all rows as they are now to a new lake, and compare both levels of every cube."""
    anew = Asked({name: list(rows) for name, rows in asked.lake.raw.rows.items()}, folder)
    for cube in CUBES.values():
        levels, expected = asked.lake.both_levels(cube), anew.lake.both_levels(cube)
        found.rows_like_a_full_recompute += sum(len(rows) for rows in expected)
        if levels != expected:
            found.differences.append(f"{cube.name} is not as a full recompute says")
