"""A thousand alert rules: what a look takes, with nothing new and with new hours, and what that costs a month.

Run as ``python -m bench.alerts``. Cubes and state are in the local S3 and DynamoDB; the same rules look at 30 days of
hours and at three years of them. What DynamoDB would bill is counted from the sizes of the items, as its documentation
says (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html); prices are those
of us-east-1 on demand.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from bench.harness import Spread, machine, versions, write
from chalicelib.alerts import rule_state
from chalicelib.alerts.asking import SeriesAsking
from chalicelib.alerts.evaluate import Evaluator, Look
from chalicelib.alerts.keeper import Keeper
from chalicelib.alerts.rule import Anomaly, Change, Condition, Level, Of, Rule, Side
from chalicelib.alerts.rule import Look as Looks
from chalicelib.alerts.rule_state import Kept
from chalicelib.aws.s3 import S3Store
from chalicelib.aws.state import DynamoState
from chalicelib.domain.objects import StoredObject
from chalicelib.domain.periods import Interval
from chalicelib.lake import layout, published
from chalicelib.metrics.comparison import Versus
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.metrics.filters import Condition as Filtered
from chalicelib.metrics.filters import Operator
from chalicelib.metrics.metric import Kind
from chalicelib.metrics.query import SeriesQuery
from chalicelib.metrics.registry import METRICS
from chalicelib.outbox.outbox import Outbox

RULES, QUIET, NEW = 1_000, 12, 4
SHORT, LONG = 30, 1_096
KNOWN = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
VERSIONS = ("3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0")
LAMBDA_GB = 1.769
GB_SECOND, REQUEST = 0.0000166667, 0.0000002
READ_UNIT, WRITE_UNIT, GET = 0.125e-6, 0.625e-6, 0.4e-6
LOOKS_A_MONTH, HOURS_A_MONTH = 43_800, 730


class Took(NamedTuple):
    """What one look did, the milliseconds by the clock and of this process's CPU, and what is billed."""

    look: Look
    wall: float
    cpu: float
    billed: Counter[str]


