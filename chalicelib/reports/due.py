"""Finds what is to be made: each report that is due, once, and runs that whoever began them has left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from chalicelib.domain.due import Due
from chalicelib.domain.state import StateStore
from chalicelib.reports import kept, runs
from chalicelib.reports.report import Report
from chalicelib.reports.runs import Run

Tell = Callable[[str, str], None]
"""Puts a report's name and a run's id into the queue."""


def send_due(state: StateStore, now: datetime, tell: Tell) -> list[Run]:
    """Write down every run that is due and tell the queue of it; of one that was left, tell it again.

    Costs by how many reports there are, not by their runs. Raises ``StoreUnavailable``.
    """
    found = list(_due(state, now))
    for run in found:
        tell(run.report, run.id)
    return found


def _due(state: StateStore, now: datetime) -> Iterator[Run]:
    for report in kept.every(state):
        due = report.due(now)
        if due is None:
            continue
        standing = runs.read(state, report.name, run_id(due))
        if standing is None:
            yield runs.create(state, new_run(report, due, now))
        elif standing.is_left(now):
            yield standing


def run_id(due: Due) -> str:
    """Name the run of a time that was due: by its local date, so that it is one run whoever finds it."""
    return due.day.isoformat()


def new_run(report: Report, due: Due, now: datetime) -> Run:
    """Make the run of a report that is due."""
    return Run(report.name, run_id(due), report.content, due.at, now, zone=report.zone.key)
