"""A small world: hours that a test writes down, rules, a clock, an outbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from chalicelib.alerts import rule_state, standings
from chalicelib.alerts.catching import OpenIncident
from chalicelib.alerts.evaluate import Evaluator, Look
from chalicelib.alerts.keeper import Keeper
from chalicelib.alerts.machine import Standing
from chalicelib.alerts.rule import Level, Rule, Side
from chalicelib.alerts.rule import Look as Looks
from chalicelib.alerts.rule_state import Kept
from chalicelib.domain.periods import Interval
from chalicelib.metrics.metric import Metric
from chalicelib.outbox.message import Message
from tests.unit.alerts.year import DOWNLOADS, HOUR, STARS, START, VERSIONS, Year
from tests.unit.outbox.memory import MemoryState

MINUTE = timedelta(minutes=1)
RULE = Rule(
    "r1",
    "Many downloads",
    Level(Side.HIGH, Decimal(100)),
    Looks("downloads", Interval.PT1H, "UTC"),
    created_at=START,
    updated_at=START,
)


@dataclass
class Outbox:
    """Keeps messages, each once, in their order."""

    messages: dict[str, Message] = field(default_factory=dict)
    then: Callable[[], None] = lambda: None

    def put(self, message: Message) -> bool:
        is_new = self.messages.setdefault(message.id, message) is message
        self.then()
        return is_new


@dataclass
class Watched:
    """Hours of downloads (of one version) and stars; what is known of them is what has passed."""

    values: list[int] = field(default_factory=list)
    stars: list[int | None] = field(default_factory=list)
    incidents: list[tuple[OpenIncident, datetime]] = field(default_factory=list)
    state: MemoryState = field(default_factory=MemoryState)
    outbox: Outbox = field(default_factory=Outbox)
    metrics: dict[str, Metric] = field(default_factory=lambda: {DOWNLOADS.name: DOWNLOADS, STARS.name: STARS})
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        length = max(len(self.values), len(self.stars))
        downloads = {version: [0] * length for version in VERSIONS}
        downloads[VERSIONS[0]][: len(self.values)] = self.values
        stars = [*self.stars, *[None] * (length - len(self.stars))]
        self.year = Year(downloads, stars, self.incidents)
        self.evaluator = self.process()

    def process(self) -> Evaluator:
        """A process that has just begun."""
        keeper = Keeper(self.state, self.outbox, self.log.append)
        return Evaluator(
            keeper, self.year, lambda: self.metrics, self.year.open_now, lambda: self.year.now, self.log.append
        )

    def save(self, *rules: Rule) -> None:
        """Save rules, new ones and changed ones."""
        for rule in rules:
            standing = rule_state.read(self.state, rule.id)
            version = 0 if standing is None else standing.rule.version
            assert rule_state.write(self.state, Kept(replace(rule, version=version))) is not None

    def look(self, hours: float, known: float | None = None, by: Evaluator | None = None) -> Look:
        """Look so many hours after the start; up to the same hour all is known, or up to ``known``."""
        self.year.now = START + hours * HOUR
        self.year.watermark = self.year.now if known is None else START + known * HOUR
        return (by or self.evaluator).look(lambda: True)

    def hourly(self, hours: int, minutes: Sequence[int] = (5, 25, 45)) -> None:
        """Look some times in every hour; the hours before are known."""
        for hour in range(hours):
            for minute in minutes:
                self.look(hour + minute / 60, hour)

    @property
    def said(self) -> list[str]:
        """What was said, in the order in which it was."""
        return [name.rpartition("/")[2] for name in self.outbox.messages]

    @property
    def texts(self) -> list[str]:
        """The messages' texts."""
        return [message.text for message in self.outbox.messages.values()]

    def standing(self, rule_id: str = "r1", group: Any = ()) -> Standing:
        """How a group stands."""
        return self.stands(rule_id).groups[group]

    def stands(self, rule_id: str = "r1") -> standings.Standings:
        """How a rule stands."""
        found = standings.read(self.state, rule_id)
        assert found is not None
        return found
