"""Partition pruning: the conditions that only partition keys decide are evaluated before any file is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlglot import exp

from infra.local.athena.binding import Reference
from infra.local.athena.catalog import Partition
from infra.local.athena.conditions import Condition, Every, Need, needed
from infra.local.athena.engine import Engine
from infra.local.athena.errors import QueryFailure
from infra.local.athena.sources import Sources
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.types import duckdb_type, identifier

NULL_VALUE = "__HIVE_DEFAULT_PARTITION__"


def prune(
    reference: Reference, partitions: Sequence[Partition], sources: Sources, engine: Engine, now: dt.datetime
) -> list[Partition]:
    """The partitions that the query can need.

    A condition that cannot be evaluated prunes nothing; the query itself will say what is wrong with it.
    """
    need = needed(reference, sources)
    if need == Every() or not partitions:
        return list(partitions)
    keys = reference.table.partition_keys
    lists = [[None if p.values[at] == NULL_VALUE else p.values[at] for p in partitions] for at in range(len(keys))]
    unnested = ", ".join(f"unnest(CAST(? AS VARCHAR[])) AS {identifier(key.name)}" for key in keys)
    engine.connection.execute(
        f"CREATE TEMP TABLE pruning AS SELECT unnest(CAST(? AS INTEGER[])) AS number, {unnested}",
        [list(range(len(partitions))), *lists],
    )
    kept = _Evaluation(reference, engine, now, len(partitions)).passing(need)
    engine.connection.execute("DROP TABLE pruning")
    return [partitions[at] for at in sorted(kept)]


class _Evaluation:
    """Which rows of the table ``pruning`` meet a need."""

    def __init__(self, reference: Reference, engine: Engine, now: dt.datetime, count: int) -> None:
        keys = reference.table.partition_keys
        casts = ((identifier(key.name), duckdb_type(key.type)) for key in keys)
        self._typed = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in casts)
        self._context = Context(now, {key.name: key.type.lower() for key in keys})
        self._engine = engine
        self._all = frozenset(range(count))

    def passing(self, need: Need) -> frozenset[int]:
        """The partitions, by their number."""
        if isinstance(need, Condition):
            passed = self._true_for(need.test)
            if passed is None or any(self._true_for(absent) != frozenset() for absent in need.when_absent):
                return self._all
            return passed
        found = [self.passing(part) for part in need.parts]
        if isinstance(need, Every):
            return self._all.intersection(*found)
        return frozenset[int]().union(*found)

    def _true_for(self, condition: exp.Expr) -> frozenset[int] | None:
        try:
            sql = to_duckdb(condition, self._context)
            self._engine.prepare(sql)
            found = self._engine.run(
                f"SELECT number FROM (SELECT number, {self._typed} FROM pruning) AS partitions WHERE {sql}"
            ).fetchall()
        except QueryFailure:
            return None
        return frozenset(row[0] for row in found)
