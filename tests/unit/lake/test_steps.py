"""A step survives its body, also one that was written before bodies knew when a record last came."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.lake.steps import MARKS, Counts, Mark, Step, last_record_at, marked
from chalicelib.sources.base import Window

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
NINE = TEN - timedelta(hours=1)
WINDOW = Window(NINE, TEN)
STEP = Step(WINDOW, TEN, totals=Counts(received=3, ok=3), last_record_at=NINE)


BACKFILLED = replace(
    STEP,
    cursor_at=TEN + timedelta(hours=5),
    covered=(WINDOW, Window(TEN + timedelta(hours=1), TEN + timedelta(hours=5))),
    marks=(Mark("j1", 3, 12, TEN),),
    replays=7,
)


@pytest.mark.parametrize("step", [STEP, replace(STEP, last_record_at=None), BACKFILLED])
def test_a_step_survives_its_body(step: Step) -> None:
    assert Step.from_body(json.loads(json.dumps(step.to_body()))) == step


@pytest.mark.parametrize(("received", "known"), [(0, None), (3, TEN)])
def test_an_older_body_is_read_and_what_came_did_not_come_after_its_window(
    received: int, known: datetime | None
) -> None:
    body = replace(STEP, totals=Counts(received=received, ok=received)).to_body()
    del body["last_record_at"]

    assert Step.from_body(body).last_record_at == known


def test_a_body_of_before_backfills_has_its_windows_end_as_the_cursor_and_says_nothing_of_what_is_covered() -> None:
    body = STEP.to_body()
    for name in ("cursor", "covered", "marks", "replays"):
        del body[name]

    step = Step.from_body(body)

    assert (step.cursor, step.covered, step.marks, step.replays) == (TEN, None, (), None)


def test_after_a_backfill_an_idle_step_stands_at_the_cursor_and_keeps_what_is_covered() -> None:
    idle = BACKFILLED.idle()

    assert idle.window == Window(BACKFILLED.cursor, BACKFILLED.cursor)
    assert (idle.cursor, idle.covered, idle.marks) == (BACKFILLED.cursor, BACKFILLED.covered, BACKFILLED.marks)
    assert idle.replays is None


def test_a_chain_remembers_the_last_jobs_only() -> None:
    marks: tuple[Mark, ...] = ()
    for n in range(MARKS + 2):
        marks = marked(marks, Mark(f"j{n}", 1, 1, TEN))
    marks = marked(marks, Mark("j4", 2, 5, TEN))

    assert [mark.job for mark in marks] == [f"j{n}" for n in (2, 3, 5, 6, 7, 8, 9, 4)]
    assert marks[-1].done == 2


def test_an_idle_step_keeps_when_a_record_last_came() -> None:
    assert STEP.idle().last_record_at == NINE


@pytest.mark.parametrize(
    ("before", "counts", "known"),
    [
        (None, Counts(), None),
        (None, Counts(received=1, rejected=1), TEN),
        (STEP, Counts(), NINE),
        (STEP, Counts(received=1, duplicate=1), TEN),
    ],
)
def test_a_commit_with_any_record_moves_it_and_one_without_keeps_it(
    before: Step | None, counts: Counts, known: datetime | None
) -> None:
    assert last_record_at(before, counts, WINDOW) == known
