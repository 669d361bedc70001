"""What must never be seen, touched or called, and the look whether it was."""

from __future__ import annotations

import os
import re
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

CONTENT = "canary-of-a-secret-file"
NAME = "canary-in-the-name-of-a-file"
ENVIRONMENT = "canary-of-the-environment"
OTHER_QUERY = "canary-of-another-query"
VAULT = "canary-of-what-is-not-published"
EVERYWHERE = (CONTENT, ENVIRONMENT, OTHER_QUERY)

_CALLS = (
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
)
_FILES = ("open", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.listdir", "os.scandir", "os.link", "os.symlink")
_MACHINE = re.compile(r'Traceback \(most recent call|File "|site-packages|/infra/local/|\.py\b')


class Canaries:
    """A folder with secrets beside the folder of the queries, an environment, and a port that nobody may call.

    Parameters
    ----------
    root
        An empty folder of this process's own; it becomes the working directory.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.work = self.root / "work"
        self._secrets, self._here = self.root / "secrets", self.root / "here"
        other = self.work / "another-query" / "t0"
        for folder in (self._secrets, self._here, other):
            folder.mkdir(parents=True)
        self.secret = self._secrets / "secret.csv"
        self.secret.write_text(f"word\n{CONTENT}\n")
        (self._secrets / "secret.json").write_text(f'{{"word": "{CONTENT}"}}')
        (self._secrets / f"{NAME}.txt").write_text(CONTENT)
        pq.write_table(pa.table({"word": [CONTENT]}), self._secrets / "secret.parquet")
        pq.write_table(pa.table({"word": [OTHER_QUERY]}), other / "000000.parquet")
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.setblocking(False)
        os.environ["HEADWATER_CANARY"] = ENVIRONMENT
        os.chdir(self._here)
        self._events: list[str] = []
        self._armed = False
        self._roots = tuple(
            {str(self.work), sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", *filter(None, sys.path)}
        )
        sys.addaudithook(self._audit)
        self._before = self._listing()

    @property
    def address(self) -> tuple[str, int]:
        """Where nobody may call."""
        host, port = self._listener.getsockname()
        return host, port

    def filled(self, sql: str) -> str:
        """A statement with the addresses of this process's secrets in it."""
        _, port = self.address
        for name, value in {
            "$SECRET_FOLDER": self._secrets,
            "$SECRET": self.secret,
            "$OTHER_QUERY": self.work / "another-query" / "t0" / "000000.parquet",
            "$ROOT": self.root,
            "$URL": f"http://127.0.0.1:{port}",
            "$PORT": port,
        }.items():
            sql = sql.replace(name, str(value))
        return sql

    @contextmanager
    def watching(self) -> Iterator[list[str]]:
        """Run something; afterwards the list says what it should not have done."""
        found: list[str] = []
        self._events.clear()
        self._armed = True
        try:
            yield found
        finally:
            self._armed = False
            found += self._events
            if (now := self._listing()) != self._before:
                found.append(f"files changed: {sorted(now ^ self._before)}")
                self._before = now
            found += self._called()

    def leaks(self, sql: str, told: Iterable[str | None], message: str) -> list[str]:
        """What a result or a message says that its statement did not."""
        texts = [text for text in (*told, message) if text]
        found = [f"tells {canary}" for canary in EVERYWHERE for text in texts if canary in text and canary not in sql]
        found += [f"tells {NAME}" for text in texts if NAME in text and NAME not in sql]
        if str(self.root) in message and str(self.root) not in sql:
            found.append(f"the message shows a path: {message[:300]}")
        if (shown := _MACHINE.search(message)) and shown[0] not in sql:
            found.append(f"the message shows the machine: {message[:300]}")
        return list(dict.fromkeys(found))

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if not self._armed:
            return
        if event in _CALLS:
            self._events.append(f"{event} {arguments!r:.200}")
        elif event in _FILES and arguments and isinstance(arguments[0], (str, bytes, os.PathLike)):
            path = os.path.abspath(os.fsdecode(arguments[0]))  # noqa: PTH100 - pathlib would ask the disk
            if not path.startswith(self._roots):
                self._events.append(f"{event} {path}")

    def _listing(self) -> set[tuple[str, int, int]]:
        """Every file outside of the queries' own folders, and the other query's."""
        found = set()
        for folder in (self.root, self._secrets, self._here, self.work / "another-query" / "t0"):
            for entry in os.scandir(folder):
                status = entry.stat()
                if entry.is_file():
                    found.add((entry.path, status.st_size, status.st_mtime_ns))
                else:
                    found.add((entry.path, 0, 0))
        return found

    def _called(self) -> list[str]:
        try:
            caller, where = self._listener.accept()
        except BlockingIOError:
            return []
        caller.close()
        return [f"a connection from {where}"]
