"""Sends what is due: finds the subscribers whose digest is, makes it, puts it into the outbox, remembers it.

In that order: whoever dies in between finds the message in the outbox again, which knows it by its id, and its file
under its name. What one subscriber's digest fails of costs no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from chalicelib.digests import sent
from chalicelib.digests.ask import Asker
from chalicelib.digests.digest import Digest
from chalicelib.digests.gather import Gatherer
from chalicelib.digests.messages import failure, file_key, message
from chalicelib.digests.printed import printed
from chalicelib.digests.schedule import Due, Sent, due, message_id
from chalicelib.digests.sent import Remembered
from chalicelib.documents import delivery
from chalicelib.documents.formats import Format
from chalicelib.domain.clock import Clock
from chalicelib.domain.result_files import ResultFiles
from chalicelib.domain.state import StateStore
from chalicelib.errors import HeadwaterError, StoreError
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.query import SeriesQuery
from chalicelib.outbox.message import Message, Teller
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.subscription import DigestWish, State, Subscription

PATIENCE: Final = timedelta(minutes=30)
"""So long a digest waits for what cannot be read at the moment; then it is sent, and says so."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look did: digests due, put into the outbox, failed, and left for the next look as time was over."""

    due: int = 0
    sent: int = 0
    failed: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    subscription: Subscription
    wish: DigestWish
    due: Due
    before: Remembered | None


@dataclass(frozen=True, slots=True)
class Work:
    """Where digests are found, made and put.

    Parameters
    ----------
    link_key
        Answers the key of signed links.
    warn
        Takes a sentence for the log.
    """

    state: StateStore
    results: ResultFiles
    series: SeriesQuery
    metrics: Callable[[], Mapping[str, Metric]]
    outbox: Teller
    link_key: Callable[[], bytes]
    clock: Clock
    warn: Callable[[str], None]

    def look(self, has_time: Callable[[], bool]) -> Look:
        """Send what is due, what has been due for longest first, as long as ``has_time``.

        Raises
        ------
        StoreUnavailable
            The state could not be read; nothing was sent.
        """
        jobs = sorted(self._jobs(), key=lambda job: (job.due.at, job.subscription.id))
        if not jobs:
            return Look()
        gatherer = Gatherer(self.state, Asker(self.series, self.metrics()))
        done = [self._do(job, gatherer) for job in jobs if has_time()]
        return Look(len(jobs), done.count(True), done.count(False), len(jobs) - len(done))

    def send_now(self, subscription: Subscription, wish: DigestWish, due: Due, named: str) -> bool:
        """Put one digest into the outbox, whatever was sent before; False when it was there already.

        Raises ``HeadwaterError`` where it cannot be made.
        """
        gatherer = Gatherer(self.state, Asker(self.series, self.metrics()))
        return self.outbox.put(self._message(subscription, wish, due, named, gatherer.digest(wish, due.day)))

    def _jobs(self) -> list[_Job]:
        now, before = self.clock(), sent.every(self.state)
        found = []
        for one in kept.every(self.state):
            if one.state is not State.CONFIRMED or one.wishes.digest is None:
                continue
            last = before.get(one.id)
            try:
                is_due = _due(one, one.wishes.digest, last, now)
            except ValueError as error:  # a zone that the time-zone data does not know any more
                self.warn(f"the digest of {one.id} is never due: {error}")
                self._tell(failure(one.id, f"digest/{one.id}/never", one.updated_at, str(error)))
                continue
            if is_due is not None:
                found.append(_Job(one, one.wishes.digest, is_due, last))
        return found

    def _do(self, job: _Job, gatherer: Gatherer) -> bool:
        """Send one; False where that failed."""
        named = message_id(job.subscription.id, job.due.day)
        has_waited = self.clock() - job.due.at >= PATIENCE
        try:
            digest = gatherer.digest(job.wish, job.due.day, job.due.missed, at_any_rate=has_waited)
            self.outbox.put(self._message(job.subscription, job.wish, job.due, named, digest))
            told = Sent(job.due.day, job.wish.cadence)
            sent.remember(self.state, job.subscription.id, told, job.before, self.clock())
        except Exception as error:  # noqa: BLE001 - the edge of one subscriber: the others get theirs
            why = f"{type(error).__name__}: {error}"
            self.warn(f"{named}: {why}")
            if has_waited or not isinstance(error, HeadwaterError):
                self._tell(failure(job.subscription.id, named, job.due.at, why))
            return False
        return True

    def _tell(self, notice: Message) -> None:
        try:
            self.outbox.put(notice)
        except StoreError as error:
            self.warn(f"{notice.id} could not be told: {error}")

    def _message(self, subscription: Subscription, wish: DigestWish, due: Due, named: str, digest: Digest) -> Message:
        pdf = file_key(digest, wish) if digest.numbers else ""
        if pdf and self.results.size(pdf) is None:
            delivery.put(self.results, pdf, Format.PDF, printed(digest))
        return message(subscription, digest, named, due.at, self.link_key(), pdf)


def _due(one: Subscription, wish: DigestWish, last: Remembered | None, now: datetime) -> Due | None:
    confirmed = one.confirmed_at or one.created_at
    return due(wish, confirmed, one.changed_at or confirmed, None if last is None else last.sent, now)
