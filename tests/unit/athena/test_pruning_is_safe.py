"""Whatever the query: with the partitions left out that pruning leaves out, the answer is the same."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from infra.local.athena.binding import Reference, base_tables, bind_tables, view_mentions
from infra.local.athena.catalog import Partition, Table
from infra.local.athena.engine import Engine
from infra.local.athena.parse import parse
from infra.local.athena.pruning import NULL_VALUE, prune
from infra.local.athena.sources import Sources
from infra.local.athena.statement import Query
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.types import Column
from infra.local.athena.views import ViewDefinition, encode

DAYS = ("a", "b", "c", "d", NULL_VALUE)
PARTITIONS = [Partition((day,), f"s3://lake/{day}/") for day in DAYS]
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
CONDITIONS = (
    "{t}dt = 'b'", "{t}dt >= 'c'", "{t}dt IN ('a', 'none')", "{t}dt IS NULL", "NOT {t}dt = 'a'", "{t}n = 1",
    "coalesce({t}dt, 'none') = 'none'", "{t}dt = 'c' AND {t}n < 2", "{t}dt = 'a' OR {t}n = 2", "upper({t}dt) < 'C'",
)  # fmt: skip
condition = some.sampled_from(CONDITIONS)


class Lake:
    """A partitioned table ``hits`` and a view over it."""

    def table(self, database: str, name: str) -> Table:
        if name == "v_hits":
            view = ViewDefinition("SELECT n, coalesce(dt, 'x') AS dt FROM hits", "lake", self.columns("n", "dt"))
            return Table(database, name, (), (), "", "VIRTUAL_VIEW", "", {}, encode(view))
        keys = (Column("dt", "string"),)
        return Table(database, name, (Column("n", "bigint"),), keys, "s3://x/", "EXTERNAL_TABLE", "parquet", {})

    @staticmethod
    def columns(*names: str) -> tuple[Column, ...]:
        return tuple(Column(name, {"n": "bigint", "dt": "varchar"}[name]) for name in names)


def one(inner: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    """A query over another."""
    shapes = some.sampled_from(
        (
            "SELECT dt, n FROM ({q}) q WHERE {c}",
            "SELECT q.dt AS dt, max(n) AS n FROM ({q}) AS q GROUP BY q.dt",
            "SELECT dt, max(n) AS n FROM ({q}) q GROUP BY 1 HAVING {c}",
            "SELECT max(dt) AS dt, n FROM ({q}) q GROUP BY n",
            "SELECT max(dt) AS dt, count(*) AS n FROM ({q}) q",
            "SELECT coalesce(dt, 'none') AS dt, n FROM ({q}) q",
            "SELECT dt || '' AS dt, row_number() OVER (PARTITION BY dt ORDER BY n) AS n FROM ({q}) q",
            "SELECT dt, count(*) OVER (PARTITION BY n) AS n FROM ({q}) q",
            "SELECT DISTINCT dt, n FROM ({q}) q",
            "SELECT dt, n FROM ({q}) q ORDER BY n NULLS LAST, dt NULLS LAST LIMIT 3",
            "SELECT * FROM ({q}) AS q(dt, n)",
            "SELECT q.dt, q.n AS n FROM (SELECT n AS dt, dt AS n FROM ({q}) r) AS q(n, dt)",
            "SELECT dt, count(*) AS n FROM ({q}) q GROUP BY ROLLUP (dt)",
        )
    )
    return some.builds(lambda s, q, c: s.format(q=q, c=c.format(t="")), shapes, inner, condition)


def two(inner: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    """A query over two others."""
    shapes = some.sampled_from(
        (
            "SELECT l.dt, r.n FROM ({q}) l {join} ({p}) r ON l.n = r.n AND l.dt = r.dt WHERE {c}",
            "SELECT r.dt, l.n FROM ({q}) l {join} ({p}) r ON l.n = r.n WHERE {c}",
            "SELECT r.dt, l.n FROM ({q}) l {join} ({p}) r ON l.dt = r.dt AND {c}",
            "SELECT coalesce(r.dt, 'none') AS dt, l.n FROM ({q}) l {join} ({p}) r ON l.dt = r.dt",
            "SELECT dt, l.n FROM ({q}) l {join} ({p}) r USING (dt)",
            "SELECT dt, max(r.n) AS n FROM ({q}) l {join} ({p}) r USING (dt) GROUP BY dt",
            "SELECT dt, n FROM ({q}) l UNION ALL SELECT dt, n FROM ({p}) r",
            "SELECT dt, n FROM ({q}) l UNION SELECT dt, n FROM ({p}) r",
            "SELECT dt, n FROM ({q}) l EXCEPT SELECT dt, n FROM ({p}) r",
            "SELECT dt, n FROM ({q}) l INTERSECT SELECT dt, n FROM ({p}) r",
            "WITH c AS ({q}) SELECT l.dt, r.n FROM c l {join} c r ON l.n = r.n WHERE {c}",
            "WITH c AS ({q}), d AS (SELECT dt, n FROM c) SELECT d.dt, d.n FROM d WHERE d.dt = 'b' AND EXISTS ({p})",
            "SELECT dt, n FROM ({q}) l WHERE n IN (SELECT n FROM ({p}) r)",
        )
    )
    joins = some.sampled_from(("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"))
    sides = some.sampled_from(("l.", "r."))

    def made(shape: str, q: str, p: str, c: str, join: str, side: str) -> str:
        return shape.format(q=q, p=p, c=c.format(t=side), join=join)

    return some.builds(made, shapes, inner, inner, condition, joins, sides)


BASE = some.sampled_from(
    (
        "SELECT dt, n FROM hits",
        "SELECT h.dt, n FROM hits h WHERE h.n > 0",
        "SELECT dt, n FROM v_hits",
        "SELECT h.d AS dt, x AS n FROM hits AS h(x, d)",
    )
)
QUERIES = some.recursive(BASE, lambda inner: one(inner) | two(inner), max_leaves=4)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine with three rows a day."""
    made = Engine(tmp_path_factory.mktemp("engine"), 1, "500MB")
    days = "(VALUES ('a'), ('b'), ('c'), ('d'), (NULL)) AS t(dt)"
    made.create([f"CREATE TABLE everything AS SELECT dt, CAST(n AS BIGINT) AS n FROM {days}, range(3) AS r(n)"])
    yield made
    made.close()


