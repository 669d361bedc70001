"""Followers, videos and the networks' days counted again in plain Python."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]
Floor = Callable[[datetime], datetime]
CALIFORNIA = ZoneInfo("America/Los_Angeles")
NETWORKS = (
    ("linkedin", "linkedin_followers", "organisation", {"followers": "followers"}),
    ("x", "x_accounts", "account_id", {"followers": "followers", "posts": "posts"}),
    (
        "youtube",
        "youtube_channels",
        "channel_id",
        {"followers": "subscribers", "views": "views", "videos": "videos"},
    ),
)


def sound(tables: Tables, name: str) -> list[Row]:
    return [row for row in tables.get(name, ()) if not row.get("id_conflict")]


def in_time(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["observed_at"], row["window_start"]))


def audience(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Look at each look in turn; what it tells takes the place of what was told before."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for network, table, account, gauges in NETWORKS:
        for row in in_time(sound(tables, table)):
            key = {"bucket_start": floor(row["observed_at"]), "network": network, "account": row[account]}
            nothing = dict.fromkeys(("followers", "posts", "views", "videos"))
            bucket = found.setdefault(tuple(key.values()), {**key, **nothing})
            bucket.update({ours: row[theirs] for ours, theirs in gauges.items() if row[theirs] is not None})
    return list(found.values())


def videos(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in in_time(sound(tables, "youtube_videos")):
        key = {"bucket_start": floor(row["observed_at"]), "channel": row["channel_id"], "video": row["video_id"]}
        bucket = found.setdefault(tuple(key.values()), {**key, "views": None, "likes": None, "comments": None})
        bucket.update({name: row[name] for name in ("views", "likes", "comments") if row[name] is not None})
    return list(found.values())


def first_instant(day: date, zone: ZoneInfo) -> datetime:
    """The first quarter hour that is of a day: looked for from the day before, in UTC."""
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    while at.astimezone(zone).date() < day:
        at += timedelta(minutes=15)
    return at


def _added(counts: Mapping[tuple[Any, ...], Counter[str]], dimension: str) -> list[dict[str, Any]]:
    return [{"bucket_start": at, dimension: name, **counted} for (at, name), counted in counts.items()]


def youtube_days(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    same = ("views", "subscribers_gained", "subscribers_lost", "likes", "comments", "shares")
    counts: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for row in sound(tables, "youtube_channel_days"):
        bucket = counts[floor(first_instant(row["day"], CALIFORNIA)), row["channel_id"]]
        watched = Decimal(row["watch_time_minutes"]) * 60 * 1000
        bucket["watch_time_ms"] += int(watched.quantize(Decimal(1), ROUND_HALF_UP))
        bucket["subscribers_net"] += row["subscribers_gained"] - row["subscribers_lost"]
        for name in same:
            bucket[name] += row[name]
    return _added(counts, "channel")


def linkedin_days(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    counts: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for row in sound(tables, "linkedin_follower_days"):
        bucket = counts[floor(first_instant(row["day"], ZoneInfo("UTC"))), row["organisation"]]
        bucket["organic_gained"] += row["organic_gain"]
        bucket["paid_gained"] += row["paid_gain"]
        bucket["followers_gained"] += row["organic_gain"] + row["paid_gain"]
    return _added(counts, "account")
