"""UNLOAD, CREATE TABLE AS and INSERT INTO: Parquet written beside, then uploaded, then made known to Glue."""

from __future__ import annotations

import datetime as dt
import random
import string
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from infra.local.athena.catalog import Catalog, Partition, Table, storage
from infra.local.athena.engine import Engine
from infra.local.athena.errors import QueryFailure, not_supported
from infra.local.athena.locations import Location
from infra.local.athena.objects import ObjectStore
from infra.local.athena.statement import CreateTableAs, InsertInto, Unload
from infra.local.athena.typecheck import Fields, check_insert
from infra.local.athena.types import Column, duckdb_type, glue_type, identifier, literal

MAX_PARTITIONS = 100  # Athena's limit of open writers
MAX_LEVEL = 22  # of zstd
_CODECS = {"ZSTD": "zstd", "SNAPPY": "snappy", "GZIP": "gzip", "NONE": "uncompressed", "LZ4": "lz4_raw"}
_UNLOAD_OPTIONS = {"format", "compression", "compression_level", "partitioned_by"}
_CTAS_OPTIONS = {
    "format", "external_location", "partitioned_by", "write_compression", "parquet_compression", "compression_level",
    "table_type", "is_external",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How Parquet is written; ``level`` is zstd's."""

    codec: str
    partitioned_by: tuple[str, ...]
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was uploaded: where, and the values of its partition."""

    uri: str
    values: tuple[str, ...]


def write_options(options: dict[str, object], known: set[str]) -> WriteOptions:
    """Read ``WITH (…)``, refusing what is not known.

    Raises
    ------
    QueryFailure
        For a format other than Parquet, an unknown codec or property.
    """
    unknown = sorted(set(options) - known)
    if unknown:
        raise not_supported(f"the properties {', '.join(unknown)}")
    if str(options.get("format", "PARQUET")).upper() != "PARQUET":
        raise not_supported(f"writing {options['format']}; PARQUET is written")
    if str(options.get("table_type", "HIVE")).upper() != "HIVE":
        raise not_supported(f"tables of type {options['table_type']}")
    names = ("compression", "write_compression", "parquet_compression")
    codec = str(next((options[name] for name in names if name in options), "GZIP")).upper()
    if codec not in _CODECS:
        raise QueryFailure("INVALID_PROPERTY", f"Unsupported compression: {codec}")
    keys = options.get("partitioned_by", ())
    level = str(options.get("compression_level", ""))
    if level and not (level.isdecimal() and 0 < int(level[:9]) <= MAX_LEVEL):
        raise QueryFailure("INVALID_PROPERTY", f"Unsupported compression level: {level}")
    return WriteOptions(
        _CODECS[codec],
        tuple(str(k).lower() for k in keys) if isinstance(keys, tuple) else (),
        int(level) if level else None,
    )


def output_columns(engine: Engine, sql: str) -> list[Column]:
    """The columns of a query that is to be written, in Glue's types.

    Raises
    ------
    QueryFailure
        For a column without a name, one that is there twice, or of a type that Hive lacks.
    """
    described = engine.run(f"DESCRIBE {sql}").fetchall()
    columns = [Column(str(row[0]).lower(), glue_type(str(row[1]))) for row in described]
    names = [column.name for column in columns]
    for at, name in enumerate(names):
        if name == f"_col{at}":
            raise QueryFailure("MISSING_COLUMN_NAME", f"Column name not specified at position {at + 1}")
        if names.index(name) != at:
            raise QueryFailure("DUPLICATE_COLUMN_NAME", f"Column name '{name}' specified more than once")
    return columns


class Writer:
    """Writes the result of a query as Parquet objects."""

    def __init__(self, engine: Engine, objects: ObjectStore, folder: Path, now: dt.datetime) -> None:
        self._engine = engine
        self._objects = objects
        self._folder = folder
        letters = "".join(random.choices(string.ascii_lowercase + string.digits, k=5))  # noqa: S311 - a name
        self._stem = f"{now:%Y%m%d_%H%M%S}_00000_{letters}"

    def stage(
        self, sql: str, columns: Sequence[Column], options: WriteOptions
    ) -> tuple[int, list[tuple[Path, tuple[str, ...]]]]:
        """Run the query into local files: rows, and each file with its partition's values.

        Raises
        ------
        QueryFailure
            ``HIVE_TOO_MANY_OPEN_PARTITIONS`` past Athena's limit.
        """
        out = self._folder / "out"
        typed = ((identifier(c.name), duckdb_type(c.type)) for c in columns)
        casts = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in typed)
        settings = f"FORMAT parquet, COMPRESSION {options.codec}"
        if options.level is not None and options.codec == "zstd":
            settings += f", COMPRESSION_LEVEL {options.level}"
        keys = ", ".join(map(identifier, options.partitioned_by))
        if keys:
            self._check_partitions(sql, keys)
            target, settings = out, f"{settings}, PARTITION_BY ({keys})"
        else:
            out.mkdir()
            target = out / "part"
        copy = f"COPY (SELECT {casts} FROM ({sql}) AS written) TO {literal(str(target))} ({settings})"
        rows = self._engine.run(copy).fetchall()[0][0]
        files = [] if not rows else sorted(path for path in out.rglob("*") if path.is_file())
        return int(rows), [(path, _values(path.relative_to(out))) for path in files]

    def _check_partitions(self, sql: str, keys: str) -> None:
        counting = f"SELECT count(*) FROM (SELECT DISTINCT {keys} FROM ({sql}) AS w LIMIT {MAX_PARTITIONS + 1}) AS d"
        if self._engine.run(counting).fetchall()[0][0] > MAX_PARTITIONS:
            raise QueryFailure(
                "HIVE_TOO_MANY_OPEN_PARTITIONS",
                f"Exceeded limit of {MAX_PARTITIONS} open writers for partitions/buckets",
            )

    def upload(self, path: Path, values: tuple[str, ...], to: Location) -> Written:
        """Put one file below a folder, under a name of its own."""
        key = f"{to.prefix}{self._stem}_{uuid.uuid4()}"
        self._objects.upload(path, to.bucket, key)
        return Written(f"s3://{to.bucket}/{key}", values)


def _values(relative: Path) -> tuple[str, ...]:
    return tuple(unquote(part.partition("=")[2]) for part in relative.parts[:-1])


def partition_folder(base: Location, keys: Sequence[str], values: Sequence[str]) -> Location:
    """Hive's folder of a partition.

    >>> partition_folder(Location("b", "t/"), ["dt"], ["2026-11-22"]).uri
    's3://b/t/dt=2026-11-22/'
    """
    for key, value in zip(keys, values, strict=True):
        base = base.child(f"{key}={_escaped(value)}")
    return base


def _escaped(value: str) -> str:
    """Hive's escapes: the characters that mean something in a path."""
    return "".join(f"%{ord(c):02X}" if c in "\"#%'*/:=?\\{[]^\x7f" or ord(c) < 32 else c for c in value)


def unload(
    statement: Unload, sql: str, writer: Writer, engine: Engine, objects: ObjectStore
) -> tuple[int, list[Written]]:
    """Write the result to a folder that must be empty.

    Raises
    ------
    QueryFailure
        ``HIVE_PATH_ALREADY_EXISTS`` when it is not.
    """
    options = write_options(dict(statement.options), _UNLOAD_OPTIONS)
    target = Location.parse(statement.target)
    _require_empty(target, objects)
    columns = output_columns(engine, sql)
    _require_last(columns, options.partitioned_by)
    rows, files = writer.stage(sql, columns, options)
    _require_empty(target, objects)
    return rows, [writer.upload(p, v, partition_folder(target, options.partitioned_by, v)) for p, v in files]


def create_table_as(
    statement: CreateTableAs, database: str, base: Location, sql: str, writer: Writer, engine: Engine,
    objects: ObjectStore, catalog: Catalog,
) -> tuple[int, list[Written]]:  # fmt: skip
    """Write the result to an empty folder and register the table over it."""
    options = write_options(dict(statement.options), _CTAS_OPTIONS)
    asked = statement.options.get("external_location")
    target = Location.parse(str(asked)) if asked else base
    _require_empty(target, objects)
    columns = output_columns(engine, sql)
    _require_last(columns, options.partitioned_by)
    rows, files = writer.stage(sql, columns, options) if statement.with_data else (0, [])
    written = [writer.upload(p, v, partition_folder(target, options.partitioned_by, v)) for p, v in files]
    plain = [c for c in columns if c.name not in options.partitioned_by]
    keys = [c for c in columns if c.name in options.partitioned_by]
    catalog.create_table(
        database,
        {
            "Name": statement.name.table,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"EXTERNAL": "TRUE", "classification": "parquet", "has_encrypted_data": "false"},
            "StorageDescriptor": storage(plain, target.uri),
            "PartitionKeys": [{"Name": key.name, "Type": key.type} for key in keys],
        },
    )
    if keys and files:
        _register(catalog, catalog.table(database, statement.name.table), target, [v for _, v in files])
    return rows, written


