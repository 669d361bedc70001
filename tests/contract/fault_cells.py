"""One cell of the fault matrix: a source whose vendor fails for a while, and what was wrong afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.domain.freshness import RunOutcome
from tests.contract.story import IMPATIENT, PATIENT, Story, lost

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

    def complaints(self) -> list[str]:
        """Name everything that is not as it has to be."""
        wrong = ("lost", "twice", "invented", "silent", "unaccounted")
        found = [f"{name}: {getattr(self, name)}" for name in wrong if getattr(self, name)]
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
        return f"{self.source:<24}{self.kind:<13}{counts}  {self.during.value:<6} {verdict:<4} {self.error[:70]}"


HEADINGS = f"{'source':<24}{'fault':<13}{'rows':>6}{'lost':>6}{'twice':>6}{'silent':>7}{'missed':>7}{'told':>5}  run"


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

    books = story.books()
    held = [(story.rows(book), truth) for book, truth in books]
    return Cell(
        source=story.source.name,
        kind=fault["kind"],
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
    )
