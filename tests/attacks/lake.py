"""A lake in memory: every table of the registry and of the cubes, small, behind what boto3 says of Glue and S3."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from botocore.exceptions import ClientError

from chalicelib.lake.schemas import GLUE_TYPES, PARTITION_KEYS, lake_columns
from chalicelib.lake.writer import ARROW_TYPES
from chalicelib.metrics.cubes import CUBES
from chalicelib.sources.base import Column, ColumnType
from chalicelib.sources.registry import SOURCES
from infra.local.athena import catalog

DATABASE = "lake"
VAULT = "vault"
"""Another database. Door B must never show it, nor ``unpublished``; at door A everybody may read both, as in Athena
without a policy."""

BUCKET, RESULTS, OTHER_BUCKET = "lake", "results", "vault"
ROWS = 24
DAYS = ("2026-11-20", "2026-11-21", "2026-11-22")

_WORDS: Mapping[str, Sequence[str]] = {
    "action": ("created", "opened", "closed", "deleted", "published"),
    "repository": ("acme/rocket", "acme/anvil"),
    "event": ("signup", "activated", "purchase", "push", "star"),
    "kind": ("page_view", "click", "form_submit"),
    "properties": ('{"plan": "pro", "amount": 12.5, "tags": ["a", "b"]}', '{"plan": "free"}', "not json"),
    "payload": ('{"ref": "refs/heads/main", "commits": [{"id": "1"}, {"id": "2"}]}', "{}"),
    "other_fields": ('{"Region__c": "EMEA"}', "{}"),
    "path": ("/", "/pricing", "/docs/start"),
    "version": ("1.2.0", "1.10.1", "2.0.0-rc1"),
    "product": ("rocket", "anvil"),
    "status": ("Open", "Qualified", "Won", "Lost"),
    "sentiment": ("positive", "neutral", "negative"),
    "currency": ("EUR", "USD"),
    "facet": ("seniority", "country"),
    "referrer": ("https://search.example/q?term=rocket&page=2", ""),
    "url": ("https://news.example/a/1", "https://blog.example/b?id=7"),
}


def _value(column: Column, at: int, chance: random.Random) -> Any:
    """One value of a column: words where its name has some, else something of its type; now and then nothing."""
    if chance.random() < 0.1:
        return None
    moment = dt.datetime(2026, 11, 20 + at % 3, at % 24, at * 7 % 60, tzinfo=dt.UTC)
    return {
        ColumnType.STRING: lambda: chance.choice(_WORDS.get(column.name, (f"{column.name}-{at % 5}", f"{at % 7}"))),
        ColumnType.INT64: lambda: chance.randint(0, 500),
        ColumnType.FLOAT64: lambda: chance.random() * 100,
        ColumnType.BOOL: lambda: chance.random() < 0.5,
        ColumnType.DECIMAL: lambda: Decimal(chance.randint(0, 10**6)).scaleb(-2),
        ColumnType.TIMESTAMP: lambda: moment,
        ColumnType.DATE: moment.date,
    }[column.type]()


def _parquet(columns: Sequence[Column], chance: random.Random) -> bytes:
    arrays = {c.name: pa.array([_value(c, at, chance) for at in range(ROWS)], ARROW_TYPES[c.type]) for c in columns}
    body = io.BytesIO()
    pq.write_table(pa.table(arrays), body)
    return body.getvalue()


def _missing(what: str) -> ClientError:
    return ClientError({"Error": {"Code": "EntityNotFoundException", "Message": what}}, "Glue")


class Glue:
    """Glue's databases, tables and partitions, and what was changed."""

    def __init__(self) -> None:
        self.databases: dict[str, dict[str, dict[str, Any]]] = {"default": {}}
        self.parts: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.changes: list[str] = []

    def get_table(self, DatabaseName: str, Name: str) -> dict[str, Any]:
        if Name not in self.databases.get(DatabaseName, {}):
            raise _missing(Name)
        return {"Table": self.databases[DatabaseName][Name]}

    def get_database(self, Name: str) -> dict[str, Any]:
        if Name not in self.databases:
            raise _missing(Name)
        return {"Database": {"Name": Name}}

    def get_paginator(self, operation: str) -> _Pages:
        return _Pages(getattr(self, f"_{operation}"))

    def _get_databases(self) -> dict[str, Any]:
        return {"DatabaseList": [{"Name": name} for name in self.databases]}

    def _get_tables(self, DatabaseName: str) -> dict[str, Any]:
        return {"TableList": list(self.databases.get(DatabaseName, {}).values())}

    def _get_partitions(self, DatabaseName: str, TableName: str) -> dict[str, Any]:
        return {"Partitions": self.parts.get((DatabaseName, TableName), [])}

    def create_table(self, DatabaseName: str, TableInput: dict[str, Any]) -> None:
        self.changes.append(f"create {DatabaseName}.{TableInput['Name']}")
        self.databases[DatabaseName][TableInput["Name"]] = TableInput | {"DatabaseName": DatabaseName}

    def update_table(self, DatabaseName: str, TableInput: dict[str, Any]) -> None:
        self.changes.append(f"update {DatabaseName}.{TableInput['Name']}")
        self.databases[DatabaseName][TableInput["Name"]] = TableInput | {"DatabaseName": DatabaseName}

    def update_database(self, Name: str, DatabaseInput: dict[str, Any]) -> None:
        self.changes.append(f"update {Name}")

    def delete_table(self, DatabaseName: str, Name: str) -> None:
        self.changes.append(f"delete {DatabaseName}.{Name}")
        del self.databases[DatabaseName][Name]

    def create_database(self, DatabaseInput: dict[str, Any]) -> None:
        self.changes.append(f"create {DatabaseInput['Name']}")
        self.databases[DatabaseInput["Name"]] = {}

    def delete_database(self, Name: str) -> None:
        self.changes.append(f"delete {Name}")
        del self.databases[Name]

    def batch_create_partition(
        self,
        DatabaseName: str,
        TableName: str,
        PartitionInputList: list[dict[str, Any]],
    ) -> dict[str, Any]:
        self.changes.append(f"partitions of {DatabaseName}.{TableName}")
        self.parts.setdefault((DatabaseName, TableName), []).extend(PartitionInputList)
        return {}

    def delete_partition(self, DatabaseName: str, TableName: str, PartitionValues: list[str]) -> None:
        self.changes.append(f"partitions of {DatabaseName}.{TableName}")
        known = self.parts[DatabaseName, TableName]
        self.parts[DatabaseName, TableName] = [part for part in known if part["Values"] != PartitionValues]


