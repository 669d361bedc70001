"""A year of hours through rules made by chance, looked at as badly as can be: what people are told, beside the model.

``python -m tests.unit.alerts.test_year`` prints how much that is.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from datetime import time as clock
from decimal import Decimal

import pytest

from chalicelib.alerts import rule_state
from chalicelib.alerts.evaluate import Evaluator
from chalicelib.alerts.keeper import Keeper
from chalicelib.alerts.rule import (
    Anomaly,
    Change,
    Condition,
    Incidents,
    Level,
    Look,
    MuteWindow,
    NoData,
    Of,
    Rule,
    Side,
    Sides,
    When,
)
from chalicelib.alerts.rule_state import Kept
from chalicelib.domain.periods import Interval
from chalicelib.errors import StoreUnavailable
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.filters import Condition as Filtered
from chalicelib.metrics.filters import Operator
from chalicelib.outbox.message import Message
from tests.unit.alerts.reference import Model, Told
from tests.unit.alerts.year import DOWNLOADS, HOUR, STARS, START, VERSIONS, Year, made, mark
from tests.unit.outbox.memory import Killed, MemoryState

RULES, SLICES, FEW = 200, 4, 16
METRICS = {metric.name: metric for metric in (DOWNLOADS, STARS)}
ZONES = ("UTC", "Europe/Paris", "America/New_York")
"""Whose hours are those of the year; they change their clocks on different days."""


def a_rule(chance: random.Random, number: int) -> Rule:
    """Make a rule by chance."""
    kind = chance.choice(("level", "level", "change", "no_data", "anomaly", "incidents"))
    interval = (
        Interval.P1D if kind == "anomaly" and chance.random() < 0.8 else chance.choice((Interval.PT1H, Interval.P1D))
    )
    of_stars = chance.random() < 0.25
    grouped = not of_stars and chance.random() < 0.3
    step = HOUR if interval is Interval.PT1H or kind == "incidents" else 24 * HOUR
    condition = a_condition(chance, kind, interval, of_stars, grouped)
    zone = "UTC" if isinstance(condition, Change) and interval is Interval.PT1H else chance.choice(ZONES)
    where = (
        Filtered("version", Operator.IS, chance.choice(VERSIONS)) if not of_stars and chance.random() < 0.2 else None
    )
    look = Look((STARS if of_stars else DOWNLOADS).name, interval, zone, where, ("version",) if grouped else ())
    nights = MuteWindow(tuple(sorted(chance.sample(range(1, 8), 4))), *_times(chance), chance.choice(ZONES))
    created = START + timedelta(days=chance.uniform(0, 30))
    return Rule(
        id=f"r{number}",
        name=f"Rule {number}",
        condition=condition,
        look=None if kind == "incidents" else look,
        hold=chance.choice((0, 0, 1, 2, 5)) * step,
        keep_firing=chance.choice((0, 0, 1, 3)) * step,
        renotify=chance.choice((None, None, timedelta(hours=5), timedelta(days=1))),
        on_no_data=chance.choice(list(When)),
        mute=(nights,) if chance.random() < 0.3 else (),
        snoozed_until=created + timedelta(days=chance.uniform(0, 60)) if chance.random() < 0.15 else None,
        created_at=created,
        updated_at=created,
    )


def _times(chance: random.Random) -> tuple[clock, clock]:
    first, last = (clock(chance.randrange(24), chance.choice((0, 30))) for _ in range(2))
    return first, last


def a_condition(chance: random.Random, kind: str, interval: Interval, of_stars: bool, grouped: bool) -> Condition:
    """Make a condition whose marks the year crosses now and then."""
    side, recovers = chance.choice(list(Side)), chance.random() < 0.5
    away = Decimal(chance.randrange(0, 40))
    match kind:
        case "level":
            long, of = 24 if interval is Interval.P1D else 1, 1 if grouped else 3
            threshold = mark(chance, 480, 2500) if of_stars else mark(chance, 0, 90 * long * of)
            recover = (threshold - away if side is Side.HIGH else threshold + away) if recovers else None
            return Level(side, threshold, recover)
        case "change":
            of_what = chance.choice(list(Of))
            size = Decimal(chance.randrange(1, 90)) / 100 if of_what is Of.RATIO else mark(chance, 1, 400)
            threshold = size if side is Side.HIGH else -size
            return Change(
                chance.choice((Versus.PREVIOUS_PERIOD, Versus.WEEK)),
                of_what,
                side,
                threshold,
                threshold / 2 if recovers else None,
            )
        case "no_data":
            return NoData(chance.random() < 0.7)
        case "anomaly":
            sensitivity = Decimal(chance.choice(("2", "3.5", "5")))
            return Anomaly(
                chance.choice(list(Sides)), sensitivity, sensitivity / 2 if recovers else None, chance.randrange(3, 7)
            )
        case _:
            return Incidents((chance.choice(("*", "github_*", "s3_access_logs")),), chance.choice(((), ("late",))))


@dataclass
class Outbox:
    """Keeps messages by their ids; may die before or after one is there."""

    messages: dict[str, Message] = field(default_factory=dict)
    again: int = 0
    dies: float = 0.0
    chance: random.Random = field(default_factory=random.Random)

    def put(self, message: Message) -> bool:
        if self.chance.random() < self.dies:
            raise Killed
        is_new = self.messages.setdefault(message.id, message) is message
        assert is_new or self.messages[message.id] == message, "one id, two messages"
        self.again += not is_new
        if self.chance.random() < self.dies:
            raise Killed
        return is_new


@dataclass
class Bad:
    """Rules, a year, and everything that goes wrong."""

    seed: int
    rules: list[Rule]
    year: Year
    state: MemoryState = field(default_factory=MemoryState)
    outbox: Outbox = field(default_factory=Outbox)
    done: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    writes: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.outbox.chance = self.chance
        self.to_come = sorted(self.rules, key=lambda rule: str(rule.created_at), reverse=True)
        self.models: list[Model] = []
        self.twins = [self.evaluator() for _ in range(2)]

    def evaluator(self) -> Evaluator:
        keeper = Keeper(self.state, self.outbox, self.log.append, again=timedelta(days=3))
        return Evaluator(keeper, self.year, lambda: METRICS, self.year.open_now, lambda: self.year.now, self.log.append)

    def trouble(self, step: str) -> None:
        """Die, or lose an answer, before or after a call took effect."""
        self.writes += step.startswith("before put")
        if step.startswith(("before", "after")):
            drawn = self.chance.random()
            if drawn < self.outbox.dies / 4:
                raise Killed
            if drawn < self.outbox.dies:
                raise StoreUnavailable("no answer")

    def looks(self) -> Iterator[tuple[datetime, datetime]]:
        """Answer looks in the order in which they come: some hours are missed, some sources late, some looks too."""
        end, now = START + self.year.hours * HOUR, START
        past: list[tuple[datetime, datetime]] = []
        while now < end + 3 * HOUR:
            now += timedelta(minutes=self.chance.choice((7, 61, 700, 1400, 2000, 2600)))
            known = min(end, now - timedelta(minutes=self.chance.choice((5, 20, 100, 1000))))
            watermark = max([START, known.replace(minute=0, second=0, microsecond=0), *(mark for _, mark in past[-1:])])
            yield now, watermark
            past.append((now, watermark))
            if self.chance.random() < 0.1 and len(past) > 3:
                yield past[-self.chance.randrange(2, 4)]

    def look(self, now: datetime, watermark: datetime) -> None:
        """Look as often as it takes until nothing is left: processes die and stores do not answer meanwhile."""
        self.year.now, self.year.watermark = now, watermark
        tries = 0
        while True:
            tries, self.writes = tries + 1, 0
            assert tries < 100, self.log[-3:]
            which = self.chance.randrange(2)
            self.outbox.dies = 0.05 if tries < 4 and self.chance.random() < 0.5 else 0.0
            self.state.step = self.trouble
            has_time = (lambda: self.chance.random() < 0.95) if self.outbox.dies else (lambda: True)
            try:
                found = self.twins[which].look(has_time)
            except Killed:
                self.done["processes that died"] += 1
                self.twins[which] = self.evaluator()
                continue
            except StoreUnavailable:
                self.done["looks without rules"] += 1
                continue
            self.done["looks"] += 1
            self.done["failures of a rule's look"] += found.failed
            if not (found.failed or found.left or found.asked or self.writes or self.outbox.dies):
                return

    def make_rules(self, now: datetime) -> None:
        """Save the rules that are made by now."""
        self.state.step = lambda _: None
        while self.to_come and (self.to_come[-1].created_at or now) <= now:
            rule = self.to_come.pop()
            assert rule_state.write(self.state, Kept(rule)) is not None
            self.models.append(Model(rule, self.year))

    def run(self) -> None:
        for now, watermark in self.looks():
            self.make_rules(now)
            self.look(now, watermark)
            for model in self.models:
                model.look(now, watermark)


def told(messages: dict[str, Message]) -> Counter[Told]:
    """Answer what was said, by the ids of messages."""
    found: Counter[Told] = Counter()
    for name in messages:
        _, rule, _, digest, at, _, what = name.split("/")
        found[rule, digest, at, what] += 1
    return found


def a_slice(number: int, rules: int, days: int = 365) -> Bad:
    chance = random.Random(1_000 + number)
    return Bad(number, [a_rule(chance, index) for index in range(rules)], made(number, days))


@pytest.mark.slow
def test_a_year_of_looks_tells_what_the_model_tells_and_each_once() -> None:
    """A few rules; all 200 of them are ``make alerts``, which CI runs."""
    bad = a_slice(0, FEW)

    bad.run()

    expected: Counter[Told] = sum((model.told for model in bad.models), Counter())
    assert told(bad.outbox.messages) == expected
    assert len({what for *_, what in expected}) == 4
    assert bad.done["processes that died"] > 100


def main() -> None:
    """Print how much was told, and how badly it was looked at."""
    begun, done, kinds, said = time.monotonic(), Counter[str](), Counter[str](), Counter[str]()
    for number in range(SLICES):
        bad = a_slice(number, RULES // SLICES)
        bad.run()
        expected: Counter[Told] = sum((model.told for model in bad.models), Counter())
        found = told(bad.outbox.messages)
        assert found == expected, [(found - expected), (expected - found)]
        done += bad.done
        done["questions asked"] += bad.year.asked
        done["buckets of rules"] += sum(model.next for model in bad.models if model.rule.look)
        done["messages put again"] += bad.outbox.again
        kinds.update(type(rule.condition).__name__ for rule in bad.rules)
        said.update(what for *_, what in expected.elements())
    print(f"{RULES} rules over a year: {dict(kinds)}")
    print(f"messages, each once and as the model says: {sum(said.values()):,} {dict(said)}")
    print({name: f"{count:,}" for name, count in done.items()}, f"{time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    main()
