"""The demo company's reports: made through the API as an administrator makes them, and each made once at the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from infra.local.demo_people import Person

_LAST_WEEK: Final = {"range": "last_week", "compare": "previous_period"}
_WEEKS: Final = {"range": "12w", "interval": "P1W"}
_LAST_MONTH: Final = {"range": "last_month", "compare": "previous_period"}
_DAYS_OF_LAST_WEEK: Final = [{"first_day_of": "last_week"}, {"last_day_of": "last_week"}]

REPORTS: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "name": "weekly-marketing",
        "title": "Weekly marketing",
        "format": "pdf",
        "schedule": {"cadence": "weekly", "hour": 8, "zone": "Europe/Paris", "weekday": 1},
        "parts": [
            {"title": "Downloads", "query": {"metrics": ["downloads"], **_LAST_WEEK}},
            {
                "title": "Downloads by version",
                "query": {"metrics": ["downloads"], **_WEEKS, "group_by": ["version"], "top": 5},
            },
            {
                "title": "Web sites",
                "query": {"metrics": ["sessions", "visitors", "page_views", "bounce_rate"], **_LAST_WEEK},
            },
            {"title": "Top pages", "saved_query": "top_pages", "parameters": _DAYS_OF_LAST_WEEK},
            {"title": "Followers", "query": {"metrics": ["followers"], **_WEEKS, "group_by": ["network"]}},
            {"title": "Mentions", "query": {"metrics": ["mentions", "net_sentiment"], **_LAST_WEEK}},
            {"title": "Share of voice", "query": {"metrics": ["share_of_voice"], **_WEEKS, "group_by": ["brand"]}},
        ],
    },
    {
        "name": "monthly-pipeline",
        "title": "Monthly pipeline",
        "format": "xlsx",
        "schedule": {"cadence": "monthly", "hour": 8, "zone": "Europe/Paris", "day": 1},
        "parts": [
            {"title": "Leads", "query": {"metrics": ["leads", "mqls", "mqls_per_lead"], **_LAST_MONTH}},
            {
                "title": "Leads by source",
                "query": {"metrics": ["leads"], "range": "12w", "interval": "P1W", "group_by": ["lead_source"]},
            },
            {
                "title": "Won",
                "query": {"metrics": ["won_amount", "opportunities_won"], **_LAST_MONTH, "interval": "P1M"},
            },
            {"title": "Win rate", "query": {"metrics": ["win_rate"], "range": "12w", "interval": "P1W"}},
            {
                "title": "Open opportunities",
                "sql": (
                    "SELECT step, currency, count(*) AS opportunities, sum(amount) AS amount FROM v_opportunities "
                    "WHERE NOT is_closed GROUP BY step, currency ORDER BY step, currency"
                ),
            },
        ],
    },
)


def make(found: Mapping[str, str]) -> None:
    """Make each report, unless there is one of its name, and have it made and told of for the first time.

    Raises
    ------
    requests.HTTPError
        The API refused one.
    """
    administrator = Person(found)
    for report in REPORTS:
        place = f"/v1/reports/{report['name']}"
        if administrator.has(place):  # made before, and perhaps changed by somebody
            continue
        administrator.post("/v1/reports", report)
        administrator.post(f"{place}/runs", {"send": True})
