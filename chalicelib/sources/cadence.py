"""How often a source commits, for the judgement of its freshness."""

from __future__ import annotations

from chalicelib.domain.freshness import Cadence
from chalicelib.sources.base import PullSource, Source


def cadence(source: Source) -> Cadence:
    """Answer a source's cadence: grid and settle of a pull source, heartbeat and lateness of an arriving one."""
    if isinstance(source, PullSource):
        return Cadence(source.grid, source.settle, arriving=False)
    return Cadence(source.heartbeat, source.lateness, arriving=True)
