"""Tables and partitions, from Glue."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.local.athena import views
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.types import Column

PARQUET_SERDE = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
PARQUET_INPUT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
PARQUET_OUTPUT = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"
_TABLE_INPUT = {
    "Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "ViewOriginalText",
    "ViewExpandedText", "TableType", "Parameters",
}  # fmt: skip
ADD_AT_ONCE = 100  # Glue's limit for BatchCreatePartition


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view as Glue has it; ``location`` is empty for views, ``view_text`` for tables."""

    database: str
    name: str
    columns: tuple[Column, ...]
    partition_keys: tuple[Column, ...]
    location: str
    kind: str
    input_format: str
    parameters: Mapping[str, str]
    view_text: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Database and name."""
        return self.database, self.name

    @property
    def is_view(self) -> bool:
        """Is it a query, not files?"""
        return self.kind == views.KIND

    def require_readable(self) -> None:
        """Refuse by name what this engine cannot read rightly."""
        where = f"the table {self.database}.{self.name}"
        if self.parameters.get("projection.enabled", "").lower() == "true":
            raise not_supported(f"partition projection ({where})")
        if self.parameters.get("table_type", "").upper() == "ICEBERG":
            raise not_supported(f"Iceberg ({where})")
        if odd := [key.name for key in self.partition_keys if not re.fullmatch(r"[\w$@ -]+", key.name)]:
            raise not_supported(f"the partition key '{odd[0]}' ({where})")  # it becomes the name of a folder
        if "parquet" not in self.input_format.lower():
            raise not_supported(f"the format {self.input_format or 'that is not set'} ({where}); Parquet is read")


@dataclass(frozen=True, slots=True)
class Partition:
    """The values of a partition's keys, in the keys' order, and where its files are."""

    values: tuple[str, ...]
    location: str


def storage(columns: Sequence[Column], location: str) -> dict[str, Any]:
    """Glue's storage descriptor of a Parquet table or partition."""
    return {
        "Columns": [{"Name": column.name, "Type": column.type} for column in columns],
        "Location": location,
        "InputFormat": PARQUET_INPUT,
        "OutputFormat": PARQUET_OUTPUT,
        "SerdeInfo": {"SerializationLibrary": PARQUET_SERDE, "Parameters": {}},
    }


