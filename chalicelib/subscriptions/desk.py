"""What can be done with a subscription: asked for, confirmed, changed, ended.

The state is written first, then SNS is told; what SNS has not heard stays visible in the state (``arn``, ``filtered``),
and :mod:`chalicelib.subscriptions.sync` tells it again. So a process may die anywhere in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.domain.topics import Topic
from chalicelib.errors import HeadwaterError, RequestError, StoreUnavailable, SubscriptionRefused
from chalicelib.outbox.message import Teller
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.addresses import CONFIRM_WITHIN, confirm_address, preferences_address, unsubscribe_address
from chalicelib.subscriptions.letters import please_confirm, welcome
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes
from chalicelib.subscriptions.words import mark, policy

MOST_ASKED: Final = 3
"""Requests to confirm that an address gets within :data:`CONFIRM_WITHIN`, whoever asks for them."""
MOST_PENDING: Final = 100
"""Subscriptions that may wait for their confirmation at once: strangers are not written to in bulk."""
_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for. ``anew``: also where the address has bounced before."""

    protocol: Protocol
    address: str
    wishes: Wishes
    by: str
    request: str = ""
    anew: bool = False


@dataclass(frozen=True)
class Desk:
    """Subscriptions over the state, SNS and the outbox. Every method raises ``StoreUnavailable``."""

    state: StateStore
    topic: Topic
    teller: Teller
    clock: Clock
    key: Callable[[], bytes]
    new_nonce: Callable[[], str]

    def ask(self, wanted: Wanted) -> Subscription:
        """Set a subscription up, to wait for its person's yes; one that waits already is asked again.

        Raises
        ------
        RequestError
            409 where it stands, or where there are too many; 422 where SNS refuses it; 429 where it was asked often.
        """
        name = kept.id_of(wanted.protocol, wanted.address)
        for _ in range(_TRIES):
            standing = kept.read(self.state, name)
            self._require_room(standing)
            begun = begin(name, wanted, standing, self.clock(), self.new_nonce)
            if standing is not None and not standing.state.stands and (arn := self._arn(standing)):
                self.topic.unsubscribe(arn)  # else the yes of before would count for what is asked for now
            if (written := kept.write(self.state, begun)) is not None:
                return self.set_up(written)
        raise RequestError("Others asked for this subscription at the same time; try again.", status=409)

    def set_up(self, one: Subscription) -> Subscription:
        """Tell SNS of one that waits, and have the person asked. Doing it again does no harm.

        Raises ``RequestError`` 422 where SNS refuses it for good, which is written down.
        """
        if one.protocol is not Protocol.HTML_EMAIL:
            try:
                one = self.enrol(one)
            except SubscriptionRefused as error:
                self._changed(one, state=State.FAILED, reason=str(error), changed_at=self.clock(), changed_by="")
                raise RequestError(str(error), status=422) from error
        if one.protocol is not Protocol.EMAIL:  # that one SNS asks itself
            asked_at = one.asked_at or one.created_at
            address = confirm_address(self.key(), one, asked_at)
            self.teller.put(please_confirm(one, address, asked_at))
        return one

    def enrol(self, one: Subscription) -> Subscription:
        """Tell SNS of one. Raises ``SubscriptionRefused``."""
        enrolled = self.topic.subscribe(one.protocol.value, one.address, policy(one))
        return self._changed(one, arn=enrolled.arn, filtered=mark(one) if enrolled.filtered else "")

    def confirm(self, one: Subscription) -> Subscription | None:
        """Confirm one that waits; None when somebody was faster."""
        now = self.clock()
        told = self._told(kept.write(self.state, replace(confirmed(one, now), nonce=self.new_nonce())))
        try:
            return None if told is None else self.welcome(told)
        except HeadwaterError:
            return told  # the yes counts; the first message is put out at the next look

    def welcome(self, one: Subscription) -> Subscription:
        """Have the person told where they can choose and end by themselves, once each time that they confirm.

        Not by SMS: two long addresses cost more than they are worth, and a phone can answer STOP.
        """
        if one.welcomed or one.protocol is Protocol.SMS or one.state is not State.CONFIRMED:
            return one
        at = one.confirmed_at or one.created_at
        make = (preferences_address, unsubscribe_address)
        choose, end = (address(self.key(), one, at) for address in make)
        self.teller.put(welcome(one, choose, end, at))
        return self._changed(one, welcomed=True)

    def choose(self, one: Subscription, wishes: Wishes, by: str | None = None) -> Subscription | None:
        """Change what one wants to hear; None when somebody was faster.

        ``by`` is whoever does; None is its person, by a link, which acts once.
        """
        chosen = one.chosen + 1 if by is None else one.chosen
        who = one.address if by is None else by
        changed = replace(one, wishes=wishes, chosen=chosen, changed_at=self.clock(), changed_by=who)
        return self._told(kept.write(self.state, changed))

    def end(
        self, one: Subscription, state: State = State.UNSUBSCRIBED, reason: str = "", by: str = ""
    ) -> Subscription | None:
        """End one; None when somebody was faster. Links of before act no more. ``by`` is empty where SNS says so."""
        unheard = not one.arn and one.protocol is not Protocol.HTML_EMAIL
        now, nonce = self.clock(), self.new_nonce()
        changed = replace(one, changed_at=now, changed_by=by)
        ended = replace(changed, state=state, reason=reason, nonce=nonce, unheard=unheard)
        written = kept.write(self.state, ended)
        if written is None or not written.arn:
            return written
        try:
            self.topic.unsubscribe(written.arn)
        except (StoreUnavailable, SubscriptionRefused):
            return written  # it has its ARN still: SNS is told again
        return self._changed(written, arn="", filtered="")

    def told(self, one: Subscription) -> Subscription:
        """Have SNS filter as one wishes, where it does not yet. Raises ``SubscriptionRefused``."""
        if not one.arn or not one.state.stands or one.filtered == mark(one):
            return one
        self.topic.filter(one.arn, policy(one))
        return self._changed(one, filtered=mark(one))

    def _arn(self, one: Subscription) -> str:
        """Answer the ARN of one that has ended, asked of SNS where its answer was lost; empty where it has none."""
        if one.arn or not one.unheard:
            return one.arn
        try:
            return self.topic.subscribe(one.protocol.value, one.address, policy(one)).arn
        except SubscriptionRefused:
            return ""

    def _told(self, one: Subscription | None) -> Subscription | None:
        try:
            return None if one is None else self.told(one)
        except (StoreUnavailable, SubscriptionRefused):
            return one  # its mark says that SNS is to be told again

    def _changed(self, one: Subscription, **what: object) -> Subscription:
        """Write what SNS has said; where somebody was faster theirs stands, and what is missing is done again."""
        changed = replace(one, **what)  # type: ignore[arg-type]
        return kept.write(self.state, changed) or kept.read(self.state, one.id) or changed

    def _require_room(self, standing: Subscription | None) -> None:
        if standing is not None and standing.state.stands:
            return
        states = [one.state for one in kept.every(self.state) if one.state.stands]
        if len(states) >= kept.MOST:
            raise RequestError(f"There are {kept.MOST:,} subscriptions, and no more are kept: end one.", status=409)
        if states.count(State.PENDING) >= MOST_PENDING:
            detail = f"{MOST_PENDING} subscriptions wait for their confirmation: try again when some are confirmed."
            raise RequestError(detail, status=409)


