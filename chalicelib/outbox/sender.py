"""The sender: the only one that sends. Each minute it takes what is due out of the outbox.

For each delivery: claim (a conditional write that one of any number of twins wins), send, write down how it ended. What
a dead sender had claimed is claimed again when no sender can be alive that had it, and goes out in doubt: the way looks
first. Receipts, by which topics tell what they have taken, are written down before anything is sent.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import HeadwaterError, NoAnswer, NotTaken
from chalicelib.outbox import delivery as machine
from chalicelib.outbox import notices, outbox, pace
from chalicelib.outbox.delivery import CLAIM, Delivery, Nobody, Outcome, Refused, Step, Taken, Unknown
from chalicelib.outbox.letter import Letter, with_site
from chalicelib.outbox.message import Kind
from chalicelib.outbox.outbox import Outbox, Pointer
from chalicelib.outbox.picking import Picker, Task
from chalicelib.outbox.record import Record
from chalicelib.outbox.ways import Nowhere, Receipt, Receipts, Way, Ways

REFUSALS: Final = 3
"""In a row, after which a way is not tried any more in this run: one message that is refused costs no other."""


def _random_id() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Sender:
    """Everything that sending touches.

    Parameters
    ----------
    site
        The site's address, written into texts.
    each
        Calls a function for every item, perhaps side by side: no way waits for another.
    sleep
        Waits for a number of seconds between two letters of one way.
    log
        Is told of what is not as it should be.
    claim
        Longer than any sender can live.
    """

    state: StateStore
    clock: Clock
    ways: Ways
    receipts: Receipts
    site: str
    each: Callable[[Callable[[list[Task]], Counter[str]], Iterable[list[Task]]], Iterator[Counter[str]]]
    sleep: Callable[[float], None]
    log: Callable[[str], None]
    claim: timedelta = CLAIM
    new_id: Callable[[], str] = _random_id

    def run(self, has_time: Callable[[], bool]) -> dict[str, int]:
        """Send what is due, for as long as there is time; answer how many deliveries ended how.

        Raises ``StoreUnavailable`` where the outbox cannot be read at all.
        """
        self._read_receipts()
        lanes = Picker(self.state, self.clock, self.ways, self.log, self.claim).pick(has_time)
        told: Counter[str] = Counter()
        for count in self.each(lambda tasks: self._send_all(tasks, has_time), lanes):
            told += count
        return dict(told)

    def _read_receipts(self) -> None:
        try:
            self.receipts.drain(self.write_down)
        except HeadwaterError as error:  # what is in doubt waits for them, all else goes out
            self.log(f"receipts are not read: {type(error).__name__}: {error}")

    def write_down(self, receipt: Receipt) -> None:
        """Believe a receipt, however its delivery stands. Raises ``StoreUnavailable``."""
        try:
            self._believe(receipt)
        except HeadwaterError:
            raise
        except Exception as error:  # noqa: BLE001 - the edge of one receipt: nobody can do anything with it
            self.log(f"receipt of {receipt.message_id} cannot be written down: {type(error).__name__}: {error}")

    def _believe(self, receipt: Receipt) -> None:
        now, is_news = self.clock(), False

        def told(standing: Record) -> Record:
            nonlocal is_news
            found = standing.to(receipt.to)
            is_news = found is not None and found.step is not Step.SENT
            return standing.with_delivery(machine.received(found, receipt.provider_id, now)) if found else standing

        outbox.change(self.state, receipt.message_id, receipt.day, told)
        if is_news:
            outbox.tidy(self.state, receipt.message_id, receipt.day, now, self.claim)

    # ---------------------------------------------------------------- sending

    def _send_all(self, tasks: list[Task], has_time: Callable[[], bool]) -> Counter[str]:
        """Send the letters of one way; what cannot be reached costs no other way."""
        try:
            return self._one_by_one(tasks, has_time)
        except HeadwaterError as error:
            self.log(f"{tasks[0].to} waits: {type(error).__name__}: {error}")
            return Counter({"waiting": len(tasks)})

    def _one_by_one(self, tasks: list[Task], has_time: Callable[[], bool]) -> Counter[str]:
        """Send one letter after the other, and stop where the way takes none."""
        told: Counter[str] = Counter()
        way = tasks[0].way
        granted = len(tasks)
        if isinstance(way, Way):
            granted = pace.take(self.state, way.name, way.a_minute, len(tasks), self.clock())
        at = refusals = 0
        for at, task in enumerate(tasks[:granted], 1):
            began = self.clock()
            outcome = self._guarded(task)
            told[type(outcome).__name__.lower() if outcome else "elsewhere"] += 1
            refusals = refusals + 1 if _is_busy(outcome) else 0
            if isinstance(way, Way):
                if self._stops(way, outcome) or refusals >= REFUSALS or not has_time():
                    break
                if at < granted:
                    self.sleep(max(0.0, 60 / way.a_minute - (self.clock() - began).total_seconds()))
        told["waiting"] += len(tasks) - at
        for task in tasks[:at]:
            self._put_away(task.pointer)
        return +told

    def _stops(self, way: Way, outcome: Outcome | None) -> bool:
        """Tell whether a way is not tried any more in this run: it has asked us to wait, or does not answer."""
        if isinstance(outcome, Refused) and outcome.retry_after is not None:
            pace.hold(self.state, way.name, self.clock() + outcome.retry_after)
            return True
        return isinstance(outcome, Unknown)

    def _guarded(self, task: Task) -> Outcome | None:
        try:
            return self._deliver(task)
        except HeadwaterError as error:  # the edge of one delivery: the claim runs out, and it is gone on with
            self.log(f"message {task.pointer.message_id} to {task.to}: {type(error).__name__}: {error}")
            return Unknown(str(error))

    def _deliver(self, task: Task) -> Outcome | None:
        """Claim, send, write down; None where another sender has it. Raises ``StoreUnavailable``."""
        attempt, now = self.new_id(), self.clock()

        def claim(standing: Record) -> Record:
            one = standing.to(task.to)
            if one is None or not (one.due(now, self.claim) or (task.early and one.step is Step.PENDING)):
                return standing
            return standing.with_delivery(machine.claimed(one, attempt, now))

        found = outbox.change(self.state, task.pointer.message_id, task.pointer.day, claim)
        mine = found.to(task.to) if found else None
        if found is None or mine is None or mine.attempt != attempt:
            return None
        outcome = self._outcome(task, found, mine)
        self._settle(found, mine, outcome)
        return outcome

    def _outcome(self, task: Task, found: Record, mine: Delivery) -> Outcome:
        match task.way:
            case Nowhere(reason):
                return Nobody(reason)
            case NotTaken() as refused:
                return _refused(refused)
            case Way() as way:
                try:
                    said = with_site(found.message, self.site)
                    letter = Letter(
                        said, task.to, found.day, mine.attempt, mine.doubtful, mine.begun_at or self.clock()
                    )
                    return Taken(way.send(letter))
                except NotTaken as refused:
                    return _refused(refused)
                except NoAnswer as unknown:
                    return Unknown(str(unknown))
                except Exception as error:  # noqa: BLE001 - the edge of one letter: whatever it is, others go out
                    self.log(f"message {found.message.id} to {task.to}: {type(error).__name__}: {error}")
                    return Unknown(f"{type(error).__name__} while it was sent; see the log of the sender")

    def _settle(self, found: Record, mine: Delivery, outcome: Outcome) -> None:
        """Write down how an attempt ended; people are told first, so that a crash in between loses nothing."""
        now = self.clock()
        after = machine.settled(mine, outcome, now, self.claim)
        needs_a_person = isinstance(outcome, Refused) and outcome.call_a_person
        if (after.step is Step.DEAD or needs_a_person) and found.message.kind is not Kind.NOTICE:
            notice = notices.not_delivered(found.message, mine.to, after.reason, now, self.ways.channels())
            if Outbox(self.state, self.clock).put(notice) or not notice.to:
                self.log(f"{mine.to} does not take messages: {after.reason}")

        def settle(standing: Record) -> Record:
            one = standing.to(mine.to)
            if one is None:
                return standing
            if isinstance(outcome, Taken):
                return standing.with_delivery(machine.received(one, outcome.provider_id, now))
            if one.attempt != mine.attempt:
                return standing
            return standing.with_delivery(machine.settled(one, outcome, now, self.claim))

        outbox.change(self.state, found.message.id, found.day, settle)

    # ---------------------------------------------------------------- pointers

    def _put_away(self, pointer: Pointer) -> None:
        """Bring a pointer up to date; where that fails it stays, and is looked at again."""
        try:
            outbox.tidy(self.state, pointer.message_id, pointer.day, self.clock(), self.claim)
        except HeadwaterError as error:
            self.log(f"message {pointer.message_id} stays in the outbox: {type(error).__name__}: {error}")


def _is_busy(outcome: Outcome | None) -> bool:
    return isinstance(outcome, Refused) and not outcome.for_good


def _refused(error: NotTaken) -> Refused:
    return Refused(str(error), error.retry_after, error.for_good, error.call_a_person)
