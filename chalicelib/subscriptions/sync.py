"""What has become of subscriptions at SNS: who has confirmed, who has ended it there, who is not reached any more.

SNS tells nobody; it is asked. Every minute while something waits, else once an hour, by one list of the whole topic
(100 subscriptions a call). Whatever is found is told to the operators before it is written down, under an id that is
the same whenever it is found: they hear of it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from chalicelib.domain.state import StateStore, wrote
from chalicelib.errors import HeadwaterError, RequestError
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.desk import Desk, confirmed
from chalicelib.subscriptions.judging import SETTLES, Seen, Verdict, judge, may_be_filtered, needs, unknown_at_sns
from chalicelib.subscriptions.letters import for_owner
from chalicelib.subscriptions.subscription import Protocol, State, Subscription

PK: Final = "subscription_sync"
WHOLE_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Sync:
    """Looks at SNS and brings the state up to it, and SNS up to the state.

    Parameters
    ----------
    log
        Is told what could not be done.
    suppressed
        Answers the addresses that SES sends nothing any more, where HTML mail is sent. Raises ``StoreUnavailable``.
    """

    state: StateStore
    desk: Desk
    log: Callable[[str], None]
    suppressed: Callable[[], Mapping[str, str]] = dict

    def run(self) -> Mapping[str, int]:
        """Look, where it is time to; answer how many subscriptions have become what. Raises ``StoreUnavailable``."""
        now = self.desk.clock()
        every = [*kept.every(self.state)]
        whole = self._whole_is_due(now)
        if not whole and not any(needs(one, now) for one in every):
            return {}
        done: Counter[str] = Counter()
        seen = self._look({one.protocol for one in every if one.state.stands} if whole else set())
        for one in every:
            try:
                if (became := self._bring(one, seen, now)) is not None:
                    done[became] += 1
            except HeadwaterError as error:  # one that fails costs no other; it is looked at again
                self.log(f"subscription {one.id} could not be brought up to date: {error}")
                done["error"] += 1
        if whole and not done["error"]:
            self._note_whole(now)
        return done

    def _look(self, protocols: Collection[Protocol]) -> Seen:
        """Look at SNS; of these protocols also at who is sent nothing any more, which nothing else waits for."""
        seen = Seen(self.desk.topic.standing())
        looks: dict[Protocol, Callable[[], Seen]] = {
            Protocol.SMS: lambda: replace(seen, opted_out=self.desk.topic.opted_out()),
            Protocol.HTML_EMAIL: lambda: replace(seen, suppressed=self.suppressed()),
        }
        for protocol in looks.keys() & protocols:
            try:
                seen = looks[protocol]()
            except HeadwaterError as error:  # the next hour looks again
                self.log(f"who is sent no {protocol.value} any more is not known: {error}")
        return seen

    def _bring(self, one: Subscription, seen: Seen, now: datetime) -> str | None:
        if not one.state.stands:
            return self._leave(one, seen, now)
        one = self._as_sns_names_it(one, seen)
        if (verdict := judge(one, seen, now)) is not None:
            return self._become(one, verdict, now)
        if one.protocol is Protocol.SMS and one.state is State.CONFIRMED and not one.arn:
            self.desk.enrol(one)
            return "set up"
        if one.state is State.PENDING and unknown_at_sns(one, seen, now):
            try:
                self.desk.set_up(one)
            except RequestError as error:  # SNS refuses it for good, which is written down
                self.desk.teller.put(for_owner(one, State.FAILED, str(error), now))
                return State.FAILED.value
            return "set up"
        told = self.desk.told(one) if may_be_filtered(one) else one
        if self.desk.welcome(told) is not told:
            return "welcomed"
        return "filtered" if told is not one else None

    def _as_sns_names_it(self, one: Subscription, seen: Seen) -> Subscription:
        """Take over the ARN that SNS has where it is another: one that was set up anew, and the answer was lost."""
        there = seen.at_sns(one)
        if there is None or not one.arn or there.arn in ("", one.arn):
            return one
        return kept.write(self.state, replace(one, arn=there.arn, filtered="")) or one

    def _become(self, one: Subscription, verdict: Verdict, now: datetime) -> str:
        if not verdict.silent:
            self.desk.teller.put(for_owner(one, verdict.state, verdict.reason, now))
        if verdict.state is State.CONFIRMED:
            written = kept.write(self.state, replace(confirmed(one, now), arn=verdict.arn))
            if written is not None:
                self.desk.welcome(self.desk.told(written))
        else:
            self.desk.end(one, verdict.state, verdict.reason)
        return verdict.state.value

    def _leave(self, one: Subscription, seen: Seen, now: datetime) -> str | None:
        """Have SNS forget what has ended here: it was not reached then, or the person has said yes since."""
        there = seen.at_sns(one)
        arn = one.arn or (there.arn if there is not None else "")
        if one.protocol is Protocol.HTML_EMAIL:
            return None
        if arn:
            self.desk.topic.unsubscribe(arn)
        if one.arn or (one.unheard and now - one.updated_at >= SETTLES):
            kept.write(self.state, replace(one, arn="", filtered="", unheard=False))
        return "left" if arn else None

    def _whole_is_due(self, now: datetime) -> bool:
        item = self.state.get(PK, "whole")
        return item is None or now - datetime.fromisoformat(item["at"]) >= WHOLE_EVERY

    def _note_whole(self, now: datetime) -> None:
        item = self.state.get(PK, "whole")
        version = None if item is None else item["version"]
        wrote(self.state, PK, "whole", {"at": now.isoformat()}, expected_version=version)