def confirmed(one: Subscription, now: datetime) -> Subscription:
    """Answer a subscription as its person has said yes to it. Pure."""
    return replace(one, state=State.CONFIRMED, confirmed_at=now, changed_at=now, changed_by=one.address)


def begin(
    name: str, wanted: Wanted, standing: Subscription | None, now: datetime, new_nonce: Callable[[], str]
) -> Subscription:
    """Answer a subscription as it begins to wait. Raises ``RequestError`` 409, 429. Pure."""
    if standing is not None and standing.state is State.CONFIRMED:
        detail = f"This address has a subscription already: change it (PATCH /v1/subscriptions/{name})."
        raise RequestError(detail, status=409)
    if standing is not None and standing.state is State.BOUNCED and not wanted.anew:
        raise RequestError(f"Messages to this address came back: {standing.reason} Ask an administrator.", status=409)
    return Subscription(
        id=name,
        protocol=wanted.protocol,
        address=wanted.address,
        wishes=wanted.wishes,
        state=State.PENDING,
        created_at=now,
        created_by=wanted.by,
        nonce=new_nonce(),
        request=wanted.request,
        asked=_asked(standing, now),
        asked_at=now,
        version=0 if standing is None else standing.version,
    )


def _asked(standing: Subscription | None, now: datetime) -> int:
    """Count one more request to confirm. Raises ``RequestError`` 429 with the seconds until it may be made."""
    if standing is None or standing.asked_at is None or now - standing.asked_at >= CONFIRM_WITHIN:
        return 1
    if standing.state is State.PENDING and not standing.arn and standing.protocol is not Protocol.HTML_EMAIL:
        return standing.asked  # SNS has not heard of it: nobody was asked
    if standing.asked >= MOST_ASKED:
        wait = -int(-(standing.asked_at + CONFIRM_WITHIN - now) // timedelta(seconds=1))
        detail = f"This address was asked {MOST_ASKED} times to confirm: it can be asked again in {wait // 3600 + 1} h."
        raise RequestError(detail, status=429, headers={"Retry-After": str(wait)})
    return standing.asked + 1
