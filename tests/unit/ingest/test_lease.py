"""A lease is held by one, given back at the end, and runs out where nobody gives it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.ingest import lease
from tests.unit.api.world import MemoryState

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
END = NOW + timedelta(minutes=5)


def test_one_run_at_a_time() -> None:
    state = MemoryState()

    assert lease.take(state, "s", NOW, END)
    assert lease.is_held(state, "s", NOW)
    assert not lease.take(state, "s", NOW, END)
    assert lease.take(state, "other", NOW, END)


def test_the_next_run_begins_when_it_is_given_back() -> None:
    state = MemoryState()
    lease.take(state, "s", NOW, END)

    lease.release(state, "s", NOW)

    assert not lease.is_held(state, "s", NOW)
    assert lease.take(state, "s", NOW, END)


def test_a_killed_run_holds_it_no_longer_than_it_could_have_lived() -> None:
    state = MemoryState()
    lease.take(state, "s", NOW, END)

    assert lease.take(state, "s", END, END + timedelta(minutes=5))


def test_a_run_that_comes_back_late_leaves_anothers_lease_alone() -> None:
    state = MemoryState()
    lease.take(state, "s", NOW - timedelta(hours=1), NOW)

    lease.release(state, "s", NOW)

    assert lease.take(state, "s", NOW, END)
