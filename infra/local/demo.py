"""Load the demo company's 90 days into the local cloud: once, and again only what is missing.

Numbers that only the present has (stars, followers, subscribers) are pulled by the real code, in this process, with a
clock that is turned through the past and the outside world's clock with it. One hour a day is asked (and each of the
last day); those between are recorded as missed, as they would be after an outage, for a snapshot cannot be invented.
What has a past is pulled by the schedule. Access logs come in by the front door, and so do the webhooks of the last
days; what the web pages and the product sent lies in the inbox, as the API would have put it there.

A log only grows: when the schedule has pulled the present before the past was loaded, the past cannot be put before it.
Then all the rest is loaded, and what is missing is said and written down, with what to do.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from chalicelib.aws.glue import GlueCatalog
from chalicelib.aws.s3 import S3Store
from chalicelib.aws.state import DynamoState
from chalicelib.domain.objects import ObjectStore
from chalicelib.ingest.budget import SourceBudget
from chalicelib.ingest.fetch import HttpFetcher, new_session
from chalicelib.ingest.inbox import accept
from chalicelib.ingest.login import Given
from chalicelib.ingest.pull import Pull
from chalicelib.ingest.windows import settled_end
from chalicelib.lake import commits
from chalicelib.lake.log import StreamLog
from chalicelib.lake.steps import Step
from chalicelib.lake.writer import Parquet
from chalicelib.sources.base import PullMode, PullSource
from chalicelib.sources.beacon_sites import read_sites
from chalicelib.sources.config import parse_sources
from chalicelib.sources.github_webhooks import GithubWebhooks
from chalicelib.sources.product_events import ProductEvents
from chalicelib.sources.registry import SOURCES
from chalicelib.sources.web_beacons import WebBeacons
from infra.local.places import FOLDER
from infra.local.post_deploy import client
from tests.servers import beacons, product
from tests.servers.access_logs import AccessLogWorld, upload
from tests.servers.beacon_inbox import Past
from tests.servers.payloads import Delivery
from tests.servers.vendors import VENDORS
from tests.servers.webhooks import history, post_all

DAYS = 90
HOUR = timedelta(hours=1)
AFTER_THE_HOUR = timedelta(seconds=20)
POSTED_DAYS = 2
COARSE, FINE_DAYS = timedelta(hours=24), 1
WORKERS = 12
SNAPSHOTS = [s for s in SOURCES.values() if isinstance(s, PullSource) and s.mode is PullMode.SNAPSHOT]
DONE = FOLDER / "demo.json"

Progress = Callable[[str, int, int], None]


def load(found: Mapping[str, str], folder: Path = FOLDER, progress: Progress | None = None) -> None:
    """Load everything, unless that was done.

    Parameters
    ----------
    found
        The addresses and names that ``make run`` writes to ``.local/endpoints.json``.
    """
    done = folder / DONE.name
    if done.exists():
        return
    told = progress or bar
    world = World(found["outside_world"])
    began = time.monotonic()
    with paused(client("events", found["aws"])):
        missing = load_snapshots(found, world, folder, told)
    load_logs(found, world, told)
    load_past(found, world, folder, told)
    load_webhooks(found, world, told)
    for words in missing:
        print(words, file=sys.stderr, flush=True)
    seconds = round(time.monotonic() - began, 1)
    done.write_text(json.dumps({"anchor": world.anchor.isoformat(), "seconds": seconds, "missing": missing}))


class World:
    """The controls of the outside world's server."""

    def __init__(self, address: str) -> None:
        self._address = address
        ledger = requests.get(f"{address}/_control/ledger", timeout=10).json()
        self.seed: int = ledger["seed"]
        self.anchor = datetime.fromisoformat(ledger["anchor"])

    def turn(self, now: datetime, *, running: bool) -> None:
        """Set the outside world's clock."""
        wish = {"now": now.isoformat(), "running": running}
        requests.post(f"{self._address}/_control/clock", json=wish, timeout=10).raise_for_status()