def answers(sql: str, engine: Engine) -> tuple[Counter[Any], Counter[Any]]:
    """The rows from all partitions, and from those that pruning keeps."""
    statement = parse(sql)
    assert isinstance(statement, Query)
    lake: Any = Lake()
    references = bind_tables(statement.tree, lake, "lake")
    sources = Sources(references)
    kept = {r.view: {p.values[0] for p in prune(r, PARTITIONS, sources, engine, NOW)} for r in base_tables(references)}
    everything = {view: set(DAYS) for view in kept}
    return _rows(statement, references, everything, engine), _rows(statement, references, kept, engine)


def _rows(statement: Query, references: Sequence[Reference], kept: dict[str, set[str]], engine: Engine) -> Counter[Any]:
    for view, days in kept.items():
        listed = ", ".join(f"'{day}'" for day in days) or "'nothing'"
        rows = f"SELECT n, dt FROM everything WHERE coalesce(dt, '{NULL_VALUE}') IN ({listed})"
        engine.create([f'CREATE OR REPLACE VIEW "{view}" AS {rows}'])
    for reference, body in view_mentions(references):
        engine.create([f'CREATE OR REPLACE VIEW "{reference.view}" AS {to_duckdb(body.tree, Context(NOW))}'])
    sql = to_duckdb(statement.tree, Context(NOW))
    engine.prepare(sql)
    return Counter(engine.run(sql).fetchall())


@settings(max_examples=400)
@given(sql=QUERIES)
def test_leaving_partitions_out_changes_no_answer(sql: str, engine: Engine) -> None:
    everything, pruned = answers(sql, engine)

    assert pruned == everything
