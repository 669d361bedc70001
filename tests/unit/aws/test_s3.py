"""S3 behind our port: what is written is read back, conditions hold, S3's codes become our errors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from moto import mock_aws

from chalicelib.aws.s3 import S3Store
from chalicelib.errors import ObjectNotFound, PreconditionFailed, StoreError, StoreUnavailable, WriteConflict


@pytest.fixture
def bucket() -> Iterator[S3Store]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="lake")
        yield S3Store(client, "lake")


def test_an_object_comes_back_with_its_properties(bucket: S3Store) -> None:
    etag = bucket.put("a/b", b"body", metadata={"seq": "3"})

    found, info = bucket.get("a/b"), bucket.head("a/b")

    assert (found.body, found.etag, found.metadata) == (b"body", etag, {"seq": "3"})
    assert (info.size_bytes, info.etag, info.metadata) == (4, etag, {"seq": "3"})
    assert found.modified_at.tzinfo is not None


def test_what_is_not_there_is_not_found(bucket: S3Store) -> None:
    for call in (bucket.get, bucket.head):
        with pytest.raises(ObjectNotFound):
            call("nothing")
    with pytest.raises(ObjectNotFound):
        bucket.copy("nothing", "target")
    bucket.delete("nothing")


def test_create_only_creates_only(bucket: S3Store) -> None:
    bucket.put("a", b"1", if_none_match=True)

    with pytest.raises(PreconditionFailed):
        bucket.put("a", b"2", if_none_match=True)

    assert bucket.get("a").body == b"1"


def test_replace_replaces_only_the_version_that_was_read(bucket: S3Store) -> None:
    first = bucket.put("a", b"1")
    second = bucket.put("a", b"2", if_match=first)

    with pytest.raises(PreconditionFailed):
        bucket.put("a", b"3", if_match=first)
    bucket.delete("a")
    with pytest.raises(PreconditionFailed):
        bucket.put("a", b"3", if_match=second)


def test_a_copy_keeps_metadata_or_takes_new(bucket: S3Store) -> None:
    bucket.put("a", b"1", metadata={"x": "1"})

    bucket.copy("a", "b")
    bucket.copy("a", "c", metadata={"x": "2"})

    assert bucket.get("b").metadata == {"x": "1"}
    assert bucket.get("c").metadata == {"x": "2"}


def test_a_listing_goes_over_all_pages_in_order_and_begins_after_a_key(bucket: S3Store) -> None:
    for n in range(1005):
        bucket.put(f"p/{n:04d}", b"")
    bucket.put("q", b"")

    keys = [found.key for found in bucket.list("p/", start_after="p/0001")]

    assert keys == [f"p/{n:04d}" for n in range(2, 1005)]


class Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def put_object(self, **_: Any) -> None:
        raise self.error


def client_error(code: str, status: int) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutObject")


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (client_error("PreconditionFailed", 412), PreconditionFailed),
        (client_error("ConditionalRequestConflict", 409), WriteConflict),
        (client_error("OperationAborted", 409), WriteConflict),
        (client_error("SlowDown", 503), StoreUnavailable),
        (client_error("InternalError", 500), StoreUnavailable),
        (client_error("RequestTimeout", 400), StoreUnavailable),
        (client_error("NoSuchKey", 404), ObjectNotFound),
        (client_error("AccessDenied", 403), StoreError),
        (client_error("NoSuchBucket", 404), StoreError),
        (ReadTimeoutError(endpoint_url="http://s3"), StoreUnavailable),
    ],
)
def test_each_answer_is_the_error_that_says_what_to_do(error: Exception, ours: type[Exception]) -> None:
    with pytest.raises(StoreError) as raised:
        S3Store(Failing(error), "lake").put("a", b"")

    assert type(raised.value) is ours