def insert_into(
    statement: InsertInto,
    table: Table,
    sql: str,
    writer: Writer,
    engine: Engine,
    catalog: Catalog,
    fields: Fields = None,
) -> tuple[int, list[Written]]:
    """Add the result's rows to a table; partitions that are new are registered. ``fields``: what is known of them."""
    keys = [key.name for key in table.partition_keys]
    wanted = [*table.columns, *table.partition_keys]
    given = engine.run(f"DESCRIBE {sql}").fetchall()
    names = statement.columns or tuple(column.name for column in wanted)
    if len(given) != len(names) or not set(names) <= {c.name for c in wanted} or len(set(names)) != len(names):
        raise QueryFailure(
            "TYPE_MISMATCH", f"Insert query has {len(given)} columns, the table wants {', '.join(names)}"
        )
    if missing := [key for key in keys if key not in names]:
        raise QueryFailure("NOT_SUPPORTED", f"INSERT must give the partition columns: {', '.join(missing)}")
    source = ", ".join(f'"c{at}"' for at in range(len(names)))
    values = ", ".join(
        f"{f'c{names.index(c.name)}' if c.name in names else 'NULL'} AS {identifier(c.name)}" for c in wanted
    )
    check_insert(fields, [column for name in names for column in wanted if column.name == name])
    _require_assignable(given, names, wanted)
    shaped = f"SELECT {values} FROM ({sql}) AS given({source})"
    codec = _CODECS.get(table.parameters.get("parquet.compression", "GZIP").upper(), "gzip")
    rows, files = writer.stage(shaped, wanted, WriteOptions(codec, tuple(keys)))
    base = Location.parse(table.location)
    places = {p.values: Location.parse(p.location) for p in catalog.partitions(table)} if keys else {}
    written = [writer.upload(p, v, places.get(v) or partition_folder(base, keys, v)) for p, v in files]
    if keys:
        _register(catalog, table, base, [v for _, v in files if v not in places])
    return rows, written


