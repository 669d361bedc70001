"""What the views over the web, the product and downloads should show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tests.unit.sql.counting import Row, Shown, Tables, first_of_each, good, groups, take
from tests.unit.sql.rows_lake import day


def human_events(tables: Tables) -> list[Row]:
    """Events of people, each once."""
    people = [row for row in good(tables["web_events"]) if not row["is_bot"]]
    return first_of_each(people, lambda row: (row["site"], row["kind"], row["event_id"]), "received_at")


_PAGE = ("site", "host", "path", "section", "title", "referrer", "visitor", "first_party_id", "browser", "os", "device")


def on_page(row: Row) -> Shown:
    today, since = day(row["occurred_at"]), row["first_seen_on"]
    return {**take(row, *_PAGE), "day": today, "is_returning": None if since is None else since < today}


def page_views(tables: Tables) -> list[Shown]:
    campaign = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
    return [
        {**on_page(row), **take(row, *campaign, viewed_at="occurred_at", view_id="event_id")}
        for row in human_events(tables)
        if row["kind"] == "view"
    ]


def web_events(tables: Tables) -> list[Shown]:
    same = ("event_id", "kind", "view_id", "target", "name", "properties")
    return [
        {**on_page(row), **take(row, *same, happened_at="occurred_at", engaged_seconds="duration_s")}
        for row in human_events(tables)
    ]


def web_sessions(tables: Tables) -> list[Shown]:
    by_visitor = groups(human_events(tables), lambda row: (day(row["occurred_at"]), row["site"], row["visitor"]))
    found = []
    for events in by_visitor.values():
        visit: list[Row] = []
        for event in sorted(events, key=lambda row: row["occurred_at"]):
            if visit and event["occurred_at"] - visit[-1]["occurred_at"] >= timedelta(minutes=30):
                found.append(visit)
                visit = []
            visit.append(event)
        found.append(visit)
    return [session(visit) for visit in found]


def session(visit: Sequence[Row]) -> Shown:
    first, start, end = visit[0], visit[0]["occurred_at"], visit[-1]["occurred_at"]
    views = [row["path"] for row in visit if row["kind"] == "view"]
    since_midnight = start - start.replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        **take(first, "site", "visitor", "referrer", "utm_source", "utm_medium", "utm_campaign", "device"),
        "day": day(start),
        "session_id": first["event_id"],
        "started_at": start,
        "ended_at": end,
        "duration_seconds": (end - start).total_seconds(),
        "page_views": len(views),
        "events": len(visit),
        "engaged_seconds": sum(row["duration_s"] or 0.0 for row in visit),
        "entry_path": views[0] if views else None,
        "exit_path": views[-1] if views else None,
        "began_before_midnight": since_midnight < timedelta(minutes=30) and any(row["visitor_before"] for row in visit),
    }


def product_events(tables: Tables) -> list[Shown]:
    posted = good(tables["product_events"])
    exported = good(tables["mixpanel_events"])
    found = [
        take(row, "source", "event", "event_id", "user_id", "anonymous_id", "account_id", "session_id", "properties")
        | {
            "origin": "product",
            "happened_at": row["occurred_at"],
            "person_id": row["anonymous_id"] if row["user_id"] is None else row["user_id"],
        }
        for row in first_of_each(posted, lambda row: (row["source"], row["event_id"]), "received_at")
    ]
    found += [
        take(row, "happened_at", "event", "user_id", "properties", source="library", event_id="event_key")
        | take(row, person_id="distinct_id", anonymous_id="device_id")
        | {"origin": "mixpanel", "account_id": None, "session_id": None}
        for row in first_of_each(exported, lambda row: row["event_key"], "processed_at")
    ]
    return [{**event, "day": day(event["happened_at"])} for event in found]


def downloads(tables: Tables) -> list[Shown]:
    found: dict[Any, Shown] = {}
    for row in tables["downloads_cube"]:
        key = (day(row["bucket_start"]), row["product"], row["version"])
        empty = {"downloads": 0, "download_bytes": 0, "bot_downloads": 0, "bot_download_bytes": 0}
        sums = found.setdefault(key, dict(zip(("day", "product", "version"), key, strict=True)) | empty)
        kind = "bot_" if row["is_bot"] else ""
        sums[f"{kind}downloads"] += row["downloads"]
        sums[f"{kind}download_bytes"] += row["download_bytes"]
    return list(found.values())
