"""The local AWS that the other integration tests stand on."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.integration.conftest import LocalAws


def test_an_object_written_is_read_back_and_a_second_create_is_refused(local_aws: LocalAws) -> None:
    s3 = local_aws.client("s3")
    bucket = f"probe-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)

    s3.put_object(Bucket=bucket, Key="a", Body=b"first", IfNoneMatch="*")

    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key="a", Body=b"second", IfNoneMatch="*")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"first"
