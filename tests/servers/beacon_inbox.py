"""The demo company's beacons of the past, as the inbox would have received them: through the API's own reduction.

Salts are made for each day and thrown away with the run, as those of the deployment are. Many beacons go into one
object, each with its own time of receipt, so that the past is committed in seconds.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.visitors import Salts, days
from chalicelib.ingest.beacons import Sent, Taken, body_of, client_address, take
from chalicelib.sources.beacon_sites import Site
from chalicelib.sources.json_fields import read_object
from tests.servers.beacons import Post

AT_ONCE = 500


class Past:
    """Reduces posts of the past; one instance for a whole history, so that each day has one salt."""

    def __init__(self, sites: Mapping[str, Site], seed: int) -> None:
        self._sites = sites
        self._seed = seed

    def take(self, post: Post) -> Taken:
        """Reduce one request as the endpoint does; nothing is left of who does not want to be tracked."""
        if "Sec-GPC" in post.headers:
            return Taken((), (), frozenset())
        said = read_object(post.body)
        sent = Sent(
            said["events"],
            client_address(post.headers["X-Forwarded-For"]),
            post.headers["User-Agent"],
            post.headers["Origin"],
            sent_ms=said["sent"],
        )
        return take(sent, self._sites, self._salts(post.at), post.at)

    def packed(self, posts: Iterable[Post], at_once: int = AT_ONCE) -> Iterator[tuple[bytes, datetime]]:
        """Answer bodies for the inbox, each with the time of its last beacon's receipt.

        Put each there with ``inbox.accept(store, "web_beacons", body, {}, received_at)``.
        """
        waiting: list[Mapping[str, Any]] = []
        last: datetime | None = None
        for post in posts:
            received = post.at.isoformat()
            waiting += [{**beacon, "received_at": received} for beacon in self.take(post).beacons]
            last = post.at
            if len(waiting) >= at_once:
                yield body_of(waiting), last
                waiting = []
        if waiting and last is not None:
            yield body_of(waiting), last

    def _salts(self, at: datetime) -> Salts:
        today, before = days(at)
        return Salts(self._salt(today), None if before is None else self._salt(before))

    def _salt(self, day: object) -> bytes:
        return random.Random(f"{self._seed} {day}").randbytes(32)
