"""The Glue Data Catalog: partitions and the folder that each reads.

A partition's storage descriptor is the table's own with another location, so a column added to the table is known to
new partitions at once. ``BatchUpdatePartition`` moves up to 100 partitions in one call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import StoreError, StoreUnavailable

_BATCH = 100
_BUSY = {
    "ThrottlingException",
    "InternalServiceException",
    "OperationTimeoutException",
    "ConcurrentModificationException",
}


class GlueCatalog:
    """One database, as a :class:`chalicelib.lake.catalog.Catalog`.

    Parameters
    ----------
    client
        A boto3 ``glue`` client.
    database
        The database's name.
    bucket
        The lake bucket: locations are key prefixes in it.
    """

    def __init__(self, client: Any, database: str, bucket: str) -> None:
        self._client = client
        self._database = database
        self._root = f"s3://{bucket}/"

    def add_partitions(self, table: str, locations: Mapping[str, str]) -> None:
        """Add the partitions that are not there; those that are keep their location."""
        for inputs in self._inputs(table, locations):
            self._batch("batch_create_partition", table, {"PartitionInputList": inputs}, {"AlreadyExistsException"})

    def set_locations(self, table: str, locations: Mapping[str, str]) -> None:
        """Point partitions at new folders in one call a hundred; those that are not there are added."""
        for inputs in self._inputs(table, locations):
            entries = [{"PartitionValueList": item["Values"], "PartitionInput": item} for item in inputs]
            missing = self._batch("batch_update_partition", table, {"Entries": entries}, {"EntityNotFoundException"})
            if missing:
                absent = [item for item in inputs if tuple(item["Values"]) in missing]
                self._batch("batch_create_partition", table, {"PartitionInputList": absent}, {"AlreadyExistsException"})

    def location(self, table: str, partition: str) -> str | None:
        """Answer the folder that a partition reads, or None."""
        try:
            answer = self._client.get_partition(
                DatabaseName=self._database, TableName=table, PartitionValues=_values(partition)
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "EntityNotFoundException":
                return None
            raise _translate(table, error) from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"the catalog does not answer: {error}") from error
        location: str = answer["Partition"]["StorageDescriptor"]["Location"]
        return location.removeprefix(self._root)

    def locations(self, table: str) -> dict[str, str]:
        """Answer the folder of every partition of a table."""
        asked: dict[str, Any] = {"DatabaseName": self._database, "TableName": table}
        found: dict[str, str] = {}
        try:
            described = self._client.get_table(DatabaseName=self._database, Name=table)["Table"]
            keys = [key["Name"] for key in described.get("PartitionKeys", ())]
            for page in self._client.get_paginator("get_partitions").paginate(**asked):
                for one in page["Partitions"]:
                    name = "/".join(f"{key}={value}" for key, value in zip(keys, one["Values"], strict=True))
                    found[name] = one["StorageDescriptor"]["Location"].removeprefix(self._root)
        except ClientError as error:
            raise _translate(table, error) from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"the catalog does not answer: {error}") from error
        return found

    def _inputs(self, table: str, locations: Mapping[str, str]) -> Iterator[list[dict[str, Any]]]:
        if not locations:
            return
        try:
            described = self._client.get_table(DatabaseName=self._database, Name=table)["Table"]["StorageDescriptor"]
        except ClientError as error:
            raise _translate(table, error) from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"the catalog does not answer: {error}") from error
        pending = iter(sorted(locations.items()))
        while chunk := list(islice(pending, _BATCH)):
            yield [
                {"Values": _values(name), "StorageDescriptor": {**described, "Location": self._root + folder}}
                for name, folder in chunk
            ]

    def _batch(
        self, operation: str, table: str, arguments: Mapping[str, Any], expected: set[str]
    ) -> set[tuple[str, ...]]:
        """Call, and answer the values of the partitions that were refused with an expected code."""
        try:
            answer = getattr(self._client, operation)(DatabaseName=self._database, TableName=table, **arguments)
        except ClientError as error:
            raise _translate(table, error) from error
        except BotoCoreError as error:
            raise StoreUnavailable(f"the catalog does not answer: {error}") from error
        refused: set[tuple[str, ...]] = set()
        for problem in answer.get("Errors", ()):
            detail = problem["ErrorDetail"]
            if detail["ErrorCode"] not in expected:
                raise StoreUnavailable(f"{table}: {detail['ErrorCode']}: {detail.get('ErrorMessage', '')}")
            refused.add(tuple(problem.get("PartitionValues") or problem["PartitionValueList"]))
        return refused


def _values(partition: str) -> list[str]:
    return [part.partition("=")[2] for part in partition.split("/")]


def _translate(table: str, error: ClientError) -> StoreError:
    code = error.response["Error"]["Code"]
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _BUSY or status >= 500:
        return StoreUnavailable(f"the catalog is busy with {table}: {code}")
    return StoreError(f"the catalog refused {table}: {error}")
