"""Where dashboards are kept: whoever dies between two writes leaves nothing for good, and what is named stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.dashboards import kept
from chalicelib.dashboards.kept import LEFT, WRITES, Kept
from chalicelib.errors import PreconditionFailed
from tests.unit.api.world import MemoryState

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ID = "d_" + "0" * 24


class Died(Exception):  # noqa: N818 - what happens to a writer
    """The writer is no more."""


class Mortal(MemoryState):
    """A state whose writer dies at its nth write from now on: before it takes effect, or after."""

    left: int | None = None
    after = False

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left == 0 and not self.after:
                raise Died
        super().put(pk, sk, item, expected_version=expected_version)
        if self.left == 0:
            raise Died


def dashboard(name: str = "One") -> Kept:
    return Kept(ID, name, "", 1, "ada", "Ada", NOW, NOW, "Ada")


def contents(state: MemoryState) -> list[str]:
    return [sk for pk, sk in state.items if pk.startswith("dashboard_content")]


def sweep(state: MemoryState, now: datetime) -> int:
    return kept.sweep(state, now, lambda: True)


def settled(state: Mortal, now: datetime) -> None:
    """Hold that a later sweep leaves the widgets that are named, and those only."""
    state.left = None
    sweep(state, now + LEFT)
    named = [kept.read_content(state, one) and one.revision for one in kept.every(state)]
    assert contents(state) == named
    assert list(state.query(WRITES)) == []


def makes(state: Mortal) -> None:
    kept.write(state, dashboard(), {"widgets": [1]}, "r1", NOW)


def changes(state: Mortal) -> None:
    standing = kept.read(state, ID)
    assert standing is not None
    kept.write(state, standing, {"widgets": [2]}, "r2", NOW)


def comes_second(state: Mortal) -> None:
    kept.write(state, dashboard("Two"), {"widgets": [3]}, "r3", NOW)


def deletes(state: Mortal) -> None:
    standing = kept.read(state, ID)
    assert standing is not None
    kept.delete(state, standing, "r4", NOW)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
@pytest.mark.parametrize("does", [makes, changes, comes_second, deletes])
def test_whoever_dies_at_any_write_leaves_nothing_that_is_not_named(
    does: Callable[[Mortal], None], at: int, after: bool
) -> None:
    state = Mortal()
    if does is not makes:
        makes(state)
    state.left, state.after = at, after
    try:
        does(state)
    except Died:
        assert at <= 3
    standing = kept.read(state, ID)
    if standing is not None and not standing.deleted:
        assert kept.read_content(state, standing)["widgets"]
    settled(state, NOW)


def test_a_slow_writer_and_a_slow_reader_lose_nothing() -> None:
    state = Mortal()
    makes(state)
    seen = kept.read(state, ID)
    assert seen is not None
    put = state.put

    def slow(pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        if pk == kept.PK:  # its widgets are written, and not named: it waits for almost a day
            assert sweep(state, NOW + LEFT - timedelta(seconds=1)) == 0
        put(pk, sk, item, expected_version=expected_version)

    state.put = slow  # type: ignore[method-assign]
    written = kept.write(state, seen, {"widgets": [2]}, "r2", NOW)

    assert written is not None
    assert kept.read_content(state, written) == {"widgets": [2]}
    assert kept.read_content(state, seen) == {"widgets": [1]}  # whoever has read the version before reads it whole
    assert sweep(state, NOW + LEFT) == 2
    assert contents(state) == ["r2"]


def test_a_sweep_without_time_leaves_the_rest_to_the_next() -> None:
    state = Mortal()
    makes(state)
    changes(state)

    assert kept.sweep(state, NOW + LEFT, lambda: False) == 0
    assert len(list(state.query(WRITES))) == 2
    settled(state, NOW)


@given(st.lists(st.tuples(st.sampled_from(["write", "stale", "delete", "sweep"]), st.integers(0, 4), st.booleans())))
def test_however_writers_die_what_is_named_is_there_and_all_else_goes(steps: list[tuple[str, int, bool]]) -> None:
    state, now, stale = Mortal(), NOW, dashboard()
    for n, (step, at, after) in enumerate(steps):
        now += timedelta(hours=7)
        state.left, state.after = at or None, after
        standing = kept.read(state, ID)
        if standing is not None and standing.deleted:
            break  # an id is never used anew
        try:
            if step == "sweep":
                sweep(state, now)
            elif step == "delete" and standing is not None:
                kept.delete(state, standing, f"x{n}", now)
            else:
                from_here = stale if step == "stale" or standing is None else standing
                kept.write(state, from_here, {"widgets": [n]}, f"r{n}", now)
        except (Died, PreconditionFailed):
            pass
        stale = standing or stale
        for one in kept.every(state):
            assert kept.read_content(state, one)["widgets"]
    settled(state, now)
