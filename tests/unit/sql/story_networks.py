"""Followers, videos, mentions, places in search."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from tests.unit.sql.chance import DAYS, FIRST, Chance, Row


class Networks(Chance):
    """Followers, videos, mentions, places in search."""

    def _networks(self) -> None:
        count = lambda: self.chance.randrange(5000)  # noqa: E731 - a number each time
        window = timedelta(hours=6)
        self.put(
            "linkedin_followers",
            (
                {"observed_at": at, "window_start": at - window, "organisation": who, "followers": count()}
                for who, at in self.looks(("urn:1", "urn:2"), 20)
            ),
            differ=("followers",),
        )
        self.put(
            "x_accounts",
            (
                {
                    "observed_at": at,
                    "window_start": at - window,
                    "account_id": who,
                    "username": self.one("acme", "acme_inc"),
                    "followers": count(),
                }
                for who, at in self.looks(("7", "8"), 20)
            ),
            differ=("followers",),
        )
        self.put(
            "youtube_channels",
            (
                {
                    "observed_at": at,
                    "window_start": at - window,
                    "channel_id": who,
                    "title": "Acme",
                    "subscribers": self.one(count(), None),
                }
                for who, at in self.looks(("UC1",), 15)
            ),
            differ=("title",),
        )
        self.put(
            "youtube_videos",
            (
                {
                    "observed_at": at,
                    "window_start": at - window,
                    "video_id": who,
                    "channel_id": "UC1",
                    "title": f"Video {who}",
                    "views": count(),
                    "likes": self.one(3, None),
                    "comments": self.one(1, None),
                    "published_at": FIRST,
                }
                for who, at in self.looks(("V1", "V2"), 25)
            ),
            differ=("title",),
        )
        days = [(FIRST + timedelta(days=n)).date() for n in range(DAYS)]
        self.put(
            "linkedin_follower_days",
            ({"day": d, "organisation": o, "organic_gain": count(), "paid_gain": 2} for d in days for o in ("urn:1",)),
            differ=("organic_gain",),
        )
        self.put(
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
            differ=("views",),
        )
        looks = [(self.at(), org) for org in ("urn:1", "urn:2") for _ in range(6)]
        self.put(
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
            differ=("organic_followers",),
        )

    def _media(self) -> None:
        self.put("meltwater_mentions", self._mentions(), differ=("title",))
        self._positions()
        self.put(
            "rank_tracker_shares",
            (
                {
                    "day_start": FIRST + timedelta(days=n),
                    "brand": brand,
                    "clicks": Decimal(self.chance.randrange(1, 50)) / 4,
                    "clicks_of_all": Decimal(25),
                    "share": self.one(Decimal("0.123456789"), None),
                    "ranked_keywords": 1,
                    "tracked_keywords": 2,
                }
                for n in range(DAYS)
                for brand in ("Acme", "Rival")
            ),
            differ=("ranked_keywords",),
        )

    def _positions(self) -> None:
        brands = {"acme.example": "Acme", "rival.example": "Rival"}
        self.put(
            "rank_tracker_positions",
            (
                {
                    "checked_at": at,
                    "url": who,
                    "brand": brands.get(who),
                    "keyword": self.one("analytics", "funnel"),
                    "engine": self.one("google", None),
                    "position": self.one(1, 4, 30),
                    "keyword_weight": Decimal(2),
                    "click_rate": Decimal("0.25"),
                }
                for who, at in self.looks(("acme.example", "rival.example", "other.example"), 60)
            ),
            differ=("position",),
        )

    def _mentions(self) -> Iterator[Row]:
        for number in range(25):
            at = self.at()
            for search in self.chance.sample(["11", "12", "9"], self.chance.randrange(1, 4)):
                yield {
                    "published_at": at,
                    "search_id": search,
                    "document_id": f"d{number}",
                    "url": f"https://news.example/{number}",
                    "title": f"News {number}, by {search}",
                    "source_name": "News",
                    "source_type": self.one("news", "blog"),
                    "country_code": "NP",
                    "language_code": "en",
                    "reach": self.one(1000, None),
                    "engagement": self.one(3, None),
                    "sentiment": self.one("positive", "neutral", "negative", "unknown"),
                    "matched_keywords": "[]",
                    "other_fields": "{}",
                }
