"""GitHub's webhooks: every event is kept whole, and those that are counted become typed rows as well.

An item's attributes are ``event`` (``X-GitHub-Event``) and ``delivery`` (``X-GitHub-Delivery``). The signature was
verified before the item reached the inbox (:mod:`chalicelib.sources.github_signature`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from chalicelib.errors import SkippableRecordError
from chalicelib.sources import keys
from chalicelib.sources.base import Accepted, Item, Record, Rejected, Row, Table
from chalicelib.sources.github_rows import TYPED_ROWS
from chalicelib.sources.github_tables import TABLES
from chalicelib.sources.json_fields import instant, read_object, text

EVENT = re.compile(r"[a-z0-9_]{1,64}")
"""What the name of an event looks like; the endpoint that takes webhooks refuses others."""

_MOMENTS: Mapping[str, tuple[str, ...]] = {
    "check_run": ("check_run.completed_at", "check_run.started_at"),
    "check_suite": ("check_suite.updated_at",),
    "code_scanning_alert": ("alert.fixed_at", "alert.dismissed_at", "alert.updated_at", "alert.created_at"),
    "commit_comment": ("comment.updated_at",),
    "dependabot_alert": ("alert.updated_at",),
    "deploy_key": ("key.created_at",),
    "deployment": ("deployment.updated_at",),
    "deployment_status": ("deployment_status.updated_at",),
    "discussion": ("discussion.updated_at",),
    "discussion_comment": ("comment.updated_at",),
    "fork": ("forkee.created_at",),
    "issue_comment": ("comment.updated_at",),
    "issues": ("issue.updated_at",),
    "marketplace_purchase": ("effective_date",),
    "milestone": ("milestone.updated_at",),
    "package": ("package.updated_at",),
    "page_build": ("build.updated_at",),
    "project": ("project.updated_at",),
    "project_card": ("project_card.updated_at",),
    "project_column": ("project_column.updated_at",),
    "projects_v2_item": ("projects_v2_item.updated_at",),
    "pull_request": ("pull_request.updated_at",),
    "pull_request_review": ("review.submitted_at",),
    "pull_request_review_comment": ("comment.updated_at",),
    "push": ("repository.pushed_at",),
    "release": ("release.updated_at", "release.published_at", "release.created_at"),
    "security_advisory": ("security_advisory.updated_at",),
    "sponsorship": ("sponsorship.created_at",),
    "star": ("starred_at", "repository.updated_at"),
    "status": ("updated_at",),
    "watch": ("repository.updated_at",),
    "workflow_job": ("workflow_job.completed_at", "workflow_job.started_at"),
    "workflow_run": ("workflow_run.updated_at",),
}
"""Where an event's payload says when it happened, best first; a star, given or taken back, changes its repository's
``updated_at``. No path for what says nothing of the moment itself."""

_NOT_THE_MOMENT = frozenset({"deleted", "unpublished"})
"""Actions whose subject's instants are older than the action: we know only when it reached us."""


class GithubWebhooks:
    """An arriving source; one item is one delivery."""

    name: ClassVar[str] = "github_webhooks"
    title: ClassVar[str] = "GitHub webhooks"
    tables: ClassVar[tuple[Table, ...]] = TABLES
    lateness: ClassVar[timedelta] = timedelta(minutes=5)
    heartbeat: ClassVar[timedelta] = timedelta(minutes=15)
    keys: ClassVar[tuple[keys.Key, ...]] = (
        keys.Key("base_url", keys.url, "the root of GitHub's REST API", "https://api.github.com"),
        keys.Key(
            "hooks",
            keys.table_of(keys.repository, keys.positive),
            "repositories with the id of their webhook, whose failed deliveries are asked for again",
            {},
        ),
        keys.silent_after(168),
    )

    def parse(self, item: Item, config: Mapping[str, Any]) -> Iterator[Record]:  # noqa: ARG002 - the protocol
        """Read one delivery: one outcome."""
        try:
            yield _accept(item)
        except SkippableRecordError as error:
            yield Rejected.of_body(str(error), "body", item.body)


def _accept(item: Item) -> Accepted:
    """Turn a delivery into the rows of all its tables."""
    event = item.attributes.get("event", "")
    if not EVENT.fullmatch(event):
        raise SkippableRecordError("X-GitHub-Event: the name of an event was expected")
    payload = read_object(item.body)
    digest = hashlib.sha256(item.body).hexdigest()
    occurred_at, found = occurred(event, payload, item.received_at)
    common: Row = {
        "event_id": f"{event}-{digest}",
        "occurred_at": occurred_at,
        "received_at": item.received_at,
        "repository": text(payload, "repository.full_name"),
        "action": text(payload, "action"),
        "sender": text(payload, "sender.login"),
    }
    whole = {
        "delivery_id": item.attributes.get("delivery"),
        "event": event,
        "occurred_at_source": found,
        "payload": item.body.decode(),
    }
    typed = TYPED_ROWS.get(event)
    rows = [("github_events", {**common, **whole})]
    rows += [(table, {**common, **row}) for table, row in (typed(payload) if typed else ())]
    return Accepted(f"{event}-{digest}", digest, tuple(rows))


def occurred(event: str, payload: Mapping[str, Any], received_at: datetime) -> tuple[datetime, str]:
    """Answer when an event happened, and where that was found.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 22, tzinfo=UTC)
    >>> occurred("star", {"action": "created", "starred_at": "2026-11-21T23:59:58Z"}, at)[1]
    'starred_at'
    >>> occurred("issues", {"action": "deleted", "issue": {"updated_at": "2026-11-21T23:59:58Z"}}, at)[1]
    'received_at'
    """
    if event == "star" or text(payload, "action") not in _NOT_THE_MOMENT:
        for path in _MOMENTS.get(event, ()):
            if moment := instant(payload, path):
                return moment, path
    return received_at, "received_at"
