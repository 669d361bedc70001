"""One stream's log as its writers use it: recover, commit, publish. All ingesting writers go through here.

The order is the protocol: what is committed is published before anything else is planned; a commit is published only
after it stands in the log; the position moves last. Each step can be repeated by anybody, any number of times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from chalicelib.domain.clock import Clock
from chalicelib.domain.objects import ObjectStore
from chalicelib.errors import IntegrityError, ObjectNotFound, PreconditionFailed, StoreUnavailable, WriteConflict
from chalicelib.lake import commits, folders, layout, published
from chalicelib.lake.catalog import Catalog
from chalicelib.lake.commits import Link
from chalicelib.lake.published import Published
from chalicelib.lake.steps import Kind, StagedFile, Step

T = TypeVar("T")
R = TypeVar("R")

_TRIES = 8


class Each(Protocol):
    """Calls a function for each item and answers in their order: ``map``, or a thread pool's."""

    def __call__(self, call: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
        """Call."""
        ...


def one_by_one(call: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]:
    """Call in turn: the :class:`Each` of tests."""
    return map(call, items)


OnPublished = Callable[[Link, Step], None]


def tell_nobody(_link: Link, _step: Step) -> None:
    """Do nothing: a log without consumers."""


@dataclass(frozen=True)
class StreamLog:
    """The log of one stream.

    Parameters
    ----------
    store, catalog
        Where the lake is.
    stream
        The stream's name.
    clock
        Only for the time stamps of commits and positions; correctness does not rest on it.
    on_published
        Called after a commit became visible, at least once per commit.
    each
        How independent calls on the store are made: a thread pool's ``map`` in Lambda.
    """

    store: ObjectStore
    catalog: Catalog
    stream: str
    clock: Clock
    on_published: OnPublished = tell_nobody
    each: Each = one_by_one

    def recover(self) -> Link | None:
        """Publish whatever is committed and not visible, and answer the head; None before the first commit.

        Raises
        ------
        IntegrityError
            The chain is broken, or a staged object of an unpublished commit is gone.
        """
        position = published.read(self.store, self.stream)
        head = commits.read(self.store, self.stream, position.seq) if position else None
        if position and (head is None or head.sha256 != position.commit_sha256):
            raise IntegrityError(f"commit {position.seq} of {self.stream} is not the one that was published")
        for link in commits.following(self.store, self.stream, head):
            self.publish(link)
            head = link
        return head

    def commit(self, head: Link | None, kind: Kind, step: Step, attempt: str) -> Link:
        """Append a step after ``head`` and make it visible. Raises ``CommitLost``, ``StoreUnavailable``."""
        drafted = commits.draft(
            head, self.stream, attempt=attempt, kind=kind, committed_at=self.clock(), body=step.to_body()
        )
        link = commits.append(self.store, drafted)
        self.publish(link)
        return link

    def publish(self, link: Link) -> None:
        """Make one commit visible; all commits below it must be. Idempotent."""
        step = Step.from_body(link.body)
        try:
            self._place(link, step)
        except ObjectNotFound as error:
            # Collected: then it has long been visible, and this run has slept for days.
            position = published.read(self.store, self.stream)
            if position is None or position.seq < link.seq:
                raise IntegrityError(
                    f"commit {link.seq} of {self.stream} is not visible and {error} is gone"
                ) from error
            return
        self._consume(step.consumed)
        self._advance(link)
        self.on_published(link, step)

    def _place(self, link: Link, step: Step) -> None:
        list(self.each(lambda file: self._place_file(file, link.seq), step.files))
        if step.rejected:
            self.store.copy(step.rejected, self._rejected(link, step))
        if step.replaced:
            folders.flip(self.store, self.catalog, self.stream, link.seq, step.replaced)
        else:
            self._add_partitions(step.files)

    def _rejected(self, link: Link, step: Step) -> str:
        if step.replays is None:
            return layout.rejected(self.stream, link.seq)
        return layout.replayed(self.stream, step.replays, link.seq)

    def _place_file(self, file: StagedFile, seq: int) -> None:
        if file.restated:
            self._replace(file, seq)
        else:
            self.store.copy(file.staged, file.key)

    def _replace(self, file: StagedFile, seq: int) -> None:
        """Put a restated partition's file in place, unless a higher commit's is there."""
        body = self.store.get(file.staged).body
        for _ in range(_TRIES):
            etag = None
            try:
                standing = self.store.head(file.key)
                etag = standing.etag
                if int(standing.metadata["seq"]) >= seq:
                    return
            except ObjectNotFound:
                pass
            try:
                self.store.put(file.key, body, if_none_match=etag is None, if_match=etag, metadata={"seq": str(seq)})
            except (PreconditionFailed, WriteConflict, StoreUnavailable):
                continue
            return
        raise StoreUnavailable(f"{file.key} could not be replaced in {_TRIES} tries")

    def _add_partitions(self, files: Iterable[StagedFile]) -> None:
        by_table: dict[str, dict[str, str]] = defaultdict(dict)
        for file in files:
            by_table[file.table][file.partition] = file.key.rpartition("/")[0] + "/"
        for table, locations in sorted(by_table.items()):
            self.catalog.add_partitions(table, locations)

    def _consume(self, keys: Iterable[str]) -> None:
        list(self.each(self.store.delete, keys))

    def _advance(self, link: Link) -> None:
        published.advance(self.store, Published(self.stream, link.seq, link.sha256, self.clock()))
