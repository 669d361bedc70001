"""What came of an attack."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """From best to worst; the last two fail a run."""

    REFUSED = "refused"
    RAN = "ran harmlessly"
    STOPPED = "stopped"
    ESCAPE = "escape"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A kind, what was said, and the statement if it could be read."""

    kind: Kind
    detail: str = ""
    statement: Any = None

    @property
    def is_bad(self) -> bool:
        """Does it fail a run?"""
        return self.kind in (Kind.ESCAPE, Kind.CRASH)
