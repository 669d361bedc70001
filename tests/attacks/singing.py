"""Does each canary sing? Things that must be noticed, done on purpose."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from tests.attacks.athena_door import AthenaDoor
from tests.attacks.canaries import CONTENT, ENVIRONMENT, OTHER_QUERY, Canaries
from tests.attacks.outcome import Kind


def _said(canary: str) -> str:
    """SQL that says a canary without writing it."""
    return f"concat('{canary[:9]}', '{canary[9:]}')"


READS = {
    "a file's content": f"SELECT {_said(CONTENT)}",
    "the environment": f"SELECT ARRAY['x', {_said(ENVIRONMENT)}]",
    "another query's data": f"SELECT {_said(OTHER_QUERY)} AS x FROM github_stars",
    "a file's content in an error": f"SELECT json_parse({_said(CONTENT)})",
    "what is not published": "SELECT * FROM unpublished",
    "objects written": "INSERT INTO github_stars SELECT * FROM github_stars",
    "a table dropped": "DROP TABLE github_stars",
    "an honest query": "SELECT count(*) FROM github_stars",
}


def sung(root: Path) -> Mapping[str, bool]:
    """Which of them were noticed. For a process of its own: the look cannot be undone."""
    canaries = Canaries(root)
    door = AthenaDoor(canaries)
    heard = {name: door.run(sql, only_reads=True).kind is Kind.ESCAPE for name, sql in READS.items()}
    with canaries.watching() as found:
        (root / "here" / "new").touch()
    heard["a file made"] = bool(found)
    with canaries.watching() as found:
        canaries.secret.read_text()
    heard["a file opened"] = bool(found)
    with canaries.watching() as found, socket.create_connection(canaries.address):
        pass
    heard["a connection"] = len(found) >= 2  # by Python's own event, and by who was called
    heard["a path in a message"] = bool(canaries.leaks("SELECT 1", (), f"cannot open {root}/work/x"))
    heard["a stack in a message"] = bool(canaries.leaks("SELECT 1", (), 'File "x", line 7'))
    return heard
