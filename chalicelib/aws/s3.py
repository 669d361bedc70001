"""S3 as an object store: our port over one bucket, S3's answers as our errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, NoReturn, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.objects import ObjectInfo, StoredObject
from chalicelib.errors import ObjectNotFound, PreconditionFailed, StoreError, StoreUnavailable, WriteConflict

T = TypeVar("T")

_NOT_FOUND = {"404", "NoSuchKey", "NotFound"}
_PRECONDITION = {"412", "PreconditionFailed"}
_CONFLICT = {"409", "ConditionalRequestConflict", "OperationAborted"}
_BUSY = {"SlowDown", "RequestTimeout", "InternalError", "ServiceUnavailable", "Throttling", "ThrottlingException"}


class S3Store:
    """One bucket as an :class:`~chalicelib.domain.objects.ObjectStore`.

    botocore retries by itself, so a ``PreconditionFailed`` may answer our own first write: who needs to know reads the
    object back (:func:`chalicelib.lake.commits.append` does).

    Parameters
    ----------
    client
        A boto3 ``s3`` client.
    bucket
        The bucket's name.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    def get(self, key: str) -> StoredObject:
        """Read an object whole."""

        def ask() -> StoredObject:
            answer = self._client.get_object(Bucket=self.bucket, Key=key)
            body = answer["Body"].read()
            return StoredObject(key, body, answer["ETag"], answer["LastModified"], answer.get("Metadata", {}))

        return self._call(key, ask)

    def head(self, key: str) -> ObjectInfo:
        """Read an object's properties."""
        answer = self._call(key, lambda: self._client.head_object(Bucket=self.bucket, Key=key))
        return ObjectInfo(
            key, answer["ContentLength"], answer["ETag"], answer["LastModified"], answer.get("Metadata", {})
        )

    def put(
        self,
        key: str,
        body: bytes,
        *,
        if_none_match: bool = False,
        if_match: str | None = None,
        metadata: Mapping[str, str] | None = None,
        content_type: str = "application/octet-stream",
    ) -> str:
        """Write an object and answer its ETag; see the port for the conditions."""
        condition = {"IfNoneMatch": "*"} if if_none_match else {}
        if if_match is not None:
            condition["IfMatch"] = if_match
        try:
            answer = self._call(
                key,
                lambda: self._client.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=body,
                    Metadata=dict(metadata or {}),
                    ContentType=content_type,
                    **condition,
                ),
            )
        except ObjectNotFound as error:
            if if_match is None:
                raise
            # S3 answers 404 to If-Match on a key that is gone: the version asked for is not there.
            raise PreconditionFailed(f"{key}: the version to replace is gone") from error
        return str(answer["ETag"])

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str] | None = None) -> str:
        """Copy within the bucket and answer the new ETag."""
        directive = {"MetadataDirective": "REPLACE", "Metadata": dict(metadata)} if metadata is not None else {}
        answer = self._call(
            source,
            lambda: self._client.copy_object(
                Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": source}, **directive
            ),
        )
        return str(answer["CopyObjectResult"]["ETag"])

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """List objects in key order, a thousand a request, lazily."""
        asked: dict[str, Any] = {"Bucket": self.bucket, "Prefix": prefix}
        if start_after:
            asked["StartAfter"] = start_after
        while True:
            answer = self._call(prefix, partial(self._client.list_objects_v2, **asked))
            for item in answer.get("Contents", ()):
                yield ObjectInfo(item["Key"], item["Size"], item["ETag"], item["LastModified"])
            if not answer.get("IsTruncated"):
                return
            asked = {"Bucket": self.bucket, "Prefix": prefix, "ContinuationToken": answer["NextContinuationToken"]}

    def delete(self, key: str) -> None:
        """Delete an object."""
        self._call(key, lambda: self._client.delete_object(Bucket=self.bucket, Key=key))

    def _call(self, key: str, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except ClientError as error:
            self._translate(key, error)
        except BotoCoreError as error:  # timeouts, broken connections: no answer
            raise StoreUnavailable(f"s3://{self.bucket}/{key}: no answer ({error})") from error

    def _translate(self, key: str, error: ClientError) -> NoReturn:
        code = str(error.response.get("Error", {}).get("Code", ""))
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        where = f"s3://{self.bucket}/{key}"
        if code in _PRECONDITION or status == 412:
            raise PreconditionFailed(f"{where}: another write was first") from error
        if code in _CONFLICT or status == 409:
            raise WriteConflict(f"{where}: two conditional writes at once") from error
        if code in _NOT_FOUND:
            raise ObjectNotFound(where) from error
        if code in _BUSY or status >= 500 or status == 429:
            raise StoreUnavailable(f"{where}: {code or status}") from error
        raise StoreError(f"{where}: {error}") from error
