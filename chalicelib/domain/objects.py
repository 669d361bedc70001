"""The port to an object store: what the lake asks of S3, and nothing more.

``chalicelib.aws.s3`` implements it for S3; the simulation's fake implements it with exact conditional-write
semantics. Errors are those of :mod:`chalicelib.errors` under ``StoreError``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ObjectInfo:
    """What a listing tells of one object (``metadata`` only from :meth:`ObjectStore.head`)."""

    key: str
    size_bytes: int
    etag: str
    modified_at: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object, whole."""

    key: str
    body: bytes
    etag: str
    modified_at: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)


class ObjectStore(Protocol):
    """One bucket."""

    def get(self, key: str) -> StoredObject:
        """Read an object whole. Raises ``ObjectNotFound``, ``StoreUnavailable``."""
        ...

    def head(self, key: str) -> ObjectInfo:
        """Read an object's properties. Raises ``ObjectNotFound``, ``StoreUnavailable``."""
        ...

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
        """Write an object and answer its ETag.

        ``if_none_match`` creates only (``If-None-Match: *``), ``if_match`` replaces only that version. Raises
        ``PreconditionFailed`` (412), ``WriteConflict`` (409), ``StoreUnavailable`` (the effect is unknown).
        """
        ...

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str] | None = None) -> str:
        """Copy within the bucket, unconditionally, and answer the new ETag. Raises ``ObjectNotFound``."""
        ...

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """List objects under ``prefix`` in key order, those after ``start_after``; lazily, page by page."""
        ...

    def delete(self, key: str) -> None:
        """Delete an object; deleting what is not there is no error."""
        ...
