"""Salts: one a day for everybody, gone when their day is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.domain.visitors import LINKED
from chalicelib.ingest.salts import SALT_PK, DailySalts, forget
from tests.unit.api.world import MemoryState

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def test_every_process_has_the_same_salt_of_a_day_and_reads_it_once() -> None:
    state = MemoryState()
    left, right = DailySalts(lambda: state), DailySalts(lambda: state)

    found = {left.at(NOON), left.at(NOON + timedelta(hours=1)), right.at(NOON)}
    reads = state.reads
    left.at(NOON)

    assert len(found) == 1
    assert state.reads == reads
    assert len(state.items) == 1


def test_two_that_make_it_at_once_agree() -> None:
    state = MemoryState()
    second = DailySalts(lambda: state)

    def slow() -> bytes:
        second.at(NOON)  # somebody else was faster
        return b"s" * 32

    assert DailySalts(lambda: state, slow).at(NOON) == second.at(NOON)


def test_over_midnight_both_days_are_known_and_then_the_old_one_is_gone_everywhere() -> None:
    state = MemoryState()
    salts = DailySalts(lambda: state)
    old = salts.at(MIDNIGHT - timedelta(minutes=1)).today

    within = salts.at(MIDNIGHT + LINKED - timedelta(seconds=1))
    kept = forget(state, MIDNIGHT + LINKED - timedelta(seconds=1))
    gone = forget(state, MIDNIGHT + LINKED)
    after = salts.at(MIDNIGHT + LINKED)

    assert within.before == old
    assert within.today != old
    assert (kept, gone) == ([], ["2026-11-22"])
    assert after.before is None
    assert old not in {bytes.fromhex(item["salt"]) for item in state.query(SALT_PK)}
    assert old not in salts._known.values(), "a warm process must not remember it either"


def test_without_a_yesterday_there_is_no_name_of_it() -> None:
    state = MemoryState()

    assert DailySalts(lambda: state).at(MIDNIGHT).before is None
