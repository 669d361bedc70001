"""What nobody needs any more: staged objects of decided commits, folders that were replaced, segments that were merged.

Everything is kept for seven days first, which outlives any run. Commits, raw pages and rejected records are never
collected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.lake import commits, folders, layout, published
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Step
from chalicelib.sources.base import Table

KEEP = timedelta(days=7)


@dataclass(frozen=True)
class Collection:
    """What collecting one stream needs."""

    log: StreamLog
    tables: tuple[Table, ...]
    clock: Clock

    @property
    def store(self) -> ObjectStore:
        """The lake bucket."""
        return self.log.store

    def run(self) -> int:
        """Delete what nobody needs; answer how many objects. Harmless to repeat or to stop anywhere."""
        cutoff = self.clock() - KEEP  # before anything is read: this run may itself be stopped for long
        position = published.read(self.store, self.log.stream)
        if position is None:
            return 0
        gone = 0
        for doomed in (
            self._staged(position.seq, cutoff),
            self._replaced(cutoff),
            self._segments(position.seq, cutoff),
        ):
            keys = list(doomed)
            list(self.log.each(self.store.delete, keys))
            gone += len(keys)
        return gone

    def _staged(self, seq: int, cutoff: datetime) -> Iterator[str]:
        """Staged objects, winners' and losers', of commits that are visible."""
        for found in self.store.list(layout.stage(self.log.stream)):
            if layout.stage_seq(found.key) > seq:
                return
            if found.modified_at < cutoff:
                yield found.key

    def _segments(self, seq: int, cutoff: datetime) -> Iterator[str]:
        """Segments that the visible commit does not name: those after it carry on its own, and write new ones."""
        link = commits.read(self.store, self.log.stream, seq)
        named = {segment.key for segment in Step.from_body(link.body).seen} if link else set()
        for found in self.store.list(layout.seen(self.log.stream)):
            if layout.seen_seq(found.key) > seq:
                return
            if found.key not in named and found.modified_at < cutoff:
                yield found.key

    def _replaced(self, cutoff: datetime) -> Iterator[str]:
        for table in self.tables:
            yield from self._replaced_of(table, cutoff)

    def _replaced_of(self, table: Table, cutoff: datetime) -> Iterator[str]:
        """Files in folders that were replaced more than seven days ago and that the catalog does not read."""
        versions: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for found in self.store.list(layout.table(table.name)):
            _, partition, version, _ = layout.parse_data(found.key)
            versions[partition][version].append(found.key)
        for partition, by_version in versions.items():
            if len(by_version) > 1 or 0 not in by_version:
                yield from self._superseded(table.name, partition, by_version, cutoff)

    def _superseded(
        self, table: str, partition: str, by_version: dict[int, list[str]], cutoff: datetime
    ) -> Iterator[str]:
        since = folders.since(self.store, self.log.stream, table, partition)
        if since is None or since >= cutoff:
            return
        folders.heal(self.store, self.log.catalog, self.log.stream, table, partition)
        current = folders.current(self.store, self.log.stream, table, partition)
        for version, keys in by_version.items():
            if layout.folder(table, partition, version) < current:
                yield from keys
