"""``information_schema`` is what clients look at before they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

if TYPE_CHECKING:
    from tests.integration.athena.conftest import Lake


@pytest.fixture
def hits(lake: Lake) -> Lake:
    """A lake with a partitioned table and a view of it."""
    lake.table("hits", {"n": "int", "paid": "decimal(10,2)", "tags": "array<string>"}, {"dt": "string"})
    lake.put("lake/hits/dt=1/0.parquet", pa.table({"n": pa.array([1], pa.int32())}))
    lake.partition("hits", ["1"], f"s3://{lake.bucket}/lake/hits/dt=1/")
    assert lake.run("CREATE VIEW v_hits AS SELECT n, dt FROM hits")["Status"]["State"] == "SUCCEEDED"
    return lake


def test_tables_views_and_schemas_are_listed(hits: Lake) -> None:
    of = f"WHERE table_schema = '{hits.database}' ORDER BY table_name"

    assert hits.rows(f"SELECT * FROM information_schema.tables {of}") == [
        ["awsdatacatalog", hits.database, "hits", "BASE TABLE"],
        ["awsdatacatalog", hits.database, "v_hits", "VIEW"],
    ]
    assert hits.rows(f"SELECT table_name, view_definition FROM awsdatacatalog.information_schema.views {of}") == [
        ["v_hits", "SELECT n, dt FROM hits"]
    ]
    assert hits.rows(f"SELECT * FROM information_schema.schemata WHERE schema_name = '{hits.database}'") == [
        ["awsdatacatalog", hits.database]
    ]
    assert hits.rows(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'information_schema' ORDER BY 1"
    ) == [["columns"], ["schemata"], ["tables"], ["views"]]


def test_columns_have_trinos_types_and_their_place(hits: Lake) -> None:
    found = hits.rows(
        "SELECT table_name, column_name, ordinal_position, column_default, is_nullable, data_type "
        f"FROM information_schema.columns WHERE table_schema = '{hits.database}' ORDER BY table_name, ordinal_position"
    )

    assert found == [
        ["hits", "n", "1", None, "YES", "integer"],
        ["hits", "paid", "2", None, "YES", "decimal(10,2)"],
        ["hits", "tags", "3", None, "YES", "array(varchar)"],
        ["hits", "dt", "4", None, "YES", "varchar"],
        ["v_hits", "n", "1", None, "YES", "integer"],
        ["v_hits", "dt", "2", None, "YES", "varchar"],
    ]


def test_it_joins_with_tables_and_scans_nothing_itself(hits: Lake) -> None:
    joined = (
        f"FROM hits JOIN information_schema.columns c ON c.column_name = 'n' WHERE c.table_schema = '{hits.database}'"
    )

    assert hits.rows(f"SELECT c.table_name, n {joined} ORDER BY 1") == [["hits", "1"], ["v_hits", "1"]]
    assert hits.scanned(f"SELECT n {joined}") == hits.scanned("SELECT n FROM hits") > 0
    assert hits.scanned("SELECT * FROM information_schema.tables") == 0


def test_what_is_not_there_is_said(hits: Lake) -> None:
    lost = "TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog.information_schema.x' does not exist"

    assert hits.error("SELECT * FROM information_schema.x") == lost
    assert "NOT_SUPPORTED" in hits.error("SELECT * FROM information_schema.roles")
    assert "SCHEMA_NOT_FOUND" in hits.error("INSERT INTO information_schema.tables SELECT 'a', 'b', 'c', 'd'")
