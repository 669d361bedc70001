"""What waits in a queue of work that was given up, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One message that waits there, and when it was sent first (UTC)."""

    sent_at: datetime
    body: str


@dataclass(frozen=True, slots=True)
class Letters:
    """What waits in one queue: about how many, of which ``seen`` are some, the oldest first."""

    url: str
    arn: str
    waiting: int
    seen: tuple[Letter, ...] = ()
