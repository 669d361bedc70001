"""One cell of the fault matrix: a source whose vendor fails for a while, and what was wrong afterwards."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.domain.freshness import Run, RunOutcome
from tests.contract.story import IMPATIENT, PATIENT, START, Story, lost
from tests.servers.meltwater import Meltwater
from tests.servers.salesforce import Salesforce
from tests.servers.salesforce_facts import flood
from tests.servers.vendor import Vendor

FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "down"},
    {"kind": "slow", "seconds": 0.2},
    {"kind": "unavailable"},
    {"kind": "rate_limit", "seconds": 900},
    {"kind": "quota", "seconds": 3600},
    {"kind": "credentials"},
    {"kind": "forbidden"},
    {"kind": "version"},
    {"kind": "truncated"},
    {"kind": "cut_short"},
    {"kind": "short_gzip"},
    {"kind": "html"},
    {"kind": "drift"},
    {"kind": "clock_skew"},
)
OF_THE_DATA: Mapping[str, tuple[str, ...]] = {
    "salesforce_pipeline": ("repeated", "late", "terminated_early"),
    "mixpanel_events": ("repeated", "late", "terminated_early"),
    "meltwater_mentions": ("repeated", "late", "shifted"),
    "rank_tracker_positions": ("repeated", "late"),
    "youtube_analytics": ("repeated", "restated", "fewer_days"),
    "linkedin_follower_days": ("repeated", "fewer_days"),
}
"""What the vendors do to their data, where they can: snapshots of a number have no rows to repeat or to forget."""

FOR_A_PERSON = frozenset({"credentials", "forbidden", "version", "drift"})


@dataclass(frozen=True, slots=True)
class Cell:
    """What a fault did to a source, counted after it had gone."""

    source: str
    kind: str
    rows: int
    lost: int
    twice: int
    invented: int  # rows that the vendor never served
    silent: int  # windows that were taken while the fault lasted: nobody would ask for them again
    missed: int
    unaccounted: int  # windows that are neither taken nor said to be missed
    told: tuple[str, ...]
    during: RunOutcome
    after: RunOutcome
    error: str
    may_pass: bool = False  # a fault that a source can see through: then there is no incident

    def complaints(self) -> list[str]:
        """Name everything that is not as it has to be."""
        wrong = ("lost", "twice", "invented", "silent", "unaccounted")
        found = [f"{name}: {getattr(self, name)}" for name in wrong if getattr(self, name)]
        if self.may_pass and self.during is RunOutcome.OK:
            return found + [f"told, and nothing was wrong: {list(self.told)}"] * bool(self.told)
        if len(self.told) != 2 or not self.told[-1].endswith("has recovered"):
            found.append(f"one message and one of the end were expected, not {list(self.told)}")
        if self.during is RunOutcome.OK or not self.error:
            found.append("the run did not say that it failed")
        if (self.during is RunOutcome.FATAL) != (self.kind in FOR_A_PERSON):
            found.append(f"the run ended {self.during.value}, the wrong word for who has to act")
        if self.after is not RunOutcome.OK:
            found.append(f"afterwards the run ends {self.after.value}")
        return found

    def line(self) -> str:
        """Write it as a line of the table."""
        counts = f"{self.rows:>6}{self.lost:>6}{self.twice:>6}{self.silent:>7}{self.missed:>7}{len(self.told):>5}"
        verdict = "; ".join(self.complaints()) or "ok"
        return f"{self.source:<28}{self.kind:<17}{counts}  {self.during.value:<6} {verdict:<4} {self.error[:70]}"


HEADING = (
    f"the fault matrix\n{'source':<28}{'fault':<17}"
    f"{'rows':>6}{'lost':>6}{'twice':>6}{'silent':>7}{'missed':>7}{'told':>5}  run"
)


def suffer(story: Story, fault: Mapping[str, Any]) -> Cell:
    """Live well, with the fault, and without it again."""
    grid = story.source.grid
    story.live(grid * 2)
    before = story.windows()[0]
    if fault["kind"] == "clock_skew":  # behind by more than the fault lasts, or what it says becomes believable
        fault = {**fault, "seconds": -(grid * 2 + timedelta(hours=3)).total_seconds()}
    story.world.faults.add({**fault, "vendor": story.vendor.name})
    story.policy = IMPATIENT if fault["kind"] == "slow" else PATIENT
    story.live(grid * 2 + timedelta(hours=2))
    story.policy = PATIENT
    during, silent = story.run_now, story.windows()[0] - before
    story.world.faults.active.clear()
    waits = max(during.retry_at or story.now, story.now) - story.now  # LinkedIn's limits end at midnight only
    story.live(waits + grid * 2 + timedelta(hours=6))

    return counted(story, str(fault["kind"]), during, silent)


def suffer_data(story: Story, kind: str) -> Cell:
    """Live well, with a vendor that spoils its data, and without that again."""
    grid = story.source.grid
    story.live(grid * 2)
    make_eventful(story.vendor)
    once = 1 if kind == "shifted" else None  # a page that moves for ever is never whole
    fault = story.world.faults.add({"kind": kind, "vendor": story.vendor.name, "times": once})
    story.live(max(grid * 2 + timedelta(hours=2), timedelta(hours=14)))
    during = story.run_now
    assert fault.met, "it has to happen to be survived"
    story.world.faults.active.clear()
    story.live(grid * 2 + timedelta(days=3))
    return counted(story, kind, during, silent=0, may_pass=True)


def make_eventful(vendor: Vendor) -> None:
    """Give a vendor whose nights are quiet enough of an hour for a second page."""
    if isinstance(vendor, Meltwater):
        vendor.bursts[4711, START.replace(second=0) + timedelta(hours=3)] = 350
    if isinstance(vendor, Salesforce):
        vendor.page_size = 20
        vendor.add(flood([START + timedelta(hours=3, seconds=n) for n in range(60)], random.Random(3)))


def counted(story: Story, kind: str, during: Run, silent: int, *, may_pass: bool = False) -> Cell:
    """Count what a source and its vendor hold after a fault."""
    books = story.books()
    held = [(story.rows(book), truth) for book, truth in books]
    return Cell(
        source=story.source.name,
        kind=kind,
        rows=sum(len(rows) for rows, _ in held),
        lost=sum(lost(story, book, truth) for book, truth in books),
        twice=sum(len(rows) - len(set(rows)) for rows, _ in held),
        invented=sum(len(set(rows) - set(truth)) for rows, truth in held),
        silent=silent,
        missed=story.windows()[1],
        unaccounted=story.unaccounted(),
        told=tuple(story.outbox.subjects),
        during=during.outcome,
        after=story.run_now.outcome,
        error=during.error or "",
        may_pass=may_pass,
    )
