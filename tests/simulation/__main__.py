"""``python -m tests.simulation``: many seeds, one seed, or the mutants."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.simulation.mutants import MUTANTS, Mutant
from tests.simulation.world import Result, World

MUTANT_SEEDS = 300


def main() -> int:
    """Run what was asked for; 1 when anything was lost, doubled or broken, or a mutant survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds (default 200)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default 0)")
    parser.add_argument("--seed", type=int, help="replay one seed and tell what happened")
    parser.add_argument("--parquet", action="store_true", help="write real Parquet (slower)")
    parser.add_argument("--mutants", action="store_true", help="tell after how many seeds each mistake is caught")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default 1)")
    given = parser.parse_args()
    gc.disable()  # a seed makes little garbage in circles, and is collected after it
    if given.mutants:
        return show_mutants(given.first)
    if given.seed is not None:
        return show_one(World(given.seed, real_parquet=given.parquet).run())
    return show_many(range(given.first, given.first + given.seeds), parquet=given.parquet, jobs=given.jobs)


def run_seed(seed: int, *, parquet: bool) -> Result:
    """Run one seed."""
    result = World(seed, real_parquet=parquet).run()
    if seed % 20 == 0:
        gc.collect()
    return result


def run_seeds(seeds: Iterable[int], *, parquet: bool, jobs: int) -> Iterator[Result]:
    """Run seeds, side by side if asked for."""
    run = partial(run_seed, parquet=parquet)
    if jobs == 1:
        yield from map(run, seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(run, seeds, chunksize=10)


def show_many(seeds: Iterable[int], *, parquet: bool, jobs: int) -> int:
    """Run seeds and print one line of sums."""
    began = time.monotonic()
    tally: Counter[str] = Counter()
    bad = []
    for result in run_seeds(seeds, parquet=parquet, jobs=jobs):
        seed = result.seed
        tally += result.tally
        tally.update(seeds=1, commits=result.commits, lost=result.lost, duplicated=result.duplicated)
        if not result.is_sound:
            bad.append(seed)
            print(
                f"seed {seed}: lost {result.lost}, duplicated {result.duplicated}; {'; '.join(result.violations[:2])}"
            )
    crashes = tally["killed before"] + tally["killed after"]
    print(
        f"seeds {tally['seeds']}, commits {tally['commits']}, crashes {crashes}, lost responses "
        f"{tally['answer lost'] + tally['repeated by the SDK']}, 503 {tally['503']}, 409 {tally['409']}, zombies "
        f"{tally['asleep']}, lost {tally['lost']}, duplicated {tally['duplicated']}, broken seeds {len(bad)}, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if bad else 0


def show_one(result: Result) -> int:
    """Tell of one seed."""
    print(f"seed {result.seed}: digest {result.digest}, commits {result.commits}, {dict(result.tally)}")
    print(f"lost {result.lost}, duplicated {result.duplicated}")
    for violation in result.violations:
        print(violation)
    return 0 if result.is_sound else 1


def caught_after(mutant: Mutant, first: int = 0, seeds: int = MUTANT_SEEDS) -> tuple[int, str] | None:
    """Answer how many seeds it took to catch a mutant, and by what; None when it survived."""
    for count, seed in enumerate(range(first, first + seeds), start=1):
        result = World(seed, mutant).run()
        if not result.is_sound:
            proof = result.violations[0] if result.violations else ""
            return (
                count,
                f"lost {result.lost}, duplicated {result.duplicated}. {proof.splitlines()[-1] if proof else ''}",
            )
    return None


def show_mutants(first: int) -> int:
    """Print a table of the mutants and how each was caught."""
    survivors = 0
    for mutant in MUTANTS:
        caught = caught_after(mutant, first)
        survivors += caught is None
        print(f"{mutant.name:38} {f'caught by seed {caught[0]:3}: {caught[1]}' if caught else 'SURVIVED'}"[:200])
    print(f"{len(MUTANTS) - survivors} of {len(MUTANTS)} caught")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
