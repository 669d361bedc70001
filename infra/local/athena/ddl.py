"""Statements about the catalog. Each returns the columns and rows that Athena shows."""

from __future__ import annotations

from collections.abc import Callable

from infra.local.athena import ddl_alter, ddl_partitions, ddl_shows, ddl_views
from infra.local.athena import statement as st
from infra.local.athena.catalog import storage
from infra.local.athena.ddl_target import NOTHING, Shown, Target
from infra.local.athena.errors import QueryFailure
from infra.local.athena.types import duckdb_type


def run(statement: st.Ddl, target: Target) -> Shown:
    """Do it.

    Raises
    ------
    QueryFailure
        With Athena's name for what is in the way.
    """
    return _DOES[type(statement)](statement, target)


def _create_table(statement: st.CreateTable, target: Target) -> Shown:
    database = target.database_of(statement.name)
    if not target.catalog.has_database(database):
        raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")
    if target.catalog.has_table(database, statement.name.table):
        if statement.if_not_exists:
            return NOTHING
        raise QueryFailure("FAILED", f"AlreadyExistsException: Table {statement.name.table} already exists")
    for column in (*statement.columns, *statement.partition_keys):
        duckdb_type(column.type)
    target.catalog.create_table(
        database,
        {
            "Name": statement.name.table,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"EXTERNAL": "TRUE", "classification": "parquet", **statement.parameters},
            "StorageDescriptor": storage(statement.columns, statement.location),
            "PartitionKeys": [{"Name": key.name, "Type": key.type} for key in statement.partition_keys],
        },
    )
    return NOTHING


def _drop_table(statement: st.DropTable, target: Target) -> Shown:
    database = target.database_of(statement.name)
    if target.catalog.has_table(database, statement.name.table):
        if target.relation(statement.name).is_view:
            raise QueryFailure("FAILED", "SemanticException Cannot drop a view with DROP TABLE")
        target.catalog.drop_table(database, statement.name.table)
    elif not statement.if_exists:
        raise QueryFailure("FAILED", f"SemanticException Table not found {statement.name.table}")
    return NOTHING


def _create_database(statement: st.CreateDatabase, target: Target) -> Shown:
    if not target.catalog.has_database(statement.database):
        target.catalog.create_database(statement.database, statement.location)
    elif not statement.if_not_exists:
        raise QueryFailure("FAILED", f"AlreadyExistsException: Database {statement.database} already exists")
    return NOTHING


def _drop_database(statement: st.DropDatabase, target: Target) -> Shown:
    if not target.catalog.has_database(statement.database):
        if statement.if_exists:
            return NOTHING
        raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{statement.database}' does not exist")
    if target.catalog.raw_tables(statement.database) and not statement.cascade:
        raise QueryFailure("FAILED", f"InvalidOperationException: Database {statement.database} is not empty")
    target.catalog.drop_database(statement.database)
    return NOTHING


_DOES: dict[type, Callable[..., Shown]] = {
    st.CreateTable: _create_table,
    st.DropTable: _drop_table,
    st.CreateView: ddl_views.create_view,
    st.DropView: ddl_views.drop_view,
    st.ShowViews: ddl_views.show_views,
    st.ShowCreateView: ddl_views.show_create_view,
    st.AddPartitions: ddl_partitions.add_partitions,
    st.DropPartitions: ddl_partitions.drop_partitions,
    st.RepairTable: ddl_partitions.repair,
    st.ShowPartitions: ddl_shows.show_partitions,
    st.ShowTables: ddl_shows.show_tables,
    st.ShowDatabases: ddl_shows.show_databases,
    st.ShowColumns: ddl_shows.show_columns,
    st.Describe: ddl_shows.describe,
    st.RenamePartition: ddl_partitions.rename_partition,
    st.SetLocation: ddl_alter.set_location,
    st.SetTableProperties: ddl_alter.set_table_properties,
    st.AddColumns: ddl_alter.add_columns,
    st.SetDatabaseProperties: ddl_alter.set_database_properties,
    st.ShowCreateTable: ddl_shows.show_create_table,
    st.ShowTableProperties: ddl_shows.show_table_properties,
    st.CreateDatabase: _create_database,
    st.DropDatabase: _drop_database,
}
