"""What ALTER TABLE and ALTER DATABASE ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.local.athena.names import Name
from infra.local.athena.types import Column


@dataclass(frozen=True, slots=True)
class Comparison:
    """``key < 'value'`` of a partition; the operators are ``= != < <= > >=``."""

    key: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class DropPartitions:
    """ALTER TABLE … DROP [IF EXISTS] PARTITION (…), …: of each, all comparisons must hold."""

    name: Name
    partitions: tuple[tuple[Comparison, ...], ...]
    if_exists: bool


@dataclass(frozen=True, slots=True)
class RenamePartition:
    """ALTER TABLE … PARTITION (…) RENAME TO PARTITION (…)."""

    name: Name
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SetLocation:
    """ALTER TABLE … [PARTITION (…)] SET LOCATION '…'."""

    name: Name
    partition: Mapping[str, str] | None
    location: str


@dataclass(frozen=True, slots=True)
class SetTableProperties:
    """ALTER TABLE … SET TBLPROPERTIES ('key' = 'value', …)."""

    name: Name
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AddColumns:
    """ALTER TABLE … ADD COLUMNS (name type, …)."""

    name: Name
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class SetDatabaseProperties:
    """ALTER {DATABASE | SCHEMA} … SET DBPROPERTIES ('key' = 'value', …)."""

    database: str
    properties: Mapping[str, str]
