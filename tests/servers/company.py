"""The demo company: what happened in its repositories, from a seed. Pure: the same seed, the same company.

Stars follow working hours and weekdays, a launch gives them a spike that decays, releases come about every ten days.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

HISTORY = timedelta(days=90)
FUTURE = timedelta(days=14)
LAUNCH_BEFORE_NOW = timedelta(days=31)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Happening:
    """One fact. ``number`` is that of the issue or pull request, ``version`` a release's."""

    at: datetime
    kind: str
    repository: str
    actor: str
    number: int = 0
    version: str = ""


@dataclass(frozen=True, slots=True)
class Start:
    """What a repository had when the history begins, how busy it is, and what it is (for GitHub's ids)."""

    name: str
    repository_id: int
    hook_id: int
    stars: int
    forks: int
    watchers: int
    activity: float
    versions: tuple[str, ...] = ()


STARTS = (
    Start(
        "acme/pipeline", 71_000_101, 4101, 4_120, 388, 97, 1.0,
        ("3.3.0", "3.4.0", "3.4.1", "3.5.0", "3.6.0", "3.6.1", "4.0.0", "4.0.1", "4.1.0", "4.2.0", "4.2.1", "4.3.0"),
    ),
    Start("acme/connectors", 71_000_102, 4102, 1_310, 171, 41, 0.5, ("1.11.0", "1.12.0", "1.13.0", "1.14.0", "1.15.0")),
    Start("acme/docs", 71_000_103, 4103, 236, 92, 12, 0.2),
)  # fmt: skip

PER_DAY = {"star": 3.2, "unstar": 0.2, "fork": 0.4, "push": 1.8, "pull": 0.75, "issue": 0.8}
LAUNCHED = {"star": 9.0, "fork": 6.0, "issue": 3.0}
RELEASE_EVERY = {"acme/pipeline": timedelta(days=10), "acme/connectors": timedelta(days=24)}
_PEOPLE = (
    "ada",
    "bo",
    "chen",
    "dora",
    "eli",
    "fay",
    "gus",
    "hana",
    "ivo",
    "jun",
    "kai",
    "lea",
    "mio",
    "nia",
    "oto",
    "pia",
)


def season(at: datetime) -> float:
    """Answer how busy an hour is beside the week's average: fewer at weekends, most in the early afternoon UTC.

    >>> season(datetime(2026, 11, 18, 14)) > 3 * season(datetime(2026, 11, 22, 3))
    True
    """
    day = 0.55 if at.weekday() >= 5 else 1.18
    return day * (1 + 0.75 * math.cos((at.hour - 14.5) / 24 * math.tau))


