"""Thirty days without anything, then catching up: the tables are those of a source that was never disturbed.

Three times: nobody can be reached, every connection is cut without an answer, and nothing of ours asks. What the
catch-up cost is printed when the tests have run.
"""

from __future__ import annotations

import time
from collections.abc import Set
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from chalicelib.sources.base import PullMode, PullSource
from tests.conftest import Write
from tests.contract.story import PULLED, Story, ordered, outside_world
from tests.servers.vendor import Book

HEADING = "thirty days of outage, and catching up"
OUTAGE = timedelta(days=30)
BEFORE = timedelta(days=1)
HOURLY = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=6)  # of the back-off, when the vendor answers again
LONGEST_CATCH_UP = timedelta(days=3)

UNREACHABLE, CUT, IDLE = "unreachable", "connections cut", "our dispatcher"

OVERWRITTEN = frozenset({"salesforce_leads", "salesforce_opportunities"})
"""Each version is a row: of several while nobody asked only the last can be had, as the vendor's own book knows."""


CASES = [
    pytest.param(source, dead, id=f"{source.name}-{dead}") for source in PULLED for dead in (UNREACHABLE, CUT, IDLE)
]


@pytest.mark.parametrize(("source", "dead"), CASES)
def test_after_thirty_days_of_outage_the_tables_are_those_of_an_undisturbed_run(
    source: PullSource, dead: str, write: Write
) -> None:
    calm = undisturbed(source)
    with outside_world() as served:
        story = Story(source, *served)
        story.live(BEFORE, tick=HOURLY)
        story.reachable = dead != UNREACHABLE
        if dead == CUT:
            story.world.faults.add({"kind": "down", "vendor": story.vendor.name})
        story.live(OUTAGE, tick=HOURLY, dispatched=dead != IDLE)
        story.reachable = True
        story.world.faults.active.clear()
        calls, began = story.calls, time.perf_counter()
        story.live(LONGEST_CATCH_UP, tick=HOURLY)
        seconds = time.perf_counter() - began

    _, missed = story.windows()
    rows = sum(len(story.records(table.name)) for table in source.tables)
    write(
        HEADING,
        f"{source.name:<28}{dead:<17}{rows:>6} rows, {missed:>4} windows missed, "
        f"{story.calls - calls:>5} calls to catch up and stay so for {LONGEST_CATCH_UP.days} days, {seconds:5.1f} s, "
        f"told {len(story.outbox.subjects)}",
    )
    for book, truth in story.books():
        assert truth
        assert story.rows(book) == truth, "the vendor's own ledger"
    late = taken_later(calm, story)
    assert len(late) <= (1 if source.mode is PullMode.SNAPSHOT else 0), late
    for book, _ in story.books():
        own, whole = held(story, book, late), held(calm, book, late | missed_starts(story))
        if book.table in OVERWRITTEN:
            assert set(own) <= set(whole)
            assert {row[0] for row in own} == {row[0] for row in whole}
        else:
            assert own == whole
    assert story.unaccounted() == 0
    assert (missed > 0) == (source.mode is PullMode.SNAPSHOT)
    if source.mode is PullMode.SNAPSHOT:
        assert missed <= (OUTAGE + LONGEST_WAIT) // source.grid + 1, "what could be taken was taken"
    refused = story.vendor.bill.refused.total()
    assert refused == story.ended_logins, "the vendor refused more than logins that had ended: a limit was exceeded"
    assert story.vendor.bill.billed == type(story.vendor.bill.billed)(story.vendor.minimum(story.now))
    assert len(story.outbox.subjects) == 2, story.outbox.subjects
    assert story.outbox.subjects[-1].endswith("has recovered")


@cache
def undisturbed(source: PullSource) -> Story:
    """The same weeks without an outage."""
    with outside_world() as served:
        story = Story(source, *served)
        story.live(BEFORE + OUTAGE + LONGEST_CATCH_UP, tick=HOURLY)
    return story


def held(story: Story, book: Book, without: Set[str]) -> list[tuple[Any, ...]]:
    """What the lake holds of a book's columns, without some windows, by their starts: when it asked does not count."""
    rows = (row for row in story.records(book.table) if row.get("window_start") not in without)
    return ordered(tuple(row[column] for column in book.columns) for row in rows)


def missed_starts(story: Story) -> Set[str]:
    """The windows that the log says were missed: a snapshot cannot be taken later."""
    return {window.start.isoformat() for step in story.steps() for window in step.missed}


def taken_later(calm: Story, story: Story) -> Set[str]:
    """The snapshots whose moment was still open when the outage ended: taken in their time, but later than undisturbed.

    Their numbers are those of that instant; the vendor's ledger says whether they are right.
    """
    if story.source.mode is not PullMode.SNAPSHOT:
        return frozenset()
    times = [
        {r["window_start"]: r[t.time_column] for r in s.records(t.name)} for s in (calm, story) for t in s.source.tables
    ]
    half = len(times) // 2
    pairs = zip(times[:half], times[half:], strict=True)
    return {start for undisturbed, own in pairs for start, at in own.items() if undisturbed[start] != at}
