"""Commits as ingestion leaves them: what came twice is dropped, what contradicts an earlier record is marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from chalicelib.metrics.cube import Cube
from tests.unit.metrics.memory_lake import TABLES, Lake, ordered
from tests.unit.metrics.recount import RECOUNT, midnight_in, quarter

Row = dict[str, Any]
Commit = tuple[str, Sequence[Row]]
"""A table, and rows that it gets."""

SETTINGS = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


def some(tables: dict[str, st.SearchStrategy[Row]], most: int = 8) -> st.SearchStrategy[list[Commit]]:
    """A few commits, each of rows of one table."""
    one = st.sampled_from(sorted(tables)).flatmap(
        lambda name: st.tuples(st.just(name), st.lists(tables[name], min_size=1, max_size=most))
    )
    return st.lists(one, min_size=1, max_size=4)


def as_ingested(commits: Iterable[Commit], identity: Callable[[Row], object]) -> list[Commit]:
    """Keep one of what is the same; of a known identity with another content say that it contradicts."""
    known: dict[object, list[Row]] = {}
    found: list[Commit] = []
    for table, rows in commits:
        kept = []
        for row in rows:
            before = known.setdefault((table, identity(row)), [])
            if row not in before:
                before.append(row)
                kept.append({**row, "id_conflict": len(before) > 1})
        found.append((table, kept))
    return found


def check(lake: Lake, cube: Cube) -> None:
    """Both levels equal a recount of all that is in the lake."""
    recount = RECOUNT[cube.name]
    expected = tuple(ordered(cube, recount(lake.raw.rows, floor)) for floor in (quarter, midnight_in(lake.zone)))
    assert lake.both_levels(cube) == expected


def roll_up_each(lake: Lake, cube: Cube, commits: Iterable[Commit]) -> None:
    """Publish commit after commit, and compare after each."""
    for table, rows in commits:
        lake.publish(TABLES[table][0], {table: rows})
        lake.rollup().run(cube)
        check(lake, cube)
