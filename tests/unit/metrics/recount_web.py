"""The cubes of web events counted again in plain Python: another mind's reading of the same rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]
Floor = Callable[[datetime], datetime]
SILENCE, HOUR, DAY = timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)
CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")


def told(tables: Tables) -> list[Row]:
    """The events that count: one of each identity and UTC day, that came first; none that contradicts itself."""
    first: dict[tuple[Any, ...], Row] = {}
    for row in sorted(tables.get("web_events", ()), key=lambda r: (r["received_at"], r["occurred_at"], r["visitor"])):
        if not row.get("id_conflict"):
            name = (row["occurred_at"].date(), row["site"], row["kind"], row["event_id"], row["is_bot"])
            first.setdefault(name, row)
    return list(first.values())


def people(tables: Tables) -> list[Row]:
    return [row for row in told(tables) if not row["is_bot"]]


def host(referrer: str | None) -> str | None:
    return None if referrer is None else referrer.partition("/")[0]


def pages(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Note each event, one by one."""
    clicks = {"outbound": "outbound_clicks", "download": "file_downloads"}
    measures = {"view": "page_views", **clicks, "event": "site_events"}
    same = ("site", "section", "path", *CAMPAIGN, "device", "browser", "is_bot")
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in told(tables):
        said = {
            "bucket_start": floor(row["occurred_at"]),
            **{name: row[name] for name in same},
            "referrer_host": host(row["referrer"]),
            "event": row["name"] if row["kind"] == "event" else None,
            "target": row["target"] if row["kind"] in ("outbound", "download") else None,
        }
        empty = {**said, "engaged_ms": 0, **dict.fromkeys(measures.values(), 0)}
        counts = found.setdefault(tuple(said.values()), empty)
        counts["engaged_ms"] += round(1000 * (row["duration_s"] or 0))
        if row["kind"] in measures:
            counts[measures[row["kind"]]] += 1
    return list(found.values())


def visitors(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Note everybody who was there."""
    names = ("bucket_start", "site", "section", "visitor_type", "device", "member")
    seen = {
        (
            floor(row["occurred_at"]),
            row["site"],
            row["section"],
            _type(row),
            row["device"],
            row["visitor"] if row["first_party_id"] is None else row["first_party_id"],
        )
        for row in people(tables)
    }
    return [dict(zip(names, one, strict=True)) for one in seen]


def _type(row: Row) -> str | None:
    if row["first_party_id"] is None or row["first_seen_on"] is None:
        return None
    return "returning" if row["first_seen_on"] < row["occurred_at"].date() else "new"


def sessions(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Look at each day with the days beside it, and at each visitor's events in turn."""
    by_day: defaultdict[date, list[Row]] = defaultdict(list)
    for row in people(tables):
        by_day[row["occurred_at"].date()].append(row)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for day in list(by_day):
        eve = [row for row in by_day.get(day - DAY, ()) if row["occurred_at"].hour == 23]
        for visit in _visits([*eve, *by_day[day], *by_day.get(day + DAY, ())]):
            if visit[0]["occurred_at"].date() == day:
                _count(found, visit, floor)
    return list(found.values())


def _count(found: dict[tuple[Any, ...], dict[str, Any]], visit: Sequence[Row], floor: Floor) -> None:
    first = visit[0]
    views = [row for row in visit if row["kind"] == "view"]
    said = {
        "bucket_start": floor(first["occurred_at"]),
        "site": first["site"],
        "device": first["device"],
        "referrer_host": host(first["referrer"]),
        **{name: first[name] for name in CAMPAIGN},
        "entry_section": views[0]["section"] if views else None,
        "entry_path": views[0]["path"] if views else None,
    }
    measures = ("sessions", "one_page_sessions", "session_ms", "session_page_views")
    counts = found.setdefault(tuple(said.values()), {**said, **dict.fromkeys(measures, 0)})
    length = (visit[-1]["occurred_at"] - first["occurred_at"]) // timedelta(milliseconds=1)
    for measure, value in zip(measures, (1, len(views) == 1, length, len(views)), strict=True):
        counts[measure] += value


def _visits(events: Sequence[Row]) -> Iterable[list[Row]]:
    """Cut the events of each visitor, whatever names the visitor has, where they are silent."""
    leader: dict[tuple[str, str], tuple[str, str]] = {}

    def find(name: tuple[str, str]) -> tuple[str, str]:
        while leader.setdefault(name, name) != name:
            name = leader[name]
        return name

    for row in events:
        if row["visitor_before"] is not None:
            leader[find((row["site"], row["visitor"]))] = find((row["site"], row["visitor_before"]))
    of: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(events, key=lambda row: (row["occurred_at"], row["event_id"], row["kind"])):
        of[find((row["site"], row["visitor"]))].append(row)
    for every in of.values():
        begin = 0
        for n in range(1, len(every) + 1):
            if n == len(every) or every[n]["occurred_at"] - every[n - 1]["occurred_at"] >= SILENCE:
                yield every[begin:n]
                begin = n
