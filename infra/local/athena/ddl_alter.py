"""ALTER TABLE of what is no partition, and ALTER DATABASE."""

from __future__ import annotations

from typing import Any

from infra.local.athena import statement as st
from infra.local.athena.catalog import Partition
from infra.local.athena.ddl_partitions import partition_values
from infra.local.athena.ddl_target import NOTHING, Shown, Target
from infra.local.athena.errors import QueryFailure
from infra.local.athena.types import duckdb_type


def set_location(statement: st.SetLocation, target: Target) -> Shown:
    """The table's folder, or that of a partition; the files stay where they are."""
    table = target.table(statement.name)
    if statement.partition is None:
        target.catalog.change_table(table, lambda t: t["StorageDescriptor"].update(Location=statement.location))
        return NOTHING
    values = partition_values(table, statement.partition)
    known = {partition.values: partition for partition in target.catalog.partitions(table)}
    if values not in known:
        raise QueryFailure("FAILED", f"SemanticException Partition not found: {list(values)}")
    target.catalog.move_partition(table, known[values], Partition(values, statement.location))
    return NOTHING


def set_table_properties(statement: st.SetTableProperties, target: Target) -> Shown:
    """Add to the table's properties, or change them."""

    def change(table: dict[str, Any]) -> None:
        table["Parameters"] = {**(table.get("Parameters") or {}), **statement.properties}

    target.catalog.change_table(target.table(statement.name), change)
    return NOTHING


def add_columns(statement: st.AddColumns, target: Target) -> Shown:
    """Columns behind those that are there; older files have nulls for them."""
    table = target.table(statement.name)
    known = {column.name for column in (*table.columns, *table.partition_keys)}
    for column in statement.columns:
        duckdb_type(column.type)
        if column.name in known:
            raise QueryFailure("FAILED", f"SemanticException Duplicate column name: {column.name}")
        known.add(column.name)
    added = [{"Name": column.name, "Type": column.type} for column in statement.columns]
    target.catalog.change_table(table, lambda t: t["StorageDescriptor"]["Columns"].extend(added))
    return NOTHING


def set_database_properties(statement: st.SetDatabaseProperties, target: Target) -> Shown:
    """Add to the database's properties, or change them."""
    if not target.catalog.has_database(statement.database):
        raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{statement.database}' does not exist")
    target.catalog.set_database_parameters(statement.database, statement.properties)
    return NOTHING