@dataclass
class Billed:
    """A state whose units are counted; a read is strongly consistent."""

    state: DynamoState
    units: Counter[str] = field(default_factory=Counter)

    def get(self, pk: str, sk: str) -> Mapping[str, Any] | None:
        found = self.state.get(pk, sk)
        self.units["read"] += -(-_size(found or {}) // 4096) or 1
        return found

    def put(self, pk: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        self.units["write"] += -(-(_size(item) + 100) // 1024)
        self.state.put(pk, sk, item, expected_version=expected_version)

    def query(self, pk: str) -> Iterator[Mapping[str, Any]]:
        found = list(self.state.query(pk))
        self.units["read"] += -(-sum(map(_size, found)) // 4096) or 1
        return iter(found)

    def delete(self, pk: str, sk: str) -> None:
        self.units["write"] += 1
        self.state.delete(pk, sk)


def _size(item: Mapping[str, Any]) -> int:
    """Answer about how many bytes an item has: its names and values in UTF-8."""
    return len(json.dumps(item, default=str, ensure_ascii=False).encode())


class Counted(S3Store):
    """A bucket whose reads are counted."""

    reads = 0

    def get(self, key: str) -> StoredObject:
        """Read an object."""
        Counted.reads += 1
        return super().get(key)


def rows(days: int) -> list[dict[str, Any]]:
    """Make downloads of every hour and version, seeded."""
    chance = random.Random(7)
    return [
        {
            "bucket_start": KNOWN - hour * HOUR,
            "version": version,
            "is_bot": False,
            "downloads": chance.randrange(20, 90),
        }
        for hour in range(1, days * 24)
        for version in VERSIONS
    ]


def rules() -> list[Rule]:
    """Make rules as people may: most of them marks, by hour and by day, of all versions, of one, of each."""
    chance, made = random.Random(11), KNOWN - 2 * HOUR
    whole_days = [m for m in METRICS.values() if m.kind is Kind.COUNTER and not m.apart and m.days_of is None]
    found = []
    for number in range(RULES):
        of_downloads = number % 5 < 3
        metric = DOWNLOADS_METRIC if of_downloads else chance.choice(whole_days)
        interval = Interval.PT1H if chance.random() < 0.7 else Interval.P1D
        where = Filtered("version", Operator.IS, chance.choice(VERSIONS)) if of_downloads and number % 2 else None
        groups = ("version",) if of_downloads and number % 10 == 0 else ()
        look = Looks(metric.name, interval, chance.choice(("UTC", "Europe/Paris")), where, groups)
        rule = Rule(
            f"r{number:04}", f"Rule {number}", a_condition(chance, number), look, created_at=made, updated_at=made
        )
        found.append(rule)
    return found


DOWNLOADS_METRIC = METRICS["downloads"]


def a_condition(chance: random.Random, number: int) -> Condition:
    """Make a condition that seldom holds."""
    if number % 10 == 1:
        return Anomaly()
    if number % 10 in (2, 3):
        return Change(Versus.WEEK, Of.RATIO, Side.HIGH, Decimal(chance.randrange(3, 9)))
    return Level(Side.HIGH, Decimal(chance.randrange(100, 10_000)))


def fill(lake: S3Store, days: int) -> None:
    """Publish every cube, downloads by the hour."""
    from tests.unit.metrics.every_cube import publish_all
    from tests.unit.metrics.published_cubes import publish

    publish_all(lake, KNOWN, days, cubes=[cube for cube in CUBES.values() if cube is not DOWNLOADS])
    publish(lake, DOWNLOADS, rows(days), dict.fromkeys(DOWNLOADS.inputs, KNOWN))


def an_hour_later(lake: S3Store, known: datetime) -> None:
    """Publish every cube anew: the same files, complete up to an hour later."""
    for name in CUBES:
        found = published.read(lake, name)
        assert found is not None
        later = replace(found, seq=found.seq + 1, watermarks=dict.fromkeys(found.watermarks, known))
        lake.put(layout.published(name), later.to_json())


@dataclass
class World:
    """One deployment, and its clock."""

    lake: Counted
    state: Billed
    folder: Path
    now: datetime = KNOWN + timedelta(minutes=5)

    def process(self) -> Evaluator:
        """A process that has just begun."""
        series = SeriesQuery(lambda: self.lake, lambda: self.now, self.folder)
        keeper = Keeper(self.state, Outbox(self.state, lambda: self.now), print)
        asking = SeriesAsking(series, lambda: self.now)
        return Evaluator(keeper, asking, lambda: METRICS, list, lambda: self.now, print)

    def look(self, evaluator: Evaluator) -> Took:
        """Look once."""
        self.state.units.clear()
        Counted.reads = 0
        begun, cpu = time.perf_counter(), time.process_time()
        look = evaluator.look(lambda: True)
        wall, used = (time.perf_counter() - begun) * 1000, (time.process_time() - cpu) * 1000
        assert not look.failed, look
        return Took(look, wall, used, Counter({**self.state.units, "S3 reads": Counted.reads}))


@dataclass
class Measured:
    """What was measured over one length of history."""

    first: Took
    quiet: list[Took] = field(default_factory=list)
    new: list[Took] = field(default_factory=list)
    again: list[Took] = field(default_factory=list)


def measure(world: World) -> Measured:
    """Look as a cold process, then in quiet minutes, then where an hour is new, and where everything is read again."""
    evaluator = world.process()
    found = Measured(world.look(evaluator))
    known = KNOWN
    for _ in range(NEW):
        known += HOUR
        an_hour_later(world.lake, known)
        world.now = known + timedelta(minutes=5)
        found.new.append(world.look(evaluator))
        for _ in range(QUIET // NEW):
            world.now += timedelta(minutes=1)
            found.quiet.append(world.look(evaluator))
        world.now += timedelta(minutes=12)
        found.again.append(world.look(evaluator))
    return found


def middle(looks: list[Took]) -> Took:
    """Answer the look that took the median of the milliseconds."""
    return sorted(looks, key=lambda one: one.wall)[len(looks) // 2]


def cost(found: Measured) -> dict[str, float]:
    """Answer dollars a month: every minute a look, in each hour one with new buckets, every ten minutes all is read."""
    per_look = {"quiet": middle(found.quiet), "new": middle(found.new), "read again": middle(found.again)}
    looks = {"new": HOURS_A_MONTH, "read again": LOOKS_A_MONTH / 10 - HOURS_A_MONTH}
    looks["quiet"] = LOOKS_A_MONTH - sum(looks.values())
    total = dict.fromkeys(("Lambda", "DynamoDB reads", "DynamoDB writes", "S3 reads"), 0.0)
    for kind, (_, wall, _, billed) in per_look.items():
        total["Lambda"] += looks[kind] * (wall / 1000 * LAMBDA_GB * GB_SECOND + REQUEST)
        total["DynamoDB reads"] += looks[kind] * billed.get("read", 0) * READ_UNIT
        total["DynamoDB writes"] += looks[kind] * billed.get("write", 0) * WRITE_UNIT
        total["S3 reads"] += looks[kind] * billed.get("S3 reads", 0) * GET
    return {**{name: round(value, 2) for name, value in total.items()}, "all": round(sum(total.values()), 2)}


def main() -> None:
    """Measure, print and write ``bench/results/alerts.json``."""
    from tests.integration.conftest import running_local_aws

    found: dict[int, Measured] = {}
    with tempfile.TemporaryDirectory() as folder, running_local_aws(Path(folder)) as aws:
        for days in (SHORT, LONG):
            aws.client("s3").create_bucket(Bucket=f"lake{days}")
            aws.client("dynamodb").create_table(
                TableName=f"state{days}",
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
                KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
                BillingMode="PAY_PER_REQUEST",
            )
            lake = Counted(aws.client("s3"), f"lake{days}")
            fill(lake, days)
            state = Billed(DynamoState(aws.client("dynamodb"), f"state{days}"))
            for rule in rules():
                assert rule_state.write(state, Kept(rule)) is not None
            found[days] = measure(World(lake, state, Path(folder) / str(days)))
    sides = {
        f"{what}, {days} days of history": asdict(Spread.of([one.wall for one in looks]))
        for days, one in found.items()
        for what, looks in (
            ("quiet minute", one.quiet),
            ("a new hour", one.new),
            ("all read again", one.again),
        )
    }
    pairs = zip(found[LONG].new, found[SHORT].new, strict=True)
    last = found[LONG]
    write(
        "alerts",
        {
            "what": f"a look at {RULES:,} alert rules, over S3 and DynamoDB of the local cloud",
            "machine": machine(),
            "versions": versions("duckdb", "boto3"),
            "runs": NEW,
            "unit": "ms",
            "sides": sides,
            "ratio": asdict(Spread.of([long.cpu / short.cpu for long, short in pairs])),
            "notes": {
                "the ratio is": f"of the CPU time of a look with a new hour, {LONG} days of history to {SHORT}",
                "CPU milliseconds of a quiet minute, of a new hour, medians": {
                    days: [round(statistics.median(one.cpu for one in looks)) for looks in (of.quiet, of.new)]
                    for days, of in found.items()
                },
                "first look of a process": {
                    days: [asdict(one.first.look), round(one.first.wall)] for days, one in found.items()
                },
                "a minute with a new hour": [asdict(last.new[-1].look), dict(middle(last.new).billed)],
                "a quiet minute": [asdict(last.quiet[-1].look), dict(middle(last.quiet).billed)],
                "questions of a new hour, median": statistics.median(one.look.asked for one in last.new),
                "US dollars a month": {days: cost(one) for days, one in found.items()},
            },
        },
    )


if __name__ == "__main__":
    main()
