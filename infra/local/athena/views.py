"""Views as Athena keeps them in Glue.

A view is a table of the type ``VIRTUAL_VIEW`` whose ``ViewOriginalText`` is a comment with JSON in base64. Sources:
Trino's ``io.trino.plugin.hive.ViewReaderUtil`` and ``io.trino.spi.connector.ConnectorViewDefinition``; what Athena
writes into Glue: https://stackoverflow.com/a/56347331, which is also how views are made by CloudFormation.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from infra.local.athena.errors import QueryFailure
from infra.local.athena.trino_types import hive_type
from infra.local.athena.types import Column

KIND = "VIRTUAL_VIEW"
CATALOG = "awsdatacatalog"
_PREFIX, _SUFFIX = "/* Presto View: ", " */"


@dataclass(frozen=True, slots=True)
class ViewDefinition:
    """What a view is; the columns' types are Trino's, ``database`` is that of the unqualified names in ``sql``."""

    sql: str
    database: str
    columns: tuple[Column, ...]
    catalog: str = CATALOG

    @property
    def hive_columns(self) -> tuple[Column, ...]:
        """The columns in Hive's types; a type that Hive lacks stays Trino's."""
        return tuple(Column(column.name, _hive_or_same(column.type)) for column in self.columns)


def _hive_or_same(trino: str) -> str:
    try:
        return hive_type(trino)
    except QueryFailure:
        return trino


def encode(view: ViewDefinition) -> str:
    """``ViewOriginalText``."""
    described = {
        "originalSql": view.sql,
        "catalog": view.catalog,
        "schema": view.database,
        "columns": [{"name": column.name, "type": column.type} for column in view.columns],
    }
    return f"{_PREFIX}{base64.b64encode(json.dumps(described).encode()).decode()}{_SUFFIX}"


def decode(text: str, name: str) -> ViewDefinition:
    """Read a ``ViewOriginalText``.

    >>> made = ViewDefinition("SELECT 1 AS a", "lake", (Column("a", "integer"),))
    >>> decode(encode(made), "v") == made
    True

    Raises
    ------
    QueryFailure
        ``HIVE_INVALID_VIEW_DATA`` for what is no view of Athena's (Hive's and Spark's have plain SQL there).
    """
    inner = text.strip()
    if not (inner.startswith(_PREFIX.rstrip()) and inner.endswith(_SUFFIX.strip())):
        raise QueryFailure("HIVE_INVALID_VIEW_DATA", f"Not a Presto view: {name}")
    try:
        raw = base64.b64decode(inner[len(_PREFIX.rstrip()) : -len(_SUFFIX.strip())].strip(), validate=True)
        read = json.loads(raw)
        columns = tuple(Column(str(c["name"]).lower(), str(c["type"])) for c in read["columns"])
        sql, catalog, database = str(read["originalSql"]), read.get("catalog"), read.get("schema")
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise QueryFailure("HIVE_INVALID_VIEW_DATA", f"Invalid view data of {name}: {error}") from error
    return ViewDefinition(sql, str(database or ""), columns, str(catalog or CATALOG).lower())


def require_columns(columns: Sequence[Column]) -> None:
    """Refuse the columns that Athena's views cannot have: without a name, twice, or of a type that Hive lacks.

    Raises
    ------
    QueryFailure
        With Trino's name.
    """
    seen: set[str] = set()
    for at, column in enumerate(columns):
        if column.name == f"_col{at}":
            raise QueryFailure("MISSING_COLUMN_NAME", f"line 1:1: Column name not specified at position {at + 1}")
        if column.name in seen:
            twice = f"line 1:1: Column name '{column.name}' specified more than once"
            raise QueryFailure("DUPLICATE_COLUMN_NAME", twice)
        seen.add(column.name)
        try:
            hive_type(column.type)
        except QueryFailure as error:
            wrong = f"Invalid column type for column {column.name}: Unsupported Hive type: {column.type}"
            raise QueryFailure("NOT_SUPPORTED", wrong) from error


def table_input(name: str, view: ViewDefinition) -> dict[str, Any]:
    """Glue's ``TableInput`` of a view."""
    return {
        "Name": name,
        "TableType": KIND,
        "Parameters": {"presto_view": "true", "comment": "Presto View"},
        "ViewOriginalText": encode(view),
        "ViewExpandedText": "/* Presto View */",
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": [{"Name": column.name, "Type": hive_type(column.type)} for column in view.columns],
            "Location": "",
            "SerdeInfo": {},
        },
    }
