"""Kills parts of the local cloud at random while others work on it: a Lambda's worker, or all of AWS, which comes back.

``kill -9`` of the local AWS leaves S3 and what was saved at its start; the catalog is found again from S3, as
``make run`` does it. That takes away more than AWS ever would (queues, the newest state): nothing may rest on those.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from infra.local import processes, services
from infra.local.places import Ports
from infra.local.run import recover_catalog, save_state


@dataclass
class Killer:
    """What is killed, and how often it was.

    ``every_s`` is the mean time between two kills; one in ``whole`` takes all of AWS.
    """

    ports: Ports
    outputs: Mapping[str, str]
    chance: random.Random
    every_s: float
    whole: int
    workers: int = 0
    clouds: int = 0
    down_s: float = 0.0
    failure: BaseException | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_work(self) -> Iterator[Killer]:
        """Kill until the end of the block, and leave everything running."""
        if self.whole:
            save_state(services.local_aws(self.ports))  # what is deployed now is what comes back
        thread = threading.Thread(target=self._run, name="killer")
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()
        if self.failure is not None:
            raise self.failure

    def _run(self) -> None:
        try:
            while not self._stop.wait(self.chance.uniform(0.3, 1.7) * self.every_s):
                if self.whole and self.chance.randrange(self.whole) == 0:
                    self._kill_cloud()
                else:
                    self._kill_worker()
        except BaseException as error:  # noqa: BLE001 - handed on to the block's end
            traceback.print_exc()  # what is killed and not started again makes all others fail as well
            self.failure = error

    def _kill_worker(self) -> None:
        """Kill a process in which one of our Lambdas runs."""
        found = workers(processes.running(services.local_aws(self.ports).note))
        if found:
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(found), signal.SIGKILL)
                self.workers += 1

    def _kill_cloud(self) -> None:
        """Kill the local AWS with all its workers, and start it again."""
        service = services.local_aws(self.ports)
        pid = processes.running(service.note)
        if pid is None:
            return
        os.killpg(pid, signal.SIGKILL)
        began = time.monotonic()
        while processes.running(service.note) is not None or not free(service):
            time.sleep(0.05)
        processes.start(service)
        processes.wait(service)
        recover_catalog(self.ports, dict(self.outputs))
        self.clouds += 1
        self.down_s += time.monotonic() - began


def free(service: processes.Service) -> bool:
    """Whether the kernel has taken the port back; the threads of a killed process end one after another."""
    with suppress(processes.PortBusy):
        processes.check_free(service)
        return True
    return False


def workers(cloud: int | None) -> list[int]:
    """The processes of the API and of the sealer below the local AWS."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            parent = int((place / "stat").read_text().rsplit(")", 1)[1].split()[1])
            command = (place / "cmdline").read_text()
            if parent == cloud and any(f"headwater-local-{name}-" in command for name in ("api", "seal")):
                found.append(int(place.name))
    return found
