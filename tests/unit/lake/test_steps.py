"""A step survives its body, also one that was written before bodies knew when a record last came."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.lake.steps import Counts, Step, last_record_at
from chalicelib.sources.base import Window

TEN = datetime(2026, 11, 1, 10, tzinfo=UTC)
NINE = TEN - timedelta(hours=1)
WINDOW = Window(NINE, TEN)
STEP = Step(WINDOW, TEN, totals=Counts(received=3, ok=3), last_record_at=NINE)


@pytest.mark.parametrize("step", [STEP, replace(STEP, last_record_at=None)])
def test_a_step_survives_its_body(step: Step) -> None:
    assert Step.from_body(json.loads(json.dumps(step.to_body()))) == step


@pytest.mark.parametrize(("received", "known"), [(0, None), (3, TEN)])
def test_an_older_body_is_read_and_what_came_did_not_come_after_its_window(
    received: int, known: datetime | None
) -> None:
    body = replace(STEP, totals=Counts(received=received, ok=received)).to_body()
    del body["last_record_at"]

    assert Step.from_body(body).last_record_at == known


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