_FAMILIES = (("bigint", "int", "integer", "smallint", "tinyint", "double", "float", "decimal"),)


def _require_assignable(given: Sequence[tuple[object, ...]], names: Sequence[str], wanted: Sequence[Column]) -> None:
    """Trino writes a value only into a column of its kind: numbers into numbers, the rest into the same type."""
    types = {column.name: column.type.lower() for column in wanted}
    for row, name in zip(given, names, strict=True):
        have, want = glue_type(str(row[1])).partition("(")[0], types[name].partition("(")[0]
        if str(row[1]) == '"NULL"' or have == want or {have, want} <= {"string", "varchar", "char"}:
            continue
        if {have, want} == {"date", "timestamp"} or any(have in f and want in f for f in _FAMILIES) or "<" in want:
            continue
        raise QueryFailure("TYPE_MISMATCH", f"Insert query has mismatched column types: {name} is {want}, not {have}")


def _register(catalog: Catalog, table: Table, base: Location, values: Sequence[tuple[str, ...]]) -> None:
    keys = [key.name for key in table.partition_keys]
    catalog.add_partitions(table, [Partition(v, partition_folder(base, keys, v).uri) for v in dict.fromkeys(values)])


def _require_empty(target: Location, objects: ObjectStore) -> None:
    if not objects.is_empty(target):
        raise QueryFailure(
            "HIVE_PATH_ALREADY_EXISTS", f"Target directory for table or unload is not empty: {target.uri}"
        )


def _require_last(columns: Sequence[Column], keys: Sequence[str]) -> None:
    names = [column.name for column in columns]
    if keys and (len(keys) >= len(names) or names[-len(keys) :] != list(keys)):
        raise QueryFailure(
            "HIVE_COLUMN_ORDER_MISMATCH", "Partition keys must be the last columns in the table and in the same order"
        )
