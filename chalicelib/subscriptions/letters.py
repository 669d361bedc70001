"""What is said of a subscription itself: to its person, that it waits for a yes; to the owner, that it fails. Pure."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Final

from chalicelib.outbox.message import OPERATORS, SITE, Kind, Message, Severity, to_subscription
from chalicelib.subscriptions.sentences import PROTOCOLS, sentences
from chalicelib.subscriptions.subscription import State, Subscription

CONFIRM: Final = "confirm"
"""The topic of requests to confirm: the only message that one who has not confirmed is sent."""
WELCOME: Final = "welcome"
"""The topic of the first message to one who has confirmed."""
TOPIC: Final = "subscriptions"
"""The topic of what operators are told about subscriptions."""
_WHY: Final = {
    State.BOUNCED: "bounces",
    State.FAILED: "failed",
    State.EXPIRED: "was never confirmed",
    State.UNSUBSCRIBED: "has ended",
}


def please_confirm(subscription: Subscription, address: str, at: datetime) -> Message:
    """Ask a person to confirm, where SNS does not ask by itself. Asked again it is another message."""
    wanted = "\n".join(f"- {line}" for line in sentences(subscription.wishes))
    text = (
        f"Somebody asked that Headwater sends messages to {subscription.address}:\n\n{wanted}\n\n"
        f"To confirm, open this address and press the button:\n{address}\n\n"
        "It is good for two days. If you do not know of this, do nothing: nothing more will come."
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in sentences(subscription.wishes))
    html = (
        f"<p>Somebody asked that Headwater sends messages to {escape(subscription.address)}:</p><ul>{items}</ul>"
        f'<p><a href="{escape(address)}">Confirm that messages may come</a></p>'
        "<p>The link is good for two days. If you do not know of this, do nothing: nothing more will come.</p>"
    )
    return Message(
        id=f"subscription/{subscription.id}/confirm/{subscription.nonce}/{subscription.asked}",
        at=at,
        kind=Kind.NOTICE,
        topic=CONFIRM,
        severity=Severity.INFO,
        subject="Please confirm: messages of Headwater",
        text=text,
        to=(to_subscription(subscription.id),),
        short=f"Headwater: confirm that messages may come to this phone: {address}",
        html=html,
        link=address,
    )


def welcome(subscription: Subscription, choose: str, end: str, at: datetime) -> Message:
    """Tell a person that messages come from now on, with the addresses that are theirs alone."""
    lines = [*sentences(subscription.wishes)]
    text = (
        "Your subscription is confirmed. You will get:\n\n"
        + "\n".join(f"- {line}" for line in lines)
        + f"\n\nChoose what you hear, without a login:\n{choose}\n\nStop all messages:\n{end}\n\n"
        "These addresses are yours: whoever has them can do the same."
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    html = (
        f"<p>Your subscription is confirmed. You will get:</p><ul>{items}</ul>"
        f'<p><a href="{escape(choose)}">Choose what you hear</a> · <a href="{escape(end)}">Stop all messages</a></p>'
        "<p>These links are yours: whoever has them can do the same.</p>"
    )
    return Message(
        id=f"subscription/{subscription.id}/welcome/{subscription.nonce}",
        at=at,
        kind=Kind.NOTICE,
        topic=WELCOME,
        severity=Severity.INFO,
        subject="You are subscribed: messages of Headwater",
        text=text,
        to=(to_subscription(subscription.id),),
        html=html,
        link=choose,
        unsubscribe=end,
    )


def for_owner(subscription: Subscription, ended: State, reason: str, at: datetime) -> Message:
    """Tell the operators that somebody is not reached, once for each time that the subscription was set up.

    ``subscription`` is as it stood before.
    """
    how, why = PROTOCOLS[subscription.protocol], _WHY[ended]
    return Message(
        id=f"subscription/{subscription.id}/{ended.value}/{subscription.nonce}",
        at=at,
        kind=Kind.NOTICE,
        topic=TOPIC,
        severity=Severity.INFO if ended in (State.EXPIRED, State.UNSUBSCRIBED) else Severity.WARNING,
        subject=f"[Headwater] A subscription {why}: {subscription.address}",
        text=(
            f"The subscription of {subscription.address} by {how} {why}: {reason}\n\n"
            f"It was made by {subscription.created_by}. Nothing is sent to it any more.\n\n"
            "What to do: ask the person whether they still want messages. If so, make it anew "
            "(POST /v1/subscriptions), and they confirm. For 90 days it stays in the list "
            f"(GET /v1/subscriptions/{subscription.id}).\n"
            f"Runbook: {SITE}/runbooks/subscription-bounced.html"
        ),
        to=(OPERATORS,),
        link=f"{SITE}/api/docs#get_subscription",
    )
