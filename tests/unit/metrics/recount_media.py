"""Mentions and places in search counted again in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]
Floor = Callable[[datetime], datetime]
BALANCE = {"positive": 1, "neutral": 0, "negative": -1}


def sound(tables: Tables, name: str) -> list[Row]:
    return [row for row in tables.get(name, ()) if not row.get("id_conflict")]


def mentions(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Take each document of a day as the search of the lowest number (as text) told it."""
    documents: dict[tuple[Any, ...], Row] = {}
    for row in sorted(sound(tables, "meltwater_mentions"), key=lambda row: row["search_id"]):
        documents.setdefault((row["published_at"].astimezone(UTC).date(), row["document_id"]), row)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in documents.values():
        dimensions = {name: row[name] for name in ("source_type", "country_code", "language_code", "sentiment")}
        key = {"bucket_start": floor(row["published_at"]), **dimensions}
        empty = dict.fromkeys(("mentions", "reach", "engagement", "sentiment_balance", "judged"), 0)
        bucket = found.setdefault(tuple(key.values()), {**key, **empty})
        bucket["mentions"] += 1
        bucket["reach"] += row["reach"] or 0
        bucket["engagement"] += row["engagement"] or 0
        bucket["sentiment_balance"] += BALANCE.get(row["sentiment"], 0)
        bucket["judged"] += row["sentiment"] in BALANCE
    return list(found.values())


def seo(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Take each day by itself: its shares, and the last check of each page, keyword and engine; then put days together.

    Sums are of all days of a bucket; the numbers of keywords are those of its last day on which there are any.
    """
    days = sorted({*_days(tables, "rank_tracker_shares", "day_start"), *_days(tables, "rank_tracker_positions")})
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for day in days:
        for brand, told in _day(tables, day).items():
            key = {"bucket_start": floor(day), "brand": brand}
            empty = {"clicks": Decimal(0), "position_sum": 0, "positions": 0}
            bucket = found.setdefault(tuple(key.values()), {**key, **empty, **dict.fromkeys(GAUGES)})
            for name in empty:
                bucket[name] += told.get(name, 0)
            bucket.update({name: told[name] for name in GAUGES if name in told})
    return list(found.values())


GAUGES = ("ranked_keywords", "tracked_keywords", "first_page_keywords")


def midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _days(tables: Tables, name: str, at: str = "checked_at") -> set[datetime]:
    return {midnight(row[at]) for row in sound(tables, name)}


def _day(tables: Tables, day: datetime) -> dict[str | None, dict[str, Any]]:
    """What a day came to, by brand."""
    found: dict[str | None, dict[str, Any]] = {}
    for row in sound(tables, "rank_tracker_shares"):
        if midnight(row["day_start"]) == day:
            found[row["brand"]] = {name: row[name] for name in ("clicks", "ranked_keywords", "tracked_keywords")}
    last: dict[tuple[Any, ...], Row] = {}
    for row in sorted(sound(tables, "rank_tracker_positions"), key=lambda row: row["checked_at"]):
        if midnight(row["checked_at"]) == day:
            last[row["url"], row["keyword"], row["engine"]] = row
    for row in last.values():
        of = found.setdefault(row["brand"], {})
        place = row["position"]
        of["first_page_keywords"] = of.get("first_page_keywords", 0) + (place is not None and place <= 10)
        of["position_sum"] = of.get("position_sum", 0) + (place or 0)
        of["positions"] = of.get("positions", 0) + (place is not None)
    return found
