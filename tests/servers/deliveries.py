"""GitHub's side of webhooks: what was delivered, what was lost, and redelivery, which really posts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import requests

from chalicelib.sources.github_signature import sign
from tests.servers.clock import VirtualClock
from tests.servers.company import Company
from tests.servers.payloads import Delivery, delivery

KEPT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver."""

    attempt_id: int
    guid: str
    event: str
    action: str | None
    repository: str
    at: datetime
    status_code: int
    redelivery: bool


@dataclass(slots=True)
class Target:
    """Where webhooks go, and the secret that signs them."""

    url: str | None = None
    secret: str = ""


class Deliveries:
    """The deliveries of the last three days, and those that happen while the server runs."""

    def __init__(self, company: Company, clock: VirtualClock, target: Target) -> None:
        self._company = company
        self._clock = clock
        self.target = target
        self._made: dict[int, Delivery] = {}
        self._repeated: list[Attempt] = []
        self._live: dict[int, Attempt] = {}

    def page(self, repository: str, size: int, cursor: str | None) -> tuple[list[Attempt], str | None]:
        """Answer attempts, newest first, after the cursor; and the next page's cursor."""
        attempts = self._attempts(repository)
        ids = [str(a.attempt_id) for a in attempts]
        begin = ids.index(cursor) + 1 if cursor in ids else 0
        shown = attempts[begin : begin + size]
        return shown, str(shown[-1].attempt_id) if begin + size < len(attempts) else None

    def known(self, repository: str, attempt_id: int) -> bool:
        """Tell whether there is such an attempt."""
        return any(a.attempt_id == attempt_id for a in self._attempts(repository))

    async def redeliver(self, repository: str, attempt_id: int) -> None:
        """Deliver again: the same body and guid, a new attempt."""
        before = next(a for a in self._attempts(repository) if a.attempt_id == attempt_id)
        made = next(d for d in self._made.values() if d.guid == before.guid)
        status = await asyncio.to_thread(self.post, made)
        number = 10**15 + len(self._repeated)
        self._repeated.append(
            Attempt(number, made.guid, made.event, made.action, repository, self._clock(), status, True)
        )

    async def follow(self, every_s: float = 5.0) -> None:
        """Post what happens from now on, as it happens."""
        seen = self._clock()
        while True:
            await asyncio.sleep(every_s)
            now = self._clock()
            for happening in self._company.between(seen, now):
                made = delivery(self._company, happening)
                status = await asyncio.to_thread(self.post, made)
                self._live[made.delivery_id] = self._first(made, status)
            seen = max(seen, now)

    def post(self, made: Delivery) -> int:
        """Post one delivery, signed; answer the status, 0 for no answer."""
        if self.target.url is None:
            return 0
        headers = headers_of(made, self.target.secret)
        try:
            return requests.post(self.target.url, data=made.body, headers=headers, timeout=10).status_code
        except requests.RequestException:
            return 0

    def _attempts(self, repository: str) -> list[Attempt]:
        now = self._clock()
        recent = [h for h in self._company.between(now - KEPT, now) if h.repository == repository]
        attempts = [a for a in self._repeated if a.repository == repository]
        for happening in recent:
            made = delivery(self._company, happening)
            self._made[made.delivery_id] = made
            attempts.append(self._live.get(made.delivery_id) or self._first(made, 502 if made.lost else 202))
        return sorted(attempts, key=lambda a: (a.at, a.attempt_id), reverse=True)

    def _first(self, made: Delivery, status: int) -> Attempt:
        return Attempt(made.delivery_id, made.guid, made.event, made.action, made.repository, made.at, status, False)


def headers_of(made: Delivery, secret: str) -> dict[str, str]:
    """Answer the headers that GitHub sends with a delivery."""
    return {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/demo",
        "x-github-event": made.event,
        "x-github-delivery": made.guid,
        "x-hub-signature-256": sign(made.body, secret),
    }
