"""``ctl/published/{stream}.json``: how far a stream is visible. It moves only upward, whoever writes it.

For a cube it is also the manifest: the files of every partition, in the same object that says which version they are.
Readers of cubes (the API) need this module and :func:`read` only.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError, ObjectNotFound, PreconditionFailed, StoreUnavailable, WriteConflict
from chalicelib.lake import layout
from chalicelib.lake.commits import canonical

_TRIES = 8
UTC = "UTC"


@dataclass(frozen=True, slots=True)
class DataFile:
    """One visible file."""

    key: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CubePartition:
    """One partition of a cube: the folder that the catalog points at, and its files."""

    location: str
    files: tuple[DataFile, ...]

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON's types."""
        return {"location": self.location, "files": [{"key": f.key, "size_bytes": f.size_bytes} for f in self.files]}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> CubePartition:
        """Read what :meth:`to_dict` wrote."""
        return cls(raw["location"], tuple(DataFile(f["key"], f["size_bytes"]) for f in raw["files"]))


@dataclass(frozen=True, slots=True)
class Published:
    """What readers of a stream trust.

    ``inputs`` (the commit of each upstream stream that a cube has seen), ``watermarks`` (of each input, at that commit)
    and ``partitions`` (``"{table}/{partition}"`` to its files) are empty but for cubes; ``zone`` is the IANA zone whose
    days a cube's day level has.
    """

    stream: str
    seq: int
    commit_sha256: str
    published_at: datetime
    inputs: Mapping[str, int] = field(default_factory=dict)
    watermarks: Mapping[str, datetime] = field(default_factory=dict)
    partitions: Mapping[str, CubePartition] = field(default_factory=dict)
    zone: str = UTC

    def to_json(self) -> bytes:
        """Write it canonically."""
        return canonical(
            {
                "stream": self.stream,
                "seq": self.seq,
                "commit_sha256": self.commit_sha256,
                "published_at": self.published_at.isoformat(),
                "inputs": dict(self.inputs),
                "watermarks": {name: at.isoformat() for name, at in self.watermarks.items()},
                "partitions": {name: part.to_dict() for name, part in self.partitions.items()},
                "zone": self.zone,
            }
        )

    @classmethod
    def from_json(cls, raw: bytes) -> Published:
        """Read what :meth:`to_json` wrote. Raises ``IntegrityError``."""
        try:
            fields = json.loads(raw)
            return cls(
                fields["stream"],
                fields["seq"],
                fields["commit_sha256"],
                datetime.fromisoformat(fields["published_at"]),
                fields.get("inputs", {}),
                {name: datetime.fromisoformat(at) for name, at in fields.get("watermarks", {}).items()},
                {name: CubePartition.from_dict(part) for name, part in fields.get("partitions", {}).items()},
                fields.get("zone", UTC),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise IntegrityError(f"not a published position ({error!r}): it was changed by other hands") from error


def read(store: ObjectStore, stream: str) -> Published | None:
    """Read how far a stream is visible; None before its first publish. Raises ``StoreUnavailable``."""
    return read_version(store, stream)[0]


def read_version(store: ObjectStore, stream: str) -> tuple[Published | None, str | None]:
    """Read the position together with its object's ETag, for a conditional write."""
    try:
        found = store.get(layout.published(stream))
    except ObjectNotFound:
        return None, None
    return Published.from_json(found.body), found.etag


def advance(store: ObjectStore, target: Published) -> Published:
    """Move a stream's position up to ``target`` and answer the position that then stands, which may be higher.

    Raises ``StoreUnavailable`` when the store does not answer; moving again is harmless.
    """
    for _ in range(_TRIES):
        current, etag = read_version(store, target.stream)
        if current is not None and current.seq >= target.seq:
            return current
        try:
            store.put(
                layout.published(target.stream),
                target.to_json(),
                if_none_match=etag is None,
                if_match=etag,
                content_type="application/json",
            )
        except (PreconditionFailed, WriteConflict, StoreUnavailable):
            continue
        return target
    raise StoreUnavailable(f"the position of {target.stream} could not be moved to {target.seq} in {_TRIES} tries")
