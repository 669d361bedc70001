"""A subscription, as data: whose, over what, of what, and how it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.outbox.audience import ANY_TOPIC
from chalicelib.outbox.message import Severity


class Protocol(StrEnum):
    """How messages come."""

    EMAIL = "email"  # SNS: plain text
    SMS = "sms"  # SNS
    HTML_EMAIL = "html_email"  # SES, where the deployment has a sender's address


class State(StrEnum):
    """How a subscription stands. Only a confirmed one is sent anything."""

    PENDING = "pending"  # waits for the person's own confirmation
    CONFIRMED = "confirmed"
    EXPIRED = "expired"  # was never confirmed
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"  # the address does not exist or complains
    FAILED = "failed"  # could not be set up

    @property
    def stands(self) -> bool:
        """Whether it is there, or may yet be; others are only remembered."""
        return self in (State.PENDING, State.CONFIRMED)


class Cadence(StrEnum):
    """How often a digest comes."""

    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class DigestWish:
    """The digest that a subscriber wants.

    Parameters
    ----------
    hour
        Of the local day, 0 to 23: when it is sent.
    weekday
        1 (Monday) to 7: of a weekly one.
    zone
        IANA name, in whose days and weeks it counts.
    metrics
        Names, in the order in which they are told.
    """

    cadence: Cadence
    hour: int
    zone: str
    metrics: tuple[str, ...]
    weekday: int = 1


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a subscriber wants to hear.

    ``alerts`` are topics of rules, ``incidents`` topics of incidents (sources), ``reports`` names; ``("*",)`` is all,
    nothing is none. ``least`` is the least severity of alerts and incidents.
    """

    alerts: tuple[str, ...] = (ANY_TOPIC,)
    incidents: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    least: Severity = Severity.INFO
    digest: DigestWish | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription.

    Parameters
    ----------
    address
        An e-mail address, or a phone number in E.164.
    arn
        SNS's, once it has one.
    nonce
        Changes whenever a subscription begins or ends, so that no link that begins or ends it acts twice.
    chosen
        How often a link to the preferences has acted; such a link is good for one of these, and leaves the other links
        of the same message as good as they were.
    reason
        Of one that bounced or failed: why, for people.
    filtered
        Marks the filter policy that SNS has (:func:`chalicelib.subscriptions.words.mark`); empty before it has one.
    request
        Names the request that it was last set up by, and a digest of it: another try is the same request.
    welcomed
        The message with the links of its own was put into the outbox.
    unheard
        It ended before SNS had answered: SNS may have it, with a yes, and nobody knows its ARN yet.
    changed_at, changed_by
        When it was changed last, but for what SNS has heard of it, and by whom: a token's name, or the address itself
        where its person did. Empty where nobody did (SNS says that an address bounces).
    asked, asked_at
        How often the person was asked to confirm since it was last set up, and when the last time was.
    """

    id: str
    protocol: Protocol
    address: str
    wishes: Wishes
    state: State
    created_at: datetime
    created_by: str
    nonce: str
    confirmed_at: datetime | None = None
    changed_at: datetime | None = None
    changed_by: str = ""
    arn: str = ""
    reason: str = ""
    filtered: str = ""
    request: str = ""
    chosen: int = 0
    welcomed: bool = False
    unheard: bool = False
    asked: int = 0
    asked_at: datetime | None = None
    version: int = 0

    @property
    def updated_at(self) -> datetime:
        """When it was changed last, or asked for."""
        return self.changed_at or self.created_at

    @property
    def updated_by(self) -> str:
        """Who has changed it last, or asked for it; empty where nobody did."""
        return self.created_by if self.changed_at is None else self.changed_by