class Catalog:
    """Glue, in this engine's words. Names are lower case, as in Glue."""

    def __init__(self, glue: Any) -> None:
        self._glue = glue

    def table(self, database: str, name: str) -> Table:
        """One table.

        Raises
        ------
        QueryFailure
            ``TABLE_NOT_FOUND`` or ``SCHEMA_NOT_FOUND``.
        """
        try:
            found = self._glue.get_table(DatabaseName=database.lower(), Name=name.lower())["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
            if not self.has_database(database):
                raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist") from error
            missing = f"Table 'awsdatacatalog.{database}.{name}' does not exist"
            raise QueryFailure("TABLE_NOT_FOUND", missing) from error
        return _table(found)

    def has_table(self, database: str, name: str) -> bool:
        """Is there such a table?"""
        try:
            self._glue.get_table(DatabaseName=database.lower(), Name=name.lower())
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
            return False
        return True

    def has_database(self, name: str) -> bool:
        """Is there such a database?"""
        try:
            self._glue.get_database(Name=name.lower())
        except ClientError as error:
            if error.response["Error"]["Code"] != "EntityNotFoundException":
                raise
            return False
        return True

    def databases(self) -> list[dict[str, Any]]:
        """All databases, as Glue describes them."""
        return list(self._pages("get_databases", "DatabaseList"))

    def database(self, name: str) -> dict[str, Any]:
        """One database, as Glue describes it; botocore's EntityNotFoundException otherwise."""
        found: dict[str, Any] = self._glue.get_database(Name=name.lower())["Database"]
        return found

    def raw_table(self, database: str, name: str) -> dict[str, Any]:
        """One table, as Glue describes it; botocore's EntityNotFoundException otherwise."""
        found: dict[str, Any] = self._glue.get_table(DatabaseName=database.lower(), Name=name.lower())["Table"]
        return found

    def raw_tables(self, database: str) -> list[dict[str, Any]]:
        """The tables of a database, as Glue describes them, by name."""
        return sorted(self._pages("get_tables", "TableList", DatabaseName=database.lower()), key=lambda t: t["Name"])

    def tables(self, database: str) -> list[Table]:
        """The tables and views of a database, by name."""
        return [_table(found) for found in self.raw_tables(database)]

    def partitions(self, table: Table) -> list[Partition]:
        """All registered partitions."""
        pages = self._pages("get_partitions", "Partitions", DatabaseName=table.database, TableName=table.name)
        return [Partition(tuple(p["Values"]), p["StorageDescriptor"]["Location"]) for p in pages]

    def create_table(self, database: str, table_input: dict[str, Any]) -> None:
        """Register a table; the caller has looked that there is none."""
        self._glue.create_table(DatabaseName=database.lower(), TableInput=table_input)

    def replace_table(self, database: str, table_input: dict[str, Any]) -> None:
        """Give a table that is there another definition."""
        self._glue.update_table(DatabaseName=database.lower(), TableInput=table_input)

    def change_table(self, table: Table, change: Callable[[dict[str, Any]], None]) -> None:
        """Change a table's description in place; what Glue adds by itself is not given back to it."""
        found = self.raw_table(table.database, table.name)
        changed = {key: found[key] for key in found if key in _TABLE_INPUT and found[key] not in ("", None)}
        change(changed)
        self.replace_table(table.database, changed)

    def move_partition(self, table: Table, before: Partition, after: Partition) -> None:
        """Give a partition other values or another place; the local AWS cannot change one, so it is made anew."""
        if after.values != before.values:
            self.add_partitions(table, [after])
            self.drop_partition(table, before.values)
            return
        self.drop_partition(table, before.values)
        try:
            self.add_partitions(table, [after])
        except BaseException:
            self.add_partitions(table, [before])
            raise

    def set_database_parameters(self, name: str, parameters: Mapping[str, str]) -> None:
        """Add to a database's properties."""
        found = self.database(name)
        kept = {key: found[key] for key in ("Name", "Description", "LocationUri") if key in found}
        merged = {**(found.get("Parameters") or {}), **parameters}
        self._glue.update_database(Name=name.lower(), DatabaseInput=kept | {"Parameters": merged})

    def drop_table(self, database: str, name: str) -> None:
        """Forget a table; its objects stay (external tables only)."""
        self._glue.delete_table(DatabaseName=database.lower(), Name=name.lower())

    def create_database(self, name: str, location: str | None) -> None:
        """Register a database."""
        self._glue.create_database(
            DatabaseInput={"Name": name.lower()} | ({"LocationUri": location} if location else {})
        )

    def drop_database(self, name: str) -> None:
        """Forget a database and its tables."""
        self._glue.delete_database(Name=name.lower())

    def add_partitions(self, table: Table, partitions: Sequence[Partition]) -> None:
        """Register partitions that are not there yet."""
        inputs = [
            {"Values": list(p.values), "StorageDescriptor": storage(table.columns, p.location)} for p in partitions
        ]
        for start in range(0, len(inputs), ADD_AT_ONCE):
            answer = self._glue.batch_create_partition(
                DatabaseName=table.database,
                TableName=table.name,
                PartitionInputList=inputs[start : start + ADD_AT_ONCE],
            )
            for error in answer.get("Errors", ()):
                detail = error["ErrorDetail"]
                if detail["ErrorCode"] != "AlreadyExistsException":  # somebody else registered it: it is there
                    raise QueryFailure("HIVE_METASTORE_ERROR", detail.get("ErrorMessage", detail["ErrorCode"]))

    def drop_partition(self, table: Table, values: Sequence[str]) -> None:
        """Forget one partition."""
        self._glue.delete_partition(DatabaseName=table.database, TableName=table.name, PartitionValues=list(values))

    def _pages(self, operation: str, field: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        for page in self._glue.get_paginator(operation).paginate(**arguments):
            yield from page[field]


def _table(found: dict[str, Any]) -> Table:
    described = found.get("StorageDescriptor") or {}
    return Table(
        database=found["DatabaseName"],
        name=found["Name"],
        columns=tuple(Column(c["Name"].lower(), c["Type"]) for c in described.get("Columns", ())),
        partition_keys=tuple(Column(c["Name"].lower(), c["Type"]) for c in found.get("PartitionKeys", ())),
        location=described.get("Location", ""),
        kind=found.get("TableType", ""),
        input_format=described.get("InputFormat", ""),
        parameters=found.get("Parameters") or {},
        view_text=found.get("ViewOriginalText") or "",
    )
