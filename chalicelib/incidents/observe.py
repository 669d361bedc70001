"""How a source is looked at: its log, its last run, and the one judgement of freshness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.freshness import Freshness, Quiet, SourceState, assess
from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.state import StateStore
from chalicelib.incidents import diagnosis
from chalicelib.incidents.diagnosis import Seen, judged
from chalicelib.incidents.incidents import Kind, Sight, Subject
from chalicelib.ingest import deadlines
from chalicelib.ingest.runs import read_run
from chalicelib.lake.status import stream_status
from chalicelib.metrics.cube import Cube
from chalicelib.sources.base import Source
from chalicelib.sources.cadence import cadence, silent_after

_WELL = Freshness(SourceState.OK, lag=None, next_run=None, overdue=False, told=False)


def subject(
    source: Source,
    section: Mapping[str, Any],
    store: ObjectStore,
    state: StateStore,
    standstill_is_told: Callable[[datetime], bool] = lambda _: False,
) -> Subject:
    """Answer a source, and its section of the sources file, as something to be watched.

    Where it is told already that nothing of ours runs (``standstill_is_told``), a source that has stalled for that is
    no trouble of its own. Looking raises ``StoreUnavailable``, ``IntegrityError``.
    """

    def look(now: datetime, first_seen: datetime) -> Sight:
        status = stream_status(store, source.name)
        run = read_run(state, source.name)
        every = cadence(source)
        quiet = Quiet(status.quiet_since, silent_after(section))
        freshness = assess(now, every, status.committed_at, status.watermark, run, quiet)
        seen = Seen(
            at=now,
            cadence=every,
            freshness=freshness,
            run=run,
            last_commit_at=status.committed_at,
            watermark=status.watermark,
            last_record_at=status.last_record_at,
            quiet=quiet,
        )
        sight = judged(seen, first_seen)
        stalled = sight.trouble is not None and sight.trouble.kind is Kind.STALLED
        return replace(sight, trouble=None) if stalled and standstill_is_told(now) else sight

    return Subject(source.name, source.title, source.name, look)


def recounted(cube: Cube, state: StateStore) -> Subject:
    """Answer a cube as something to be watched: whether its last recount found what its raw rows say."""

    def look(now: datetime, _first_seen: datetime) -> Sight:
        return diagnosis.recounted(read_run(state, cube.recount_stream), now)

    return Subject(cube.recount_stream, cube.description, cube.name, look)


def expiry(source: Source, store: ObjectStore, state: StateStore) -> Subject:
    """Answer what a source needs and a person has to renew, as something to be watched beside the source itself."""

    def look(now: datetime, first_seen: datetime) -> Sight:
        status = stream_status(store, source.name)
        seen = Seen(
            at=now,
            cadence=cadence(source),
            freshness=_WELL,
            run=None,
            last_commit_at=status.committed_at or now,
            watermark=status.watermark,
            last_record_at=status.last_record_at,
            deadline=deadlines.due(deadlines.read(state, source.name), now),
        )
        return judged(seen, first_seen)

    return Subject(f"{source.name}/expiry", source.title, source.name, look)
