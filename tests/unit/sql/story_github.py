"""What happens on GitHub, and the cubes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.unit.sql.chance import DAYS, FIRST, Chance, Row


class Github(Chance):
    """What happens on GitHub, and the cubes."""

    def _github(self) -> None:
        self.put(
            "github_repository_stats",
            (
                {
                    "observed_at": at,
                    "window_start": at - timedelta(hours=1),
                    "repository": who,
                    "stars": self.chance.randrange(900),
                    "forks": 2,
                    "watchers": 3,
                    "open_issues": self.one(4, None),
                    "open_pull_requests": 5,
                    "size_kib": 6,
                    "pushed_at": at,
                }
                for who, at in self.looks(("acme/app", "acme/docs"), 25)
            ),
            differ=("stars",),
        )
        again = ("received_at",)
        self.put("github_events", self._events(30), again=again, differ=("sender",))
        self.put("github_releases", self._states(40, self._release), again=again, differ=("author",))
        self.put("github_pull_requests", self._states(50, self._pull_request), again=again, differ=("author",))
        self.put("github_issues", self._states(50, self._issue), again=again, differ=("author",))

    def _events(self, count: int) -> Iterator[Row]:
        for number in range(count):
            at = self.at()
            yield {
                "event_id": f"star-{number}",
                "occurred_at": at,
                "received_at": at + timedelta(seconds=3),
                "repository": self.one("acme/app", "acme/docs", None),
                "action": self.one("created", "deleted", None),
                "sender": self.one("ada", "bo"),
                "delivery_id": f"g{number}",
                "event": self.one("star", "push"),
                "occurred_at_source": "starred_at",
                "payload": "{}",
            }

    def _states(self, count: int, subject: Any) -> Iterator[Row]:
        for event in self._events(count):
            yield {**event, **subject(event["occurred_at"])}

    def _release(self, at: datetime) -> Row:
        return {
            "action": self.one("published", "edited", "released", "deleted", "unpublished"),
            "release_id": self.chance.randrange(6),
            "tag_name": self.one("v1.0.0", "v1.1.0"),
            "name": "A release",
            "draft": self.one(False, False, False, True, None),
            "prerelease": self.often(0.3),
            "author": "ada",
            "created_at": at,
            "published_at": self.one(at, at, None),
            "asset_count": 2,
        }

    def _pull_request(self, at: datetime) -> Row:
        merged = self.often(0.4)
        return {
            "action": "closed" if merged else "edited",
            "number": self.chance.randrange(8),
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
        closed = self.often(0.4)
        return {
            "action": self.one("opened", "closed", "edited", "deleted", "transferred"),
            "number": self.chance.randrange(8),
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
        days = [FIRST + timedelta(days=n, hours=6 * q) for n in (*range(DAYS), 60) for q in (0, 1)]
        self.rows["downloads_cube"] = [
            {
                "bucket_start": at,
                "product": product,
                "version": version,
                "is_bot": is_bot,
                "downloads": self.chance.randrange(40),
                "download_bytes": self.chance.randrange(10**7),
            }
            for at in days
            for product, version in (("app", "1.0.0"), ("app", "1.1.0"), (None, None))
            for is_bot in (False, True)
            if self.often(0.8)
        ]
        counters = "stars_added stars_removed forks_added pushes commits_pushed pull_requests_opened "
        counters += "pull_requests_merged issues_opened issues_closed releases_published github_events"
        self.rows["github_cube"] = [
            {"bucket_start": at, "repository": who, "stars": 5}
            | {name: self.chance.randrange(9) for name in counters.split()}
            for at in days
            for who in ("acme/app", None)
        ]
