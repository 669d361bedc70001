"""What is to be sent now, by the way it takes, in the order in which it was said.

With what is due on a way goes what was said before it and waits there for its next try: so nobody hears that something
has recovered before they hear that it was in trouble.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import HeadwaterError, NotTaken
from chalicelib.outbox import notices, outbox
from chalicelib.outbox.delivery import Delivery, Step
from chalicelib.outbox.message import SUBSCRIBERS
from chalicelib.outbox.outbox import Outbox, Pointer
from chalicelib.outbox.record import Record
from chalicelib.outbox.ways import Nowhere, Way, Ways

MOST: Final = 1_000
"""Messages that one run looks at, those first that have been due for longest."""
MOST_WAITING: Final = 200
"""Messages that wait for another try which are looked at besides."""
_UNREADABLE: Final = timedelta(minutes=30)

Route = Way | Nowhere | NotTaken


@dataclass(frozen=True, slots=True)
class Task:
    """A delivery to be made, and how it gets there.

    ``said_at`` is when its message was put into the outbox; ``early`` is one that is not due yet.
    """

    pointer: Pointer
    to: str
    way: Route
    said_at: datetime
    early: bool = False

    @property
    def lane(self) -> str:
        """Name what it shares with others that wait for it: its way, or nothing."""
        return self.way.name if isinstance(self.way, Way) else ""


@dataclass(frozen=True)
class Picker:
    """Everything that picking touches; see :class:`~chalicelib.outbox.sender.Sender`."""

    state: StateStore
    clock: Clock
    ways: Ways
    log: Callable[[str], None]
    claim: timedelta

    def pick(self, has_time: Callable[[], bool]) -> list[list[Task]]:
        """Answer what is to be sent, each way by itself. Raises ``StoreUnavailable`` where nothing can be read."""
        now, lanes = self.clock(), dict[str, list[Task]]()
        every = outbox.pointers(self.state)
        for task in self._of([one for one in every if one.due <= now][:MOST], has_time):
            lanes.setdefault(task.lane, []).append(task)
        lanes = {lane: tasks for lane, tasks in lanes.items() if any(not task.early for task in tasks)}
        if lanes.keys() - {""}:
            for task in self._of([one for one in every if one.due > now][:MOST_WAITING], has_time):
                if task.lane in lanes:
                    lanes[task.lane].append(task)
        return [_in_order(tasks) for tasks in lanes.values()]

    def _of(self, pointers: list[Pointer], has_time: Callable[[], bool]) -> Iterator[Task]:
        for pointer in pointers:
            if not has_time():
                return
            yield from self._tasks(pointer)

    def _tasks(self, pointer: Pointer) -> list[Task]:
        """Answer what is to be done of a message; one that cannot be read or reached costs no other."""
        try:
            found = outbox.read(self.state, pointer.message_id, pointer.day)
            if found is None:
                self._tidy(pointer)
                return []
            standing, now = self._spread(found), self.clock()
            due = [one for one in standing.deliveries if one.due(now, self.claim)]
            if not due and pointer.due <= now:
                self._tidy(pointer)
            early = [one for one in standing.deliveries if one.step is Step.PENDING and one not in due]
            return [self._task(pointer, one, standing, early=one not in due) for one in (*due, *early)]
        except HeadwaterError as error:
            self.log(f"message {pointer.message_id} waits: {type(error).__name__}: {error}")
        except Exception as error:  # noqa: BLE001 - the edge of one message, whatever was written into the table
            if pointer.due <= self.clock():
                self.log(f"message {pointer.message_id} cannot be read: {type(error).__name__}: {error}")
                self._set_aside(pointer)
        return []

    def _task(self, pointer: Pointer, one: Delivery, standing: Record, *, early: bool) -> Task:
        try:
            way: Route = self.ways.find(one.to, standing.message)
        except NotTaken as refused:
            way = refused
        return Task(pointer, one.to, way, standing.put_at, early)

    def _spread(self, found: Record) -> Record:
        """Add deliveries for those subscribers who are sent to one by one, once."""
        if found.spread or found.to(SUBSCRIBERS) is None:
            return found
        wanted = self.ways.spread(found.message)

        def spread(standing: Record) -> Record:
            new = tuple(Delivery(to) for to in wanted if standing.to(to) is None)
            whole = replace(standing, spread=True, deliveries=standing.deliveries + new)
            return standing if standing.spread else whole

        return outbox.change(self.state, found.message.id, found.day, spread) or found

    def _set_aside(self, pointer: Pointer) -> None:
        """Tell of a message that cannot be read, and look at it again later: somebody may mend it."""
        now = self.clock()
        try:
            Outbox(self.state, self.clock).put(notices.unreadable(pointer.message_id, pointer.day, now))
            outbox.defer(self.state, pointer, now + _UNREADABLE)
        except HeadwaterError as error:
            self.log(f"message {pointer.message_id} is not set aside: {type(error).__name__}: {error}")

    def _tidy(self, pointer: Pointer) -> None:
        outbox.tidy(self.state, pointer.message_id, pointer.day, self.clock(), self.claim)


def _in_order(tasks: list[Task]) -> list[Task]:
    """Put what was said first first; leave out what waits and was said after all that is due."""
    last = max((task.said_at for task in tasks if not task.early), default=None)
    kept = [task for task in tasks if not task.early or (last is not None and task.lane and task.said_at <= last)]
    return sorted(kept, key=lambda task: (task.said_at, task.pointer.message_id))
