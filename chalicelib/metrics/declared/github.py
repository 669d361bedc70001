"""GitHub's repositories: what GitHub counts of them, and what happens in them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from chalicelib.metrics.cube import Adds, Cube, Measure
from chalicelib.metrics.metric import Kind, Metric
from chalicelib.sources.base import Column, ColumnType

GITHUB = Cube(
    name="github_cube",
    description="What happened in GitHub repositories, and what GitHub counts of them",
    dimensions=(Column("repository", ColumnType.STRING, "Full name, owner/name; null for what is of no repository"),),
    measures=(
        Measure("stars", Adds.LAST, "Stars, last observation in the bucket"),
        Measure("forks", Adds.LAST, "Forks, last observation in the bucket"),
        Measure("watchers", Adds.LAST, "Watchers, last observation in the bucket"),
        Measure("open_pull_requests", Adds.LAST, "Open pull requests, last observation in the bucket"),
        Measure("open_issues", Adds.LAST, "Open issues, last observation in the bucket"),
        Measure("stars_added", Adds.SUM, "Stars given"),
        Measure("stars_removed", Adds.SUM, "Stars taken back"),
        Measure("forks_added", Adds.SUM, "Forks made"),
        Measure("pushes", Adds.SUM, "Pushes, of tags and of branches made or deleted too"),
        Measure("commits_pushed", Adds.SUM, "Commits pushed that were new to the repository"),
        Measure("pull_requests_opened", Adds.SUM, "Pull requests opened, not counting those reopened"),
        Measure("pull_requests_merged", Adds.SUM, "Pull requests closed by merging"),
        Measure("issues_opened", Adds.SUM, "Issues opened, not counting those reopened"),
        Measure("issues_closed", Adds.SUM, "Issues closed, for whatever reason"),
        Measure("releases_published", Adds.SUM, "Releases published, prereleases too"),
        Measure("github_events", Adds.SUM, "Webhook events of every type"),
    ),
    inputs=MappingProxyType(
        {
            "github_webhooks": (
                "github_events",
                "github_stars",
                "github_forks",
                "github_pushes",
                "github_pull_requests",
                "github_issues",
                "github_releases",
            ),
            "github_repository_stats": ("github_repository_stats",),
        }
    ),
)

CUBES: Final = (GITHUB,)


def _gauge(name: str, title: str, unit: str, description: str) -> Metric:
    source = "github_repository_stats"
    return Metric(name, title, unit, Kind.GAUGE, GITHUB.name, name, source, ("repository",), description)


def _events(name: str, title: str, unit: str, description: str) -> Metric:
    return Metric(name, title, unit, Kind.COUNTER, GITHUB.name, name, "github_webhooks", ("repository",), description)


METRICS: Final = (
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