def poisson(chance: random.Random, mean: float) -> int:
    """Draw from a Poisson distribution by multiplying uniform numbers (Knuth); the mean is small here."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


@dataclass(frozen=True)
class Company:
    """The company of a seed around an instant: 90 days of history and two weeks to come."""

    seed: int
    now: datetime
    start: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _hour(self.now) - HISTORY)

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """Everything that happens, in order of time."""
        found = [h for repository in STARTS for h in self._of(repository)]
        return tuple(sorted(found, key=lambda h: (h.at, h.repository, h.kind, h.number)))

    def between(self, start: datetime, end: datetime) -> tuple[Happening, ...]:
        """What happens in ``[start, end)``."""
        return tuple(h for h in self.happenings if start <= h.at < end)

    def stats(self, repository: str, at: datetime) -> dict[str, int]:
        """What GitHub would count at an instant, that instant's happenings included."""
        base = next(s for s in STARTS if s.name == repository)

        def count(kind: str) -> int:
            return bisect_right(self._times.get((repository, kind), []), at)

        pulls, issues = count("pull") - count("merge"), count("issue") - count("close")
        return {
            "stars": base.stars + count("star") - count("unstar"),
            "forks": base.forks + count("fork"),
            "watchers": base.watchers + count("star") // 40,
            "open_pull_requests": 6 + pulls,
            "open_issues": 31 + issues,
        }

    def last(self, repository: str, kind: str, at: datetime) -> datetime:
        """When something last happened up to an instant; the start of the history when it did not."""
        times = self._times.get((repository, kind), [])
        before = bisect_right(times, at)
        return times[before - 1] if before else self.start

    def open_pull_numbers(self, repository: str, at: datetime) -> list[int]:
        """Numbers of the open pull requests, newest first."""
        seen = [h for h in self.happenings if h.repository == repository and h.at <= at]
        merged = {h.number for h in seen if h.kind == "merge"}
        opened = [h.number for h in seen if h.kind == "pull" and h.number not in merged]
        return [*reversed(opened), *range(6, 0, -1)]

    def releases(self, repository: str) -> list[tuple[datetime, str]]:
        """Every release with its instant; the first was before the history."""
        first = next(s for s in STARTS if s.name == repository).versions[:1]
        earlier = [(self.start - timedelta(days=6), version) for version in first]
        return earlier + [(h.at, h.version) for h in self.happenings if h.repository == repository and h.version]

    @cached_property
    def _times(self) -> dict[tuple[str, str], list[datetime]]:
        times: dict[tuple[str, str], list[datetime]] = {}
        for h in self.happenings:
            times.setdefault((h.repository, h.kind), []).append(h.at)
        return times

    def _of(self, repository: Start) -> Iterator[Happening]:
        chance = random.Random(f"{self.seed} {repository.name}")
        number = 1000
        for hour in range(int((HISTORY + FUTURE) / HOUR)):
            begin = self.start + hour * HOUR
            for kind, per_day in PER_DAY.items():
                mean = per_day / 24 * season(begin) * repository.activity * self._excitement(kind, begin)
                for _ in range(poisson(chance, mean)):
                    at = begin + timedelta(seconds=chance.randrange(3600))
                    number += kind in {"pull", "issue"}
                    yield Happening(at, kind, repository.name, _actor(chance, kind), number)
                    if kind in {"pull", "issue"} and chance.random() < 0.93:
                        later = at + timedelta(seconds=chance.randrange(1800, 9 * 86_400))
                        yield Happening(later, _end_of(kind), repository.name, _actor(chance, "push"), number)
        yield from self._releases(repository, chance)

    def _releases(self, repository: Start, chance: random.Random) -> Iterator[Happening]:
        """Publish the versions in turn; the launch publishes the one that ends in ``.0.0``."""
        launch = self.now - LAUNCH_BEFORE_NOW
        every = RELEASE_EVERY.get(repository.name)
        versions = repository.versions[1:]
        major = next((i for i, v in enumerate(versions) if v.endswith(".0.0")), None)
        for index, version in enumerate(versions):
            if every is None:
                return
            anchor = launch + (index - major) * every if major is not None else self.start + (index + 0.4) * every
            at = _hour(anchor).replace(hour=13) + timedelta(minutes=chance.randrange(180))
            if index != major:
                at += timedelta(days=chance.choice((-1, 0, 0, 1)))
            if self.start <= at < self.start + HISTORY + FUTURE:
                yield Happening(at, "release", repository.name, "acme-release[bot]", 0, version)

    def _excitement(self, kind: str, at: datetime) -> float:
        """How much more happens after the launch than otherwise: a spike that halves in about two days."""
        days = (at - (self.now - LAUNCH_BEFORE_NOW)) / timedelta(days=1)
        return (
            1.0 if days < 0 else 1.0 + (LAUNCHED.get(kind, 1.0) - 1.0) * math.exp(-days / 2.6) + min(0.25, days / 120)
        )


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _end_of(kind: str) -> str:
    return {"pull": "merge", "issue": "close"}[kind]


def _actor(chance: random.Random, kind: str) -> str:
    """The company's own people push and merge; anybody does the rest."""
    if kind in {"push", "pull"}:
        return f"{chance.choice(_PEOPLE)}-acme"
    return f"{chance.choice(_PEOPLE)}{chance.randrange(10_000)}"
