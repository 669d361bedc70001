"""Which conditions prune, and which partitions they leave."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from infra.local.athena.binding import base_tables, bind_tables
from infra.local.athena.catalog import Partition, Table
from infra.local.athena.engine import Engine
from infra.local.athena.parse import parse
from infra.local.athena.pruning import prune
from infra.local.athena.sources import Sources
from infra.local.athena.statement import Query
from infra.local.athena.types import Column
from infra.local.athena.views import ViewDefinition, encode

DAYS = [f"2026-11-{day:02d}" for day in range(1, 31)]
PARTITIONS = [Partition((day,), f"s3://lake/{day}/") for day in DAYS]


class OneTable:
    """A catalog in which every name but that of a view is the same partitioned table."""

    def table(self, database: str, name: str) -> Table:
        if name == "v_hits":
            stored = (Column("dt", "varchar"), Column("at", "date"), Column("n", "bigint"))
            view = encode(ViewDefinition("SELECT dt, CAST(dt AS date) AS at, n FROM hits", "lake", stored))
            return Table(database, name, (), (), "", "VIRTUAL_VIEW", "", {}, view)
        keys = (Column("dt", "string"),)
        columns = (Column("n", "bigint"), Column("day", "string"))
        return Table(database, name, columns, keys, "s3://lake/", "EXTERNAL_TABLE", "parquet", {})


#: Through the levels of a query: Trino hands these conditions down to the scan, too.
LEVELS: dict[str, list[list[str]]] = {
    "SELECT n FROM (SELECT n, CAST(dt AS date) AS at FROM hits) WHERE at = DATE '2026-11-05'": [DAYS[4:5]],
    "SELECT n FROM (SELECT n, date(dt) AS at FROM hits) q WHERE q.at >= DATE '2026-11-29'": [DAYS[28:]],
    "WITH c AS (SELECT * FROM hits) SELECT n FROM c WHERE dt = '2026-11-05'": [DAYS[4:5]],
    "WITH c AS (SELECT * FROM hits) SELECT 1 FROM c WHERE dt < '2026-11-02' UNION ALL SELECT 1 FROM c "
    "WHERE dt > '2026-11-29'": [[DAYS[0], DAYS[29]]],
    "WITH c AS (SELECT * FROM hits), d AS (SELECT * FROM c) SELECT (SELECT max(n) FROM c) FROM d WHERE dt = 'x'": [
        DAYS
    ],
    "WITH c AS (SELECT * FROM hits) SELECT 1": [[]],
    "WITH RECURSIVE c (n, dt) AS (SELECT n, dt FROM hits UNION ALL SELECT n + 1, dt FROM c WHERE n < 3) "
    "SELECT n FROM c WHERE dt = '2026-11-05'": [DAYS],
    "SELECT * FROM (SELECT dt, sum(n) AS n FROM hits GROUP BY dt) WHERE dt = '2026-11-05'": [DAYS[4:5]],
    "SELECT * FROM (SELECT substr(dt, 9) AS d, sum(n) AS n FROM hits GROUP BY 1) WHERE d = '05'": [DAYS[4:5]],
    "SELECT * FROM (SELECT max(dt) AS dt FROM hits GROUP BY n) WHERE dt = '2026-11-05'": [DAYS],
    "SELECT dt, sum(n) FROM hits GROUP BY dt HAVING dt = '2026-11-05' AND sum(n) > 3": [DAYS[4:5]],
    "SELECT * FROM (SELECT dt, rank() OVER (PARTITION BY dt ORDER BY n) AS r FROM hits) WHERE dt = '2026-11-05'": [
        DAYS[4:5]
    ],
    "SELECT * FROM (SELECT dt, rank() OVER (ORDER BY n) AS r FROM hits) WHERE dt = '2026-11-05'": [DAYS],
    "SELECT * FROM (SELECT dt FROM hits ORDER BY n LIMIT 5) WHERE dt = '2026-11-05'": [DAYS],
    "SELECT * FROM (SELECT dt FROM hits UNION ALL SELECT day FROM hits) WHERE dt = '2026-11-05'": [DAYS[4:5], DAYS],
    "SELECT * FROM (SELECT 'a' AS s, n FROM hits UNION ALL SELECT 'b', n FROM hits) WHERE s = 'a'": [DAYS, []],
    "SELECT 1 FROM hits a JOIN hits b ON a.dt = b.dt WHERE a.dt = '2026-11-05'": [DAYS[4:5], DAYS[4:5]],
    "SELECT 1 FROM hits a LEFT JOIN hits b ON a.dt = b.dt WHERE a.dt = '2026-11-05'": [DAYS[4:5], DAYS[4:5]],
    "SELECT 1 FROM hits a JOIN hits b USING (dt) WHERE dt = '2026-11-05'": [DAYS[4:5], DAYS[4:5]],
    "SELECT 1 FROM v_hits WHERE at = DATE '2026-11-05'": [DAYS[4:5]],
    "SELECT 1 FROM v_hits v JOIN hits h ON v.dt = h.dt WHERE v.dt = '2026-11-05'": [DAYS[4:5], DAYS[4:5]],
    "SELECT n FROM hits AS h(dt, day, x) WHERE dt = 3": [DAYS],
    "SELECT n FROM hits AS h(n, day, x) WHERE x = '2026-11-05'": [DAYS[4:5]],
    "SELECT n FROM hits WHERE dt = '2026-11-05' AND any_match(ARRAY['x'], dt -> dt = 'y')": [DAYS[4:5]],
}


def kept(sql: str, *parameters: str) -> list[list[str]]:
    """The days that each mention of a table keeps."""
    statement = parse(sql, parameters)
    assert isinstance(statement, Query)
    catalog: Any = OneTable()
    references = bind_tables(statement.tree, catalog, "lake")
    engine = Engine(Path("unused"), 1, "200MB")
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    try:
        return [
            [p.values[0] for p in prune(r, PARTITIONS, Sources(references), engine, now)]
            for r in base_tables(references)
        ]
    finally:
        engine.close()


CASES: dict[str, tuple[tuple[str, ...], list[str]]] = {
    "SELECT n FROM hits": ((), DAYS),
    "SELECT n FROM hits WHERE dt = '2026-11-05'": ((), DAYS[4:5]),
    "SELECT n FROM hits WHERE dt BETWEEN ? AND ?": (("'2026-11-03'", "'2026-11-04'"), DAYS[2:4]),
    "SELECT n FROM hits WHERE contains(split(?, ','), dt)": (("'2026-11-03,2026-11-30,x'",), [DAYS[2], DAYS[29]]),
    "SELECT n FROM hits WHERE dt IN ('2026-11-01', 'x') AND n > 3": ((), DAYS[:1]),
    "SELECT n FROM hits WHERE n > 3": ((), DAYS),
    "SELECT n FROM hits WHERE dt = '2026-11-01' OR n > 3": ((), DAYS),
    "SELECT n FROM hits WHERE (dt > '2026-11-28' AND (dt < '2026-11-30' AND n = 1))": ((), DAYS[28:29]),
    "SELECT n FROM hits WHERE dt >= CAST(current_date - INTERVAL '1' DAY AS varchar)": ((), DAYS[20:]),
    "SELECT n FROM hits WHERE CAST(dt AS date) = DATE '2026-11-09'": ((), DAYS[8:9]),
    "SELECT n FROM hits WHERE NOT dt LIKE '2026-11-%'": ((), []),
    "SELECT n FROM hits h WHERE h.dt = '2026-11-05'": ((), DAYS[4:5]),
    "SELECT n FROM hits WHERE dt = day": ((), DAYS),
    "SELECT n FROM hits WHERE dt = (SELECT '2026-11-05')": ((), DAYS),
    "SELECT n FROM hits WHERE CAST(dt AS bigint) = 3": ((), DAYS),
}


@pytest.mark.parametrize(("sql", "case"), CASES.items(), ids=CASES.keys())
def test_conditions_on_partition_columns_prune(sql: str, case: tuple[tuple[str, ...], list[str]]) -> None:
    parameters, expected = case

    assert kept(sql, *parameters) == [expected]


@pytest.mark.parametrize(("sql", "expected"), LEVELS.items(), ids=LEVELS.keys())
def test_conditions_reach_the_table_through_what_is_around_it(sql: str, expected: list[list[str]]) -> None:
    assert kept(sql) == expected


def test_each_mention_of_a_table_is_pruned_by_its_own_conditions() -> None:
    sql = "SELECT 1 FROM hits a JOIN hits b ON a.n = b.n AND b.dt = '2026-11-02' WHERE a.dt = '2026-11-01'"

    assert kept(sql) == [DAYS[:1], DAYS[1:2]]


def test_the_optional_side_of_an_outer_join_is_pruned_only_where_that_changes_nothing() -> None:
    joined = "SELECT 1 FROM hits a LEFT JOIN hits b ON a.n = b.n AND b.dt = '2026-11-02' "

    assert kept(joined + "WHERE b.dt IS NULL") == [DAYS, DAYS[1:2]]
    assert kept("SELECT 1 FROM hits a LEFT JOIN hits b ON a.n = b.n WHERE b.dt IS NULL") == [DAYS, DAYS]
    assert kept("SELECT 1 FROM hits a LEFT JOIN hits b ON a.n = b.n AND a.dt = '2026-11-02'") == [DAYS, DAYS]


def test_a_cte_of_the_same_name_is_no_table() -> None:
    assert kept("WITH hits AS (SELECT n FROM other WHERE dt = '2026-11-01') SELECT * FROM hits") == [DAYS[:1]]
