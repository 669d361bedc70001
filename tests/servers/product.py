"""What the demo company's customers do in its product: the requests that its programs send, from a seed, and a ledger.

Pure. Accounts have people, people have sessions, sessions have events in the order of somebody who builds a pipeline;
some accounts fade away and some begin. One request in forty is sent twice; one program's clock is seven minutes ahead,
which it says. The ledger is made here, from what people did, and never by Headwater's code.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.servers.company import HISTORY, HOUR, poisson, season
from tests.servers.vendor import Book

SESSIONS_PER_HOUR = 5.0
ACCOUNTS = 60
PEOPLE = 6
AHEAD = timedelta(minutes=7)
STEPS = (
    "signed_in",
    "project_opened",
    "pipeline_created",
    "connector_added",
    "pipeline_run",
    "report_opened",
    "report_exported",
)
PLANS = ("solo", "team", "team", "enterprise")
COLUMNS = ("event_id", "source", "event", "occurred_at", "user_id", "account_id", "session_id")


@dataclass(frozen=True, slots=True)
class Sent:
    """One request to ``POST /v1/events``: when it is received, its body, and the rows that it has to become."""

    at: datetime
    body: bytes
    rows: tuple[Mapping[str, Any], ...]
    again: bool = False  # the same events were sent before


@dataclass(frozen=True, slots=True)
class Account:
    """A customer: its plan, and between which days it uses the product."""

    name: str
    plan: str
    joins: timedelta
    leaves: timedelta

    def uses(self, since: timedelta) -> bool:
        """Tell whether it uses the product so long after the history began."""
        return self.joins <= since < self.leaves


def history(seed: int, anchor: datetime, days: int = HISTORY.days) -> Iterator[Sent]:
    """Every request of the ``days`` before ``anchor``, in order of time."""
    chance = random.Random(f"{seed} product")
    accounts = [_account(chance, number, days) for number in range(ACCOUNTS)]
    first = anchor.replace(minute=0, second=0, microsecond=0) - timedelta(days=days)
    for hour in range(days * 24):
        begin = first + hour * HOUR
        there = [account for account in accounts if account.uses(begin - first)]
        sessions = (_session(chance, chance.choice(there), begin) for _ in range(poisson(chance, _mean(begin))))
        for sent in sorted((each for session in sessions for each in session), key=lambda each: each.at):
            if sent.at < anchor:
                yield sent


def book(requests: Sequence[Sent]) -> Book:
    """The rows that these requests have to become."""
    return Book("product_events", COLUMNS, ("source", "event_id"), [r for s in requests if not s.again for r in s.rows])


def packed(requests: Iterable[Sent], at_once: int = 500) -> Iterator[tuple[bytes, datetime]]:
    """Put many requests of the past into one body each, with the time of its receipt, so that they come in in seconds.

    Every event says itself what its request said for all; what was sent before the receipt was sent as much later.
    """
    waiting: list[Sent] = []
    for sent in requests:
        waiting.append(sent)
        if sum(len(each.rows) for each in waiting) >= at_once:
            yield _together(waiting), sent.at
            waiting = []
    if waiting:
        yield _together(waiting), waiting[-1].at


def _together(requests: Sequence[Sent]) -> bytes:
    events: list[dict[str, Any]] = []
    for sent in requests:
        said = json.loads(sent.body)
        later = datetime.fromisoformat(said.pop("sent_at")) + (requests[-1].at - sent.at)
        events += [{**said, **event, "sent_at": _stamp(later)} for event in said.pop("events")]
    return json.dumps({"events": events}).encode()


def _mean(at: datetime) -> float:
    return SESSIONS_PER_HOUR * season(at)


def _account(chance: random.Random, number: int, days: int) -> Account:
    whole = timedelta(days=days + 1)
    joins = timedelta(days=chance.uniform(0, days * 0.8)) if number % 4 == 3 else timedelta()
    leaves = joins + timedelta(days=chance.uniform(5, days / 2)) if number % 7 == 6 else whole
    return Account(f"account-{number:03d}", chance.choice(PLANS), joins, leaves)


def _session(chance: random.Random, account: Account, begin: datetime) -> Iterator[Sent]:
    """What one person does within some minutes: a request a step or two."""
    name = f"{chance.getrandbits(64):016x}"
    user = f"{account.name}-user-{chance.randrange(PEOPLE)}"
    source = chance.choice(("/app/web", "/app/web", "/app/desktop"))
    at = begin + timedelta(milliseconds=chance.randrange(2_400_000))
    reached = 1 + min(len(STEPS) - 1, int(chance.expovariate(0.4)))
    steps = [step for step in STEPS[:reached] for _ in range(chance.choice((1, 1, 2)) if step == "pipeline_run" else 1)]
    for start in range(0, len(steps), 2):
        happened = []
        for step in steps[start : start + 2]:
            at += timedelta(milliseconds=chance.randrange(2_000, 90_000))
            happened.append((step, at))
        sent = _request(chance, happened, at + timedelta(milliseconds=300), (source, name, user, account))
        yield sent
        if chance.random() < 0.025:
            yield _again(sent)


def _again(sent: Sent) -> Sent:
    """The same events two seconds later: the program did not hear the answer, and says when it sends them again."""
    said, pause = json.loads(sent.body), timedelta(seconds=2)
    later = _stamp(datetime.fromisoformat(said["sent_at"]) + pause)
    return Sent(sent.at + pause, json.dumps({**said, "sent_at": later}).encode(), sent.rows, again=True)


def _request(
    chance: random.Random, happened: Sequence[tuple[str, datetime]], at: datetime, who: tuple[str, str, str, Account]
) -> Sent:
    source, session, user, account = who
    wrong = AHEAD if source == "/app/desktop" else timedelta()
    events, rows = [], []
    for step, moment in happened:
        event_id = f"{chance.getrandbits(96):024x}"
        properties = {"plan": account.plan, **({"rows": chance.randrange(100_000)} if step == "pipeline_run" else {})}
        events.append({"id": event_id, "event": step, "time": _stamp(moment + wrong), "properties": properties})
        ids = {"user_id": user, "account_id": account.name, "session_id": session}
        rows.append({"event_id": event_id, "source": source, "event": step, "occurred_at": moment, **ids})
    said = {"source": source, "user_id": user, "account_id": account.name, "session_id": session}
    body = json.dumps({**said, "sent_at": _stamp(at + wrong), "events": events}).encode()
    return Sent(at, body, tuple(rows))


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
