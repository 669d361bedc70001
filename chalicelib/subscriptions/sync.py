"""What has become of subscriptions at SNS: who has confirmed, who has ended it there, who is not reached any more.

SNS tells nobody; it is asked. Every minute while something waits, else once an hour, by one list of the whole topic
(100 subscriptions a call). Whatever is found is told to the operators before it is written down, under an id that is
the same whenever it is found: they hear of it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.state import StateStore, wrote
from chalicelib.domain.topics import There
from chalicelib.errors import HeadwaterError, RequestError
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.addresses import CONFIRM_WITHIN
from chalicelib.subscriptions.desk import Desk
from chalicelib.subscriptions.letters import for_owner
from chalicelib.subscriptions.subscription import Protocol, State, Subscription
from chalicelib.subscriptions.words import mark

PK: Final = "subscription_sync"
WHOLE_EVERY: Final = timedelta(hours=1)
SETTLES: Final = timedelta(minutes=10)
"""How long SNS's list may lag behind what SNS has said: a subscription that is younger and not in it is not gone."""
GRACE: Final = timedelta(hours=1)
"""After :data:`CONFIRM_WITHIN`: a yes of the last minute is not overlooked."""
_ABOUT_TO: Final = timedelta(minutes=2)
PAUSED: Final = (
    "SNS has paused it and waits for a new confirmation, as it does where more than 10 mails a second come "
    "(https://repost.aws/knowledge-center/sns-email-subscription-disabled)."
)
_AT_SNS: Final = "It was ended at SNS: by the link in a mail, or by hand."
_NEVER: Final = "Nobody has pressed the button within two days."


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a subscription has to become. ``silent``: nobody needs to be told."""

    state: State
    reason: str = ""
    silent: bool = False
    arn: str = ""


def judge(
    one: Subscription, listed: Mapping[tuple[str, str], There], opted_out: frozenset[str], now: datetime
) -> Verdict | None:
    """Answer what has become of a subscription that stands, None where it is as it was. Pure.

    Parameters
    ----------
    listed
        All that SNS has, by protocol and address in small letters.
    opted_out
        Phone numbers whose owners have answered STOP.
    """
    if one.protocol is Protocol.SMS and one.address in opted_out:
        return Verdict(State.UNSUBSCRIBED, "The phone's owner has answered STOP, and SNS sends it nothing.")
    if one.state is State.PENDING:
        asked = one.asked_at or one.created_at
        there = listed.get((one.protocol.value, one.address.lower()))
        if one.protocol is Protocol.EMAIL and there is not None and there.arn:
            return Verdict(State.CONFIRMED, silent=True, arn=there.arn)
        return Verdict(State.EXPIRED, _NEVER) if now - asked > CONFIRM_WITHIN + GRACE else None
    if one.protocol is Protocol.HTML_EMAIL or not one.arn or now - (one.confirmed_at or one.created_at) < SETTLES:
        return None
    there = listed.get((one.protocol.value, one.address.lower()))
    if there is None:
        return Verdict(State.UNSUBSCRIBED, _AT_SNS, silent=True)
    return None if there.arn else Verdict(State.FAILED, PAUSED)


@dataclass(frozen=True)
class Sync:
    """Looks at SNS and brings the state up to it, and SNS up to the state. ``log`` is told what could not be done."""

    state: StateStore
    desk: Desk
    log: Callable[[str], None]

    def run(self) -> Mapping[str, int]:
        """Look, where it is time to; answer how many subscriptions have become what. Raises ``StoreUnavailable``."""
        now = self.desk.clock()
        every = [*kept.every(self.state)]
        whole = self._whole_is_due(now)
        if not whole and not any(needs(one, now) for one in every):
            return {}
        phones = whole and any(one.protocol is Protocol.SMS and one.state.stands for one in every)
        listed = self.desk.topic.standing()
        opted_out = self.desk.topic.opted_out() if phones else frozenset()
        done: Counter[str] = Counter()
        for one in every:
            try:
                if (became := self._bring(one, listed, opted_out, now)) is not None:
                    done[became] += 1
            except HeadwaterError as error:  # one that fails costs no other; it is looked at again
                self.log(f"subscription {one.id} could not be brought up to date: {error}")
                done["error"] += 1
        if whole and not done["error"]:
            self._note_whole(now)
        return done

    def _bring(
        self, one: Subscription, listed: Mapping[tuple[str, str], There], opted_out: frozenset[str], now: datetime
    ) -> str | None:
        if not one.state.stands:
            return self._leave(one, listed)
        if (verdict := judge(one, listed, opted_out, now)) is not None:
            return self._become(one, verdict, now)
        if one.protocol is Protocol.SMS and one.state is State.CONFIRMED and not one.arn:
            self.desk.enrol(one)
            return "set up"
        if one.state is State.PENDING and _unknown(one, listed, now):
            try:
                self.desk.set_up(one)
            except RequestError as error:  # SNS refuses it for good, which is written down
                self.desk.teller.put(for_owner(one, State.FAILED, str(error), now))
                return State.FAILED.value
            return "set up"
        told = self.desk.told(one)
        if self.desk.welcome(told) is not told:
            return "welcomed"
        return "filtered" if told is not one else None

    def _become(self, one: Subscription, verdict: Verdict, now: datetime) -> str:
        if not verdict.silent:
            self.desk.teller.put(for_owner(one, verdict.state, verdict.reason, now))
        if verdict.state is State.CONFIRMED:
            known = replace(one, state=State.CONFIRMED, arn=verdict.arn, confirmed_at=now, changed_at=now)
            written = kept.write(self.state, known)
            if written is not None:
                self.desk.welcome(self.desk.told(written))
        else:
            self.desk.end(one, verdict.state, verdict.reason)
        return verdict.state.value

    def _leave(self, one: Subscription, listed: Mapping[tuple[str, str], There]) -> str | None:
        """Have SNS forget what has ended here: it was not reached then, or the person has said yes since."""
        there = listed.get((one.protocol.value, one.address.lower()))
        arn = one.arn or (there.arn if there is not None else "")
        if not arn or one.protocol is Protocol.HTML_EMAIL:
            return None
        self.desk.topic.unsubscribe(arn)
        if one.arn:
            kept.write(self.state, replace(one, arn="", filtered=""))
        return "left"

    def _whole_is_due(self, now: datetime) -> bool:
        item = self.state.get(PK, "whole")
        return item is None or now - datetime.fromisoformat(item["at"]) >= WHOLE_EVERY

    def _note_whole(self, now: datetime) -> None:
        item = self.state.get(PK, "whole")
        version = None if item is None else item["version"]
        wrote(self.state, PK, "whole", {"at": now.isoformat()}, expected_version=version)


def needs(one: Subscription, now: datetime) -> bool:
    """Answer whether a subscription is to be looked at before the hour is over."""
    if not one.state.stands:
        return bool(one.arn)
    if one.protocol is not Protocol.HTML_EMAIL and one.arn and one.filtered != mark(one):
        return True
    if one.state is State.CONFIRMED and one.protocol is not Protocol.SMS and not one.welcomed:
        return True
    if one.state is not State.PENDING:
        return one.protocol is Protocol.SMS and not one.arn
    return one.protocol is Protocol.EMAIL or not one.arn or now - (one.asked_at or one.created_at) > CONFIRM_WITHIN


def _unknown(one: Subscription, listed: Mapping[tuple[str, str], There], now: datetime) -> bool:
    """Whether SNS does not know one that waits, and nobody is about to tell it."""
    waited = now - (one.asked_at or one.created_at)
    if one.protocol is Protocol.HTML_EMAIL:
        return False
    lost = one.protocol is Protocol.SMS and (one.protocol.value, one.address.lower()) not in listed
    return (not one.arn and waited > _ABOUT_TO) or (lost and waited > SETTLES)
