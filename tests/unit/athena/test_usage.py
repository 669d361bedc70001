"""Which columns of a table count as read."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.athena.binding import base_tables, bind_tables
from infra.local.athena.parse import parse
from infra.local.athena.statement import Query
from infra.local.athena.usage import narrow
from tests.unit.athena.test_pruning import OneTable

CASES: dict[str, list[str]] = {
    "SELECT n FROM hits": ["n"],
    "SELECT * FROM hits": ["day dt n"],
    "SELECT count(*) FROM hits": [""],
    "SELECT count(*) FROM hits WHERE dt > 'x'": ["dt"],
    "SELECT n FROM hits ORDER BY day": ["day n"],
    "SELECT n AS day FROM hits GROUP BY 1": ["n"],
    "SELECT n FROM (SELECT * FROM hits)": ["n"],
    "SELECT count(*) FROM (SELECT * FROM hits WHERE day = 'x')": ["day"],
    "SELECT n FROM (SELECT DISTINCT n, day FROM hits)": ["day n"],
    "SELECT n FROM (SELECT n, rank() OVER (ORDER BY day) AS r FROM hits)": ["n"],
    "SELECT r FROM (SELECT n, rank() OVER (ORDER BY day) AS r FROM hits)": ["day"],
    "SELECT n FROM (SELECT n, day FROM hits ORDER BY 2 LIMIT 3)": ["day n"],
    "SELECT n FROM (SELECT n, day AS d FROM hits ORDER BY d LIMIT 3)": ["day n"],
    "WITH c AS (SELECT * FROM hits) SELECT n FROM c WHERE dt = 'x'": ["dt n"],
    "WITH c AS (SELECT * FROM hits), d AS (SELECT n, day FROM c) SELECT (SELECT max(day) FROM d), n FROM d": ["day n"],
    "WITH c AS (SELECT * FROM hits) SELECT 1 AS one": [""],
    "SELECT a FROM (SELECT n AS a, day AS b FROM hits UNION ALL SELECT n, day FROM hits)": ["n", "n"],
    "SELECT a FROM (SELECT n AS a, day AS b FROM hits UNION SELECT n, day FROM hits)": ["day n", "day n"],
    "SELECT x.n FROM hits x JOIN hits y ON x.dt = y.dt": ["dt n", "dt"],
    "SELECT x.n FROM hits x JOIN hits y USING (dt)": ["dt n", "dt"],
    "SELECT n FROM hits h WHERE EXISTS (SELECT 1 FROM hits g WHERE g.dt = h.day)": ["day n", "dt"],
    "SELECT x FROM hits h CROSS JOIN UNNEST(ARRAY[h.day]) AS t(x)": ["day"],
    "SELECT transform(ARRAY[1], x -> x + n) FROM hits": ["n"],
    "SELECT a FROM hits AS h(a, b, c)": ["n"],
    "SELECT at FROM v_hits": ["dt"],
    "SELECT count(*) FROM v_hits": [""],
    "SELECT n FROM (hits a JOIN hits b ON a.dt = b.dt) JOIN hits c ON c.n = a.n": ["n", "dt n", "dt n"],
}


@pytest.mark.parametrize(("sql", "expected"), CASES.items(), ids=CASES.keys())
def test_only_columns_that_somebody_needs_count(sql: str, expected: list[str]) -> None:
    statement = parse(sql)
    assert isinstance(statement, Query)
    catalog: Any = OneTable()

    references = narrow(statement.tree, bind_tables(statement.tree, catalog, "lake"))

    assert [" ".join(sorted(one.columns)) for one in base_tables(references)] == expected
