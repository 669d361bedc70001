"""Workers as greenlets under one seeded scheduler: at every call on the outside a worker pauses; anything may happen.

Before and after a call a worker can be killed; a call can fail without effect, have its effect and lose its answer, be
repeated by an SDK, or take virtual hours while others go on (a zombie). All of it comes from one random generator, so a
seed is a complete description of a run.
"""

from __future__ import annotations

import hashlib
import random
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from greenlet import greenlet

from chalicelib.errors import HeadwaterError, IntegrityError, PreconditionFailed, StoreUnavailable, WriteConflict

T = TypeVar("T")

START = datetime(2026, 3, 1, tzinfo=UTC)


class Killed(BaseException):
    """The worker's process is gone."""


class Fate(Enum):
    """What happens to one call."""

    FINE = "fine"
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    UNAVAILABLE = "503"
    LOST = "answer lost"
    CONFLICT = "409"
    REPEATED = "repeated by the SDK"


@dataclass(frozen=True)
class Faults:
    """How often, as probabilities of one call."""

    killed_before: float = 0.008
    killed_after: float = 0.008
    unavailable: float = 0.006
    lost: float = 0.012
    conflict: float = 0.02
    repeated: float = 0.02
    asleep: float = 0.01


NO_FAULTS = Faults(0, 0, 0, 0, 0, 0, 0)


@dataclass
class Worker:
    """One process. ``skew`` is what its clock shows beyond the true time."""

    name: str
    skew: timedelta
    wake_at: datetime = START
    thread: Any = None

    @property
    def is_dead(self) -> bool:
        """Whether it has ended, one way or the other."""
        return bool(self.thread.dead)


@dataclass
class Scheduler:
    """The world's time and the workers in it."""

    rng: random.Random
    faults: Faults = field(default_factory=Faults)
    now: datetime = START
    workers: list[Worker] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)
    calls: int = 0

    def __post_init__(self) -> None:
        self._main = greenlet.getcurrent()
        self._trace = hashlib.sha256()
        self.current: Worker | None = None

    @property
    def digest(self) -> str:
        """Names all that happened: equal digests are equal runs."""
        return self._trace.hexdigest()[:16]

    def clock(self) -> datetime:
        """The time that the running worker sees."""
        return self.now + (self.current.skew if self.current else timedelta(0))

    def spawn(self, name: str, work: Callable[[], object], skew: timedelta = timedelta(0)) -> Worker:
        """Start a worker; it runs when it is chosen."""
        worker = Worker(name, skew, self.now)
        worker.thread = greenlet(lambda: self._live(worker, work), parent=self._main)
        self.workers.append(worker)
        return worker

    def step(self) -> bool:
        """Let one awake worker go on to its next call; False when there is none."""
        awake = [worker for worker in self.workers if worker.wake_at <= self.now]
        if not awake:
            return False
        worker = self.rng.choice(awake)
        self.current = worker
        worker.thread.switch()
        self.current = None
        if worker.is_dead:
            self.workers.remove(worker)
        return True

    def run_out(self) -> None:
        """Let every worker come to its end."""
        while self.workers:
            if not self.step():
                self.now = min(worker.wake_at for worker in self.workers)

    def call(self, what: str, effect: Callable[[], T], *, conditional: bool = False) -> T:
        """Make one call on the outside in the running worker."""
        worker = self.current
        if worker is not None:
            self._main.switch()
            self.current = worker
        fate = self._fate(conditional=conditional) if worker is not None else Fate.FINE
        self.calls += 1
        self._trace.update(f"{worker.name if worker else ''}|{what}|{fate.value}\n".encode())
        if fate is not Fate.FINE:
            self.tally[fate.value] += 1
        return self._suffer(fate, effect, what)

    def _suffer(self, fate: Fate, effect: Callable[[], T], what: str) -> T:
        if fate is Fate.KILLED_BEFORE:
            raise Killed
        if fate is Fate.UNAVAILABLE:
            raise StoreUnavailable(f"503: {what}")
        if fate is Fate.CONFLICT:
            raise WriteConflict(f"409: {what}")
        answer = effect()
        if fate is Fate.KILLED_AFTER:
            raise Killed
        if fate is Fate.LOST:
            raise StoreUnavailable(f"no answer: {what}")
        if fate is Fate.REPEATED:
            raise PreconditionFailed(f"412 to the SDK's second try: {what}")
        return answer

    def _fate(self, *, conditional: bool) -> Fate:
        faults, draw = self.faults, self.rng.random
        if draw() < faults.asleep and self.current is not None:
            self._sleep(timedelta(seconds=draw() * draw() * 8 * 3600))
        point = draw()
        for fate, share in (
            (Fate.KILLED_BEFORE, faults.killed_before),
            (Fate.KILLED_AFTER, faults.killed_after),
            (Fate.UNAVAILABLE, faults.unavailable),
            (Fate.LOST, faults.lost),
            (Fate.CONFLICT, faults.conflict if conditional else 0),
            (Fate.REPEATED, faults.repeated if conditional else 0),
        ):
            if point < share:
                return fate
            point -= share
        return Fate.FINE

    def _sleep(self, duration: timedelta) -> None:
        worker = self.current
        assert worker is not None
        worker.wake_at = self.now + duration
        self.tally["asleep"] += 1
        self._main.switch()
        self.current = worker

    def _live(self, worker: Worker, work: Callable[[], object]) -> None:
        try:
            work()
        except Killed:
            return
        except IntegrityError as error:
            self.violations.append(f"{worker.name}: {error}")
        except HeadwaterError:
            return  # this run has ended; the dispatcher starts another
        except Exception:  # noqa: BLE001 - a mistake in the code is what the simulation looks for
            self.violations.append(f"{worker.name}: {traceback.format_exc()}")
