"""One message on its way to one destination: what may happen to it, as values. Pure.

::

    pending --claim--> sending --taken----> sent
       ^                 |  |---refused---> pending (later) or dead
       |                 |  |---nobody----> dropped
       |                 v  '---unknown---> unsure --claim--> sending, in doubt
       '--redrive-- dead

Whoever sends claims first, by a conditional write. A claim that is older than any sender can live is a dead sender's:
whether the message was taken is unknown, and the next attempt is made in doubt (:attr:`Delivery.doubtful`): the way
first looks whether the one before it was taken, where it can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

CLAIM: Final = timedelta(minutes=3)
"""Longer than any sender can live, and a receipt can be on its way."""
GIVE_UP: Final = timedelta(hours=24)
"""After the first attempt: what nobody took for so long is dead, and people are told over another channel."""
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 15, 30))
MOST_REASON: Final = 500


class Step(StrEnum):
    """How far a delivery is."""

    PENDING = "pending"
    SENDING = "sending"
    UNSURE = "unsure"  # sent, and no answer came: taken or not
    SENT = "sent"
    DEAD = "dead"  # given up; can be redriven
    DROPPED = "dropped"  # there is nobody any more to send it to


FINAL: Final = frozenset({Step.SENT, Step.DEAD, Step.DROPPED})


@dataclass(frozen=True, slots=True)
class Delivery:
    """One destination's.

    Parameters
    ----------
    attempt
        Names the attempt that claims it.
    doubtful
        An attempt before may have been taken.
    begun_at
        When it was first attempted.
    next_try
        Not before then.
    provider_id
        The taker's own id of it.
    """

    to: str
    step: Step = Step.PENDING
    attempts: int = 0
    doubtful: bool = False
    attempt: str = ""
    begun_at: datetime | None = None
    claimed_at: datetime | None = None
    next_try: datetime | None = None
    sent_at: datetime | None = None
    reason: str = ""
    provider_id: str = ""

    @property
    def final(self) -> bool:
        """Tell whether nothing is left to be done."""
        return self.step in FINAL

    def due_at(self, claim: timedelta = CLAIM) -> datetime | None:
        """Answer from when on something is to be done; None for at once. Ask only what is not final."""
        if self.step is Step.SENDING and self.claimed_at is not None:
            return self.claimed_at + claim
        return self.next_try

    def due(self, now: datetime, claim: timedelta = CLAIM) -> bool:
        """Tell whether a sender may claim it now."""
        at = self.due_at(claim)
        return not self.final and (at is None or at <= now)


@dataclass(frozen=True, slots=True)
class Taken:
    """The other side has it."""

    provider_id: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side has it not, surely.

    Parameters
    ----------
    retry_after
        How long it asks us to wait.
    for_good
        This message will never be taken: trying again does not help.
    call_a_person
        The channel is set up wrongly; it is tried on, and people are told at once.
    """

    reason: str
    retry_after: timedelta | None = None
    for_good: bool = False
    call_a_person: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer: it was taken, or it was not."""

    reason: str


@dataclass(frozen=True, slots=True)
class Nobody:
    """There is nobody any more whom it could be sent to."""

    reason: str


Outcome = Taken | Refused | Unknown | Nobody


def claimed(delivery: Delivery, attempt: str, now: datetime) -> Delivery:
    """Claim a delivery that is due."""
    return replace(
        delivery,
        step=Step.SENDING,
        attempts=delivery.attempts + 1,
        attempt=attempt,
        doubtful=delivery.doubtful or delivery.step in (Step.SENDING, Step.UNSURE),
        begun_at=delivery.begun_at or now,
        claimed_at=now,
        next_try=None,
    )


def settled(delivery: Delivery, outcome: Outcome, now: datetime, claim: timedelta = CLAIM) -> Delivery:
    """Write down how an attempt ended.

    What is unknown is looked at again when the claim is over: until then a receipt may come.
    """
    begun = delivery.begun_at or now
    match outcome:
        case Taken(provider_id):
            return _ended(delivery, Step.SENT, "", provider_id=provider_id, sent_at=now)
        case Nobody(reason):
            return _ended(delivery, Step.DROPPED, reason)
        case Refused(reason, retry_after, for_good, _):
            if for_good or now - begun >= GIVE_UP:
                return _ended(delivery, Step.DEAD, reason)
            wait = max(_backoff(delivery.attempts), retry_after or timedelta(0))
            # Doubt stays: an attempt before may have been taken though this one was not.
            later = replace(delivery, step=Step.PENDING, reason=reason[:MOST_REASON])
            return replace(later, attempt="", claimed_at=None, next_try=now + min(wait, GIVE_UP))
        case Unknown(reason):
            if now - begun >= GIVE_UP:
                doubtful = replace(delivery, doubtful=True)
                return _ended(doubtful, Step.DEAD, f"It may have been taken: {reason}")
            wait = max(_backoff(delivery.attempts), claim) if delivery.attempts else claim
            return replace(delivery, step=Step.UNSURE, reason=reason[:MOST_REASON], next_try=now + wait)


def received(delivery: Delivery, provider_id: str, now: datetime) -> Delivery:
    """Write down that the other side says itself that it has the message, however our side stands."""
    if delivery.step is Step.SENT:
        return delivery
    return _ended(delivery, Step.SENT, "", provider_id=provider_id, sent_at=now)


def redriven(delivery: Delivery) -> Delivery:
    """Begin anew with one that was given up; others stay as they are."""
    if delivery.step is not Step.DEAD:
        return delivery
    return replace(delivery, step=Step.PENDING, attempts=0, begun_at=None, next_try=None)


def _ended(
    delivery: Delivery, step: Step, reason: str, *, provider_id: str = "", sent_at: datetime | None = None
) -> Delivery:
    return replace(
        delivery,
        step=step,
        reason=reason[:MOST_REASON],
        provider_id=provider_id or delivery.provider_id,
        sent_at=sent_at,
        claimed_at=None,
        next_try=None,
        attempt="",
    )


def _backoff(attempts: int) -> timedelta:
    """Answer 1, 2, 4, 8, 15, then 30 minutes.

    >>> [int(_backoff(attempts).total_seconds() // 60) for attempts in (1, 2, 3, 4, 5, 6, 60)]
    [1, 2, 4, 8, 15, 30, 30]
    """
    return _WAITS[min(max(attempts, 1), len(_WAITS)) - 1]
