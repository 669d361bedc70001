"""SHOW and DESCRIBE: each returns the columns and rows that Athena shows."""

from __future__ import annotations

from collections.abc import Sequence

from infra.local.athena import statement as st
from infra.local.athena.ddl_partitions import spec
from infra.local.athena.ddl_target import Shown, Target, matches
from infra.local.athena.errors import QueryFailure
from infra.local.athena.results import ResultColumn, Row
from infra.local.athena.types import Column


def show_partitions(statement: st.ShowPartitions, target: Target) -> Shown:
    """SHOW PARTITIONS."""
    table = target.table(statement.name)
    if not table.partition_keys:
        raise QueryFailure("FAILED", f"SemanticException Table {table.name} is not a partitioned table")
    keys = [key.name for key in table.partition_keys]
    rows: list[Row] = [[spec(keys, p.values)] for p in sorted(target.catalog.partitions(table), key=lambda p: p.values)]
    return (ResultColumn("partition", "string"),), rows


def show_tables(statement: st.ShowTables, target: Target) -> Shown:
    """SHOW TABLES."""
    database = statement.database or target.database
    if not target.catalog.has_database(database):
        raise QueryFailure("SCHEMA_NOT_FOUND", f"Schema '{database}' does not exist")
    names = [table["Name"] for table in target.catalog.raw_tables(database)]
    rows: list[Row] = [[name] for name in names if matches(name, statement.pattern)]
    return (ResultColumn("tab_name", "string"),), rows


def show_databases(statement: st.ShowDatabases, target: Target) -> Shown:
    """SHOW DATABASES."""
    names = sorted(found["Name"] for found in target.catalog.databases())
    rows: list[Row] = [[name] for name in names if matches(name, statement.pattern)]
    return (ResultColumn("database_name", "string"),), rows


def show_table_properties(statement: st.ShowTableProperties, target: Target) -> Shown:
    """SHOW TBLPROPERTIES: all of them, or the value of one."""
    table = target.relation(statement.name)
    if statement.key is not None:
        value = table.parameters.get(statement.key)
        missing = f"Table {table.database}.{table.name} does not have property: {statement.key}"
        return (ResultColumn("prpt_name", "string"),), [[missing if value is None else value]]
    rows: list[Row] = [[key, value] for key, value in sorted(table.parameters.items())]
    return (ResultColumn("prpt_name", "string"), ResultColumn("prpt_value", "string")), rows


def show_create_table(statement: st.ShowCreateTable, target: Target) -> Shown:
    """SHOW CREATE TABLE: Hive's statement, a row per line."""
    table = target.table(statement.name)
    raw = target.catalog.raw_table(table.database, table.name)
    described = raw.get("StorageDescriptor") or {}
    serde = (described.get("SerdeInfo") or {}).get("SerializationLibrary", "")
    lines = [f"CREATE EXTERNAL TABLE `{table.database}.{table.name}`(", *_column_lines(table.columns)]
    if table.partition_keys:
        lines += ["PARTITIONED BY ( ", *_column_lines(table.partition_keys)]
    lines += ["ROW FORMAT SERDE ", f"  '{serde}' ", "STORED AS INPUTFORMAT ", f"  '{table.input_format}' "]
    lines += ["OUTPUTFORMAT ", f"  '{described.get('OutputFormat', '')}'", "LOCATION", f"  '{table.location}'"]
    properties = sorted((key, value) for key, value in table.parameters.items() if key != "EXTERNAL")
    if properties:
        told = [f"  '{key}'='{value}'" for key, value in properties]
        lines += ["TBLPROPERTIES (", *(f"{line}, " for line in told[:-1]), f"{told[-1]})"]
    return (ResultColumn("createtab_stmt", "string"),), [list[str | None]([line]) for line in lines]


def _column_lines(columns: Sequence[Column]) -> list[str]:
    last = len(columns) - 1
    return [f"  `{c.name}` {c.type}" + (")" if at == last else ", ") for at, c in enumerate(columns)]


def show_columns(statement: st.ShowColumns, target: Target) -> Shown:
    """SHOW COLUMNS."""
    table = target.relation(statement.name)
    rows: list[Row] = [[column.name] for column in (*table.columns, *table.partition_keys)]
    return (ResultColumn("field", "string"),), rows


def describe(statement: st.Describe, target: Target) -> Shown:
    """DESCRIBE."""
    table = target.relation(statement.name)
    rows: list[Row] = [[column.name, column.type, ""] for column in (*table.columns, *table.partition_keys)]
    if table.partition_keys:
        rows += [["", None, None], ["# Partition Information", None, None], ["# col_name", "data_type", "comment"]]
        rows += [[key.name, key.type, ""] for key in table.partition_keys]
    return tuple(ResultColumn(name, "string") for name in ("col_name", "data_type", "comment")), rows
