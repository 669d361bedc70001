"""Made-up rows of every table that the views read, with what ingestion may leave in them: records that came twice,
records that contradict another of the same id, versions out of order, deletions, bots, nights."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

FIRST = datetime(2026, 11, 19, tzinfo=UTC)
DAYS = 4
Row = dict[str, Any]


class Story:
    """Rows by table, made of one seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._used: set[datetime] = set()
        self.rows: dict[str, list[Row]] = {}
        self._salesforce()
        self._web()
        self._product()
        self._networks()
        self._media()
        self._github()
        self._cubes()

    def at(self) -> datetime:
        """An instant that no other row has; every second one is near a midnight."""
        while True:
            second = self._chance.randrange(DAYS * 86_400)
            if self._chance.random() < 0.5:
                second = second // 86_400 * 86_400 + self._chance.choice([-1500, -60, 0, 60, 1700, 2500])
            moment = FIRST + timedelta(seconds=max(0, second), milliseconds=self._chance.randrange(1000))
            if moment not in self._used:
                self._used.add(moment)
                return moment

    def _one(self, *values: Any) -> Any:
        return self._chance.choice(values)

    def _often(self, chance: float) -> bool:
        return self._chance.random() < chance

    def _put(self, table: str, rows: Iterator[Row], *, again: tuple[str, ...] = (), differ: str = "") -> None:
        """Keep rows, some of them contradicted; with ``again`` some come twice, later by these columns."""
        kept = self.rows.setdefault(table, [])
        for row in rows:
            kept.append({"id_conflict": False, **row})
            if again and self._often(0.3):
                kept.append({**kept[-1], **{name: row[name] + timedelta(days=31) for name in again if row[name]}})
            if differ and self._often(0.25):
                kept.append({**row, differ: self._other(row[differ]), "id_conflict": True})
        self._chance.shuffle(kept)

    def _other(self, value: Any) -> Any:
        return f"{value}, said otherwise" if value is None or isinstance(value, str) else value + 7

    def _salesforce(self) -> None:
        self._put("salesforce_leads", self._leads(), differ="country")
        self._put("salesforce_opportunities", self._opportunities(), differ="type")
        self._put("salesforce_campaign_members", self._members(), differ="campaign_id")
        self._put("salesforce_stage_changes", self._changes(), differ="to_status")

    def _version(self, record: str, created: datetime) -> Row:
        status, step = self._one(("New", "raw_lead"), ("Working", "inquiry"), ("Qualified", "mql"), ("Odd", "other"))
        return {
            "record_id": record,
            "created_at": created,
            "modified_at": self.at(),
            "is_deleted": self._one(False, False, False, True, None),
            "status": status,
            "step": step,
            "other_fields": "{}",
        }

    def _leads(self) -> Iterator[Row]:
        for number in range(9):
            created = self.at()
            for _ in range(self._chance.randrange(1, 5)):
                converted = self._often(0.3)
                yield {
                    **self._version(f"L{number}", created),
                    "lead_source": self._one("Web", "Event", None),
                    "country": self._one("DE", "NP"),
                    "industry": self._one("Software", None),
                    "owner_id": self._one("U1", "U2"),
                    "is_converted": converted,
                    "converted_on": created.date() + timedelta(days=2) if converted else None,
                    "converted_opportunity_id": f"O{number}" if converted else None,
                    "converted_account_id": f"A{number}" if converted else None,
                    "converted_contact_id": f"C{number}" if converted else None,
                }

    def _opportunities(self) -> Iterator[Row]:
        for number in range(7):
            created = self.at()
            for _ in range(self._chance.randrange(1, 4)):
                won = self._often(0.3)
                yield {
                    **self._version(f"O{number}", created),
                    "account_id": "A1",
                    "campaign_id": self._one("K1", None),
                    "lead_source": self._one("Web", "Event"),
                    "type": self._one("New", "Existing"),
                    "amount": self._one(Decimal("1200.50"), Decimal("0.000000001"), None),
                    "currency": self._one("EUR", "USD"),
                    "probability": self._one(10.0, 90.0),
                    "closes_on": created.date() + timedelta(days=self._chance.randrange(60)),
                    "is_closed": won or self._often(0.2),
                    "is_won": won,
                    "owner_id": "U1",
                }

    def _members(self) -> Iterator[Row]:
        for number in range(6):
            created = self.at()
            for _ in range(self._chance.randrange(1, 4)):
                answered = self._often(0.5)
                yield {
                    **self._version(f"M{number}", created),
                    "campaign_id": self._one("K1", "K2"),
                    "lead_id": f"L{number}",
                    "contact_id": None,
                    "has_responded": answered,
                    "first_responded_on": created.date() if answered else None,
                }

    def _changes(self) -> Iterator[Row]:
        words = {"New": "raw_lead", "Qualified": "mql", "Offer": "opportunity", "Won": "won", None: None}
        for number in range(40):
            kind = self._one("lead", "opportunity")
            before, after = self._one(*words), self._one(*words)
            yield {
                "changed_at": self.at(),
                "change_id": f"H{number:03d}",
                "object": kind,
                "record_id": f"{'L' if kind == 'lead' else 'O'}{self._chance.randrange(9)}",
                "from_status": before if kind == "lead" else None,
                "from_step": words[before] if kind == "lead" else None,
                "to_status": after,
                "to_step": words[after],
                "amount": Decimal(self._chance.randrange(9)) if kind == "opportunity" else None,
                "currency": "EUR" if kind == "opportunity" else None,
                "closes_on": FIRST.date() if kind == "opportunity" else None,
                "changed_by": "U1",
                "is_deleted": self._one(False, False, False, True),
                "other_fields": "{}",
            }

    def _web(self) -> None:
        self._put("web_events", self._web_events(), again=("received_at",), differ="path")

    def _web_events(self) -> Iterator[Row]:
        for number in range(160):
            at, person = self.at(), self._chance.randrange(3)
            kind = self._one("view", "view", "engagement", "outbound", "event")
            name_of = lambda moment, who: f"{who}@{moment:%d}"  # noqa: E731 - a visitor's name of a day
            early = at - datetime(at.year, at.month, at.day, tzinfo=UTC) < timedelta(minutes=35)
            yield {
                "event_id": f"w{self._chance.randrange(9)}{number:03d}",
                "kind": kind,
                "view_id": f"w{number}",
                "occurred_at": at,
                "received_at": at + timedelta(seconds=2),
                "client_time": at,
                "site": self._one("acme", "docs"),
                "host": "acme.example",
                "path": self._one("/", "/price", "/blog/a"),
                "section": self._one("website", None),
                "title": "Acme",
                "referrer": self._one("search.example/", None),
                "target": "other.example/" if kind == "outbound" else None,
                "name": "signed_up" if kind == "event" else None,
                "duration_s": self._one(1.5, 20.25) if kind == "engagement" else None,
                "utm_source": self._one("news", None),
                "utm_medium": self._one("mail", None),
                "utm_campaign": None,
                "utm_term": None,
                "utm_content": None,
                "visitor": name_of(at, person),
                "visitor_before": name_of(at - timedelta(days=1), person) if early and self._often(0.7) else None,
                "first_party_id": f"b{person}" if person else None,
                "first_seen_on": (FIRST + timedelta(days=person)).date() if person else None,
                "browser": "Firefox",
                "browser_version": 130,
                "os": "Linux",
                "device": self._one("desktop", "mobile"),
                "is_bot": self._often(0.15),
                "properties": "{}" if kind == "event" else None,
            }

    def _product(self) -> None:
        self._put("product_events", self._product_events(), again=("received_at",), differ="properties")
        self._put("mixpanel_events", self._mixpanel_events(), again=("processed_at",), differ="properties")

    def _product_events(self) -> Iterator[Row]:
        for number in range(70):
            at = self.at()
            user = self._one("u1", "u2", "u3", None)
            yield {
                "event_id": f"e{number // 2}",
                "source": ("app", "")[number % 2],
                "event": self._one("signed_up", "report_opened", "report_shared"),
                "occurred_at": at,
                "received_at": at + timedelta(seconds=1),
                "sent_time": None,
                "user_id": user,
                "anonymous_id": self._one("x1", None),
                "account_id": self._one("acme", None),
                "session_id": None,
                "properties": f'{{"rows": {number}}}',
                "other_fields": None,
                "sent_by": "app",
            }

    def _mixpanel_events(self) -> Iterator[Row]:
        for number in range(40):
            at = self.at()
            yield {
                "happened_at": at,
                "event": self._one("signed_up", "report_opened"),
                "distinct_id": self._one("d1", "d2", None),
                "insert_id": f"i{number}",
                "event_key": f"k{number}",
                "processed_at": self._one(at + timedelta(minutes=3), None),
                "user_id": self._one("u1", None),
                "device_id": self._one("phone", None),
                "library": "web",
                "properties": f'{{"n": {number}}}',
            }

    def _looks(self, ids: tuple[str, ...], count: int) -> Iterator[tuple[str, datetime]]:
        """Who was looked at when; a snapshot's window begins before it."""
        for _ in range(count):
            yield self._chance.choice(ids), self.at()

    def _networks(self) -> None:
        count = lambda: self._chance.randrange(5000)  # noqa: E731 - a number each time
        window = timedelta(hours=6)
        self._put(
            "linkedin_followers",
            (
                {"observed_at": at, "window_start": at - window, "organisation": who, "followers": count()}
                for who, at in self._looks(("urn:1", "urn:2"), 20)
            ),
            differ="followers",
        )
        self._put(
            "x_accounts",
            (
                {
                    "observed_at": at,
                    "window_start": at - window,
                    "account_id": who,
                    "username": self._one("acme", "acme_inc"),
                    "followers": count(),
                }
                for who, at in self._looks(("7", "8"), 20)
            ),
            differ="followers",
        )
        self._put(
            "youtube_channels",
            (
                {
                    "observed_at": at,
                    "window_start": at - window,
                    "channel_id": who,
                    "title": "Acme",
                    "subscribers": self._one(count(), None),
                }
                for who, at in self._looks(("UC1",), 15)
            ),
            differ="title",
        )
        self._put(
            "youtube_videos",
            (
                {
                    "observed_at": at,
                    "window_start": at - window,
                    "video_id": who,
                    "channel_id": "UC1",
                    "title": f"Video {who}",
                    "views": count(),
                    "likes": self._one(3, None),
                    "comments": self._one(1, None),
                    "published_at": FIRST,
                }
                for who, at in self._looks(("V1", "V2"), 25)
            ),
            differ="title",
        )
        days = [(FIRST + timedelta(days=n)).date() for n in range(DAYS)]
        self._put(
            "linkedin_follower_days",
            ({"day": d, "organisation": o, "organic_gain": count(), "paid_gain": 2} for d in days for o in ("urn:1",)),
            differ="organic_gain",
        )
        self._put(
            "youtube_channel_days",
            (
                {
                    "day": d,
                    "channel_id": "UC1",
                    "views": count() - 100,
                    "watch_time_minutes": 1.5,
                    "average_view_duration_s": 20.0,
                    "average_view_percentage": 40.0,
                    "subscribers_gained": count(),
                    "subscribers_lost": 1,
                    "likes": 1,
                    "comments": 0,
                    "shares": 2,
                    "answered_at": FIRST + timedelta(days=20),
                }
                for d in days
            ),
            differ="views",
        )
        looks = [(self.at(), org) for org in ("urn:1", "urn:2") for _ in range(6)]
        self._put(
            "linkedin_follower_segments",
            (
                {
                    "observed_at": at,
                    "window_start": at - timedelta(days=1),
                    "organisation": org,
                    "facet": facet,
                    "segment": segment,
                    "organic_followers": count(),
                    "paid_followers": 0,
                }
                for at, org in looks
                for facet, segment in (("seniority", "4"), ("geo", "NP"), ("geo", None))
            ),
            differ="organic_followers",
        )

    def _media(self) -> None:
        self._put("meltwater_mentions", self._mentions(), differ="title")
        self._positions()
        self._put(
            "rank_tracker_shares",
            (
                {
                    "day_start": FIRST + timedelta(days=n),
                    "brand": brand,
                    "clicks": Decimal(self._chance.randrange(1, 50)) / 4,
                    "clicks_of_all": Decimal(25),
                    "share": self._one(Decimal("0.123456789"), None),
                    "ranked_keywords": 1,
                    "tracked_keywords": 2,
                }
                for n in range(DAYS)
                for brand in ("Acme", "Rival")
            ),
            differ="ranked_keywords",
        )

    def _positions(self) -> None:
        brands = {"acme.example": "Acme", "rival.example": "Rival"}
        self._put(
            "rank_tracker_positions",
            (
                {
                    "checked_at": at,
                    "url": who,
                    "brand": brands.get(who),
                    "keyword": self._one("analytics", "funnel"),
                    "engine": self._one("google", None),
                    "position": self._one(1, 4, 30),
                    "keyword_weight": Decimal(2),
                    "click_rate": Decimal("0.25"),
                }
                for who, at in self._looks(("acme.example", "rival.example", "other.example"), 60)
            ),
            differ="position",
        )

    def _mentions(self) -> Iterator[Row]:
        for number in range(25):
            at = self.at()
            for search in self._chance.sample(["11", "12", "9"], self._chance.randrange(1, 4)):
                yield {
                    "published_at": at,
                    "search_id": search,
                    "document_id": f"d{number}",
                    "url": f"https://news.example/{number}",
                    "title": f"News {number}, by {search}",
                    "source_name": "News",
                    "source_type": self._one("news", "blog"),
                    "country_code": "NP",
                    "language_code": "en",
                    "reach": self._one(1000, None),
                    "engagement": self._one(3, None),
                    "sentiment": self._one("positive", "neutral", "negative", "unknown"),
                    "matched_keywords": "[]",
                    "other_fields": "{}",
                }

    def _github(self) -> None:
        self._put(
            "github_repository_stats",
            (
                {
                    "observed_at": at,
                    "window_start": at - timedelta(hours=1),
                    "repository": who,
                    "stars": self._chance.randrange(900),
                    "forks": 2,
                    "watchers": 3,
                    "open_issues": self._one(4, None),
                    "open_pull_requests": 5,
                    "size_kib": 6,
                    "pushed_at": at,
                }
                for who, at in self._looks(("acme/app", "acme/docs"), 25)
            ),
            differ="stars",
        )
        again = ("received_at",)
        self._put("github_events", self._events(30), again=again, differ="sender")
        self._put("github_releases", self._states(40, self._release), again=again, differ="author")
        self._put("github_pull_requests", self._states(50, self._pull_request), again=again, differ="author")
        self._put("github_issues", self._states(50, self._issue), again=again, differ="author")

    def _events(self, count: int) -> Iterator[Row]:
        for number in range(count):
            at = self.at()
            yield {
                "event_id": f"star-{number}",
                "occurred_at": at,
                "received_at": at + timedelta(seconds=3),
                "repository": self._one("acme/app", "acme/docs", None),
                "action": self._one("created", "deleted", None),
                "sender": self._one("ada", "bo"),
                "delivery_id": f"g{number}",
                "event": self._one("star", "push"),
                "occurred_at_source": "starred_at",
                "payload": "{}",
            }

    def _states(self, count: int, subject: Any) -> Iterator[Row]:
        for event in self._events(count):
            yield {**event, **subject(event["occurred_at"])}

    def _release(self, at: datetime) -> Row:
        return {
            "action": self._one("published", "edited", "released", "deleted", "unpublished"),
            "release_id": self._chance.randrange(6),
            "tag_name": self._one("v1.0.0", "v1.1.0"),
            "name": "A release",
            "draft": self._one(False, False, False, True, None),
            "prerelease": self._often(0.3),
            "author": "ada",
            "created_at": at,
            "published_at": self._one(at, at, None),
            "asset_count": 2,
        }

    def _pull_request(self, at: datetime) -> Row:
        merged = self._often(0.4)
        return {
            "action": "closed" if merged else "edited",
            "number": self._chance.randrange(8),
            "title": "A change",
            "state": "closed" if merged else "open",
            "draft": False,
            "merged": merged,
            "author": "bo",
            "base_ref": "main",
            "head_ref": "topic",
            "created_at": FIRST - timedelta(hours=5),
            "updated_at": at,
            "closed_at": at if merged else None,
            "merged_at": at if merged else None,
            "additions": 10,
            "deletions": 3,
            "changed_files": 2,
            "commit_count": 1,
        }

    def _issue(self, at: datetime) -> Row:
        closed = self._often(0.4)
        return {
            "action": self._one("opened", "closed", "edited", "deleted", "transferred"),
            "number": self._chance.randrange(8),
            "title": "A bug",
            "state": "closed" if closed else "open",
            "state_reason": "completed" if closed else None,
            "author": "bo",
            "created_at": FIRST - timedelta(hours=3),
            "updated_at": at,
            "closed_at": at if closed else None,
            "comment_count": 1,
        }

    def _cubes(self) -> None:
        days = [FIRST + timedelta(days=n) for n in (*range(DAYS), 60)]
        self.rows["downloads_cube_day"] = [
            {
                "bucket_start": at,
                "product": product,
                "version": version,
                "is_bot": is_bot,
                "downloads": self._chance.randrange(40),
                "download_bytes": self._chance.randrange(10**7),
            }
            for at in days
            for product, version in (("app", "1.0.0"), ("app", "1.1.0"), (None, None))
            for is_bot in (False, True)
            if self._often(0.8)
        ]
        counters = "stars_added stars_removed forks_added pushes commits_pushed pull_requests_opened "
        counters += "pull_requests_merged issues_opened issues_closed releases_published github_events"
        self.rows["github_cube_day"] = [
            {"bucket_start": at, "repository": who, "stars": 5}
            | {name: self._chance.randrange(9) for name in counters.split()}
            for at in days
            for who in ("acme/app", None)
        ]
