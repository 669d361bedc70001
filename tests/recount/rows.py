"""Raw rows of every table that a cube reads, made up of a seed, most of them around the edges of calendars.

Some records come again, some contradict an earlier one, as ingestion may leave them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.recount.edges import LEFT_OUT, LONG, edges
from tests.unit.metrics.web_rows import named

Row = dict[str, Any]
Tables = dict[str, list[Row]]
GITHUB = {
    "github_events": {},
    "github_stars": {"action": ("created", "deleted")},
    "github_forks": {},
    "github_pushes": {},
    "github_pull_requests": {"action": ("opened", "closed", "reopened"), "merged": (True, False)},
    "github_issues": {"action": ("opened", "closed")},
    "github_releases": {"action": ("published", "created")},
}
STEPS = ("raw_lead", "inquiry", "mql", "opportunity", "won", "lost")


class MadeUp:
    """Makes rows up, ``count`` of a table."""

    def __init__(self, seed: int, count: int) -> None:
        self._chance, self._count = random.Random(seed), count
        self._edges, self._taken, self._made = edges(), set[datetime](), 0

    def tables(self) -> Tables:
        """Answer the rows of every table."""
        made = (self.requests, self.github, self.audience, self.videos, self.days, self.mentions, self.search)
        found: Tables = {}
        for make in (*made, self.sales, self.web, self.product):
            for table, row in make():
                found.setdefault(table, []).append(row)
        return found

    def at(self) -> datetime:
        """An instant that no other row has: near an edge, or anywhere in the long range or in the days of 2011."""
        while True:
            near = self._chance.random()
            if near < 0.7:
                base = self._chance.choice(self._edges) + timedelta(minutes=self._chance.choice((-30, -15, 0, 15, 30)))
                at = base + timedelta(seconds=self._chance.choice((-1, 0, 0, 1, self._chance.randrange(-3600, 3600))))
            else:
                first, last = LONG if near < 0.95 else LEFT_OUT
                seconds = self._chance.randrange((last - first).days * 86_400)
                at = datetime(first.year, first.month, first.day, tzinfo=UTC) + timedelta(seconds=seconds)
            at += timedelta(milliseconds=self._chance.choice((0, 0, 999)))
            if at not in self._taken:
                self._taken.add(at)
                return at

    def one(self, *values: Any) -> Any:
        """Choose."""
        return self._chance.choice(values)

    def number(self, most: int) -> int:
        """Choose a number from 0."""
        return self._chance.randrange(most)

    def name(self, kind: str) -> str:
        """Answer a name that nothing else has."""
        self._made += 1
        return f"{kind}-{self._made}"

    def often(self, share: float = 1.0) -> range:
        """As many times as a table gets rows."""
        return range(int(self._count * share))

    def requests(self) -> Iterator[tuple[str, Row]]:
        """Downloads, whole and in parts, by people and bots."""
        for _ in self.often():
            row = {
                "requested_at": self.at(), "request_id": self.name("r"), "user_agent": "curl/8",
                "remote_ip": self.one("192.0.2.1", "192.0.2.2"), "key": self.one("a", "b"),
                "product": self.one("app", None), "version": self.one("3.9", "3.10", None),
                "is_bot": self.one(True, False, False), "is_download": self.one(True, True, False),
                "is_complete": self.one(True, False), "bytes_sent": self.one(2**41, 40, None),
            }  # fmt: skip
            yield "s3_access_requests", row

    def github(self) -> Iterator[tuple[str, Row]]:
        """What happened in repositories, and what GitHub counted of them."""
        for _ in self.often():
            table, choices = self.one(*GITHUB.items())
            row = {"occurred_at": self.at(), "repository": self.one("acme/a", "acme/b", None)}
            told = {"distinct_commit_count": self.number(9), "commit_count": 9} if table == "github_pushes" else {}
            yield table, {**row, **told, **{name: self.one(*values) for name, values in choices.items()}}
        for _ in self.often():
            names = ("stars", "forks", "watchers", "open_pull_requests", "open_issues")
            gauges = {name: self.one(None, *range(50)) for name in names}
            yield (
                "github_repository_stats",
                {"observed_at": self.at(), "repository": self.one("acme/a", "acme/b"), **gauges},
            )

    def audience(self) -> Iterator[tuple[str, Row]]:
        """Followers of accounts, as they were at an instant."""
        for _ in self.often(0.4):
            at = self.at()
            yield "linkedin_followers", {**_look(at), "organisation": self.one("1", "2"), "followers": self.number(99)}
            numbers = {"followers": self.number(999), "posts": self.number(99)}
            yield "x_accounts", {**_look(at), "account_id": self.one("7", "8"), **numbers}
            told = {"subscribers": self.one(None, 5, 2900), "views": self.number(10**12), "videos": self.number(9)}
            yield "youtube_channels", {**_look(at), "channel_id": self.one("UC1", "UC2"), **told}

    def videos(self) -> Iterator[tuple[str, Row]]:
        """Videos, as they were at an instant."""
        for _ in self.often(0.5):
            told = {"views": self.number(10**6), "likes": self.one(None, 3, 9), "comments": self.one(None, 0, 2)}
            video = self.one("v1", "v2", "v3")
            yield (
                "youtube_videos",
                {**_look(self.at()), "channel_id": f"UC{video > 'v2':d}", "video_id": video, **told},
            )

    def days(self) -> Iterator[tuple[str, Row]]:
        """Days of channels and of organisations: each once."""
        for day in sorted({self.at().date() for _ in self.often(0.5)}):
            yield "youtube_channel_days", self.channel_day(day)
            gains = {"organic_gain": self.number(50), "paid_gain": self.number(5)}
            yield "linkedin_follower_days", {"day": day, "organisation": self.one("1", "2"), **gains}

    def channel_day(self, day: date) -> Row:
        """What YouTube says of a day of a channel, for now."""
        counts = {name: self.number(99) for name in ("subscribers_gained", "subscribers_lost", "likes", "comments")}
        watched = {"views": self.number(10**6), "watch_time_minutes": self.number(10**6) / 8, "shares": self.number(9)}
        return {"day": day, "channel_id": "UC1", **counts, **watched}

    def mentions(self) -> Iterator[tuple[str, Row]]:
        """Documents, some found by two searches."""
        for _ in self.often():
            row = {
                "published_at": self.at(), "document_id": self.name("d"), "search_id": "1",
                "source_type": self.one("news", "blog"), "country_code": self.one("NP", None),
                "language_code": self.one("en", "ne"), "reach": self.one(None, 10**7), "engagement": self.number(9),
                "sentiment": self.one("positive", "neutral", "negative", "unknown", None),
            }  # fmt: skip
            yield from (("meltwater_mentions", {**row, "search_id": search}) for search in self.one(("1",), ("1", "2")))

    def search(self) -> Iterator[tuple[str, Row]]:
        """Shares of brands a day, and places of pages."""
        days = {at.replace(hour=0, minute=0, second=0, microsecond=0) for at in (self.at() for _ in self.often(0.4))}
        for day in sorted(days):
            for brand in ("Acme", "Rival"):
                told = {"clicks": Decimal(self.number(10**9)) / 10**6, "ranked_keywords": self.number(9)}
                yield "rank_tracker_shares", {"day_start": day, "brand": brand, "tracked_keywords": 9, **told}
        for _ in self.often(0.5):
            brand = self.one("Acme", "Rival", None)
            place = {"keyword": self.one("etl", "elt"), "engine": "google", "position": self.one(1, 10, 11, None)}
            yield (
                "rank_tracker_positions",
                {"checked_at": self.at(), "url": f"{brand}.example", "brand": brand, **place},
            )

    def sales(self) -> Iterator[tuple[str, Row]]:
        """Leads and opportunities, each with some changes of its step."""
        for _ in self.often(0.4):
            yield from self.record("lead", self.name("L"))
            yield from self.record("opportunity", self.name("O"))

    def record(self, kind: str, record_id: str) -> Iterator[tuple[str, Row]]:
        """One record: a version, and changes."""
        moments = sorted(self.at() for _ in range(4))
        taken = self._chance.sample(STEPS, 3)
        same = {"record_id": record_id, "is_deleted": False, "created_at": moments[0], "modified_at": moments[-1]}
        if kind == "lead":
            yield "salesforce_leads", {**same, "step": taken[-1], **self.lead()}
        else:
            yield "salesforce_opportunities", {**same, "step": taken[-1], **self.opportunity()}
        for index, (at, step) in enumerate(zip(moments[1:], taken, strict=True)):
            before = taken[index - 1] if index else "raw_lead"
            told = {"object": kind, "record_id": record_id, "change_id": self.name("H"), "is_deleted": False}
            yield "salesforce_stage_changes", {**told, "changed_at": at, "from_step": before, "to_step": step}

    def lead(self) -> Row:
        """What is known of a lead."""
        return {"lead_source": self.one("Web", "Event", None), "country": self.one("NP", "DE")}

    def opportunity(self) -> Row:
        """What is known of an opportunity."""
        amount = self.one(Decimal("1200.50"), Decimal("0.000000001"), Decimal(10) ** 17, None)
        return {
            "lead_source": self.one("Web", None), "type": self.one("New", "Existing"),
            "amount": amount, "currency": self.one("EUR", "USD"),
        }  # fmt: skip

    def web(self) -> Iterator[tuple[str, Row]]:
        """Visits of web sites: a few events each, some sent again or contradicted."""
        for _ in self.often(0.6):
            at, person, site = self.at(), self.name("p") if self.number(2) else "ada", self.one("acme", "docs")
            about = {
                "site": site, "device": self.one("desktop", "mobile"), "browser": self.one("Firefox", "Safari"),
                "referrer": self.one("search.example/find", None), "utm_source": self.one("news", None),
                "utm_medium": self.one("mail", None), "utm_campaign": None, "is_bot": self.number(6) == 0,
                "first_party_id": self.one(f"own-{person}", None),
                "first_seen_on": at.date() - timedelta(days=self.number(2)),
            }  # fmt: skip
            for _ in range(1 + self.number(4)):
                for row in self.web_event(at, person, about):
                    yield "web_events", row
                at += timedelta(seconds=self.one(20, 1799, 1800, 1801))

    def web_event(self, at: datetime, person: str, about: Row) -> Iterator[Row]:
        """One event, and what else came under its id."""
        kind = self.one("view", "view", "engagement", "outbound", "download", "event")
        received = at + timedelta(minutes=self.one(0, 0, 20))
        row = {
            **about, "event_id": self.name("e"), "kind": kind, "occurred_at": at, "received_at": received,
            "section": self.one("website", "blog", None), "path": self.one("/", "/pricing"),
            "target": self.one("github.com/acme", None), "name": self.one("signed_up", "trial_started"),
            "duration_s": self.number(100_000) / 1000 if kind == "engagement" else None,
            **named(person, about["site"], received),
        }  # fmt: skip
        yield row
        if self.number(10) == 0:
            later = received + timedelta(days=31)
            yield {**row, "received_at": later, **named(person, about["site"], later)}
        if self.number(10) == 0:
            yield {**row, "path": "/other", "received_at": received + timedelta(hours=1), "id_conflict": True}

    def product(self) -> Iterator[tuple[str, Row]]:
        """Events in the product and in Mixpanel."""
        for _ in self.often():
            at, event, person = self.at(), self.one("signed_up", "report_opened"), self.one("u1", "u2", "u3", None)
            if self.number(2):
                row = {
                    "event_id": self.name("e"), "source": self.one("app", ""), "event": event, "occurred_at": at,
                    "received_at": at, "user_id": person, "anonymous_id": self.one("x1", None),
                }  # fmt: skip
                yield "product_events", row
            else:
                told = {"distinct_id": person, "event_key": self.name("k"), "library": self.one("web", None)}
                yield "mixpanel_events", {"happened_at": at, "event": event, "processed_at": at, **told}


def _look(at: datetime) -> Row:
    return {"observed_at": at, "window_start": at - timedelta(minutes=5)}
