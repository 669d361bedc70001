"""The typed rows of GitHub's webhooks, each without the columns that all share. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from chalicelib.errors import SkippableRecordError
from chalicelib.sources.base import Row
from chalicelib.sources.json_fields import at, instant, items, text, truth, whole

Payload = Mapping[str, Any]
Rows = tuple[tuple[str, Row], ...]
T = TypeVar("T")


def _star(payload: Payload) -> Rows:
    row = {
        "starred_at": instant(payload, "starred_at"),
        "stars_after": whole(payload, "repository.stargazers_count"),
    }
    return (("github_stars", row),)


def _fork(payload: Payload) -> Rows:
    row = {
        "fork": _needed(text(payload, "forkee.full_name"), "forkee.full_name"),
        "fork_owner": text(payload, "forkee.owner.login"),
        "forks_after": whole(payload, "repository.forks_count"),
    }
    return (("github_forks", row),)


def _push(payload: Payload) -> Rows:
    ref = _needed(text(payload, "ref"), "ref")
    commits = _objects(payload, "commits")
    row = {
        "ref": ref,
        "ref_kind": {"heads": "branch", "tags": "tag"}.get(ref.removeprefix("refs/").partition("/")[0], "other"),
        "before_sha": text(payload, "before"),
        "after_sha": text(payload, "after"),
        "commit_count": len(commits),
        "distinct_commit_count": sum(bool(truth(commit, "distinct")) for commit in commits),
        "created": truth(payload, "created"),
        "deleted": truth(payload, "deleted"),
        "forced": truth(payload, "forced"),
        "pusher": text(payload, "pusher.name"),
    }
    return (("github_pushes", row),)


def _pull_request(payload: Payload) -> Rows:
    subject = _subject(payload, "pull_request")
    row = {
        "number": _needed(whole(subject, "number"), "pull_request.number"),
        "title": text(subject, "title"),
        "state": text(subject, "state"),
        "draft": truth(subject, "draft"),
        "merged": truth(subject, "merged"),
        "author": text(subject, "user.login"),
        "base_ref": text(subject, "base.ref"),
        "head_ref": text(subject, "head.ref"),
        "created_at": instant(subject, "created_at"),
        "updated_at": instant(subject, "updated_at"),
        "closed_at": instant(subject, "closed_at"),
        "merged_at": instant(subject, "merged_at"),
        "additions": whole(subject, "additions"),
        "deletions": whole(subject, "deletions"),
        "changed_files": whole(subject, "changed_files"),
        "commit_count": whole(subject, "commits"),
    }
    return (("github_pull_requests", row),)


def _issue(payload: Payload) -> Rows:
    subject = _subject(payload, "issue")
    row = {
        "number": _needed(whole(subject, "number"), "issue.number"),
        "title": text(subject, "title"),
        "state": text(subject, "state"),
        "state_reason": text(subject, "state_reason"),
        "author": text(subject, "user.login"),
        "created_at": instant(subject, "created_at"),
        "updated_at": instant(subject, "updated_at"),
        "closed_at": instant(subject, "closed_at"),
        "comment_count": whole(subject, "comments"),
    }
    return (("github_issues", row),)


def _release(payload: Payload) -> Rows:
    subject = _subject(payload, "release")
    assets = _objects(subject, "assets")
    shared = {
        "release_id": _needed(whole(subject, "id"), "release.id"),
        "tag_name": text(subject, "tag_name"),
    }
    row = {
        **shared,
        "name": text(subject, "name"),
        "draft": truth(subject, "draft"),
        "prerelease": truth(subject, "prerelease"),
        "author": text(subject, "author.login"),
        "created_at": instant(subject, "created_at"),
        "published_at": instant(subject, "published_at"),
        "asset_count": len(assets),
    }
    return (("github_releases", row), *(("github_release_assets", {**shared, **_asset(asset)}) for asset in assets))


def _asset(asset: Payload) -> Row:
    return {
        "asset_id": _needed(whole(asset, "id"), "release.assets.id"),
        "name": text(asset, "name"),
        "content_type": text(asset, "content_type"),
        "size_bytes": whole(asset, "size"),
        "download_count": whole(asset, "download_count"),
        "created_at": instant(asset, "created_at"),
        "updated_at": instant(asset, "updated_at"),
    }


def _subject(payload: Payload, name: str) -> Payload:
    """Take the object that an event is about."""
    value = at(payload, name)
    if not isinstance(value, Mapping):
        raise SkippableRecordError(f"{name}: an object was expected")
    return value


def _objects(record: Payload, path: str) -> list[Payload]:
    """Take a list of objects; an absent one is empty."""
    found = items(record, path) or []
    if not all(isinstance(element, Mapping) for element in found):
        raise SkippableRecordError(f"{path}: a list of objects was expected")
    return found


def _needed(value: T | None, path: str) -> T:
    """Answer a value that a typed row cannot do without."""
    if value is None:
        raise SkippableRecordError(f"{path}: missing")
    return value


TYPED_ROWS: Mapping[str, Callable[[Payload], Rows]] = MappingProxyType(
    {
        "star": _star,
        "fork": _fork,
        "push": _push,
        "pull_request": _pull_request,
        "issues": _issue,
        "release": _release,
    }
)
"""By event type: ``(table name, row)`` of everything but the common columns."""
