"""What the template has of the catalog, from its declarations: tables, cubes, views, saved queries."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from chalicelib.lake import layout, schemas
from chalicelib.metrics.cube import CubeTable
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Table
from chalicelib.sources.registry import SOURCES
from chalicelib.sql.headers import DescribedColumn
from chalicelib.sql.saved import shipped
from chalicelib.sql.views import View, views

COMMENT_LIMIT = 255  # Glue's, for a column's comment
DESCRIPTION_LIMIT = 1024  # Athena's, for a named query
TRINO_TYPES = {"string": "varchar", "timestamp": "timestamp(3)"}  # where Trino's name is not Glue's
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


def view_table(view: View) -> dict[str, Any]:
    """The catalog's entry of a view, as Athena itself writes it for ``CREATE VIEW``.

    The definition is JSON in base64 within a comment; the database's name is put in as the stack is deployed. Both
    parameters are what makes it a view of Trino's and not of Hive's (``ViewReaderUtil.isTrinoView`` in trinodb/trino).
    """
    listed = [{"Name": c.name, "Type": c.type, "Comment": _comment(c)} for c in view.columns]
    return {
        "Type": "AWS::Glue::Table",
        "Properties": {
            "CatalogId": {"Ref": "AWS::AccountId"},
            "DatabaseName": {"Ref": "Database"},
            "TableInput": {
                "Name": view.name,
                "Description": f"{view.purpose} Grain: {view.grain}",
                "TableType": "VIRTUAL_VIEW",
                "Parameters": {"presto_view": "true", "comment": "Presto View"},
                "StorageDescriptor": {"Columns": listed, "SerdeInfo": {}},
                "ViewOriginalText": {"Fn::Join": ["", ["/* Presto View: ", _definition(view), " */"]]},
                "ViewExpandedText": "/* Presto View */",
            },
        },
    }


def _definition(view: View) -> dict[str, Any]:
    """Trino's ``ConnectorViewDefinition`` in base64; joined, so that nothing in SQL is taken for a variable."""
    known = {
        "originalSql": view.sql,
        "catalog": "awsdatacatalog",
        "columns": [{"name": c.name, "type": TRINO_TYPES.get(c.type, c.type)} for c in view.columns],
    }
    begun = json.dumps(known, ensure_ascii=False).removesuffix("}")
    return {"Fn::Base64": {"Fn::Join": ["", [f'{begun}, "schema": "', {"Ref": "Database"}, '"}']]}}


def _comment(column: DescribedColumn) -> str:
    unit = f"[{column.unit}] " if column.unit else ""
    return f"{unit}{column.description}"[:COMMENT_LIMIT]


def named_queries() -> dict[str, Any]:
    """The shipped queries as named queries of Athena's console, in the workgroup of people's SQL.

    In AWS only: the local CloudFormation does not know the resource, so infra/local/post_deploy.py makes them.
    """
    return {
        "Query" + logical_name(query.id).removeprefix("Table"): {
            "Type": "AWS::Athena::NamedQuery",
            "Condition": "IsAws",
            "Properties": {
                "Name": query.title,
                "Description": f"{query.purpose} Answers {query.answer}"[:DESCRIPTION_LIMIT],
                "Database": {"Ref": "Database"},
                "WorkGroup": {"Ref": "SqlWorkgroup"},
                "QueryString": query.sql,
            },
        }
        for query in shipped().values()
    }


def glue_tables() -> dict[str, Any]:
    """Resources to add to the template: logical name → ``AWS::Glue::Table``."""
    tables = [(table.name, source_table(table)) for source in SOURCES.values() for table in source.tables]
    tables += [(table.name, cube_table(table)) for cube in CUBES.values() for table in cube.tables]
    tables += [(view.name, view_table(view)) for view in views().values()]
    return {logical_name(name): resource for name, resource in tables}
