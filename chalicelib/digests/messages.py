"""A digest as the message to one subscriber, and what operators are told of one that cannot be made. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from chalicelib.digests import digest as says
from chalicelib.digests.digest import Digest, Links
from chalicelib.digests.html import html
from chalicelib.digests.text import text
from chalicelib.outbox import sharing
from chalicelib.outbox.message import OPERATORS, SITE, Kind, Message, Severity, to_subscription
from chalicelib.subscriptions.addresses import preferences_address, unsubscribe_address
from chalicelib.subscriptions.subscription import DigestWish, Protocol, Subscription

KEPT: Final = timedelta(days=400)
"""How long the file of a digest can be had, which is as long as the bucket keeps it."""
TOPIC: Final = "digest"
_RUNBOOK: Final = f"{SITE}/runbooks/digest-failed.html"


def file_key(digest: Digest, wish: DigestWish) -> str:
    """Name the file of a digest: one for all who wished for the same."""
    last = (digest.period.end - timedelta(microseconds=1)).astimezone(digest.period.zone).date()
    said = "\n".join((wish.zone, *wish.metrics, *(day.isoformat() for day in digest.missed)))
    return f"digests/{last}/{wish.cadence.value}-{hashlib.sha256(said.encode()).hexdigest()[:24]}.pdf"


def file_name(digest: Digest) -> str:
    """Name the file for people.

    >>> from datetime import date
    >>> from zoneinfo import ZoneInfo
    >>> from chalicelib.digests.periods import period
    >>> from chalicelib.subscriptions.subscription import Cadence
    >>> file_name(Digest(period(Cadence.DAILY, date(2026, 11, 26), ZoneInfo("UTC")), ()))
    'headwater-daily-2026-11-25.pdf'
    """
    period = digest.period
    return f"headwater-{period.cadence.value}-{period.start.astimezone(period.zone):%Y-%m-%d}.pdf"


def dashboard(digest: Digest) -> str:
    """Answer where the buckets of a digest are seen.

    >>> from datetime import date
    >>> from zoneinfo import ZoneInfo
    >>> from chalicelib.digests.periods import period
    >>> from chalicelib.subscriptions.subscription import Cadence
    >>> dashboard(Digest(period(Cadence.DAILY, date(2026, 11, 26), ZoneInfo("Etc/GMT+5")), ())).removeprefix(SITE)
    '/?from=2026-11-12&to=2026-11-26&tz=Etc/GMT%2B5'
    """
    period = digest.period
    first, end = (at.astimezone(period.zone).date() for at in (period.bounds[0], period.end))
    return f"{SITE}/?{urlencode({'from': first, 'to': end, 'tz': period.zone.key}, safe='/')}"


def message(subscription: Subscription, digest: Digest, message_id: str, at: datetime, key: bytes, pdf: str) -> Message:
    """Write the message of a digest.

    Parameters
    ----------
    at
        When it was due (UTC): its links are good from then on.
    key
        Of signed links.
    pdf
        The object of its file, empty where there is none.
    """
    unsubscribe = unsubscribe_address(key, subscription, at)
    links = Links(
        dashboard(digest),
        sharing.address(key, pdf, file_name(digest), at + KEPT) if pdf else "",
        preferences_address(key, subscription, at),
        unsubscribe,
    )
    return Message(
        id=message_id,
        at=at,
        kind=Kind.DIGEST,
        topic=TOPIC,
        severity=Severity.INFO,
        subject=says.subject(digest),
        text=text(digest, links),
        to=(to_subscription(subscription.id),),
        short=says.short(digest),
        html=html(digest, links) if subscription.protocol is Protocol.HTML_EMAIL else "",
        link=links.dashboard,
        unsubscribe=unsubscribe,
    )


def failure(subscription_id: str, message_id: str, at: datetime, why: str) -> Message:
    """Write what operators are told of a digest that cannot be made: once for each."""
    lines = (
        f"A digest of the subscription {subscription_id} could not be made:",
        "",
        f"    {why[:500]}",
        "",
        "It is tried again every five minutes, and given up when the next one is near; the others are sent.",
        f"What to do: {_RUNBOOK}",
    )
    return Message(
        id=f"{message_id}/failed",
        at=at,
        kind=Kind.NOTICE,
        topic=TOPIC,
        severity=Severity.WARNING,
        subject="[Headwater] A digest could not be made",
        text="\n".join(lines),
        to=(OPERATORS,),
        link=_RUNBOOK,
    )
