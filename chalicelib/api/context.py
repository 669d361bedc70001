"""What the handlers work with: built once, lazily, part by part, so that a request pays only for what it needs.

What a part is made of is loaded with the part: a cold start that answers one question loads what answers it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any, Final, NoReturn, Protocol

from chalicelib.api.auth import Gate
from chalicelib.api.limits import Limits
from chalicelib.api.log import logger
from chalicelib.api.pace import Pace
from chalicelib.errors import ConfigError

if TYPE_CHECKING:
    from chalicelib.api.configuration import Configuration
    from chalicelib.api.sign_in import FrontDoor
    from chalicelib.domain.clock import Clock
    from chalicelib.domain.objects import ObjectStore
    from chalicelib.domain.queries import QueryEngine
    from chalicelib.domain.result_files import ResultFiles
    from chalicelib.domain.state import StateStore
    from chalicelib.domain.topics import Topic
    from chalicelib.ingest.salts import DailySalts
    from chalicelib.metrics.query import SeriesQuery
    from chalicelib.metrics.totals import TotalsQuery
    from chalicelib.outbox.outbox import Outbox
    from chalicelib.sources.base import Source
    from chalicelib.sources.beacon_sites import Site
    from chalicelib.sql.desk import Desk
    from chalicelib.sql.estimate import Sizes
    from chalicelib.sql.samples import Samples
    from chalicelib.subscriptions.desk import Desk as SubscriptionDesk


LINKS_PER_MINUTE: Final = 60
"""Of one visitor in one process: nobody opens more of their own."""
SESSIONS_PER_MINUTE: Final = 20
"""Of one person in one process: every tab that is opened at once, and no loop."""


class SecretReader(Protocol):
    """What the API asks of the secrets."""

    def get(self, name: str) -> Mapping[str, Any]:
        """Answer a secret. Raises ``ConfigError``, ``StoreUnavailable``."""
        ...


class SecretKeeper(SecretReader, Protocol):
    """Where secrets of channels are put and taken away."""

    def keep(self, name: str, value: Mapping[str, Any]) -> None:
        """Make a secret, or give one another value. Raises ``ConfigError``, ``StoreUnavailable``."""
        ...

    def remove(self, name: str) -> None:
        """Remove a secret for good, if it is there. Raises ``ConfigError``, ``StoreUnavailable``."""
        ...


def _absent() -> NoReturn:
    raise ConfigError("this part of the API was not wired")


def _sources() -> Mapping[str, Source]:
    from chalicelib.sources.registry import SOURCES

    return SOURCES


@dataclass(frozen=True)
class Context:
    """The API's dependencies. Every part is a function without arguments, called at most once."""

    clock: Clock
    allowed_origin: str = "*"
    open_state: Callable[[], StateStore] = _absent
    open_salts: Callable[[], StateStore] = _absent
    open_secrets: Callable[[], SecretKeeper] = _absent
    open_store: Callable[[], ObjectStore] = _absent
    open_queries: Callable[[], QueryEngine] = _absent
    open_results: Callable[[], ResultFiles] = _absent
    open_answers: Callable[[], ObjectStore] | None = None
    open_exports: Callable[[], ResultFiles] = _absent
    open_notices: Callable[[], Topic] = _absent
    site_url: str = ""
    sends_html: bool = False
    tell_of_export: Callable[[str, str], None] = lambda _owner, _id: _absent()
    tell_of_report: Callable[[str, str], None] = lambda _report, _run: _absent()
    partition_sizes: Callable[[str], Sizes] = lambda _: _absent()
    database: str = ""
    requests_per_minute: int = 0
    webhook_private_hosts: frozenset[str] = frozenset()
    sleep: Callable[[float], None] = time.sleep
    cache_folder: Path = Path("/tmp/headwater-cubes")  # noqa: S108 - a Lambda's only disk; copies are named by key
    open_sources: Callable[[], Mapping[str, Source]] = _sources

    @cached_property
    def state(self) -> StateStore:
        """The small mutable state."""
        return self.open_state()

    @cached_property
    def store(self) -> ObjectStore:
        """The lake's bucket."""
        return self.open_store()

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The sources that there are."""
        return self.open_sources()

    @cached_property
    def secrets(self) -> SecretKeeper:
        """The credentials."""
        return self.open_secrets()

    @cached_property
    def queries(self) -> QueryEngine:
        """Athena, with the rights of those who may only read."""
        return self.open_queries()

    @cached_property
    def results(self) -> ResultFiles:
        """The results of queries."""
        return self.open_results()

    @cached_property
    def exports(self) -> ResultFiles:
        """The files of answers, with the API's own rights."""
        return self.open_exports()

    @cached_property
    def desk(self) -> Desk:
        """Where queries are handed in; each is logged when it has ended."""
        from chalicelib.sql.desk import Desk
        from chalicelib.sql.record import record

        return Desk(
            self.state, self.queries, self.clock, self.sleep, lambda run: logger().info("sql", extra=record(run))
        )

    @cached_property
    def gate(self) -> Gate:
        """Who may call what."""
        return Gate(lambda: self.state, self.clock)

    @cached_property
    def series(self) -> SeriesQuery:
        """Answers to time-series questions."""
        from chalicelib.metrics.query import SeriesQuery
        from chalicelib.metrics.stored import StoredAnswers

        stored = None if self.open_answers is None else StoredAnswers(self.open_answers, logger().warning)
        return SeriesQuery(lambda: self.store, self.clock, self.cache_folder, stored)

    @cached_property
    def totals(self) -> TotalsQuery:
        """Answers to questions about downloads in total."""
        from chalicelib.metrics.totals import TotalsQuery

        return TotalsQuery(self.series)

    @cached_property
    def samples(self) -> Samples:
        """A few rows of what is published."""
        from chalicelib.sql.samples import Samples

        return Samples(lambda: self.store, self.cache_folder)

    @cached_property
    def salts(self) -> DailySalts:
        """The salts of web visitors' names."""
        from chalicelib.ingest.salts import DailySalts

        return DailySalts(self.open_salts)

    @cached_property
    def limits(self) -> Limits:
        """How many requests each token may make."""
        return Limits(self.requests_per_minute)

    @cached_property
    def pace(self) -> Pace:
        """How fast web visitors send."""
        return Pace()

    @cached_property
    def link_pace(self) -> Pace:
        """How often links of messages are opened."""
        return Pace(LINKS_PER_MINUTE, "Too many links were opened from here: try again in a minute.")

    @cached_property
    def front_door(self) -> FrontDoor:
        """Who signed in."""
        from chalicelib.api.sign_in import FrontDoor

        return FrontDoor(lambda: self.store)

    @cached_property
    def session_pace(self) -> Pace:
        """How often one person signs in."""
        return Pace(SESSIONS_PER_MINUTE, "You have signed in too often: try again in a minute.")

    @cached_property
    def outbox(self) -> Outbox:
        """Where messages to people are put."""
        from chalicelib.outbox.outbox import Outbox

        return Outbox(self.state, self.clock)

    def links_key(self) -> bytes:
        """Answer what links of messages are signed with. Raises ``ConfigError``, ``StoreUnavailable``."""
        return str(self.secrets.get("links")["key"]).encode()

    @cached_property
    def subscribing(self) -> SubscriptionDesk:
        """Where subscriptions are asked for, changed and ended."""
        from chalicelib.subscriptions.desk import Desk

        new_nonce = partial(token_urlsafe, 12)
        return Desk(self.state, self.open_notices(), self.outbox, self.clock, self.links_key, new_nonce)

    @cached_property
    def configuration(self) -> Configuration:
        """What is configured to be pulled."""
        from chalicelib.api.configuration import Configuration

        return Configuration(lambda: self.store, self.clock)

    @property
    def sites(self) -> Mapping[str, Site] | None:
        """The web sites that beacons are taken for, by host; None where none is configured."""
        return self.configuration.sites()
