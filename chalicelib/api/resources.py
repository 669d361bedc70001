"""Every resource of the API, once."""

from __future__ import annotations

from chalicelib.api import (
    adoption,
    backfills,
    beacons,
    catalog,
    docs,
    events,
    health,
    jobs,
    metrics,
    replays,
    saved_queries,
    sources,
    sql,
    tokens,
    webhooks,
)
from chalicelib.api.routes import Route

DATA: dict[str, tuple[Route, ...]] = {
    "health": health.ROUTES,
    "adoption": adoption.ROUTES,
    "metrics": metrics.ROUTES,
    "sources": sources.ROUTES,
    "catalog": catalog.ROUTES,
    "tokens": tokens.ROUTES,
    "webhooks": webhooks.ROUTES,
    "events": events.ROUTES,
    "backfills": backfills.ROUTES,
    "replays": replays.ROUTES,
    "jobs": jobs.ROUTES,
    "beacons": beacons.ROUTES,
    "sql": sql.ROUTES,
    "saved_queries": saved_queries.ROUTES,
}
RESOURCES: dict[str, tuple[Route, ...]] = {**DATA, "docs": docs.routes(DATA)}
"""The routes of each resource; a resource becomes a blueprint."""