class _Pages:
    """A paginator of one page."""

    def __init__(self, call: Any) -> None:
        self._call = call

    def paginate(self, **arguments: Any) -> Iterator[dict[str, Any]]:
        yield self._call(**arguments)


class S3:
    """Objects in memory, and the addresses that were written."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self.written: list[str] = []

    def list_objects_v2(
        self,
        Bucket: str,
        Prefix: str = "",
        StartAfter: str = "",
        MaxKeys: int = 1000,
    ) -> dict[str, Any]:
        keys = sorted(k for b, k in self.objects if b == Bucket and k.startswith(Prefix) and k > StartAfter)
        sizes = {key: len(self.objects[Bucket, key]) for key in keys}
        contents = [{"Key": key, "ETag": f'"{key}-{size}"', "Size": size} for key, size in sizes.items()]
        return {"Contents": contents[:MaxKeys], "IsTruncated": len(contents) > MaxKeys}

    def get_paginator(self, operation: str) -> _Pages:
        return _Pages(lambda **arguments: getattr(self, operation)(**arguments, MaxKeys=10**9))

    def get_object(self, Bucket: str, Key: str, IfMatch: str = "") -> dict[str, Any]:
        return {"Body": _Body(self.objects[Bucket, Key])}

    def put_object(self, Bucket: str, Key: str, Body: bytes, ContentType: str = "") -> None:
        self.written.append(f"s3://{Bucket}/{Key}")
        self.objects[Bucket, Key] = Body

    def upload_file(self, path: str, bucket: str, key: str, ExtraArgs: Any = None, Config: Any = None) -> None:
        with open(path, "rb") as file:  # noqa: PTH123 - as boto3 takes it
            self.put_object(bucket, key, file.read())

    def head_bucket(self, Bucket: str) -> None:
        if Bucket not in (BUCKET, RESULTS, OTHER_BUCKET):
            raise ClientError({"Error": {"Code": "404", "Message": ""}}, "HeadBucket")


class _Body(io.BytesIO):
    """A body as botocore streams it."""

    def iter_chunks(self, size: int) -> Iterator[bytes]:
        yield from iter(lambda: self.read(size), b"")


class Lake:
    """The tables, made anew whenever a statement has changed something."""

    def __init__(self, vault_canary: str) -> None:
        self.glue, self.s3 = Glue(), S3()
        self.glue.databases |= {DATABASE: {}, VAULT: {}}
        chance = random.Random(7)
        for source in SOURCES.values():
            for table in source.tables:
                self._add(table.name, lake_columns(table), PARTITION_KEYS[0][0], DAYS, chance)
        for cube in CUBES.values():
            for level in cube.tables:
                values = ("2026-11",) if level.partition_key == "month" else ("2026",)
                self._add(level.name, level.columns, level.partition_key, values, chance)
        self._secret(vault_canary)
        self._odd()
        self._objects = dict(self.s3.objects)
        self._databases = {name: dict(tables) for name, tables in self.glue.databases.items()}
        self._parts = {key: list(parts) for key, parts in self.glue.parts.items()}

    def restore(self) -> None:
        """Forget what the last statement did."""
        if self.s3.written or self.glue.changes:
            self.s3.objects = dict(self._objects)
            self.glue.databases = {name: dict(tables) for name, tables in self._databases.items()}
            self.glue.parts = {key: list(parts) for key, parts in self._parts.items()}
        self.s3.written, self.glue.changes = [], []

    def _add(
        self, name: str, columns: Sequence[Column], key: str, values: Sequence[str], chance: random.Random
    ) -> None:
        glue = [catalog.Column(column.name, GLUE_TYPES[column.type]) for column in columns]
        self._table(DATABASE, name, glue, key, f"s3://{BUCKET}/{name}/")
        for value in values:
            folder = f"{name}/{key}={value}/"
            self.s3.objects[BUCKET, f"{folder}a.parquet"] = _parquet(columns, chance)
            storage = catalog.storage(glue, f"s3://{BUCKET}/{folder}")
            self.glue.parts.setdefault((DATABASE, name), []).append({"Values": [value], "StorageDescriptor": storage})

    def _table(
        self, database: str, name: str, columns: Sequence[catalog.Column], key: str | None, location: str
    ) -> None:
        self.glue.databases[database][name] = {
            "DatabaseName": database,
            "Name": name,
            "TableType": "EXTERNAL_TABLE",
            "Parameters": {"EXTERNAL": "TRUE"},
            "StorageDescriptor": catalog.storage(columns, location),
            "PartitionKeys": [{"Name": key, "Type": "string"}] if key else [],
        }

    def _odd(self) -> None:
        """Tables as only a hand that means harm makes them: names that end the quotes, keys that leave the folder."""
        bad = "x\" FROM read_text('/etc/passwd') --"
        names = [bad, 'a"b', "it's", "word"]
        body = io.BytesIO()
        pq.write_table(pa.table({name: [1] for name in names}), body)
        columns = [catalog.Column(name, "bigint") for name in names]
        for name, key in {"odd_columns": None, "odd_key": "../../../key", "quoted_key": 'k" AS x FROM t --'}.items():
            self._table(DATABASE, name, columns, key, f"s3://{BUCKET}/{name}/")
            self.s3.objects[BUCKET, f"{name}/a.parquet"] = body.getvalue()
            storage = catalog.storage(columns, f"s3://{BUCKET}/{name}/")
            self.glue.parts[DATABASE, name] = [{"Values": ["../../../up"], "StorageDescriptor": storage}] if key else []
        struct = [catalog.Column("x", 'struct<a" bigint) from read_text:int>')]
        self._table(DATABASE, "odd_struct", struct, None, f"s3://{BUCKET}/odd_struct/")

    def _secret(self, canary: str) -> None:
        self._table(DATABASE, "unpublished", [catalog.Column("word", "string")], None, f"s3://{OTHER_BUCKET}/secrets/")
        self._table(VAULT, "secrets", [catalog.Column("word", "string")], None, f"s3://{OTHER_BUCKET}/secrets/")
        body = io.BytesIO()
        pq.write_table(pa.table({"word": [canary]}), body)
        self.s3.objects[OTHER_BUCKET, "secrets/a.parquet"] = body.getvalue()
