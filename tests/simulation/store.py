"""An object store in memory with S3's conditional writes, exactly, and a catalog; every call goes by the scheduler."""

from __future__ import annotations

import bisect
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from chalicelib.domain.objects import ObjectInfo, StoredObject
from chalicelib.errors import ObjectNotFound, PreconditionFailed
from tests.simulation.scheduler import Scheduler

_LIST_PAGE = 5

Watch = Callable[[str, bytes], None]
Found = list[ObjectInfo]
Keys = list[str]


@dataclass
class FakeS3:
    """One bucket. ``watch`` sees every write that took effect."""

    scheduler: Scheduler
    watch: Watch = lambda key, body: None
    objects: dict[str, StoredObject] = field(default_factory=dict)
    _keys: Keys = field(default_factory=list)
    _versions: int = 0

    def get(self, key: str) -> StoredObject:
        """Read whole."""
        return self.scheduler.call(f"get {key}", lambda: self._found(key))

    def head(self, key: str) -> ObjectInfo:
        """Read properties."""
        return self.scheduler.call(f"head {key}", lambda: _info(self._found(key)))

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
        """Write, on conditions."""

        def effect() -> str:
            standing = self.objects.get(key)
            if if_none_match and standing is not None:
                raise PreconditionFailed(f"412: {key} is there")
            if if_match is not None and (standing is None or standing.etag != if_match):
                raise PreconditionFailed(f"412: {key} is another version")
            return self.write(key, body, metadata)

        return self.scheduler.call(f"put {key}", effect, conditional=if_none_match or if_match is not None)

    def copy(self, source: str, target: str, *, metadata: Mapping[str, str] | None = None) -> str:
        """Copy."""
        return self.scheduler.call(
            f"copy {target}", lambda: self.write(target, self._found(source).body, metadata or {})
        )

    def list(self, prefix: str, *, start_after: str = "") -> Iterator[ObjectInfo]:
        """List page by page; what is written between two pages can be seen."""
        after = start_after
        while True:
            start = after
            page = self.scheduler.call(f"list {prefix}", lambda: self.page(prefix, start))  # noqa: B023
            yield from page
            if len(page) < _LIST_PAGE:
                return
            after = page[-1].key

    def delete(self, key: str) -> None:
        """Delete."""
        self.scheduler.call(f"delete {key}", lambda: self._drop(key))

    def page(self, prefix: str, after: str = "", size: int = _LIST_PAGE) -> Found:
        """One page of a listing, at once."""
        at = bisect.bisect_right(self._keys, after) if after > prefix else bisect.bisect_left(self._keys, prefix)
        found: Found = []
        while at < len(self._keys) and len(found) < size and self._keys[at].startswith(prefix):
            found.append(_info(self.objects[self._keys[at]]))
            at += 1
        return found

    def keys(self, prefix: str) -> Keys:
        """All keys under a prefix, at once: for the checks."""
        return [found.key for found in self.page(prefix, size=1_000_000)]

    def write(self, key: str, body: bytes, metadata: Mapping[str, str] | None = None) -> str:
        """Write at once."""
        self._versions += 1
        if key not in self.objects:
            bisect.insort(self._keys, key)
        self.objects[key] = StoredObject(key, body, f'"{self._versions}"', self.scheduler.now, dict(metadata or {}))
        self.watch(key, body)
        return self.objects[key].etag

    def _drop(self, key: str) -> None:
        if self.objects.pop(key, None) is not None:
            del self._keys[bisect.bisect_left(self._keys, key)]

    def _found(self, key: str) -> StoredObject:
        try:
            return self.objects[key]
        except KeyError as error:
            raise ObjectNotFound(key) from error


@dataclass
class FakeCatalog:
    """Partitions and their folders."""

    scheduler: Scheduler
    tables: dict[str, dict[str, str]] = field(default_factory=dict)

    def add_partitions(self, table: str, locations: Mapping[str, str]) -> None:
        """Add what is not there."""

        def effect() -> None:
            known = self.tables.setdefault(table, {})
            for partition, location in locations.items():
                known.setdefault(partition, location)

        self.scheduler.call(f"add {table} {sorted(locations)}", effect)

    def set_locations(self, table: str, locations: Mapping[str, str]) -> None:
        """Point at other folders."""
        self.scheduler.call(
            f"set {table} {json.dumps(locations, sort_keys=True)}",
            lambda: self.tables.setdefault(table, {}).update(locations),
        )

    def location(self, table: str, partition: str) -> str | None:
        """Read a folder."""
        return self.scheduler.call(f"location {table} {partition}", lambda: self.tables.get(table, {}).get(partition))


def _info(found: StoredObject) -> ObjectInfo:
    return ObjectInfo(found.key, len(found.body), found.etag, found.modified_at, found.metadata)
