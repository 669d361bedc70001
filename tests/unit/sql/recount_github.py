"""What the views over GitHub should show."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.unit.sql.counting import Row, Shown, Tables, first_of_each, good, last_looks, last_of_each, take
from tests.unit.sql.rows_lake import day


def repositories(tables: Tables) -> list[Shown]:
    same = ("repository", "stars", "forks", "watchers", "open_issues", "open_pull_requests", "size_kib")
    looks = last_looks(tables["github_repository_stats"], "repository")
    return [{**take(row, *same, "pushed_at", "observed_at"), "day": day(row["observed_at"])} for row in looks]


def activity(tables: Tables) -> list[Shown]:
    same = ("stars_added", "stars_removed", "forks_added", "pushes", "commits_pushed", "pull_requests_opened")
    more = ("pull_requests_merged", "issues_opened", "issues_closed", "releases_published")
    found: dict[Any, Shown] = {}
    for row in tables["github_cube"]:
        key = {"day": day(row["bucket_start"]), "repository": row["repository"]}
        sums = found.setdefault(tuple(key.values()), {**key, "events": 0, **dict.fromkeys((*same, *more), 0)})
        for name, value in take(row, *same, *more, events="github_events").items():
            sums[name] += value
    return list(found.values())


def github_events(tables: Tables) -> list[Shown]:
    same = ("event_id", "event", "action", "repository", "sender", "received_at")
    rows = first_of_each(good(tables["github_events"]), lambda row: row["event_id"], "received_at")
    return [{**take(row, *same, happened_at="occurred_at"), "day": day(row["occurred_at"])} for row in rows]


def newest(tables: Tables, table: str, identity: str) -> list[Row]:
    """The last state of each release, pull request or issue that GitHub told."""
    rows = first_of_each(good(tables[table]), lambda row: row["event_id"], "received_at")
    return last_of_each(rows, lambda row: (row["repository"], row[identity]), lambda row: row["occurred_at"])


def releases(tables: Tables) -> list[Shown]:
    same = ("repository", "release_id", "tag_name", "name", "prerelease", "author", "published_at", "asset_count")
    return [
        {**take(row, *same), "published_on": day(row["published_at"])}
        for row in newest(tables, "github_releases", "release_id")
        if row["action"] not in ("deleted", "unpublished") and not row["draft"] and row["published_at"]
    ]


def hours(row: Row, end: str) -> float | None:
    return row[end] and (row[end] - row["created_at"]) // timedelta(seconds=1) / 3600


def pull_requests(tables: Tables) -> list[Shown]:
    same = ("repository", "number", "title", "state", "draft", "merged", "author", "base_ref", "created_at")
    more = ("updated_at", "closed_at", "merged_at", "additions", "deletions", "changed_files")
    return [
        take(row, *same, *more, commits="commit_count")
        | {"created_on": day(row["created_at"]), "hours_to_merge": hours(row, "merged_at")}
        for row in newest(tables, "github_pull_requests", "number")
    ]


def issues(tables: Tables) -> list[Shown]:
    same = ("repository", "number", "title", "state", "state_reason", "author", "created_at", "updated_at")
    return [
        take(row, *same, "closed_at", comments="comment_count")
        | {"created_on": day(row["created_at"]), "hours_to_close": hours(row, "closed_at")}
        for row in newest(tables, "github_issues", "number")
        if row["action"] not in ("deleted", "transferred")
    ]
