"""Every resource of the API, once, with all that its routes declare.

To document and to test: a running API loads the modules that it answers from, by :mod:`chalicelib.api.index`.
"""

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
    dashboards,
    digests,
    docs,
    events,
    exports,
    feeds,
    health,
    incidents,
    jobs,
    messages,
    metric_uses,
    metrics,
    own_metrics,
    pipeline,
    preferences,
    rejected,
    replays,
    report_runs,
    reports,
    saved_queries,
    sessions,
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
from chalicelib.api import annotations as noted  # the name itself is taken, by __future__
from chalicelib.api.routes import Route

RESOURCES: dict[str, tuple[Route, ...]] = {
    "health": health.ROUTES,
    "pipeline": pipeline.ROUTES,
    "awareness": (*web_traffic.ROUTES, *subscribers.ROUTES, *share_of_voice.ROUTES),
    "adoption": adoption.ROUTES,
    "metrics": (*metrics.ROUTES, *own_metrics.ROUTES, *metric_uses.ROUTES),
    "dashboards": dashboards.ROUTES,
    "preferences": preferences.ROUTES,
    "annotations": noted.ROUTES,
    "sources": (*sources.ROUTES, *rejected.ROUTES),
    "incidents": incidents.ROUTES,
    "catalog": catalog.ROUTES,
    "tokens": tokens.ROUTES,
    "sessions": sessions.ROUTES,
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
    "docs": docs.ROUTES,
}
"""The routes of each resource; a resource becomes a blueprint. A new one is served when the index was made anew."""
PATHS: tuple[str, ...] = tuple(dict.fromkeys(route.path for routes in RESOURCES.values() for route in routes))
"""Every path that there is."""
