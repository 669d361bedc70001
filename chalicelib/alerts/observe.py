"""How a source is looked at: its log, its last run, and the one judgement of freshness."""

from __future__ import annotations

from datetime import datetime

from chalicelib.alerts.incidents import Seen
from chalicelib.alerts.watch import Subject
from chalicelib.domain.freshness import assess
from chalicelib.domain.objects import ObjectStore
from chalicelib.domain.state import StateStore
from chalicelib.ingest.runs import read_run
from chalicelib.lake.status import stream_status
from chalicelib.sources.base import Source
from chalicelib.sources.cadence import cadence


def subject(source: Source, store: ObjectStore, state: StateStore) -> Subject:
    """Answer a source as something to be watched. Looking raises ``StoreUnavailable``, ``IntegrityError``."""

    def look(now: datetime) -> Seen:
        status = stream_status(store, source.name)
        run = read_run(state, source.name)
        every = cadence(source)
        freshness = assess(now, every, status.committed_at, status.watermark, run)
        return Seen(now, every, freshness, run, status.committed_at, status.watermark)

    return Subject(source.name, source.title, look)
