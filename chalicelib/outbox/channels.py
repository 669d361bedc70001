"""Channels that people set up: Slack and webhooks, by name. What is secret of them is in Secrets Manager, not here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.records import Shelf, tombstone

PARTITION: Final = "channel"
MOST: Final = 100
MOST_A_MINUTE: Final = 600
NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}\Z")


class ChannelKind(StrEnum):
    """What a channel is."""

    SLACK_WEBHOOK = "slack_webhook"  # an incoming webhook: text only
    SLACK_BOT = "slack_bot"  # a bot in a Slack channel: files too, and it can be asked what it has taken
    WEBHOOK = "webhook"  # anybody's own, signed


SECRETS: Final[Mapping[ChannelKind, tuple[str, ...]]] = {
    ChannelKind.SLACK_WEBHOOK: ("url",),
    ChannelKind.SLACK_BOT: ("token",),
    ChannelKind.WEBHOOK: ("url", "signing_secret"),
}
"""The fields of each kind's secret."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel.

    Parameters
    ----------
    slack_channel
        Of a bot: the id of the Slack channel (``C…``).
    base_url
        Of a bot: another address of Slack's API; empty for Slack's own.
    a_minute
        Messages that it is sent at most.
    secret
        The name of its secret, below the deployment's prefix; another secret has another name.
    shown
        What of its secret may be shown: the host, or the end of the token.
    key, request
        Of the request that made it: its ``Idempotency-Key``'s id, and its digest.
    deleted
        Remembered for a while, so that a change by who has not seen that comes to nothing.
    """

    name: str
    kind: ChannelKind
    enabled: bool
    a_minute: int
    created_at: datetime
    created_by: str
    secret: str
    shown: str = ""
    slack_channel: str = ""
    base_url: str = ""
    changed_at: datetime | None = None
    changed_by: str = ""
    key: str = ""
    request: str = ""
    deleted: bool = False
    version: int = 0

    @property
    def updated_at(self) -> datetime:
        """When it was written last."""
        return self.changed_at or self.created_at

    @property
    def updated_by(self) -> str:
        """Who has written it last."""
        return self.changed_by or self.created_by


def secret_name(name: str, made_by: str) -> str:
    """Name a secret of a channel, below the deployment's prefix."""
    return f"channel/{name}/{made_by}"


def _to_item(channel: Channel) -> dict[str, Any]:
    return {
        **tombstone(channel.deleted, channel.updated_at),
        "deleted": channel.deleted,
        "secret": channel.secret,
        "changed_by": channel.changed_by,
        "made_by": channel.key,
        "request": channel.request,
        "kind": channel.kind.value,
        "enabled": channel.enabled,
        "a_minute": channel.a_minute,
        "shown": channel.shown,
        "slack_channel": channel.slack_channel,
        "base_url": channel.base_url,
        "created_at": channel.created_at.isoformat(),
        "created_by": channel.created_by,
        "changed_at": channel.changed_at.isoformat() if channel.changed_at else None,
    }


def _from_item(name: str, item: Mapping[str, Any]) -> Channel:
    return Channel(
        name=name,
        kind=ChannelKind(item["kind"]),
        enabled=item["enabled"],
        a_minute=item["a_minute"],
        shown=item["shown"],
        slack_channel=item["slack_channel"],
        base_url=item["base_url"],
        created_at=datetime.fromisoformat(item["created_at"]),
        created_by=item["created_by"],
        secret=item["secret"],
        changed_by=item.get("changed_by", ""),
        key=item["made_by"],
        request=item["request"],
        deleted=item["deleted"],
        changed_at=datetime.fromisoformat(item["changed_at"]) if item["changed_at"] else None,
        version=item["version"],
    )


SHELF: Final = Shelf(PARTITION, lambda channel: channel.name, _to_item, _from_item)
every, read, write = SHELF.every, SHELF.read, SHELF.write
