"""What is wrong with a statement is told as Athena tells it, with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake

LOST = "cannot be resolved or requester is not authorized to access requested resources"


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT x FROM hits", f"COLUMN_NOT_FOUND: line 1:8: Column 'x' {LOST}"),
        ("SELECT n,\n  h.x\nFROM hits h", f"COLUMN_NOT_FOUND: line 2:3: Column 'h.x' {LOST}"),
        ("SELECT n FROM hits WHERE g.n = 1", f"COLUMN_NOT_FOUND: line 1:26: Column 'g.n' {LOST}"),
        ("SELECT sum(x) / 2 FROM hits", f"COLUMN_NOT_FOUND: line 1:12: Column 'x' {LOST}"),
        ("CREATE TABLE t AS\nSELECT x FROM hits", f"COLUMN_NOT_FOUND: line 2:8: Column 'x' {LOST}"),
        ("SELECT nothing", f"COLUMN_NOT_FOUND: line 1:8: Column 'nothing' {LOST}"),
        ("SELECT n FROM {db}.gone", "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.{db}.gone' does not exist"),
        (
            "SELECT 1,\n(SELECT 1 FROM gone)",
            "TABLE_NOT_FOUND: line 2:16: Table 'awsdatacatalog.{db}.gone' does not exist",
        ),
        ("SELECT n FROM nowhere.hits", "SCHEMA_NOT_FOUND: line 1:15: Schema 'nowhere' does not exist"),
        ("SELECT n FROM far.away.hits", "CATALOG_NOT_FOUND: line 1:15: Catalog 'far' not found"),
        ("SELECT f(n) FROM hits", "FUNCTION_NOT_FOUND: line 1:8: Function 'f' not registered"),
        ("UNLOAD (SELECT f(1)) TO 's3://b/x/'", "FUNCTION_NOT_FOUND: line 1:16: Function 'f' not registered"),
    ],
)
def test_what_is_not_there_is_named_with_its_place(lake: Lake, sql: str, reason: str) -> None:
    lake.table("hits", {"n": "int"})

    assert lake.error(sql.replace("{db}", lake.database)) == reason.replace("{db}", lake.database)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELEC 1", "line 1:1: mismatched input 'SELEC'. Expecting: '('"),
        ("SELECT 1 FROM", "line 1:14: mismatched input '<EOF>'"),
        ("SELECT (1", "line 1:10: mismatched input '<EOF>'"),
        ("SELECT a b c FROM t", "line 1:12: mismatched input 'c'"),
        ("SELECT a,\n , b FROM t", "line 2:2: mismatched input ','"),
        ("SELECT a, FROM t", "line 1:11: mismatched input 'FROM'"),
        ("DROP VIEW\n  'v'", "line 2:3: mismatched input 'v'"),
        ("INSERT INTO t SELECT\n1 2", "line 2:3: mismatched input '2'"),
        ("GRANT SELECT ON t TO u", "Queries of this type are not supported"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(lake: Lake, sql: str, message: str) -> None:
    with pytest.raises(ClientError) as refused:
        lake.start(sql)

    assert refused.value.response["Error"]["Code"] == "InvalidRequestException"
    assert message in refused.value.response["Error"]["Message"]
