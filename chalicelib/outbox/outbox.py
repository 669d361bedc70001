"""The outbox: messages in the state table, each with its deliveries, and pointers to those that are not done.

A message is an item of the day that it is about (``message#2026-11-26``). A small pointer (``outbox``) stands beside it
for as long as something is to be done, so that reading what is due costs by what is due, not by all that was ever said.
The pointer is written before its message and again after it, and looked at once more after it was taken away: whichever
process dies at whichever moment, there is no message that is not done without a pointer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore, wrote
from chalicelib.errors import StoreUnavailable
from chalicelib.outbox import record
from chalicelib.outbox.delivery import Step, redriven
from chalicelib.outbox.message import Message
from chalicelib.outbox.record import Record

POINTERS: Final = "outbox"
MOST_TEXT: Final = 80_000
"""Bytes of UTF-8: of a message's text and of its HTML each; an item of the state holds 400 KB."""
ID: Final = re.compile(r"[A-Za-z0-9/:._-]{1,300}\Z")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\Z")
_TRIES: Final = 30
_CUT: Final = "\n\n… The rest is too long for a message."


@dataclass(frozen=True)
class Outbox:
    """Where messages are put: the :class:`~chalicelib.outbox.message.Teller` of all that have something to say."""

    state: StateStore
    clock: Clock

    def put(self, message: Message) -> bool:
        """Put a message here; False when it was here already, whatever it said then.

        Raises
        ------
        StoreUnavailable
            Whether it is here is unknown: put it again.
        ValueError
            Its id is not one, or its instant has no zone.
        """
        if not ID.match(message.id):
            raise ValueError(f"{message.id!r} is no id of a message: 1 to 300 of A-Z a-z 0-9 / : . _ -")
        if message.at.tzinfo is None:
            raise ValueError("the instant of a message needs a zone")
        now = self.clock()
        made = record.new(bounded(message), now)
        if not made.deliveries:
            return wrote(self.state, partition(made.day), message.id, record.to_item(made), expected_version=None)
        if (standing := read(self.state, message.id, made.day)) is not None and standing.final:
            return False
        point(self.state, message.id, made.day, now)
        is_new = wrote(self.state, partition(made.day), message.id, record.to_item(made), expected_version=None)
        # Again: a sender that found the pointer without its message for long may have taken it away in between.
        point(self.state, message.id, made.day, now)
        return is_new

    def redrive(self, message_id: str, day: str) -> Record | None:
        """Send again what was given up; answer how the message stands, None when there is none.

        Raises ``StoreUnavailable``.
        """
        now = self.clock()
        point(self.state, message_id, day, now)
        found = change(self.state, message_id, day, _redriven)
        if found is not None and not found.final:
            hurry(self.state, message_id, day, now)
        return found


def _redriven(standing: Record) -> Record:
    return replace(standing, deliveries=tuple(redriven(delivery) for delivery in standing.deliveries))


def partition(day: str) -> str:
    """Name the partition of a day's messages."""
    return f"message#{day}"


def read(state: StateStore, message_id: str, day: str) -> Record | None:
    """Read one message. Raises ``StoreUnavailable``."""
    item = state.get(partition(day), message_id)
    return None if item is None else record.from_item(item)


def of_days(state: StateStore, first: date, last: date) -> Iterator[Record]:
    """Read every message about ``first`` to ``last`` (days of UTC, both included), by day and id.

    Raises ``StoreUnavailable``.
    """
    for at in range((last - first).days + 1):
        day = (first + timedelta(days=at)).isoformat()
        yield from (record.from_item(item) for item in state.query(partition(day)))


