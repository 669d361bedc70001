"""The Glue tables of the template, one per table of the registry and per cube: a new source changes no infra."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chalicelib.lake import layout, schemas
from chalicelib.metrics.cubes import CUBES, CubeTable
from chalicelib.sources.base import Table
from chalicelib.sources.registry import SOURCES

COMMENT_LIMIT = 255  # Glue's, for a column's comment
PARQUET = {
    "InputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "OutputFormat": "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    "SerdeInfo": {"SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"},
}

ColumnTriple = tuple[str, str, str]
"""Name, Glue type, comment."""


def logical_name(table: str) -> str:
    """The table's name within the template.

    >>> logical_name("github_cube_day")
    'TableGithubCubeDay'
    """
    return "Table" + "".join(part.capitalize() for part in table.split("_"))


def glue_table(
    name: str, description: str, columns: Iterable[ColumnTriple], partitions: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """One table of the database, its files under ``lake/<name>/``; partitions are added as data is published."""
    listed = [{"Name": n, "Type": kind, "Comment": comment[:COMMENT_LIMIT]} for n, kind, comment in columns]
    location = {"Fn::Sub": f"s3://${{LakeBucket}}/{layout.table(name)}"}
    return {
        "Type": "AWS::Glue::Table",
        "Properties": {
            "CatalogId": {"Ref": "AWS::AccountId"},
            "DatabaseName": {"Ref": "Database"},
            "TableInput": {
                "Name": name,
                "Description": description,
                "TableType": "EXTERNAL_TABLE",
                "Parameters": {"classification": "parquet", "EXTERNAL": "TRUE"},
                "PartitionKeys": [{"Name": n, "Type": kind} for n, kind in partitions],
                "StorageDescriptor": {**PARQUET, "Columns": listed, "Location": location},
            },
        },
    }


def source_table(table: Table) -> dict[str, Any]:
    """The catalog's entry of a source's table."""
    return glue_table(table.name, table.description, schemas.glue_columns(table), schemas.PARTITION_KEYS)


def cube_table(table: CubeTable) -> dict[str, Any]:
    """The catalog's entry of one level of a cube."""
    columns = [(column.name, schemas.GLUE_TYPES[column.type], column.description) for column in table.columns]
    return glue_table(table.name, table.description, columns, [(table.partition_key, "string")])


def glue_tables() -> dict[str, Any]:
    """Resources to add to the template: logical name → ``AWS::Glue::Table``."""
    tables = [(table.name, source_table(table)) for source in SOURCES.values() for table in source.tables]
    tables += [(table.name, cube_table(table)) for cube in CUBES.values() for table in cube.tables]
    return {logical_name(name): resource for name, resource in tables}
