"""The demo company's own dashboard, and what it wrote down of the last weeks: made through the API, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from infra.local.demo_people import Person

_BEFORE: Final = {"compare": "previous_period"}

DASHBOARD: Final[Mapping[str, Any]] = {
    "name": "Is 4.0 taken up?",
    "description": "The launch of 4.0 on one page: who downloads it, who talks of it, who stays.",
    "range": "30d",
    "tz": None,
    "widgets": [
        {
            "id": "why",
            "kind": "text",
            "title": "What we want to know",
            "width": 4,
            "height": 2,
            "text": "4.0 went out a month ago.\n\nWe hoped for 15,000 downloads a month, and for people who come back "
            "after the first week.\n\nAsk Ada before you change this.",
        },
        {
            "id": "goal",
            "kind": "gauge",
            "title": "Downloads this month, of the 15,000 we hoped for",
            "width": 4,
            "height": 2,
            "question": {"metrics": ["downloads"], "range": "month"},
            "target": "15000",
        },
        {
            "id": "sentiment",
            "kind": "pie",
            "title": "How it is talked of",
            "width": 4,
            "height": 2,
            "question": {"metrics": ["mentions"], "group_by": ["sentiment"]},
        },
        {
            "id": "new_version",
            "kind": "area",
            "title": "Downloads of 4.0 and later",
            "width": 8,
            "height": 3,
            "question": {"metrics": ["downloads"], "group_by": ["version"], "filter": 'version matches "^4"', "top": 5},
        },
        {
            "id": "share",
            "kind": "table",
            "title": "Every version",
            "width": 4,
            "height": 3,
            "question": {"metrics": ["downloads"], "group_by": ["version"], "top": 12, **_BEFORE},
        },
        {
            "id": "people",
            "kind": "line",
            "title": "Active users, week by week",
            "width": 6,
            "height": 3,
            "question": {"metrics": ["active_users"], "interval": "P1W", "range": "12w"},
        },
        {
            "id": "stars",
            "kind": "bar",
            "title": "Stars given and taken back",
            "width": 6,
            "height": 3,
            "question": {"metrics": ["stars_added", "stars_removed"]},
        },
    ],
}


def written_down(now: datetime) -> Iterator[dict[str, Any]]:
    """Answer what the company wrote down: its launch is 31 days ago, as the demo's data has it."""

    def day(before: int) -> str:
        return f"{now - timedelta(days=before):%Y-%m-%d}"

    of_the_web, of_the_product = ["web_beacons", "salesforce_pipeline"], ["s3_access_logs", "product_events"]
    yield {
        "at": day(31),
        "until": day(17),
        "title": "Launch campaign of 4.0",
        "kind": "campaign",
        "metric_sources": [*of_the_web, *of_the_product, "github_repository_stats"],
        "url": "https://www.acme.example/blog/release-4-0",
    }
    yield {"at": day(12), "title": "The pricing page was rewritten", "kind": "note", "metric_sources": of_the_web}
    yield {
        "at": f"{day(9)}T13:00:00Z",
        "until": f"{day(9)}T16:20:00Z",
        "title": "The download mirror was slow",
        "kind": "incident",
        "metric_sources": ["s3_access_logs"],
    }
    yield {"at": day(5), "until": day(1), "title": "Webinar week", "kind": "campaign", "metric_sources": of_the_web}


def make(found: Mapping[str, str], now: datetime | None = None) -> None:
    """Make the dashboard and the annotations, unless that was done, and perhaps undone by somebody since.

    Parameters
    ----------
    found
        The addresses and tokens that ``make run`` writes to ``.local/endpoints.json``.

    Raises
    ------
    requests.HTTPError
        The API refused one.
    """
    person = Person(found, "token")
    person.once("dashboards", DASHBOARD["name"], DASHBOARD)
    for one in written_down(now or datetime.now(UTC)):
        person.once("annotations", one["title"], one)
