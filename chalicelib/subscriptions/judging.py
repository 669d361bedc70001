"""What has become of a subscription, by what AWS says of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.topics import There
from chalicelib.subscriptions.addresses import CONFIRM_WITHIN
from chalicelib.subscriptions.subscription import Protocol, State, Subscription
from chalicelib.subscriptions.words import mark

SETTLES: Final = timedelta(minutes=10)
"""How long SNS's list may lag behind what SNS has said: a subscription that is younger and not in it is not gone."""
GRACE: Final = timedelta(hours=1)
"""After :data:`CONFIRM_WITHIN`: a yes of the last minute is not overlooked."""
PAUSED: Final = (
    "SNS has paused it and waits for a new confirmation, as it does where more than 10 mails a second come "
    "(https://repost.aws/knowledge-center/sns-email-subscription-disabled)."
)
_AT_SNS: Final = "It was ended at SNS: by the link in a mail, or by hand."
_SUPPRESSED: Final = {
    "BOUNCE": (
        "There is no such mailbox: its mail came back, and SES sends it nothing any more. If it is there again, take "
        "it off SES's suppression list first."
    ),
    "COMPLAINT": "Its owner has called a mail spam, and SES sends it nothing any more.",
}
_NEVER: Final = "Nobody has pressed the button within two days."
_ABOUT_TO: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a subscription has to become. ``silent``: nobody needs to be told."""

    state: State
    reason: str = ""
    silent: bool = False
    arn: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What AWS says of people.

    Parameters
    ----------
    listed
        All that SNS has, by protocol and address in small letters.
    opted_out
        Phone numbers whose owners have answered STOP.
    suppressed
        Addresses, in small letters, that SES sends nothing any more, each with its reason.
    """

    listed: Mapping[tuple[str, str], There]
    opted_out: frozenset[str] = frozenset()
    suppressed: Mapping[str, str] = field(default_factory=dict)

    def at_sns(self, one: Subscription) -> There | None:
        """Answer a subscription as SNS has it."""
        return self.listed.get((one.protocol.value, one.address.lower()))


def judge(one: Subscription, seen: Seen, now: datetime) -> Verdict | None:
    """Answer what has become of a subscription that stands, None where it is as it was. Pure."""
    if one.protocol is Protocol.SMS and one.address in seen.opted_out:
        return Verdict(State.UNSUBSCRIBED, "The phone's owner has answered STOP, and SNS sends it nothing.")
    if one.protocol is Protocol.HTML_EMAIL and (why := seen.suppressed.get(one.address.lower())):
        return Verdict(State.BOUNCED, _SUPPRESSED.get(why, why))
    if one.state is State.PENDING:
        asked = one.asked_at or one.created_at
        there = seen.at_sns(one)
        if one.protocol is Protocol.EMAIL and there is not None and there.arn:
            return Verdict(State.CONFIRMED, silent=True, arn=there.arn)
        return Verdict(State.EXPIRED, _NEVER) if now - asked > CONFIRM_WITHIN + GRACE else None
    if one.protocol is Protocol.HTML_EMAIL or not one.arn or now - (one.confirmed_at or one.created_at) < SETTLES:
        return None
    there = seen.at_sns(one)
    if there is None:
        return Verdict(State.UNSUBSCRIBED, _AT_SNS, silent=True)
    return None if there.arn else Verdict(State.FAILED, PAUSED)


def needs(one: Subscription, now: datetime) -> bool:
    """Answer whether a subscription is to be looked at before the hour is over."""
    if not one.state.stands:
        return bool(one.arn) or one.unheard
    if may_be_filtered(one) and one.filtered != mark(one):
        return True
    if one.state is State.CONFIRMED and one.protocol is not Protocol.SMS and not one.welcomed:
        return True
    if one.state is not State.PENDING:
        return one.protocol is Protocol.SMS and not one.arn
    return one.protocol is Protocol.EMAIL or not one.arn or now - (one.asked_at or one.created_at) > CONFIRM_WITHIN


def may_be_filtered(one: Subscription) -> bool:
    """Whether SNS takes another filter policy: of mail that waits it keeps the one that it was subscribed with."""
    held_back = one.protocol is Protocol.EMAIL and one.state is State.PENDING
    return bool(one.arn) and one.protocol is not Protocol.HTML_EMAIL and not held_back


def unknown_at_sns(one: Subscription, seen: Seen, now: datetime) -> bool:
    """Whether SNS does not know one that waits, and nobody is about to tell it."""
    waited = now - (one.asked_at or one.created_at)
    if one.protocol is Protocol.HTML_EMAIL:
        return False
    lost = one.protocol is Protocol.SMS and seen.at_sns(one) is None
    return (not one.arn and waited > _ABOUT_TO) or (lost and waited > SETTLES)
