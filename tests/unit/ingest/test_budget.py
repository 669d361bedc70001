"""A budget is never exceeded: not by twins, not by runs that are killed, not at the change of a period."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import RetriableSourceError
from chalicelib.ingest.budget import SourceBudget, period_of, spending
from chalicelib.sources.base import Allowance, Page, Period, Request
from tests.simulation.outside import Level
from tests.unit.api.world import MemoryState

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
ASK = Request("GET", "https://vendor.test/documents")


class Metered(Level):
    allowances = (Allowance("documents_per_month", "documents", Period.MONTH), Allowance("calls", "calls", Period.HOUR))

    def price(self, request: Request) -> Mapping[str, int]:
        return {"documents": 100, "calls": 1}

    def spent(self, page: Page) -> Mapping[str, int]:
        return {"documents": len(page.body), "calls": 1}


def budget(
    state: MemoryState, documents: int, *, calls: int = 10**6, keep: float = 0.0, now: Any = None
) -> SourceBudget:
    config = {"documents_per_month": documents, "calls": calls}
    return SourceBudget(state, Metered(), config, now or (lambda: NOW), keep)


def answer(documents: int) -> Page:
    return Page(ASK, 200, {}, b"x" * documents, NOW)


def count(state: MemoryState, key: str) -> int:
    return sum(int(i["spent"]) for (pk, sk), i in state.items.items() if pk == "budget#level" and sk.startswith(key))


def test_what_a_call_did_not_cost_is_given_back() -> None:
    state = MemoryState()
    run = budget(state, 1000)
    run.set_aside(ASK)
    run.settle(answer(7))

    run.release()

    assert (count(state, "documents"), count(state, "calls")) == (7, 1)


@pytest.mark.parametrize("documents", [100, 1_440_000])
def test_half_an_allowance_at_most_goes_to_calls_without_an_answer_and_no_wait_is_longer_than_the_grid(
    documents: int,
) -> None:
    run = budget(MemoryState(), documents)
    run.set_aside(ASK)

    again = run.bearable()

    assert again == NOW + (Metered.grid if documents == 100 else timedelta(minutes=6))


def test_a_call_that_costs_nothing_by_the_month_may_be_made_again_at_once() -> None:
    run = budget(MemoryState(), 1000)
    run.set_aside(ASK)
    run.settle(answer(7))

    assert run.bearable() is None


def test_a_request_that_never_left_costs_nothing() -> None:
    state = MemoryState()
    run = budget(state, 100)
    run.set_aside(ASK)
    run.unsent()

    run.set_aside(ASK)
    run.unsent()
    run.release()

    assert (count(state, "documents"), count(state, "calls")) == (0, 0)


def test_a_call_without_an_answer_costs_what_was_set_aside() -> None:
    state = MemoryState()
    run = budget(state, 1000)
    run.set_aside(ASK)

    run.release()

    assert count(state, "documents") == 100


def test_it_stops_before_zero_and_says_when_it_is_renewed() -> None:
    run = budget(MemoryState(), 250)
    for _ in range(2):
        run.set_aside(ASK)
        run.settle(answer(100))

    with pytest.raises(RetriableSourceError, match="documents_per_month") as caught:
        run.set_aside(ASK)

    assert caught.value.retry_at == datetime(2026, 12, 1, tzinfo=UTC)


def test_a_backfill_leaves_a_share_for_what_is_live() -> None:
    state = MemoryState()
    backfill, live = budget(state, 1000, keep=0.2), budget(state, 1000)
    for _ in range(8):
        backfill.set_aside(ASK)
        backfill.settle(answer(100))

    with pytest.raises(RetriableSourceError):
        backfill.set_aside(ASK)

    live.set_aside(ASK)


def test_people_see_what_is_spent_and_when_it_is_renewed() -> None:
    state = MemoryState()
    run = budget(state, 1000)
    run.set_aside(ASK)
    run.settle(answer(100))
    run.release()

    documents, calls = spending(state, Metered(), run.config, NOW)

    assert (documents.spent, documents.allowed, documents.renewed_at.day) == (100, 1000, 1)
    assert (calls.unit, calls.spent, calls.renewed_at) == ("calls", 1, NOW + timedelta(minutes=30))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 100), st.booleans(), st.booleans()), max_size=60))
def test_never_more_is_spent_than_is_allowed_whoever_is_killed(steps: list[tuple[int, int, bool, bool]]) -> None:
    state, allowed, billed = MemoryState(), 1_500, 0
    runs = [budget(state, allowed) for _ in range(3)]

    for who, documents, answered, killed in steps:
        try:
            runs[who].set_aside(ASK)
        except RetriableSourceError:
            continue
        billed += documents
        if killed:
            runs[who] = budget(state, allowed)
        elif answered:
            runs[who].settle(answer(documents))
        else:
            runs[who].release()
        assert billed <= count(state, "documents") <= allowed


@given(
    st.sampled_from(Period),
    st.sampled_from(["UTC", "America/Los_Angeles", "Asia/Kathmandu", "Africa/Cairo"]),
    st.integers(1_577_836_800, 1_893_456_000),
)
def test_periods_tile_time(period: Period, zone: str, seconds: int) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    allowance = Allowance("k", "calls", period, zone)
    found = period_of(allowance, now)

    assert found.start <= now < found.end
    assert period_of(allowance, found.end).start == found.end
    assert period_of(allowance, found.end - timedelta(microseconds=1)) == found


def test_a_new_period_has_a_new_budget() -> None:
    clock = itertools.chain([NOW] * 4, itertools.repeat(datetime(2026, 12, 1, tzinfo=UTC)))
    run = budget(MemoryState(), 100, now=lambda: next(clock))
    run.set_aside(ASK)
    run.settle(answer(100))
    with pytest.raises(RetriableSourceError):
        run.set_aside(ASK)
    next(clock), next(clock)

    run.set_aside(ASK)


def test_what_one_allowance_refuses_costs_none_of_the_others() -> None:
    state = MemoryState()
    run = budget(state, 1000, calls=0)

    for _ in range(3):
        with pytest.raises(RetriableSourceError, match="calls"):
            run.set_aside(ASK)
    run.release()

    assert count(state, "documents") == 0
