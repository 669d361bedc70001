"""Glue behind our port: partitions are added once and moved in one call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from moto import mock_aws

from chalicelib.aws.glue import GlueCatalog
from chalicelib.errors import StoreError, StoreUnavailable

COLUMNS = [{"Name": "id", "Type": "string"}]


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        glue = boto3.client("glue", region_name="us-east-1")
        glue.create_database(DatabaseInput={"Name": "hw"})
        glue.create_table(
            DatabaseName="hw",
            TableInput={
                "Name": "stars",
                "PartitionKeys": [{"Name": "dt", "Type": "string"}],
                "StorageDescriptor": {"Columns": COLUMNS, "Location": "s3://lake/lake/stars/"},
            },
        )
        yield glue


def test_partitions_are_added_once_and_keep_their_location(client: Any) -> None:
    catalog = GlueCatalog(client, "hw", "lake")

    catalog.add_partitions("stars", {"dt=2026-11-22": "lake/stars/dt=2026-11-22/v00000000/"})
    catalog.add_partitions("stars", {"dt=2026-11-22": "elsewhere/", "dt=2026-11-23": "lake/new/"})

    assert catalog.location("stars", "dt=2026-11-22") == "lake/stars/dt=2026-11-22/v00000000/"
    assert catalog.location("stars", "dt=2026-11-23") == "lake/new/"
    assert catalog.location("stars", "dt=2026-11-24") is None


def test_a_partition_has_the_columns_of_its_table(client: Any) -> None:
    GlueCatalog(client, "hw", "lake").add_partitions("stars", {"dt=2026-11-22": "a/"})

    found = client.get_partition(DatabaseName="hw", TableName="stars", PartitionValues=["2026-11-22"])["Partition"]
    assert found["StorageDescriptor"]["Columns"] == COLUMNS
    assert found["StorageDescriptor"]["Location"] == "s3://lake/a/"


def test_locations_are_set_for_known_and_for_new_partitions_over_a_hundred(client: Any) -> None:
    catalog = GlueCatalog(client, "hw", "lake")
    catalog.add_partitions("stars", {"dt=2026-01-01": "old/"})
    days = {f"dt=2026-{1 + n // 28:02d}-{1 + n % 28:02d}": f"new/{n}/" for n in range(120)}

    catalog.set_locations("stars", days)
    catalog.set_locations("stars", days)

    assert {day: catalog.location("stars", day) for day in days} == days


def test_nothing_to_do_asks_nothing() -> None:
    client = Mock()
    catalog = GlueCatalog(client, "hw", "lake")

    catalog.add_partitions("stars", {})
    catalog.set_locations("stars", {})

    assert client.mock_calls == []


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, _: str) -> Any:
        def call(**_: Any) -> None:
            raise self.error

        return call


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "GetPartition"), StoreUnavailable),
        (ClientError({"Error": {"Code": "AccessDeniedException"}}, "GetPartition"), StoreError),
        (ConnectTimeoutError(endpoint_url="http://glue"), StoreUnavailable),
    ],
)
def test_each_answer_is_the_error_that_says_what_to_do(error: Exception, ours: type[Exception]) -> None:
    catalog = GlueCatalog(Failing(error), "hw", "lake")

    for call in (
        lambda: catalog.location("stars", "dt=2026-11-22"),
        lambda: catalog.set_locations("stars", {"dt=2026-11-22": "a/"}),
    ):
        with pytest.raises(StoreError) as raised:
            call()
        assert type(raised.value) is ours
