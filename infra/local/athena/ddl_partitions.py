"""Statements about the partitions of a table."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from infra.local.athena import statement as st
from infra.local.athena.catalog import Partition, Table
from infra.local.athena.ddl_target import NOTHING, Shown, Target
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.locations import Location
from infra.local.athena.pruning import NULL_VALUE
from infra.local.athena.results import ResultColumn
from infra.local.athena.writes import partition_folder


def partition_values(table: Table, spec: Mapping[str, str]) -> tuple[str, ...]:
    """The values of a partition in the order of the keys; all must be named."""
    keys = [key.name for key in table.partition_keys]
    if set(spec) != set(keys):
        raise QueryFailure("FAILED", f"SemanticException Partition spec must name {', '.join(keys)}")
    return tuple(spec[key] for key in keys)


def add_partitions(statement: st.AddPartitions, target: Target) -> Shown:
    """ALTER TABLE … ADD PARTITION."""
    table = target.table(statement.name)
    known = {partition.values for partition in target.catalog.partitions(table)}
    keys = [key.name for key in table.partition_keys]
    new = []
    for one in statement.partitions:
        values = partition_values(table, one.values)
        if values in known:
            if not statement.if_not_exists:
                raise QueryFailure("FAILED", f"AlreadyExistsException: Partition already exists: {list(values)}")
            continue
        new.append(
            Partition(values, one.location or partition_folder(Location.parse(table.location), keys, values).uri)
        )
    target.catalog.add_partitions(table, new)
    return NOTHING


def drop_partitions(statement: st.DropPartitions, target: Target) -> Shown:
    """ALTER TABLE … DROP PARTITION, by all keys or by comparisons."""
    table = target.table(statement.name)
    known = target.catalog.partitions(table)
    for comparisons in statement.partitions:
        found = [p for p in known if all(_holds(table, p, comparison) for comparison in comparisons)]
        if not found and not statement.if_exists:
            told = [f"{c.key} {c.operator} {c.value}" for c in comparisons]
            raise QueryFailure("FAILED", f"SemanticException Partition not found: {', '.join(told)}")
        for partition in found:
            target.catalog.drop_partition(table, partition.values)
        known = [p for p in known if p not in found]
    return NOTHING


_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _holds(table: Table, partition: Partition, comparison: st.Comparison) -> bool:
    """Does a partition meet a comparison? Whole numbers compare as such, texts and dates as texts; null meets none."""
    keys = [key.name for key in table.partition_keys]
    if comparison.key not in keys:
        raise QueryFailure("FAILED", f"SemanticException Column {comparison.key} is no partition key of {table.name}")
    at = keys.index(comparison.key)
    kind, have = table.partition_keys[at].type.lower(), partition.values[at]
    if comparison.operator == "=":
        return have == comparison.value
    if kind not in ("string", "date") and not kind.startswith("varchar") and not kind.endswith("int"):
        raise not_supported(f"comparing partitions by a {kind}")
    if have == NULL_VALUE:
        return False
    read = int if kind.endswith("int") else str
    return _OPERATORS[comparison.operator](read(have), read(comparison.value))


def rename_partition(statement: st.RenamePartition, target: Target) -> Shown:
    """ALTER TABLE … PARTITION … RENAME TO PARTITION: the files stay where they are."""
    table = target.table(statement.name)
    before, after = partition_values(table, statement.before), partition_values(table, statement.after)
    known = {partition.values: partition for partition in target.catalog.partitions(table)}
    if before not in known:
        raise QueryFailure("FAILED", f"SemanticException Partition not found: {list(before)}")
    if after in known:
        raise QueryFailure("FAILED", f"AlreadyExistsException: Partition already exists: {list(after)}")
    target.catalog.move_partition(table, known[before], Partition(after, known[before].location))
    return NOTHING


def repair(statement: st.RepairTable, target: Target) -> Shown:
    """MSCK REPAIR TABLE."""
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
        [[f"Partitions not in metastore:\t{' '.join(f'{table.name}:{spec(keys, p.values)}' for p in new)}"]]
        if new
        else []
    )
    lines += [[f"Repair: Added partition to metastore {table.name}:{spec(keys, p.values)}"] for p in new]
    return (ResultColumn("result", "string"),), [list[str | None](line) for line in lines]


def spec(keys: list[str], values: tuple[str, ...]) -> str:
    """A partition as it is shown: ``dt=2026-11-22/hour=3``."""
    return "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))