def change(state: StateStore, message_id: str, day: str, how: Callable[[Record], Record]) -> Record | None:
    """Change a message, however many others change it at the same time; answer it as it then stands.

    ``how`` is called again where another was faster; what it answers unchanged is not written.

    Raises ``StoreUnavailable`` also where others were faster too often.
    """
    for _ in range(_TRIES):
        standing = read(state, message_id, day)
        if standing is None:
            return None
        wanted = how(standing)
        if wanted == standing:
            return standing
        if wrote(state, partition(day), message_id, record.to_item(wanted), expected_version=standing.version):
            return replace(wanted, version=standing.version + 1)
    raise StoreUnavailable(f"others changed message {message_id} at the same time, {_TRIES} times over")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Says that a message is not done: not to be looked at before ``due``; put there at ``since``."""

    message_id: str
    day: str
    due: datetime
    since: datetime
    version: int


def pointers(state: StateStore) -> list[Pointer]:
    """Answer everything that is not done, what has been due for longest first. Raises ``StoreUnavailable``."""
    return sorted((_pointer(item) for item in state.query(POINTERS)), key=lambda one: (one.due, one.message_id))


def _pointer(item: Mapping[str, Any]) -> Pointer:
    due, since = (datetime.fromtimestamp(item[name], UTC) for name in ("due", "since"))
    return Pointer(item["sk"], item["day"], due, since, item["version"])


def _pointer_item(day: str, due: datetime, since: datetime) -> dict[str, Any]:
    return {"day": day, "due": int(due.timestamp()), "since": int(since.timestamp())}


def point(state: StateStore, message_id: str, day: str, now: datetime) -> None:
    """Leave a pointer where there is none. Raises ``StoreUnavailable``."""
    wrote(state, POINTERS, message_id, _pointer_item(day, now, now), expected_version=None)


def hurry(state: StateStore, message_id: str, day: str, now: datetime) -> None:
    """Leave a pointer that is due now, whatever stood there. Raises ``StoreUnavailable``."""
    for _ in range(_TRIES):
        standing = state.get(POINTERS, message_id)
        version = None if standing is None else standing["version"]
        if wrote(state, POINTERS, message_id, _pointer_item(day, now, now), expected_version=version):
            return
    raise StoreUnavailable(f"others changed the pointer of message {message_id} at the same time, {_TRIES} times over")


def defer(state: StateStore, pointer: Pointer, due: datetime) -> None:
    """Have a pointer looked at then; nothing where somebody has changed it meanwhile. Raises ``StoreUnavailable``."""
    if int(due.timestamp()) != int(pointer.due.timestamp()):
        item = _pointer_item(pointer.day, due, pointer.since)
        wrote(state, POINTERS, pointer.message_id, item, expected_version=pointer.version)


def tidy(state: StateStore, message_id: str, day: str, now: datetime, claim: timedelta) -> None:
    """Take the pointer of a message away that is done; of another, note when there is something to do.

    The pointer is read before its message: whoever redrives in between wins. Raises ``StoreUnavailable``.
    """
    item = state.get(POINTERS, message_id)
    if item is None:
        return
    pointer, standing = _pointer({**item, "sk": message_id}), read(state, message_id, day)
    if standing is not None and not standing.final:
        defer(state, pointer, standing.due_at(claim) or now)
    # Without its message it may be about to get it, unless whoever wrote the pointer is long dead.
    elif standing is not None or now - pointer.since > claim:
        done(state, message_id, day, now)


def done(state: StateStore, message_id: str, day: str, now: datetime) -> None:
    """Take a pointer away, and put it back where its message turns out not to be done. Raises ``StoreUnavailable``."""
    state.delete(POINTERS, message_id)
    standing = read(state, message_id, day)
    if standing is not None and not standing.final:
        point(state, message_id, day, now)


def day_named(text: str) -> str:
    """Read the name of a day. Raises ``ValueError``.

    >>> day_named("2026-11-26")
    '2026-11-26'
    """
    if not _DAY.match(text):
        raise ValueError("A day is written as 2026-11-26.")
    return date.fromisoformat(text).isoformat()


def bounded(message: Message) -> Message:
    """Answer a message that fits: too long a text is cut, and says so; too long an HTML is left out.

    >>> at = datetime(2026, 11, 26, tzinfo=UTC)
    >>> from chalicelib.outbox.message import Kind, Severity
    >>> long = Message("a", at, Kind.DIGEST, "t", Severity.INFO, "s", "ä" * 90_000, (), html="<p>" * 90_000)
    >>> len(bounded(long).text.encode()) <= MOST_TEXT, bounded(long).text[-9:], bounded(long).html
    (True, ' message.', '')
    """
    text = cut(message.text, MOST_TEXT, f"{_CUT} See {message.link}" if message.link else _CUT)
    html = message.html if len(message.html.encode()) <= MOST_TEXT else ""
    subject, short = cut(message.subject, 1_000, "…"), cut(message.short, 1_000, "…")
    return replace(message, subject=subject, short=short, text=text, html=html)


def cut(text: str, most: int, end: str) -> str:
    """Cut a text to a number of bytes of UTF-8, its end said.

    >>> cut("äöü", 5, "…")
    'ä…'
    """
    raw = text.encode()
    if len(raw) <= most:
        return text
    return raw[: most - len(end.encode())].decode(errors="ignore") + end


def steps(found: Record) -> frozenset[Step]:
    """Answer how a message's deliveries stand, each step once."""
    return frozenset(delivery.step for delivery in found.deliveries)
