"""What people do on the web sites and in the product."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.unit.sql.chance import FIRST, Chance, Row


class Visits(Chance):
    """What people do on the web sites and in the product."""

    def _web(self) -> None:
        self.put("web_events", self._web_events(), again=("received_at",), differ=("path",))

    def _web_events(self) -> Iterator[Row]:
        for number in range(160):
            at, person = self.at(), self.chance.randrange(3)
            kind = self.one("view", "view", "engagement", "outbound", "event")
            name_of = lambda moment, who: f"{who}@{moment:%d}"  # noqa: E731 - a visitor's name of a day
            early = at - datetime(at.year, at.month, at.day, tzinfo=UTC) < timedelta(minutes=35)
            yield {
                "event_id": f"w{number // 2}",
                "kind": kind,
                "view_id": f"w{number}",
                "occurred_at": at,
                "received_at": at + timedelta(seconds=2),
                "client_time": at,
                "site": ("acme", "docs")[number % 2],  # an id is one within its site
                "host": "acme.example",
                "path": self.one("/", "/price", "/blog/a"),
                "section": self.one("website", None),
                "title": "Acme",
                "referrer": self.one("search.example/", None),
                "target": "other.example/" if kind == "outbound" else None,
                "name": "signed_up" if kind == "event" else None,
                "duration_s": self.one(1.5, 20.25) if kind == "engagement" else None,
                "utm_source": self.one("news", None),
                "utm_medium": self.one("mail", None),
                "utm_campaign": self.one("launch", None),
                "utm_term": None,
                "utm_content": None,
                "visitor": name_of(at, person),
                "visitor_before": name_of(at - timedelta(days=1), person) if early and self.often(0.7) else None,
                "first_party_id": f"b{person}" if person else None,
                "first_seen_on": (FIRST + timedelta(days=person)).date() if person else None,
                "browser": "Firefox",
                "browser_version": 130,
                "os": "Linux",
                "device": self.one("desktop", "mobile"),
                "is_bot": self.often(0.15),
                "properties": "{}" if kind == "event" else None,
            }

    def _product(self) -> None:
        self.put("product_events", self._product_events(), again=("received_at",), differ=("properties",))
        self.put("mixpanel_events", self._mixpanel_events(), again=("processed_at",), differ=("properties",))

    def _product_events(self) -> Iterator[Row]:
        for number in range(70):
            at = self.at()
            user = self.one("u1", "u2", "u3", None)
            yield {
                "event_id": f"e{number // 2}",
                "source": ("app", "")[number % 2],
                "event": self.one("signed_up", "report_opened", "report_shared"),
                "occurred_at": at,
                "received_at": at + timedelta(seconds=1),
                "sent_time": None,
                "user_id": user,
                "anonymous_id": self.one("x1", None),
                "account_id": self.one("acme", None),
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
                "event": self.one("signed_up", "report_opened"),
                "distinct_id": self.one("d1", "d2", None),
                "insert_id": f"i{number}",
                "event_key": f"k{number}",
                "processed_at": self.one(at + timedelta(minutes=3), None),
                "user_id": self.one("u1", None),
                "device_id": self.one("phone", None),
                "library": "web",
                "properties": f'{{"n": {number}}}',
            }
