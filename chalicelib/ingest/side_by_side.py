"""Good records that a source gave one by one, put side by side: what is done to each costs a third then. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chalicelib.sources.base import Accepted, Batch, Outcome, Table

MOST = 1_000
LEAST = 16
"""Fewer records are not worth the columns."""


def side_by_side(outcomes: Iterable[Outcome], tables: Sequence[Table]) -> Iterator[Outcome]:
    """Answer the same outcomes in their order, runs of records of one row and one table as batches."""
    columns = {table.name: [column.name for column in table.columns] for table in tables}
    run: list[Accepted] = []
    for outcome in outcomes:
        record = outcome if isinstance(outcome, Accepted) and len(outcome.rows) == 1 else None
        if run and (record is None or len(run) >= MOST or _table(record) != _table(run[0])):
            yield from _together(run, columns)
            run = []
        if record is None:
            yield outcome
        else:
            run.append(record)
    yield from _together(run, columns)


def _table(record: Accepted) -> str:
    return record.rows[0][0]


def _together(run: list[Accepted], columns: Mapping[str, Sequence[str]]) -> Iterator[Outcome]:
    rows = [record.rows[0][1] for record in run]
    names = columns.get(_table(run[0]), ()) if len(run) >= LEAST else ()
    if not names or not all(map(frozenset(names).issuperset, rows)):
        yield from run
        return
    yield Batch(
        _table(run[0]),
        [record.event_id for record in run],
        [record.fingerprint.encode() for record in run],
        {name: [row.get(name) for row in rows] for name in names},
        lambda: run,
    )
