"""Some seeds of the simulation, three on real Parquet; some mutants are caught; a seed replays identically.

CI runs a thousand seeds and every mutant by ``python -m tests.simulation``.
"""

from __future__ import annotations

import pytest

from tests.simulation.__main__ import caught_after
from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.scheduler import NO_FAULTS
from tests.simulation.world import World


@pytest.mark.parametrize("first", range(0, 20, 10))
def test_nothing_is_lost_and_nothing_doubled_under_any_failure(first: int) -> None:
    for seed in range(first, first + 10):
        result = World(seed).run()

        assert result.is_sound, f"python -m tests.simulation --seed {seed}: {result.violations[:1]}"
        assert result.commits > 10
        assert result.tally["killed before"] + result.tally["killed after"] > 0


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_the_same_holds_with_real_parquet(seed: int) -> None:
    result = World(seed, real_parquet=True).run()

    assert result.is_sound, f"python -m tests.simulation --parquet --seed {seed}: {result.violations[:1]}"


def test_without_faults_nothing_is_violated_either() -> None:
    result = World(1, faults=NO_FAULTS).run()

    assert result.is_sound
    assert not result.tally


def test_a_seed_replays_identically() -> None:
    first, second = World(17).run(), World(17).run()

    assert first == second


def test_seeds_differ() -> None:
    assert World(1).run().digest != World(2).run().digest


@pytest.mark.parametrize("mutant", MUTANTS[::4], ids=lambda mutant: mutant.name)
def test_a_seeded_mistake_is_caught(mutant: Mutant) -> None:
    assert caught_after(mutant) is not None