def moments(anchor: datetime) -> list[datetime]:
    """Answer when the statistics are asked for: once a day, and shortly after every hour of the last day.

    >>> found = moments(datetime(2026, 11, 22, 10, 20, tzinfo=UTC))
    >>> len(found), found[-1].isoformat()
    (113, '2026-11-22T10:00:20+00:00')
    """
    last = anchor.replace(minute=0, second=0, microsecond=0)
    fine = last - timedelta(days=FINE_DAYS)
    found = []
    at = last - timedelta(days=DAYS) + HOUR
    while at <= last:
        found.append(at + AFTER_THE_HOUR)
        at += HOUR if at >= fine else COARSE
    return [moment for moment in found if moment <= anchor]


def load_snapshots(found: Mapping[str, str], world: World, folder: Path, told: Progress) -> list[str]:
    """Pull the past of every number that only the present has, oldest first; what a log has already is not due again.

    Answers what is missing, in words.
    """
    when = moments(world.anchor)
    now = [when[0]]
    pulls = [puller(found, folder, source, lambda: now[0]) for source in SNAPSHOTS]
    try:
        with ThreadPoolExecutor(len(pulls)) as pool:
            for done, moment in enumerate(when, start=1):
                now[0] = moment
                world.turn(moment, running=False)
                list(pool.map(lambda pull: pull.run(moment + HOUR), pulls))  # noqa: B023 - all have ended by then
                told("snapshots", done, len(when))
    finally:
        world.turn(datetime.now(UTC), running=True)
    return [words for pull in pulls if (words := missing_history(pull.store, pull.source, when))]


def missing_history(store: ObjectStore, source: PullSource, when: Sequence[datetime]) -> str:
    """Compare the log with the moments at which it was to be filled; answer what is missing, nothing when it is whole.

    Looked at after the loading and not before it, because a pull that was begun earlier can commit in the middle of it.
    """
    taken = {Step.from_body(link.body).window.end for link in commits.following(store, source.name, None)}
    missing = [moment for moment in when if settled_end(moment, source.grid, source.settle) not in taken]
    if not missing:
        return ""
    first, last = (f"{moment:%Y-%m-%d %H:%M} UTC" for moment in (missing[0], missing[-1]))
    return (
        f"{source.title}: {len(missing)} of {len(when)} moments of the past are missing, from {first} to {last}. The "
        "schedule pulled a later hour before they were loaded, and nothing can be put before what a log has. All "
        "the rest is loaded. For the whole history: `make reset`, then `make run`."
    )


def puller(found: Mapping[str, str], folder: Path, source: PullSource, clock: Callable[[], datetime]) -> Pull:
    """Put the pull of a source together as its Lambda does, with another clock."""
    store = S3Store(client("s3", found["aws"]), found["lake_bucket"])
    catalog = GlueCatalog(client("glue", found["aws"]), found["database"], found["lake_bucket"])
    config = as_it_was(parse_sources((folder / "sources.toml").read_text()).section(source.name), clock())
    budget = SourceBudget(DynamoState(client("dynamodb", found["aws"]), found["state_table"]), source, config, clock)
    fetcher = HttpFetcher(new_session(), remaining_s=lambda: 900.0, budget=budget, pace=source.pace, clock=clock)
    log = StreamLog(store, catalog, source.name, clock)
    return Pull(log, source, config, fetcher, Given(secret(folder, source)), Parquet(), clock)


def as_it_was(config: Mapping[str, Any], begin: datetime) -> Mapping[str, Any]:
    """Answer a section as somebody would have written it then: LinkedIn's versions are months, and that month's is new.

    >>> as_it_was({"api_version": "202610"}, datetime(2026, 8, 27, tzinfo=UTC))
    {'api_version': '202608'}
    """
    month = f"{begin:%Y%m}"
    return {**config, "api_version": month} if config.get("api_version", "") > month else config


def secret(folder: Path, source: PullSource) -> Mapping[str, str]:
    """Answer the credentials that a source's test server takes."""
    if source.credential == "github":
        return {"token": json.loads((folder / "keys.json").read_text())["github_token"]}
    return next(vendor.secret for vendor in VENDORS if vendor.name == source.credential)


