"""The bucket of results: files up and down, and links that expire."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.errors import ObjectNotFound, StoreError, StoreUnavailable

T = TypeVar("T")


class S3Results:
    """One bucket as :class:`chalicelib.domain.result_files.ResultFiles`.

    Parameters
    ----------
    client
        A boto3 ``s3`` client; a link carries its rights, and ends when its credentials do.
    bucket
        The bucket's name.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def size(self, key: str) -> int | None:
        """Answer an object's size in bytes, or None when there is none."""
        try:
            answer = self._call(key, lambda: self._client.head_object(Bucket=self._bucket, Key=key))
        except ObjectNotFound:
            return None
        return int(answer["ContentLength"])

    def download(self, key: str, path: Path) -> None:
        """Write an object into a file."""
        self._call(key, lambda: self._client.download_file(self._bucket, key, str(path)))

    def upload(self, path: Path, key: str, content_type: str) -> None:
        """Write a file into an object."""
        said = {"ContentType": content_type}
        self._call(key, lambda: self._client.upload_file(str(path), self._bucket, key, ExtraArgs=said))

    def link(self, key: str, filename: str, seconds: int) -> str:
        """Answer an address from which anybody may download the object for a time."""
        asked = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentDisposition": f'attachment; filename="{filename}"',
        }
        return str(self._client.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds))

    def _call(self, key: str, ask: Callable[[], T]) -> T:
        where = f"s3://{self._bucket}/{key}"
        try:
            return ask()
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
            if code in ("404", "NoSuchKey", "NotFound"):
                raise ObjectNotFound(where) from error
            if status >= 500 or status == 429:
                raise StoreUnavailable(f"{where}: {code or status}") from error
            raise StoreError(f"{where}: {error}") from error
        except (BotoCoreError, S3UploadFailedError) as error:
            raise StoreUnavailable(f"{where}: no answer ({error})") from error
