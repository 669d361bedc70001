"""Attacks run in processes of their own: what dies, hangs or swells is counted and replaced."""

from __future__ import annotations

import multiprocessing as mp
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from tests.attacks.outcome import Kind, Outcome

SECONDS = 10.0
"""Of a processor: a statement may take this long until it has ended, or has obeyed being stopped (after 2 s)."""
_WALL_SECONDS = 60.0
MEMORY_BYTES = 1_500_000_000
"""Of the process, which has Python, Arrow and an engine of 256 MB in it. What would be more is refused."""
_MORE_BYTES = 1_100_000_000
_REPLACED_BYTES = 5 * 10**8
"""A process that has once had so much makes room for a new one, so that nobody pays for the statement before."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One statement; ``kind`` is the name of the kind of attack."""

    kind: str
    sql: str
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an attack at both doors; ``let_in`` says that the endpoint's guard handed it on to Athena."""

    attack: Attack
    athena: Outcome
    endpoint: Outcome
    let_in: bool
    seconds: float

    @property
    def is_bad(self) -> bool:
        """Does it fail a run?"""
        return self.athena.is_bad or self.endpoint.is_bad


def run(attacks: Iterable[Attack], processes: int = 2, reuse: int = 1) -> Iterator[Report]:
    """Run attacks side by side; reports come as they are ready.

    Parameters
    ----------
    reuse
        How many statements share an engine; 1 is what the server does.
    """
    queue = iter(attacks)
    children = [_Child(reuse) for _ in range(processes)]
    try:
        busy = [child for child in children if child.give(next(queue, None))]
        while busy:
            wait([child.pipe for child in busy], timeout=0.5)
            for child in list(busy):
                report = child.report()
                if report is None:
                    continue
                yield report
                if not child.give(next(queue, None)):
                    busy.remove(child)
    finally:
        for child in children:
            child.close()


@dataclass(slots=True)
class _Child:
    """A process that runs one attack at a time."""

    reuse: int
    pipe: Connection = field(init=False)
    _process: mp.process.BaseProcess = field(init=False)
    _root: Path = field(init=False)
    _attack: Attack | None = None
    _since: float = 0.0
    _cpu: float = 0.0

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        context = mp.get_context("spawn")
        self._root = Path(tempfile.mkdtemp(prefix="attacks-"))
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._root, self.reuse), daemon=True)
        self._process.start()
        theirs.close()
        if not self.pipe.poll(60) or self.pipe.recv() != "ready":
            raise RuntimeError("a process for attacks did not start")

    def give(self, attack: Attack | None) -> bool:
        """Begin an attack; False when there is none."""
        self._attack, self._since, self._cpu = attack, time.monotonic(), _cpu_seconds(self._process.pid)
        if attack is not None:
            self.pipe.send(attack)
        return attack is not None

    def report(self) -> Report | None:
        """The report, when there is one; a process that died or hangs is replaced and reported."""
        assert self._attack is not None
        if self.pipe.poll():
            try:
                report, peak_bytes = self.pipe.recv()
            except (EOFError, OSError):
                self._process.join(5)
                return self._lost(f"the process died, exit code {self._process.exitcode}")
            if peak_bytes > MEMORY_BYTES:
                return self._lost(f"{peak_bytes / 1e6:.0f} MB of memory")
            assert isinstance(report, Report)
            if peak_bytes > _REPLACED_BYTES:
                self.close()
                self._start()
            return report
        if _cpu_seconds(self._process.pid) - self._cpu > SECONDS or time.monotonic() - self._since > _WALL_SECONDS:
            return self._lost(f"not at an end after {SECONDS:.0f} s")
        return None

    def _lost(self, how: str) -> Report:
        assert self._attack is not None
        attack = self._attack
        self.close()
        self._start()
        crash = Outcome(Kind.CRASH, how)
        return Report(attack, crash, crash, False, time.monotonic() - self._since)

    def close(self) -> None:
        """End the process and forget its folder."""
        self._process.kill()
        self._process.join()
        self.pipe.close()
        shutil.rmtree(self._root, ignore_errors=True)


def _serve(pipe: Connection, root: Path, reuse: int) -> None:
    """The child: attacks in, reports out."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from infra.local.athena.limits import limit_memory
    from tests.attacks.athena_door import AthenaDoor  # here: the parent needs none of it
    from tests.attacks.canaries import Canaries
    from tests.attacks.endpoint_door import Admitted, EndpointDoor

    canaries = Canaries(root)
    athena, endpoint = AthenaDoor(canaries, reuse), EndpointDoor(canaries)
    athena.run("SELECT * FROM github_events")  # all is loaded
    limit_memory(_MORE_BYTES)  # as the server does
    pipe.send("ready")
    while True:
        try:
            attack = pipe.recv()
        except EOFError:
            os._exit(0)
        began = time.monotonic()
        at_endpoint = endpoint.ask(attack.sql, attack.parameters)
        if isinstance(at_endpoint, Admitted):
            at_endpoint = athena.run(at_endpoint.sql, at_endpoint.parameters, only_reads=True)
            let_in = True
        else:
            let_in = False
        at_athena = at_endpoint if let_in and reuse > 1 else athena.run(attack.sql, attack.parameters)
        bare = [Outcome(each.kind, each.detail[:500]) for each in (at_athena, at_endpoint)]
        pipe.send((Report(attack, *bare, let_in, time.monotonic() - began), _peak_bytes()))


def _cpu_seconds(process: int | None) -> float:
    """What a process has used of processors; nothing where there is no /proc: the clock on the wall decides there."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_bytes() -> int:
    """The most memory that this process ever had.

    On Linux from ``/proc``: what ``getrusage`` tells also counts the parent, whose copy a process is until it begins.
    """
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
