"""The cubes of product events counted again in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]
Tables = Mapping[str, Iterable[Row]]
Floor = Callable[[datetime], datetime]


def told(tables: Tables) -> Iterable[tuple[datetime, str, str | None, str, str | None]]:
    """When, origin, program, event and person of every event that counts."""
    seen: set[tuple[object, ...]] = set()
    for row in sorted(tables.get("product_events", ()), key=lambda row: (row["received_at"], row["occurred_at"])):
        name = (row["occurred_at"].date(), row["source"], row["event_id"])
        if not row.get("id_conflict") and name not in seen:
            seen.add(name)
            person = row["anonymous_id"] if row["user_id"] is None else row["user_id"]
            yield row["occurred_at"], "product", row["source"], row["event"], person
    for row in tables.get("mixpanel_events", ()):
        key = (row["happened_at"].date(), row["event_key"])
        if not row.get("id_conflict") and key not in seen:
            seen.add(key)
            yield row["happened_at"], "mixpanel", row["library"], row["event"], row["distinct_id"]


def events(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Count what happened."""
    counts = Counter((floor(at), origin, source, event) for at, origin, source, event, _ in told(tables))
    names = ("bucket_start", "origin", "source", "event")
    return [{**dict(zip(names, key, strict=True)), "events": count} for key, count in counts.items()]


def users(tables: Tables, floor: Floor) -> list[dict[str, Any]]:
    """Note every known person who did something."""
    names = ("bucket_start", "origin", "source", "event", "member")
    seen = {(floor(one[0]), *one[1:]) for one in told(tables) if one[-1] is not None}
    return [dict(zip(names, one, strict=True)) for one in seen]
