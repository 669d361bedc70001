"""Objects of S3: listed once at the start of a query, fetched whole and in parallel, kept by content."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from infra.local.athena.errors import QueryFailure
from infra.local.athena.listing import below, common_folder, is_covered, start_before
from infra.local.athena.locations import Location

PARALLEL = 16
TRANSFER = TransferConfig(max_concurrency=4)  # parts of 8 MiB that are in memory at once, for each upload


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object as it was listed; its ETag pins the version that the query reads."""

    bucket: str
    key: str
    etag: str
    size_bytes: int

    @property
    def content_name(self) -> str:
        """A file name that only this version of this object has."""
        return hashlib.sha256(f"{self.bucket}\0{self.key}\0{self.etag}\0{self.size_bytes}".encode()).hexdigest()


class ObjectStore:
    """S3 with a content-addressed cache of whole objects on disk, least recently used out first."""

    def __init__(self, s3: Any, cache_dir: Path, cache_bytes: int) -> None:
        self._s3 = s3
        self._dir = cache_dir
        self._limit = cache_bytes
        self._pool = ThreadPoolExecutor(PARALLEL, thread_name_prefix="fetch")
        self._evicting = threading.Lock()
        cache_dir.mkdir(parents=True, exist_ok=True)

    def list(self, location: Location) -> Sequence[StoredObject]:
        """The data objects below a location, hidden ones (``_`` or ``.`` first) and empty ones left out."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=location.bucket, Prefix=location.prefix)
        try:
            return _data_objects(location, (entry for page in pages for entry in page.get("Contents", ())))
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise QueryFailure("PERMISSION_DENIED", f"{code} when listing {location.uri}") from error

    def list_all(self, locations: Sequence[Location]) -> Sequence[Sequence[StoredObject]]:
        """:meth:`list` for many locations at once, in their order.

        Neighbours come out of one request; those that its page does not reach are listed on their own, in parallel.
        """
        found = self._list_together(locations)
        missing = [location for location in dict.fromkeys(locations) if location not in found]
        found |= zip(missing, self._pool.map(self.list, missing), strict=True)
        return tuple(found[location] for location in locations)

    def _list_together(self, locations: Sequence[Location]) -> dict[Location, Sequence[StoredObject]]:
        """What one page of their common folder tells of them; nothing where there is no such folder."""
        folder = common_folder(locations)
        if folder is None or len(locations) < 2:
            return {}
        begin = {"StartAfter": start} if (start := start_before(locations)) else {}
        try:
            answer = self._s3.list_objects_v2(Bucket=folder.bucket, Prefix=folder.prefix, **begin)
        except ClientError:  # one by one, each error tells its own location
            return {}
        entries = sorted(answer.get("Contents", ()), key=lambda entry: str(entry["Key"]))
        keys = [entry["Key"] for entry in entries]
        last = keys[-1] if answer.get("IsTruncated") else None
        return {
            location: _data_objects(location, [entries[at] for at in below(location, keys)])
            for location in locations
            if is_covered(location, last)
        }

    def is_empty(self, location: Location) -> bool:
        """Has nothing at all been written below this location?"""
        answer = self._s3.list_objects_v2(Bucket=location.bucket, Prefix=location.prefix, MaxKeys=1)
        return not answer.get("Contents")

    def fetch(self, wanted: Sequence[tuple[StoredObject, Path]]) -> None:
        """Put each object at its path, as a hard link to the cache where the content is there already.

        Raises
        ------
        QueryFailure
            ``HIVE_CURSOR_ERROR`` when an object is no longer the one that was listed.
        """
        downloaded = list(self._pool.map(lambda pair: self._one(*pair), wanted))
        if any(downloaded):
            self._evict()

    def put(self, bucket: str, key: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """Write one object."""
        self._s3.put_object(Bucket=bucket, Key=key, Body=body, ContentType=content_type)

    def put_all(self, wanted: Iterable[tuple[str, str, bytes, str]]) -> None:
        """:meth:`put` for several objects at once."""
        for _ in self._pool.map(lambda one: self.put(*one), wanted):
            pass

    def upload(self, path: Path, bucket: str, key: str, content_type: str = "application/octet-stream") -> None:
        """Write one file, a large one in parts."""
        self._s3.upload_file(str(path), bucket, key, ExtraArgs={"ContentType": content_type}, Config=TRANSFER)

    def download(self, bucket: str, key: str, path: Path) -> bool:
        """Write one object to a file; whether there was such an object."""
        try:
            answer = self._s3.get_object(Bucket=bucket, Key=key)
        except self._s3.exceptions.NoSuchKey:
            return False
        _write(answer["Body"], path)
        return True

    def exists(self, bucket: str, key: str) -> bool:
        """Is there such an object?"""
        try:
            self._s3.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
                raise
            return False
        return True

    def bucket_exists(self, bucket: str) -> bool:
        """Is there such a bucket that we may use?"""
        try:
            self._s3.head_bucket(Bucket=bucket)
        except ClientError:
            return False
        return True

    def _one(self, wanted: StoredObject, target: Path) -> bool:
        """Link from the cache, or download first; whether it was downloaded."""
        cached = self._dir / wanted.content_name
        try:
            os.link(cached, target)
            os.utime(cached)
        except FileNotFoundError:
            part = cached.with_name(f".{cached.name}.{uuid.uuid4().hex}")
            self._download(wanted, part)
            os.link(part, target)  # before the cache may evict it
            part.rename(cached)
            return True
        return False

    def _download(self, wanted: StoredObject, path: Path) -> None:
        try:
            answer = self._s3.get_object(Bucket=wanted.bucket, Key=wanted.key, IfMatch=wanted.etag)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            message = f"s3://{wanted.bucket}/{wanted.key} changed or went away while the query ran ({code})"
            raise QueryFailure("HIVE_CURSOR_ERROR", message) from error
        _write(answer["Body"], path)

    def _evict(self) -> None:
        with self._evicting:
            files = [(f.stat(), f) for f in self._dir.iterdir() if not f.name.startswith(".")]
            surplus = sum(stat.st_size for stat, _ in files) - self._limit
            for stat, file in sorted(files, key=lambda pair: pair[0].st_mtime):
                if surplus <= 0:
                    return
                file.unlink(missing_ok=True)  # queries hold links of their own
                surplus -= stat.st_size


def _write(body: Any, path: Path) -> None:
    """A response's body, a piece at a time."""
    with path.open("wb") as out:
        for chunk in body.iter_chunks(1 << 20):
            out.write(chunk)


def _data_objects(location: Location, entries: Iterable[Mapping[str, Any]]) -> Sequence[StoredObject]:
    """What S3 lists below a location, without what is hidden or empty."""
    return [
        StoredObject(location.bucket, entry["Key"], entry["ETag"], entry["Size"])
        for entry in entries
        if entry["Size"] and not is_hidden(entry["Key"].removeprefix(location.prefix))
    ]


def is_hidden(path: str) -> bool:
    """Hive's rule: any part of the path below the location that starts with ``_`` or ``.`` hides the object.

    >>> is_hidden("_temporary/0/part"), is_hidden("dt=1/part"), is_hidden("dt=1/")
    (True, False, True)
    """
    return path.endswith("/") or any(part.startswith(("_", ".")) for part in path.split("/"))
