"""Every resource of the API, once."""

from __future__ import annotations

from chalicelib.api import (
    adoption,
    alert_history,
    alert_preview,
    alerts,
    backfills,
    beacons,
    catalog,
    channels,
    digests,
    docs,
    events,
    exports,
    feeds,
    health,
    incidents,
    jobs,
    messages,
    metrics,
    own_metrics,
    pipeline,
    replays,
    report_runs,
    reports,
    saved_queries,
    share_of_voice,
    shared_files,
    sources,
    sql,
    subscribers,
    subscription_links,
    subscriptions,
    tokens,
    web_traffic,
    webhooks,
)
from chalicelib.api.routes import Route

DATA: dict[str, tuple[Route, ...]] = {
    "health": health.ROUTES,
    "pipeline": pipeline.ROUTES,
    "awareness": (*web_traffic.ROUTES, *subscribers.ROUTES, *share_of_voice.ROUTES),
    "adoption": adoption.ROUTES,
    "metrics": (*metrics.ROUTES, *own_metrics.ROUTES),
    "sources": sources.ROUTES,
    "incidents": incidents.ROUTES,
    "catalog": catalog.ROUTES,
    "tokens": tokens.ROUTES,
    "webhooks": webhooks.ROUTES,
    "events": events.ROUTES,
    "backfills": backfills.ROUTES,
    "replays": replays.ROUTES,
    "jobs": jobs.ROUTES,
    "exports": exports.ROUTES,
    "feeds": feeds.ROUTES,
    "reports": (*reports.ROUTES, *report_runs.ROUTES),
    "shared": shared_files.ROUTES,
    "beacons": beacons.ROUTES,
    "channels": channels.ROUTES,
    "messages": messages.ROUTES,
    "digests": digests.ROUTES,
    "sql": sql.ROUTES,
    "saved_queries": saved_queries.ROUTES,
    "subscriptions": (*subscriptions.ROUTES, *subscription_links.ROUTES),
    "alerts": (*alert_preview.ROUTES, *alerts.ROUTES, *alert_history.ROUTES),
}
RESOURCES: dict[str, tuple[Route, ...]] = {**DATA, "docs": docs.routes(DATA)}
"""The routes of each resource; a resource becomes a blueprint."""
PATHS: tuple[str, ...] = tuple(dict.fromkeys(route.path for routes in RESOURCES.values() for route in routes))
"""Every path that there is."""
