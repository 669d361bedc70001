"""How often a source commits, and how long it may be quiet, for the judgement of its freshness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib.domain.freshness import Cadence
from chalicelib.sources.base import PullSource, Source
from chalicelib.sources.keys import SILENT_AFTER


def cadence(source: Source) -> Cadence:
    """Answer a source's cadence: grid and settle of a pull source, heartbeat and lateness of an arriving one."""
    if isinstance(source, PullSource):
        return Cadence(source.grid, source.settle, arriving=False)
    return Cadence(source.heartbeat, source.lateness, arriving=True)


def silent_after(section: Mapping[str, Any]) -> timedelta | None:
    """Answer how long a source may be quiet, by its section of the sources file; None when it may be for ever.

    >>> silent_after({"silent_after_hours": 24}), silent_after({"silent_after_hours": 0}), silent_after({})
    (datetime.timedelta(days=1), None, None)
    """
    hours = section.get(SILENT_AFTER, 0)
    return timedelta(hours=hours) if hours else None
