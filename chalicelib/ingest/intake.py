"""Outcomes to staged files: identities are compared, rows are checked, bad records are set aside, counts add up.

One :class:`Intake` serves one commit. Memory: the rows that the writer holds, the compressed files, and 24 bytes and a
set entry per record of this commit.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError, SkippableRecordError
from chalicelib.ingest.identity import ID_BYTES, Identity, identities_of, identity_of
from chalicelib.lake import folders, layout
from chalicelib.lake.commits import canonical
from chalicelib.lake.files import FileFormat, FinishedFile, PartitionedWriter
from chalicelib.lake.schemas import schema_hash
from chalicelib.lake.steps import Counts, StagedFile
from chalicelib.sources.base import Accepted, Batch, Item, Outcome, Rejected, Table

ROWS = "rows"
"""The encoding of what is set aside because a table cannot hold its rows: those rows, which no parser reads."""

NewAttempt = Callable[[], str]


def new_attempt() -> str:
    """Answer an id that no other try has."""
    return uuid.uuid4().hex


class Known(Protocol):
    """What is known of identities: by this commit and by those before it."""

    def seen(self, identity: Identity) -> bool:
        """Whether the same record was committed."""
        ...

    def seen_id(self, identity: Identity) -> bool:
        """Whether a record with this id was committed, whatever its content."""
        ...

    def add(self, identity: Identity) -> None:
        """Remember a record."""
        ...

    def all_new(self, identities: Sequence[Identity]) -> bool:
        """Whether no two of these records have one id, and none that was committed has."""
        ...

    def add_all(self, identities: Sequence[Identity]) -> None:
        """Remember records."""
        ...


class Intake:
    """Collects the outcomes of one commit and stages them.

    Parameters
    ----------
    tables
        The stream's tables.
    known
        Where identities are looked up and remembered.
    kept
        Of a replay: the lines of records that stay set aside as they are; their file is written, empty or not.
    """

    def __init__(
        self, file_format: FileFormat, tables: Iterable[Table], known: Known, kept: Iterable[bytes] | None = None
    ) -> None:
        self._tables = tuple(tables)
        self._writer = PartitionedWriter(file_format, self._tables)
        self._known = known
        self._rejects = io.BytesIO()
        self._gzip = gzip.GzipFile(fileobj=self._rejects, mode="wb", mtime=0)
        self._good = hashlib.blake2b(digest_size=16)
        self._replaces = kept is not None
        self._gzip.writelines(line + b"\n" for line in kept or ())
        self._received = self._ok = self._rejected = self._duplicate = self._conflict = 0

    def take(self, outcome: Outcome, origin: str, item: Item | None = None, ordinal: int | None = None) -> None:
        """Take one outcome: a record, or a batch of good ones.

        Parameters
        ----------
        origin
            Names the raw pages or the inbox object that it came from.
        item
            What arrived, kept (without its body) beside a bad record, so that it can be read again.
        ordinal
            The record's place in the commit that received it, from 0, where this is another one.
        """
        if isinstance(outcome, Batch):
            if not self._take_whole(outcome):
                for record in outcome.one_by_one():
                    self.take(record, origin, item)
            return
        place = self._received if ordinal is None else ordinal
        self._received += 1
        if isinstance(outcome, Rejected):
            self._reject(outcome, origin, place, item)
            return
        identity = identity_of(outcome)
        conflict = self._known.seen_id(identity)
        if conflict and self._known.seen(identity):
            self._duplicate += 1
            self._good.update(identity[:ID_BYTES])
            return
        try:
            self._writer.add(outcome.rows, id_conflict=conflict)
        except SkippableRecordError as error:
            self._reject(Rejected(str(error), outcome.event_id, _raw_of(outcome), ROWS), origin, place, item)
            return
        self._good.update(identity[:ID_BYTES])
        self._known.add(identity)
        self._ok += 1
        self._conflict += conflict

    def _take_whole(self, batch: Batch) -> bool:
        """Take a batch if all of it is new and fits; answer whether it was taken."""
        identities = identities_of(batch)
        if not self._known.all_new(identities) or not self._writer.add_columns(batch.table, batch.columns):
            return False
        self._known.add_all(identities)
        ids = [identity[:ID_BYTES] for identity in identities]
        self._good.update(b"".join(ids))
        self._received += len(ids)
        self._ok += len(ids)
        return True

    def counts(self) -> Counts:
        """Answer the counts so far. Raises ``IntegrityError`` when they do not add up."""
        if self._received != self._ok + self._rejected + self._duplicate:
            parts = f"{self._ok} ok + {self._rejected} rejected + {self._duplicate} duplicate"
            raise IntegrityError(f"{self._received} received is not {parts}")
        return Counts(self._received, self._ok, self._rejected, self._duplicate, self._conflict, self._writer.rows)

    @property
    def good(self) -> str:
        """The digest of the ids of the good records so far, in their order."""
        return self._good.hexdigest()

    @property
    def schema_hash(self) -> str:
        """The shape of the tables that are written."""
        return schema_hash(self._tables)

    def stage(
        self, store: ObjectStore, stream: str, seq: int, attempt: str
    ) -> tuple[tuple[StagedFile, ...], str | None]:
        """Write everything to ``stage/``; answer the files and the key of the rejected records, if there are any."""
        files = tuple(self._stage_file(store, stream, seq, attempt, done) for done in self._writer.finish())
        if sum(file.rows for file in files) != self._writer.rows:
            raise IntegrityError(f"{self._writer.rows} rows were taken, {sum(file.rows for file in files)} staged")
        if not self._rejected and not self._replaces:
            return files, None
        self._gzip.close()
        key = layout.stage(stream, seq, attempt, "rejected.jsonl.gz")
        store.put(key, self._rejects.getvalue(), content_type="application/gzip")
        return files, key

    def _stage_file(self, store: ObjectStore, stream: str, seq: int, attempt: str, done: FinishedFile) -> StagedFile:
        table = done.table
        staged = layout.stage(stream, seq, attempt, f"{table.name}/{done.partition}.parquet")
        store.put(staged, done.body)
        if table.restated:
            key = layout.restated(layout.folder(table.name, done.partition), stream)
        else:
            key = layout.data(folders.current(store, stream, table.name, done.partition), stream, seq)
        digest = hashlib.sha256(done.body).hexdigest()
        return StagedFile(staged, key, table.name, done.partition, done.rows, len(done.body), digest, table.restated)

    def _reject(self, bad: Rejected, origin: str, ordinal: int, item: Item | None) -> None:
        self._rejected += 1
        line: dict[str, Any] = {"reason": bad.reason, "where": bad.where, "origin": origin, "raw": bad.raw}
        line |= {"encoding": bad.encoding, "ordinal": ordinal}
        if item is not None:
            line["item"] = {"attributes": dict(item.attributes), "received_at": item.received_at.isoformat()}
        self._gzip.write(canonical(line) + b"\n")


def _raw_of(outcome: Accepted) -> str:
    return canonical(
        [[table, {name: str(value) for name, value in row.items()}] for table, row in outcome.rows]
    ).decode()
