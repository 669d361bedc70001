"""Athena's operations on the catalog: the same Glue in other words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from infra.local.athena.catalog import Catalog
from infra.local.athena.errors import ApiError, invalid_request
from infra.local.athena.paging import page

CATALOG = "AwsDataCatalog"
Body = dict[str, Any]


def metadata_operations(catalog: Catalog) -> dict[str, Callable[[Body], Body]]:
    """The operations by their names."""
    return {
        "ListDataCatalogs": lambda _: {"DataCatalogsSummary": [{"CatalogName": CATALOG, "Type": "GLUE"}]},
        "GetDataCatalog": lambda body: _data_catalog(body),
        "GetDatabase": lambda body: {
            "Database": _database(_found(body, lambda: catalog.database(body["DatabaseName"])))
        },
        "ListDatabases": lambda body: _list_databases(body, catalog),
        "GetTableMetadata": lambda body: {
            "TableMetadata": _table(_found(body, lambda: catalog.raw_table(body["DatabaseName"], body["TableName"])))
        },
        "ListTableMetadata": lambda body: _list_tables(body, catalog),
    }


def _data_catalog(body: Body) -> Body:
    if body.get("Name", "").lower() != CATALOG.lower():
        raise invalid_request(f"Data catalog {body.get('Name')} was not found")
    return {"DataCatalog": {"Name": CATALOG, "Type": "GLUE", "Parameters": {}}}


def _found(body: Body, read: Callable[[], Body]) -> Body:
    if body.get("CatalogName", CATALOG).lower() != CATALOG.lower():
        raise ApiError("MetadataException", f"Catalog {body['CatalogName']} was not found")
    try:
        return read()
    except KeyError as missing:
        raise invalid_request(f"{missing.args[0]} is missing") from missing
    except ClientError as error:
        if error.response["Error"]["Code"] != "EntityNotFoundException":
            raise
        raise ApiError("MetadataException", error.response["Error"].get("Message", "Entity Not Found")) from error


def _database(found: Body) -> Body:
    out = {"Name": found["Name"], "Parameters": found.get("Parameters") or {}}
    return out | ({"Description": found["Description"]} if found.get("Description") else {})


def _list_databases(body: Body, catalog: Catalog) -> Body:
    items, token = page(
        sorted(catalog.databases(), key=lambda found: str(found["Name"])),
        body.get("NextToken"),
        body.get("MaxResults") or 50,
    )
    return {"DatabaseList": [_database(item) for item in items]} | ({"NextToken": token} if token else {})


def _list_tables(body: Body, catalog: Catalog) -> Body:
    _found(body, lambda: catalog.database(body["DatabaseName"]))
    pattern = _pattern(body.get("Expression") or ".*")
    tables = [found for found in catalog.raw_tables(body["DatabaseName"]) if pattern.fullmatch(found["Name"])]
    items, token = page(tables, body.get("NextToken"), body.get("MaxResults") or 50)
    return {"TableMetadataList": [_table(item) for item in items]} | ({"NextToken": token} if token else {})


def _pattern(expression: str) -> re.Pattern[str]:
    try:
        return re.compile(expression)
    except re.error as error:
        raise invalid_request(f"Expression {expression} is no regular expression: {error}") from error


def _table(found: Body) -> Body:
    described = found.get("StorageDescriptor") or {}
    parameters = {str(k): str(v) for k, v in (found.get("Parameters") or {}).items()}
    if described.get("Location"):
        parameters.setdefault("location", described["Location"])
    out: Body = {
        "Name": found["Name"],
        "TableType": found.get("TableType", "EXTERNAL_TABLE"),
        "Columns": [_column(c) for c in described.get("Columns", ())],
        "PartitionKeys": [_column(c) for c in found.get("PartitionKeys", ())],
        "Parameters": parameters,
    }
    for ours, glues in (("CreateTime", "CreateTime"), ("LastAccessTime", "LastAccessTime")):
        if glues in found:
            out[ours] = found[glues].timestamp()
    return out


def _column(column: Body) -> Body:
    out = {"Name": column["Name"], "Type": column.get("Type", "string")}
    return out | ({"Comment": column["Comment"]} if column.get("Comment") else {})
