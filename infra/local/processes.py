"""Long-lived processes of the local cloud: started once, told apart from strangers, stopped in order."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from infra.local.places import HOST, Port

STOP_SECONDS = 15.0
LOG_TAIL = 15


class PortBusy(Exception):  # noqa: N818 - the message is all that matters
    """Somebody else listens on a port of ours."""


class DidNotStart(Exception):  # noqa: N818
    """A process ended or stayed silent."""


@dataclass(frozen=True, slots=True)
class Service:
    """A process to keep: how to start it, where it listens, and which address answers once it is ready.

    ``version`` names its code: one that runs in another version is started anew.
    """

    name: str
    command: Sequence[str]
    port: Port
    ready_path: str
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path = Path()
    version: str = ""

    @property
    def note(self) -> Path:
        """Where its process id is kept."""
        return self.folder / "run" / f"{self.name}.json"

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self.folder / "logs" / f"{self.name}.log"


def command_of(pid: int) -> str:
    """The command line of a living process with its start time, or nothing."""
    done = subprocess.run(
        ["ps", "-ww", "-o", "stat=,lstart=,command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, rest = done.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else rest.strip()


def running(note: Path) -> int | None:
    """The process id that a note names, if that very process still lives (ids are used again)."""
    try:
        kept = json.loads(note.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return int(kept["pid"]) if kept["command"] and command_of(int(kept["pid"])) == kept["command"] else None


def check_free(service: Service) -> None:
    """Raise ``PortBusy`` when a stranger listens on the service's port, saying who it is if that can be known."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, service.port.number))
        except OSError as error:
            holder = listener(service.port.number)
            raise PortBusy(
                f"port {service.port.number} for {service.port.what} is in use{f' by {holder}' if holder else ''}: "
                f"end that, or choose another port with {service.port.variable}=…"
            ) from error


def listener(port: int) -> str:
    """Who listens on a port, as far as this machine tells: ``python3 (process 123)``."""
    hexadecimal = f":{port:04X}"
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).exists():
            continue
        rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
        inodes |= {row[9] for row in rows if row[1].endswith(hexadecimal) and row[3] == "0A"}
    wanted = {f"socket:[{inode}]" for inode in inodes}
    for link in Path("/proc").glob("[0-9]*/fd/*") if wanted else ():
        try:
            if str(link.readlink()) in wanted:
                pid = link.parts[2]
                return f"{Path('/proc', pid, 'comm').read_text().strip()} (process {pid})"
        except OSError:
            continue  # it has ended meanwhile, or is another user's
    return ""


def start(service: Service) -> bool:
    """Start a service unless it runs already, in this version; answer whether it had to be started.

    Wait for it with :func:`wait`.
    """
    if running(service.note) is not None:
        if json.loads(service.note.read_text()).get("version", "") == service.version:
            return False
        stop(service.note)
    check_free(service)
    service.log.parent.mkdir(parents=True, exist_ok=True)
    service.note.parent.mkdir(parents=True, exist_ok=True)
    with service.log.open("ab") as log:
        process = subprocess.Popen(
            list(service.command),
            env=dict(service.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    time.sleep(0.05)  # until the new program has replaced the fork, its command line is ours
    service.note.write_text(
        json.dumps({"pid": process.pid, "command": command_of(process.pid), "version": service.version})
    )
    return True


def wait(service: Service, seconds: float = 60) -> None:
    """Wait until the service answers; raise ``DidNotStart`` with the end of its log when it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answers(f"{service.port.url}{service.ready_path}"):
            return
        if running(service.note) is None:
            break
        time.sleep(0.1)
    tail = "\n".join(service.log.read_text(errors="replace").splitlines()[-LOG_TAIL:])
    raise DidNotStart(f"{service.port.what} did not start; the end of {service.log}:\n{tail}")


def answers(url: str) -> bool:
    """Whether something speaks HTTP there, whatever it says."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def stop(note: Path) -> bool:
    """End the process that a note names, politely first; answer whether there was one."""
    pid = running(note)
    if pid is not None:
        os.killpg(pid, signal.SIGTERM) if os.getpgid(pid) == pid else os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while running(note) is not None and time.monotonic() < deadline:
            time.sleep(0.1)
        if running(note) is not None:
            os.kill(pid, signal.SIGKILL)
    note.unlink(missing_ok=True)
    return pid is not None
