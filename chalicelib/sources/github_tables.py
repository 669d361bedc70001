"""The tables that GitHub's webhooks fill: one of every event, and a typed one for each kind that is counted."""

from __future__ import annotations

from chalicelib.sources.base import Column, ColumnType, Table

_S, _I, _B, _T = ColumnType.STRING, ColumnType.INT64, ColumnType.BOOL, ColumnType.TIMESTAMP

COMMON = (
    Column("event_id", _S, "The event's name and the SHA-256 of its body: the same whoever delivers it, however often"),
    Column("occurred_at", _T, "When it happened: the best instant in the payload, else received_at"),
    Column("received_at", _T, "When it reached us"),
    Column("repository", _S, "Full name, owner/name; null for an event of an organisation, an app or a person"),
    Column("action", _S, "What happened to the subject, as GitHub names it; null where an event has no action"),
    Column("sender", _S, "Login of who did it"),
)
"""The first columns of every table of this source."""


def _table(name: str, description: str, *columns: Column) -> Table:
    return Table(
        name, description, (*COMMON, *columns), time_column="occurred_at", sort_by=("repository", "occurred_at")
    )


EVENTS = _table(
    "github_events",
    "Every event of every type, whole",
    Column("delivery_id", _S, "X-GitHub-Delivery of the first delivery that was committed"),
    Column("event", _S, "X-GitHub-Event: the type"),
    Column("occurred_at_source", _S, "Where occurred_at was found: a path in the payload, or received_at"),
    Column("payload", _S, "The body as received, JSON"),
)

STARS = _table(
    "github_stars",
    "Somebody starred a repository or took the star back (action created, deleted)",
    Column("starred_at", _T, "When the star was given; null when it was taken back"),
    Column("stars_after", _I, "The repository's stars after it, as GitHub counted"),
)

FORKS = _table(
    "github_forks",
    "Somebody forked a repository",
    Column("fork", _S, "Full name of the new repository"),
    Column("fork_owner", _S, "Login of its owner"),
    Column("forks_after", _I, "The repository's forks after it, as GitHub counted"),
)

PUSHES = _table(
    "github_pushes",
    "Somebody pushed commits, or made or deleted a branch or a tag by a push",
    Column("ref", _S, "The full reference, refs/heads/… or refs/tags/…"),
    Column("ref_kind", _S, "branch, tag or other"),
    Column("before_sha", _S, "The commit before; zeros when the reference is new"),
    Column("after_sha", _S, "The commit after; zeros when the reference was deleted"),
    Column("commit_count", _I, "Commits in the payload; GitHub lists at most 2,048"),
    Column("distinct_commit_count", _I, "Those of them that are new to the repository"),
    Column("created", _B, "The push made the reference"),
    Column("deleted", _B, "The push deleted the reference"),
    Column("forced", _B, "The push rewrote history"),
    Column("pusher", _S, "Name of who pushed"),
)

PULL_REQUESTS = _table(
    "github_pull_requests",
    "Something happened to a pull request",
    Column("number", _I, "Its number in the repository"),
    Column("title", _S, "Its title then"),
    Column("state", _S, "open or closed"),
    Column("draft", _B, "It is a draft"),
    Column("merged", _B, "It is merged"),
    Column("author", _S, "Login of who opened it"),
    Column("base_ref", _S, "The branch it goes to"),
    Column("head_ref", _S, "The branch it comes from"),
    Column("created_at", _T, "When it was opened"),
    Column("updated_at", _T, "When it last changed"),
    Column("closed_at", _T, "When it was closed or merged"),
    Column("merged_at", _T, "When it was merged"),
    Column("additions", _I, "Lines added"),
    Column("deletions", _I, "Lines deleted"),
    Column("changed_files", _I, "Files changed"),
    Column("commit_count", _I, "Commits"),
)

ISSUES = _table(
    "github_issues",
    "Something happened to an issue",
    Column("number", _I, "Its number in the repository"),
    Column("title", _S, "Its title then"),
    Column("state", _S, "open or closed"),
    Column("state_reason", _S, "completed, not_planned, reopened or null"),
    Column("author", _S, "Login of who opened it"),
    Column("created_at", _T, "When it was opened"),
    Column("updated_at", _T, "When it last changed"),
    Column("closed_at", _T, "When it was closed"),
    Column("comment_count", _I, "Its comments"),
)

RELEASES = _table(
    "github_releases",
    "Something happened to a release",
    Column("release_id", _I, "GitHub's id of the release"),
    Column("tag_name", _S, "Its tag"),
    Column("name", _S, "Its name, when it has one"),
    Column("draft", _B, "It is a draft"),
    Column("prerelease", _B, "It is a prerelease"),
    Column("author", _S, "Login of who made it"),
    Column("created_at", _T, "When its commit was made"),
    Column("published_at", _T, "When it was published; null for a draft"),
    Column("asset_count", _I, "Files attached to it"),
)

RELEASE_ASSETS = _table(
    "github_release_assets",
    "One file of a release, each time something happens to the release",
    Column("release_id", _I, "GitHub's id of the release"),
    Column("tag_name", _S, "The release's tag"),
    Column("asset_id", _I, "GitHub's id of the file"),
    Column("name", _S, "The file's name"),
    Column("content_type", _S, "Its media type"),
    Column("size_bytes", _I, "Its size"),
    Column("download_count", _I, "Downloads from GitHub so far, as GitHub counted then"),
    Column("created_at", _T, "When it was attached"),
    Column("updated_at", _T, "When it last changed"),
)

TABLES = (EVENTS, STARS, FORKS, PUSHES, PULL_REQUESTS, ISSUES, RELEASES, RELEASE_ASSETS)
