"""A state table in memory whose every call a test can make fail, before or after it took effect; and a clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.errors import PreconditionFailed
from chalicelib.outbox.message import OPERATORS, Kind, Message, Severity

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Killed(BaseException):
    """The process ends here; no handler of errors may catch it."""


@dataclass
class MemoryState:
    """Conditional writes; ``step`` is called before and after every call with its name, and may raise."""

    items: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    step: Callable[[str], None] = lambda _: None

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        self.step(f"get {pk}")
        found = self.items.get((pk, sk))
        return json.loads(json.dumps(found)) if found else None

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        self.step(f"before put {pk}")
        standing = self.items.get((pk, sk))
        if (standing["version"] if standing else None) != expected_version:
            raise PreconditionFailed(f"{pk} {sk}")
        self.items[pk, sk] = json.loads(json.dumps({**item, "version": (expected_version or 0) + 1}))
        self.step(f"after put {pk}")

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        self.step(f"query {pk}")
        for key in sorted(self.items):
            if key[0] == pk:
                yield {**json.loads(json.dumps(self.items[key])), "sk": key[1]}

    def delete(self, pk: str, sk: str) -> None:
        self.step(f"before delete {pk}")
        self.items.pop((pk, sk), None)
        self.step(f"after delete {pk}")

    def of(self, pk: str) -> list[str]:
        """The sort keys of a partition."""
        return sorted(sk for at, sk in self.items if at == pk)


@dataclass
class Clock:
    """Stands until a test turns it."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def turn(self, span: timedelta) -> None:
        self.now += span


def message(name: str = "alert/downloads/1/fired", **changes: Any) -> Message:
    """A message; what a test says nothing of is plain."""
    said: dict[str, Any] = {
        "id": name,
        "at": NOON,
        "kind": Kind.ALERT,
        "topic": "downloads",
        "severity": Severity.CRITICAL,
        "subject": "[Headwater] downloads fell below 100",
        "text": "Downloads were 12.\nLook at https://headwater.invalid/alerts/1",
        "to": (OPERATORS,),
        "short": "downloads 12 < 100",
    }
    return Message(**{**said, **changes})
