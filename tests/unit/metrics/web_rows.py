"""Made-up rows of web and product events: visitors around midnights, events sent again, contradicted, held back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

START = datetime(2026, 12, 31, tzinfo=UTC)
LINKED = timedelta(minutes=35)

# Steps of ten minutes around two midnights, the turn of the year one of them, make gaps of exactly half an hour likely.
instants = st.builds(
    lambda midnight, steps, seconds, micros: (
        START + timedelta(days=midnight, minutes=10 * steps, seconds=seconds, microseconds=micros)
    ),
    st.integers(0, 2),
    st.one_of(st.integers(-9, 9), st.integers(-140, 140)),
    st.sampled_from([0, 0, 0, 1, 59]),
    st.sampled_from([0, 0, 700, 999_600]),
)


def named(person: str, site: str, received_at: datetime) -> dict[str, str | None]:
    """The names that the API gives a visitor: of the day of receipt, and in its first minutes of the day before."""
    early = received_at - received_at.replace(hour=0, minute=0, second=0, microsecond=0) < LINKED
    before = f"{person} of {site} on {received_at - timedelta(days=1):%d}"
    return {"visitor": f"{person} of {site} on {received_at:%d}", "visitor_before": before if early else None}


@st.composite
def web_event(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One event of somebody, and what else came under its id."""
    occurred_at = draw(instants)
    received_at = occurred_at + draw(st.sampled_from([timedelta(0), timedelta(seconds=3), timedelta(minutes=50)]))
    person, site = draw(st.sampled_from(["ada", "bo"])), draw(st.sampled_from(["acme", "acme", "acme", "docs"]))
    kind = draw(st.sampled_from(["view", "view", "view", "engagement", "outbound", "download", "event"]))
    event = {
        "event_id": draw(st.uuids()).hex,
        "kind": kind,
        "occurred_at": occurred_at,
        "received_at": received_at,
        "site": site,
        "section": draw(st.sampled_from(["website", "blog", None])),
        "path": draw(st.sampled_from(["/", "/pricing"])),
        "referrer": draw(st.sampled_from(["search.example/find", "android-app:", None])),
        "target": draw(st.sampled_from(["github.com/acme", None])),
        "name": draw(st.sampled_from(["signed_up", None])),
        "duration_s": draw(st.sampled_from([0.001, 19.733, 86_400.0, 0.0])) if kind == "engagement" else None,
        "utm_source": draw(st.sampled_from(["news", None])),
        "utm_medium": None,
        "utm_campaign": None,
        **named(person, site, received_at),
        "first_party_id": draw(st.sampled_from([f"own-{person}", None])),
        "first_seen_on": draw(st.sampled_from([START.date(), START.date() + timedelta(days=1)])),
        "browser": draw(st.sampled_from(["Firefox", None])),
        "device": draw(st.sampled_from(["desktop", "mobile"])),
        "is_bot": draw(st.sampled_from([False, False, False, True])),
        "id_conflict": False,
    }
    rows = [event]
    if draw(st.integers(0, 4)) == 0:
        later = received_at + timedelta(minutes=40)
        rows.append({**event, "received_at": later, **named(person, site, later)})
    if draw(st.integers(0, 4)) == 0:
        rows.append({**event, "path": "/other", "received_at": received_at + LINKED, "id_conflict": True})
    return rows


@st.composite
def product_event(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """One event of somebody in the product, or in Mixpanel, and what else came under its identity."""
    at, event = draw(instants), draw(st.sampled_from(["signed_up", "report_opened"]))
    again, contradicted = draw(st.integers(0, 4)) == 0, draw(st.integers(0, 4)) == 0
    person = draw(st.sampled_from(["u1", "u2", None]))
    if draw(st.booleans()):
        row: dict[str, Any] = {
            "event_id": draw(st.sampled_from("abcdefgh")) + at.isoformat(),
            "source": draw(st.sampled_from(["app", ""])),
            "event": event,
            "occurred_at": at,
            "received_at": at,
            "user_id": person,
            "anonymous_id": draw(st.sampled_from(["x1", None])),
        }
        table, received = "product_events", "received_at"
    else:
        row = {
            "happened_at": at,
            "event": event,
            "distinct_id": person,
            "event_key": draw(st.uuids()).hex,
            "processed_at": at,
            "library": draw(st.sampled_from(["web", None])),
        }
        table, received = "mixpanel_events", "processed_at"
    rows = [row]
    if again:
        rows.append({**row, received: at + timedelta(hours=1)})
    if contradicted:
        rows.append({**row, "event": "another", received: at + timedelta(hours=2), "id_conflict": True})
    return table, rows