def load_past(found: Mapping[str, str], world: World, folder: Path, told: Progress) -> None:
    """Put what the web pages and the product sent into the inbox, as the API would have received it."""
    store = S3Store(client("s3", found["aws"]), found["lake_bucket"])
    sites = parse_sources((folder / "sources.toml").read_text()).section(WebBeacons.name)["sites"]
    views = Past(read_sites(sites), world.seed).packed(beacons.history(world.seed, world.anchor, DAYS))
    sent = product.packed(product.history(world.seed, world.anchor, DAYS))
    json_body = {"content_type": "application/json", "sent_by": "demo"}
    everything: list[tuple[str, Mapping[str, str], bytes, datetime]]
    everything = [(WebBeacons.name, {}, *each) for each in views]
    everything += [(ProductEvents.name, json_body, *each) for each in sent]

    def put(one: tuple[str, Mapping[str, str], bytes, datetime]) -> None:
        stream, attributes, body, at = one
        accept(store, stream, body, attributes, at)

    with ThreadPoolExecutor(WORKERS) as pool:
        for done, _ in enumerate(pool.map(put, everything), start=1):
            told("web and product", done, len(everything))


def load_logs(found: Mapping[str, str], world: World, told: Progress) -> None:
    """Write the log objects; S3's own events do the rest."""
    logs = AccessLogWorld(world.seed, world.anchor, DAYS)
    s3 = client("s3", found["aws"])
    upload(s3, found["log_bucket"], logs, WORKERS, lambda done: told("access logs", done, max(done, 240)))


def load_webhooks(found: Mapping[str, str], world: World, told: Progress) -> None:
    """Bring the webhooks in, all but those that GitHub failed to deliver: reconciliation gets them.

    The last days' are posted to the API, signed. The older ones are put into the inbox as the API does it, received
    when they were sent: some 1,400 calls of a Lambda would take minutes on a small machine and show nothing more.
    """
    deliveries = [d for d in history(world.seed, world.anchor, DAYS) if not d.lost]
    begin = world.anchor - timedelta(days=POSTED_DAYS)
    older = [d for d in deliveries if d.at < begin]
    store = S3Store(client("s3", found["aws"]), found["lake_bucket"])

    def put(made: Delivery) -> None:
        attributes = {"event": made.event, "delivery": made.guid}
        accept(store, GithubWebhooks.name, made.body, attributes, made.at, kind=made.event)

    with ThreadPoolExecutor(WORKERS) as pool:
        for done, _ in enumerate(pool.map(put, older), start=1):
            told("webhooks", done, len(deliveries))
    _post(found, [d for d in deliveries if d.at >= begin], lambda n: told("webhooks", len(older) + n, len(deliveries)))


def _post(found: Mapping[str, str], deliveries: list[Delivery], told: Callable[[int], None]) -> None:
    """Post deliveries to the API. Raises ``RuntimeError`` when one was refused."""
    secret = found["github_webhook_secret"]
    statuses = post_all(f"{found['api']}/webhooks/github", secret, deliveries, WORKERS, told)
    refused = {status: n for status, n in statuses.items() if not 200 <= status < 300}
    if refused:
        raise RuntimeError(f"webhooks were refused: {refused}; look at the API's log, then run again")


@contextmanager
def paused(events: Any) -> Iterator[None]:
    """Hold what runs every minute.

    The dispatcher, so that nobody pulls the present before the past is there; the watcher, for a source whose present
    is not there yet would be told to people as late; and what answers common questions ahead, since nothing that it
    kept while the past is loaded would stay true.
    """
    names = [rule["Name"] for rule in events.list_rules()["Rules"] if "everyminute" in rule["Name"].lower()]
    for name in names:
        events.disable_rule(Name=name)
    try:
        yield
    finally:
        for name in names:
            events.enable_rule(Name=name)


def bar(what: str, done: int, total: int) -> None:
    """Draw how far something is, on one line."""
    filled = 30 * done // total
    if done == total or done % 10 == 0:
        print(f"\r  {what:<22} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}", end="", flush=True)
    if done == total:
        print(flush=True)


def main() -> int:
    """Load into the local cloud that runs."""
    load(json.loads((FOLDER / "endpoints.json").read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
