"""What a statement asks for: text in, one of the dataclasses below out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from infra.local.athena.alterations import AddColumns as AddColumns
from infra.local.athena.alterations import Comparison as Comparison
from infra.local.athena.alterations import DropPartitions as DropPartitions
from infra.local.athena.alterations import RenamePartition as RenamePartition
from infra.local.athena.alterations import SetDatabaseProperties as SetDatabaseProperties
from infra.local.athena.alterations import SetLocation as SetLocation
from infra.local.athena.alterations import SetTableProperties as SetTableProperties
from infra.local.athena.names import Name as Name
from infra.local.athena.types import Column


@dataclass(frozen=True, slots=True)
class Query:
    """SELECT, WITH, VALUES, UNION…"""

    tree: exp.Query


@dataclass(frozen=True, slots=True)
class Unload:
    """UNLOAD (query) TO 's3://…' WITH (…)."""

    tree: exp.Query
    target: str
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CreateTableAs:
    """CREATE TABLE name WITH (…) AS query [WITH NO DATA]."""

    name: Name
    tree: exp.Query
    options: Mapping[str, object]
    if_not_exists: bool = False
    with_data: bool = True


@dataclass(frozen=True, slots=True)
class InsertInto:
    """INSERT INTO name [(columns)] query."""

    name: Name
    columns: tuple[str, ...]
    tree: exp.Query


@dataclass(frozen=True, slots=True)
class Explain:
    """EXPLAIN [(TYPE kind)] query; ``kind`` is LOGICAL, DISTRIBUTED, VALIDATE or IO."""

    tree: exp.Query
    kind: str


@dataclass(frozen=True, slots=True)
class CreateTable:
    """CREATE EXTERNAL TABLE."""

    name: Name
    columns: tuple[Column, ...]
    partition_keys: tuple[Column, ...]
    location: str
    if_not_exists: bool
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreateView:
    """CREATE [OR REPLACE] VIEW name AS query; ``sql`` is the query as it was written."""

    name: Name
    sql: str
    tree: exp.Query
    or_replace: bool


@dataclass(frozen=True, slots=True)
class DropView:
    """DROP VIEW [IF EXISTS]."""

    name: Name
    if_exists: bool


@dataclass(frozen=True, slots=True)
class DropTable:
    """DROP TABLE [IF EXISTS]."""

    name: Name
    if_exists: bool


@dataclass(frozen=True, slots=True)
class PartitionSpec:
    """``PARTITION (k = 'v', …) [LOCATION '…']``."""

    values: Mapping[str, str]
    location: str | None = None


@dataclass(frozen=True, slots=True)
class AddPartitions:
    """ALTER TABLE … ADD [IF NOT EXISTS] PARTITION …"""

    name: Name
    partitions: tuple[PartitionSpec, ...]
    if_not_exists: bool


@dataclass(frozen=True, slots=True)
class RepairTable:
    """MSCK REPAIR TABLE."""

    name: Name


@dataclass(frozen=True, slots=True)
class ShowPartitions:
    """SHOW PARTITIONS."""

    name: Name


@dataclass(frozen=True, slots=True)
class ShowTables:
    """SHOW TABLES [IN database] ['pattern']."""

    database: str
    pattern: str | None


@dataclass(frozen=True, slots=True)
class ShowViews:
    """SHOW VIEWS [IN database] [LIKE 'pattern']."""

    database: str
    pattern: str | None


@dataclass(frozen=True, slots=True)
class ShowCreateView:
    """SHOW CREATE VIEW."""

    name: Name


@dataclass(frozen=True, slots=True)
class ShowDatabases:
    """SHOW DATABASES | SCHEMAS [LIKE 'pattern']."""

    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class ShowCreateTable:
    """SHOW CREATE TABLE."""

    name: Name


@dataclass(frozen=True, slots=True)
class ShowTableProperties:
    """SHOW TBLPROPERTIES name [('key')]."""

    name: Name
    key: str | None


@dataclass(frozen=True, slots=True)
class ShowColumns:
    """SHOW COLUMNS IN table."""

    name: Name


@dataclass(frozen=True, slots=True)
class Describe:
    """DESCRIBE table."""

    name: Name


@dataclass(frozen=True, slots=True)
class CreateDatabase:
    """CREATE DATABASE | SCHEMA."""

    database: str
    if_not_exists: bool
    location: str | None


@dataclass(frozen=True, slots=True)
class DropDatabase:
    """DROP DATABASE | SCHEMA."""

    database: str
    if_exists: bool
    cascade: bool


@dataclass(frozen=True, slots=True)
class Prepare:
    """PREPARE name FROM statement."""

    name: str
    sql: str


@dataclass(frozen=True, slots=True)
class Execute:
    """EXECUTE name [USING literal, …]; ``refused`` tells why it could not be resolved to what was prepared."""

    name: str
    arguments: tuple[str, ...]
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Deallocate:
    """DEALLOCATE PREPARE name."""

    name: str


Dml = Query | Unload | CreateTableAs | InsertInto | Explain
Ddl = (
    CreateTable
    | CreateView
    | DropView
    | DropTable
    | AddPartitions
    | DropPartitions
    | RenamePartition
    | SetLocation
    | SetTableProperties
    | AddColumns
    | SetDatabaseProperties
    | ShowCreateTable
    | ShowTableProperties
    | RepairTable
    | ShowPartitions
    | ShowTables
    | ShowViews
    | ShowCreateView
    | ShowDatabases
    | ShowColumns
    | Describe
    | CreateDatabase
    | DropDatabase
)
Preparing = Prepare | Execute | Deallocate
Statement = Dml | Ddl | Preparing

UTILITY = (
    ShowPartitions,
    ShowTables,
    ShowViews,
    ShowCreateView,
    ShowDatabases,
    ShowColumns,
    ShowCreateTable,
    ShowTableProperties,
    Describe,
    Explain,
    Execute,
)


def statement_type(statement: Statement) -> str:
    """``DML``, ``DDL`` or ``UTILITY``, as ``GetQueryExecution`` shows it.

    >>> statement_type(ShowDatabases())
    'UTILITY'
    """
    if isinstance(statement, (Query, Unload, InsertInto)):
        return "DML"
    return "UTILITY" if isinstance(statement, UTILITY) else "DDL"
