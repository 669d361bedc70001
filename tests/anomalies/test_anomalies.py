"""What the decision on unusual values claims: on labelled series ours is better than what is simpler, by margins."""

from __future__ import annotations

import pytest

from tests.anomalies import made, numenta
from tests.anomalies.__main__ import Measured, measure, total
from tests.anomalies.told import alarms, tell

SEEDS = (1, 2)


@pytest.fixture(scope="module")
def measured() -> Measured:
    return measure(one for seed in SEEDS for one in made.every(seed))


@pytest.mark.slow
@pytest.mark.parametrize("other", ["fixed marks, tuned", "seasonal naive, tuned", "mean of weeks, tuned"])
def test_ours_without_tuning_is_better_than_what_is_tuned(measured: Measured, other: str) -> None:
    ours, theirs = total(measured, "ours, not tuned"), total(measured, other)

    assert ours.f1 >= theirs.f1 + 0.1
    assert ours.precision >= theirs.precision + 0.1
    assert ours.recall >= theirs.recall + 0.05


@pytest.mark.slow
def test_precision_and_recall_are_those_of_the_decision(measured: Measured) -> None:
    ours = total(measured, "ours, not tuned")

    assert ours.precision >= 0.75
    assert ours.recall >= 0.6
    assert ours.found.total() + ours.missed.total() > 150  # there was something to find


@pytest.mark.slow
def test_where_counts_are_rare_nobody_is_told_nonsense(measured: Measured) -> None:
    rare = measured["errors an hour, rare"]

    assert rare["ours, not tuned"].false <= 2 * len(SEEDS)
    assert rare["fixed marks, tuned"].false > 20 * len(SEEDS)


def test_an_alarm_is_a_run_and_is_true_where_it_touches_a_window() -> None:
    one = next(made.every(1))
    first, last = one.windows[-2:]
    flags = [False] * len(one.values)
    flags[first.end - 1] = flags[first.end] = True
    flags[first.end + 3] = True

    told = tell(one, alarms(flags, first.first, len(flags)), first.first, len(flags))

    assert (told.true, told.false) == (1, 1)
    assert told.found == {first.kind: 1}
    assert told.missed == {last.kind: 1}
    assert told.f1 == 0.5


def test_a_seed_makes_the_same_series_and_both_halves_have_anomalies() -> None:
    once, again = list(made.every(3)), list(made.every(3))

    assert once == again
    for one in once:
        assert {window.kind for window in one.windows if window.first < one.tuned} >= {"spike", "dip", "shift"}
        assert {window.kind for window in one.windows if window.first >= one.tuned} >= {"spike", "dip", "shift"}
        assert all(before.end < after.first for before, after in zip(one.windows, one.windows[1:], strict=False))


@pytest.mark.slow
@pytest.mark.skipif(numenta.folder() is None, reason="HEADWATER_NAB names no clone of github.com/numenta/NAB")
def test_on_real_series_ours_finds_most_and_is_better_than_a_fixed_mark() -> None:
    found = measure(numenta.every(numenta.folder()))  # type: ignore[arg-type]
    ours, fixed = total(found, "ours, not tuned"), total(found, "fixed marks, tuned")

    assert len(found) > 15
    assert ours.recall >= 0.8
    assert ours.f1 > fixed.f1
