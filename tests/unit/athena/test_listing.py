"""Many folders out of one listing give what listing each of them gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.athena.errors import QueryFailure
from infra.local.athena.locations import Location
from infra.local.athena.objects import ObjectStore


class ListedBucket:
    """S3's listings of one bucket: pages of a few keys, in order; it counts the requests."""

    def __init__(self, keys: set[str], page: int) -> None:
        self._keys = sorted(keys, key=str.encode)
        self._page = page
        self.requests = 0

    def list_objects_v2(self, Bucket: str, Prefix: str, StartAfter: str = "") -> dict[str, Any]:  # noqa: N803 - as boto3 names them
        """One page."""
        self.requests += 1
        if Bucket != "lake":
            raise ClientError({"Error": {"Code": "NoSuchBucket", "Message": ""}}, "ListObjectsV2")
        found = [key for key in self._keys if key.startswith(Prefix) and key > StartAfter]
        contents = [{"Key": key, "ETag": f'"{key}"', "Size": len(key)} for key in found[: self._page]]
        return {"Contents": contents, "IsTruncated": len(found) > self._page}

    def get_paginator(self, _: str) -> ListedBucket:
        """Itself: it can page."""
        return self

    def paginate(self, Bucket: str, Prefix: str) -> Iterator[dict[str, Any]]:  # noqa: N803 - as boto3 names them
        """Every page, each when it is asked for."""
        page = self.list_objects_v2(Bucket, Prefix)
        yield page
        while page["IsTruncated"]:
            page = self.list_objects_v2(Bucket, Prefix, page["Contents"][-1]["Key"])
            yield page


FOLDERS = st.sampled_from(["", "a/", "a/b/", "a/c/", "a-/", "a0/", "b/", "b/é/", "b/\U0001f600/", "b/\uffee/", "z/"])
FILES = st.sampled_from(["1", "2", "_hidden", ".hidden", "b", "sub/3", "_sub/4", "é"])


@settings(max_examples=300)
@given(
    keys=st.sets(st.builds(str.__add__, FOLDERS, FILES), max_size=30),
    folders=st.lists(FOLDERS, max_size=8),
    page=st.integers(1, 10),
)
def test_many_folders_are_listed_as_each_of_them_alone(
    keys: set[str], folders: list[str], page: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    objects = ObjectStore(ListedBucket(keys, page), tmp_path_factory.getbasetemp() / "cache", 0)
    locations = [Location("lake", folder) for folder in folders]

    together = objects.list_all(locations)

    assert [list(found) for found in together] == [list(objects.list(location)) for location in locations]


def test_neighbouring_partitions_take_one_request(tmp_path: Path) -> None:
    days = [f"hits/dt=2026-11-{day:02d}/" for day in range(1, 31)]
    bucket = ListedBucket({f"{day}a.parquet" for day in days}, page=1000)

    found = ObjectStore(bucket, tmp_path, 0).list_all([Location("lake", day) for day in days])

    assert [[one.key for one in files] for files in found] == [[f"{day}a.parquet"] for day in days]
    assert bucket.requests == 1


def test_a_bucket_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    objects = ObjectStore(ListedBucket(set(), 1000), tmp_path, 0)

    with pytest.raises(QueryFailure, match="NoSuchBucket when listing s3://gone/a/"):
        objects.list_all([Location("gone", "a/"), Location("gone", "b/")])
