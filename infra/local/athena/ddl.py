"""Statements about the catalog. Each returns the columns and rows that Athena shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import unquote

from infra.local.athena import ddl_views
from infra.local.athena import statement as st
from infra.local.athena.catalog import Partition, Table, storage
from infra.local.athena.ddl_target import NOTHING, Shown, Target, matches
from infra.local.athena.errors import QueryFailure
from infra.local.athena.locations import Location
from infra.local.athena.results import ResultColumn, Row
from infra.local.athena.types import duckdb_type
from infra.local.athena.writes import partition_folder


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


def _values(table: Table, spec: Mapping[str, str]) -> tuple[str, ...]:
    keys = [key.name for key in table.partition_keys]
    if set(spec) != set(keys):
        raise QueryFailure("FAILED", f"SemanticException Partition spec must name {', '.join(keys)}")
    return tuple(spec[key] for key in keys)


def _add_partitions(statement: st.AddPartitions, target: Target) -> Shown:
    table = target.table(statement.name)
    known = {partition.values for partition in target.catalog.partitions(table)}
    keys = [key.name for key in table.partition_keys]
    new = []
    for spec in statement.partitions:
        values = _values(table, spec.values)
        if values in known:
            if not statement.if_not_exists:
                raise QueryFailure("FAILED", f"AlreadyExistsException: Partition already exists: {list(values)}")
            continue
        new.append(
            Partition(values, spec.location or partition_folder(Location.parse(table.location), keys, values).uri)
        )
    target.catalog.add_partitions(table, new)
    return NOTHING


def _drop_partitions(statement: st.DropPartitions, target: Target) -> Shown:
    table = target.table(statement.name)
    known = {partition.values for partition in target.catalog.partitions(table)}
    for spec in statement.partitions:
        values = _values(table, spec.values)
        if values in known:
            target.catalog.drop_partition(table, values)
        elif not statement.if_exists:
            raise QueryFailure("FAILED", f"SemanticException Partition not found: {list(values)}")
    return NOTHING


def _repair(statement: st.RepairTable, target: Target) -> Shown:
    table = target.table(statement.name)
    base, keys = Location.parse(table.location), [key.name for key in table.partition_keys]
    known = {partition.values for partition in target.catalog.partitions(table)}
    found: dict[tuple[str, ...], str] = {}
    for stored in target.objects.list(base):
        parts = stored.key.removeprefix(base.prefix).split("/")[: len(keys)]
        names, values = [p.partition("=")[0].lower() for p in parts], [unquote(p.partition("=")[2]) for p in parts]
        if keys and names == keys:
            found.setdefault(tuple(values), f"s3://{base.bucket}/{base.prefix}{'/'.join(parts)}/")
    new = [Partition(values, location) for values, location in sorted(found.items()) if values not in known]
    target.catalog.add_partitions(table, new)
    lines = (
        [[f"Partitions not in metastore:\t{' '.join(f'{table.name}:{_spec(keys, p.values)}' for p in new)}"]]
        if new
        else []
    )
    lines += [[f"Repair: Added partition to metastore {table.name}:{_spec(keys, p.values)}"] for p in new]
    return (ResultColumn("result", "string"),), [list[str | None](line) for line in lines]


def _spec(keys: list[str], values: tuple[str, ...]) -> str:
    return "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))


def _show_partitions(statement: st.ShowPartitions, target: Target) -> Shown:
    table = target.table(statement.name)
    if not table.partition_keys:
        raise QueryFailure("FAILED", f"SemanticException Table {table.name} is not a partitioned table")
    keys = [key.name for key in table.partition_keys]
    rows: list[Row] = [
        [_spec(keys, p.values)] for p in sorted(target.catalog.partitions(table), key=lambda p: p.values)
    ]
    return (ResultColumn("partition", "string"),), rows


def _show_tables(statement: st.ShowTables, target: Target) -> Shown:
    database = statement.database or target.database
    if not target.catalog.has_database(database):
        raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")
    names = [table["Name"] for table in target.catalog.raw_tables(database)]
    rows: list[Row] = [[name] for name in names if matches(name, statement.pattern)]
    return (ResultColumn("tab_name", "string"),), rows


def _show_databases(_: st.ShowDatabases, target: Target) -> Shown:
    rows: list[Row] = [[found["Name"]] for found in sorted(target.catalog.databases(), key=lambda d: d["Name"])]
    return (ResultColumn("database_name", "string"),), rows


def _show_columns(statement: st.ShowColumns, target: Target) -> Shown:
    table = target.relation(statement.name)
    rows: list[Row] = [[column.name] for column in (*table.columns, *table.partition_keys)]
    return (ResultColumn("field", "string"),), rows


def _describe(statement: st.Describe, target: Target) -> Shown:
    table = target.relation(statement.name)
    rows: list[Row] = [[column.name, column.type, ""] for column in (*table.columns, *table.partition_keys)]
    if table.partition_keys:
        rows += [["", None, None], ["# Partition Information", None, None], ["# col_name", "data_type", "comment"]]
        rows += [[key.name, key.type, ""] for key in table.partition_keys]
    return tuple(ResultColumn(name, "string") for name in ("col_name", "data_type", "comment")), rows


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
    st.AddPartitions: _add_partitions,
    st.DropPartitions: _drop_partitions,
    st.RepairTable: _repair,
    st.ShowPartitions: _show_partitions,
    st.ShowTables: _show_tables,
    st.ShowDatabases: _show_databases,
    st.ShowColumns: _show_columns,
    st.Describe: _describe,
    st.CreateDatabase: _create_database,
    st.DropDatabase: _drop_database,
}
