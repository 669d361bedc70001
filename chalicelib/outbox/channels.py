"""Channels that people set up: Slack and webhooks, by name. What is secret of them is in Secrets Manager, not here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from chalicelib.domain.state import StateStore, wrote

PARTITION: Final = "channel"
MOST: Final = 100
MOST_A_MINUTE: Final = 600
_REMEMBERED: Final = timedelta(days=7)
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
    made_by, request
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
    made_by: str = ""
    request: str = ""
    deleted: bool = False
    version: int = 0


def secret_name(name: str, made_by: str) -> str:
    """Name a secret of a channel, below the deployment's prefix."""
    return f"channel/{name}/{made_by}"


def read(state: StateStore, name: str) -> Channel | None:
    """Read one, or None; one that was deleted may be there still. Raises ``StoreUnavailable``."""
    item = state.get(PARTITION, name)
    return None if item is None else _from_item(name, item)


def every(state: StateStore) -> Iterator[Channel]:
    """Read all that there are, by name. Raises ``StoreUnavailable``."""
    found = (_from_item(item["sk"], item) for item in state.query(PARTITION))
    return (channel for channel in found if not channel.deleted)


def write(state: StateStore, channel: Channel) -> Channel | None:
    """Write one as it has become, or for the first time; None when somebody else wrote first.

    Raises ``StoreUnavailable``.
    """
    won = wrote(state, PARTITION, channel.name, _to_item(channel), expected_version=channel.version or None)
    return replace(channel, version=channel.version + 1) if won else None


def _to_item(channel: Channel) -> dict[str, Any]:
    forgotten = {"expires_at": int(((channel.changed_at or channel.created_at) + _REMEMBERED).timestamp())}
    return {
        **(forgotten if channel.deleted else {}),
        "deleted": channel.deleted,
        "secret": channel.secret,
        "made_by": channel.made_by,
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
        made_by=item["made_by"],
        request=item["request"],
        deleted=item["deleted"],
        changed_at=datetime.fromisoformat(item["changed_at"]) if item["changed_at"] else None,
        version=item["version"],
    )
