"""Compaction: the files of a closed day become one, in a new folder, by a commit of the stream's own chain.

The commit takes the next ``seq``, so nothing else can be committed between reading the files and replacing them:
whoever commits first wins, the other plans anew. Commits after it find the new folder and publish there. Readers see
the old folder or the new one; the old one is collected days later (:mod:`chalicelib.lake.collect`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import CommitLost, IntegrityError
from chalicelib.lake import folders, layout
from chalicelib.lake.commits import Link
from chalicelib.lake.files import FileFormat
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Kind, StagedFile, Step
from chalicelib.sources.base import Table

CLOSED_AFTER = timedelta(days=1)
"""How long after its end a day is compacted: most of its late data is there by then."""

MAX_BYTES = 256 * 2**20
"""Compressed bytes that one run of this function can merge in memory; a partition of more is fat enough."""

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Crowded:
    """A partition of several files."""

    table: Table
    partition: str
    folder: str
    keys: tuple[str, ...]
    size_bytes: int

    @property
    def name(self) -> str:
        """As commits name it."""
        return f"{self.table.name}/{self.partition}"


@dataclass(frozen=True)
class Compaction:
    """What compacting one stream needs."""

    log: StreamLog
    tables: tuple[Table, ...]
    file_format: FileFormat
    clock: Clock
    new_attempt: Callable[[], str]

    @property
    def store(self) -> ObjectStore:
        """The lake bucket."""
        return self.log.store

    def run(self, deadline: datetime) -> int:
        """Compact closed partitions until none is crowded or ``deadline`` has passed; answer how many.

        Raises ``StoreUnavailable``, and ``IntegrityError`` when a file's rows do not add up: then nothing is replaced.
        """
        done = 0
        if (head := self.log.recover()) is None:
            return done
        for table in self.tables:
            for crowded in list(self.crowded(table)):
                if self.clock() >= deadline:
                    return done
                done += self._compact(crowded, head) is not None
                head = self.log.recover() or head
        return done

    def crowded(self, table: Table) -> Iterator[Crowded]:
        """List the closed partitions of a table that have several files in their current folder."""
        if table.restated:
            return
        closed = layout.day(self.clock() - CLOSED_AFTER)
        by_folder: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for found in self.store.list(layout.table(table.name)):
            partition = layout.parse_data(found.key)[1]
            if partition < closed:
                by_folder[partition, found.key.rpartition("/")[0] + "/"].append((found.key, found.size_bytes))
        for (partition, folder), files in by_folder.items():
            size = sum(size for _, size in files)
            if len(files) > 1 and size <= MAX_BYTES:
                current = folders.current(self.store, self.log.stream, table.name, partition)
                if folder == current:
                    yield Crowded(table, partition, folder, tuple(key for key, _ in files), size)

    def _compact(self, crowded: Crowded, head: Link) -> Link | None:
        """Merge once, then try to commit; None when the partition has changed meanwhile or twins always win."""
        body = self._merge(crowded)
        for _ in range(_TRIES):
            if not self._is_current(crowded):
                return None
            try:
                return self._replace(crowded, body, head)
            except CommitLost:
                head = self.log.recover() or head
        return None

    def _merge(self, crowded: Crowded) -> bytes:
        bodies = [self.store.get(key).body for key in crowded.keys]
        body = self.file_format.merge(crowded.table, bodies)
        given = sum(self.file_format.count_rows(part) for part in bodies)
        if self.file_format.count_rows(body) != given:
            raise IntegrityError(f"{crowded.name}: {given} rows went in, others came out")
        return body

    def _is_current(self, crowded: Crowded) -> bool:
        """Whether the partition, as of the head that is recovered, still has just the files that were merged."""
        table, partition = crowded.table.name, crowded.partition
        if folders.current(self.store, self.log.stream, table, partition) != crowded.folder:
            return False
        return tuple(found.key for found in self.store.list(crowded.folder)) == crowded.keys

    def _replace(self, crowded: Crowded, body: bytes, head: Link) -> Link:
        attempt, seq, table = self.new_attempt(), head.seq + 1, crowded.table
        staged = layout.stage(self.log.stream, seq, attempt, f"{crowded.name}.parquet")
        self.store.put(staged, body)
        rows = self.file_format.count_rows(body)
        digest = hashlib.sha256(body).hexdigest()
        key = layout.data(layout.folder(table.name, crowded.partition, seq), self.log.stream, seq)
        file = StagedFile(staged, key, table.name, crowded.partition, rows, len(body), digest)
        step = replace(Step.from_body(head.body).idle(), files=(file,), replaced=(crowded.name,))
        return self.log.commit(head, Kind.COMPACTION, step, attempt)


def heal_folders(log: StreamLog, tables: Iterable[Table], since: date) -> int:
    """Set the catalog right for partitions since a day, should a run have died between two of its steps.

    Answers how many partitions were looked at. One catalog call and two reads each, so it is daily work.
    """
    looked = 0
    for table in tables:
        prefix = layout.folder_pointer(log.stream, table.name, "").removesuffix(".json")
        for found in log.store.list(prefix, start_after=f"{prefix}dt={since.isoformat()}"):
            partition = found.key.removeprefix(prefix).removesuffix(".json")
            folders.heal(log.store, log.catalog, log.stream, table.name, partition)
            looked += 1
    return looked
