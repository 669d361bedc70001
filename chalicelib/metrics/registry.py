"""Every metric, once: what the API validates and documents, what the dashboard labels, what a cube must hold.

A counter sums over time and dimensions. A gauge is the last value in a period, never summed over time; where a
question leaves a dimension out, the last values of its members are summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """How a metric adds up."""

    COUNTER = "counter"
    GAUGE = "gauge"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    ``measure`` is a column of ``cube``; ``dimensions`` are the columns that a question may group by. ``only`` keeps
    the rows whose column has this value. ``source`` is the stream whose watermark says how complete it is.
    """

    name: str
    title: str
    unit: str
    kind: Kind
    cube: str
    measure: str
    source: str
    dimensions: tuple[str, ...]
    description: str
    only: tuple[str, str] | None = None


_PEOPLE = ("is_bot", "false")
_BOTS = ("is_bot", "true")


def _downloads(name: str, title: str, unit: str, measure: str, description: str, only: tuple[str, str]) -> Metric:
    dimensions = ("version", "product")
    return Metric(
        name, title, unit, Kind.COUNTER, "downloads_cube", measure, "s3_access_logs", dimensions, description, only
    )


def _gauge(name: str, title: str, unit: str, description: str) -> Metric:
    source = "github_repository_stats"
    return Metric(name, title, unit, Kind.GAUGE, "github_cube", name, source, ("repository",), description)


def _events(name: str, title: str, unit: str, description: str) -> Metric:
    return Metric(name, title, unit, Kind.COUNTER, "github_cube", name, "github_webhooks", ("repository",), description)


_ALL = (
    _downloads(
        "downloads",
        "Downloads",
        "downloads",
        "downloads",
        "Downloads of the product by people: successful GETs of its files, ranged requests of one download counted "
        "once. Bots are left out; `downloads_bots` counts them.",
        _PEOPLE,
    ),
    _downloads(
        "downloads_bots",
        "Downloads by bots",
        "downloads",
        "downloads",
        "Downloads whose user agent is that of a known crawler, mirror or monitor.",
        _BOTS,
    ),
    _downloads(
        "download_bytes",
        "Bytes downloaded",
        "bytes",
        "download_bytes",
        "Bytes sent for the downloads that `downloads` counts.",
        _PEOPLE,
    ),
    _gauge("stars", "Stars", "stars", "Stars of the repository at the end of the period."),
    _gauge("forks", "Forks", "forks", "Forks of the repository at the end of the period."),
    _gauge("watchers", "Watchers", "watchers", "People who watch the repository at the end of the period."),
    _gauge("open_pull_requests", "Open pull requests", "pull requests", "Pull requests open at the end of the period."),
    _gauge("open_issues", "Open issues", "issues", "Issues open at the end of the period, pull requests not included."),
    _events("stars_added", "Stars added", "stars", "Stars given in the period, as GitHub told by webhook."),
    _events("stars_removed", "Stars removed", "stars", "Stars taken back in the period."),
    _events("forks_added", "Forks added", "forks", "Forks made in the period."),
    _events("pushes", "Pushes", "pushes", "Pushes in the period, to any branch or tag."),
    _events("commits_pushed", "Commits pushed", "commits", "Commits in the period's pushes."),
    _events("pull_requests_opened", "Pull requests opened", "pull requests", "Pull requests opened in the period."),
    _events("pull_requests_merged", "Pull requests merged", "pull requests", "Pull requests merged in the period."),
    _events("issues_opened", "Issues opened", "issues", "Issues opened in the period."),
    _events("issues_closed", "Issues closed", "issues", "Issues closed in the period."),
    _events("releases_published", "Releases published", "releases", "Releases published in the period."),
    _events("github_events", "GitHub events", "events", "Every event that GitHub sent in the period, of any type."),
)

METRICS: Final[Mapping[str, Metric]] = MappingProxyType({metric.name: metric for metric in _ALL})
"""Every metric, by name."""
