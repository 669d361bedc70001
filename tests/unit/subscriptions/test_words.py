"""What SNS lets through by the words of a policy is what the subscriber wants, and nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.outbox.audience import everybody
from chalicelib.outbox.message import Kind, Message, Severity
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes
from chalicelib.subscriptions.words import MOST_WORDS, count, mark, policy, wants, words

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
TOPICS = st.sampled_from(["downloads", "stars", "pipeline"])
NAMED = st.lists(st.one_of(TOPICS, st.just("*")), max_size=3, unique=True).map(tuple)
WISHES = st.builds(Wishes, NAMED, NAMED, NAMED, st.sampled_from(Severity))
MESSAGES = st.builds(
    Message,
    id=st.just("m"),
    at=st.just(AT),
    kind=st.sampled_from(Kind),
    topic=TOPICS,
    severity=st.sampled_from(Severity),
    subject=st.just("s"),
    text=st.just("t"),
    to=st.just(("subscribers",)),
)


def subscription(wishes: Wishes, protocol: Protocol, state: State) -> Subscription:
    return Subscription("5f1c", protocol, "ada@acme.example", wishes, state, AT, "ada", "n")


def plainly_wants(wishes: Wishes, message: Message) -> bool:
    """The same, said without words."""
    topics = {Kind.ALERT: wishes.alerts, Kind.INCIDENT: wishes.incidents, Kind.REPORT: wishes.reports}
    severe = message.kind is Kind.REPORT or message.severity.rank >= wishes.least.rank
    named = topics.get(message.kind, ())
    return severe and ("*" in named or message.topic in named)


@given(WISHES, MESSAGES, st.sampled_from(Protocol))
def test_a_policy_lets_through_what_is_wanted_and_nothing_else(
    wishes: Wishes, message: Message, protocol: Protocol
) -> None:
    one = subscription(wishes, protocol, State.CONFIRMED)

    let_through = set(json.loads(policy(one))["audience"]) & set(everybody(message, tuple(Protocol)))

    assert bool(let_through) == plainly_wants(wishes, message) == wants(one, message)


@given(WISHES, MESSAGES, st.sampled_from(State))
def test_nothing_is_for_one_that_is_not_confirmed(wishes: Wishes, message: Message, state: State) -> None:
    for protocol in (Protocol.SMS, Protocol.HTML_EMAIL):
        one = subscription(wishes, protocol, state)

        assert state is State.CONFIRMED or words(one) == (f"{protocol}/subscription/5f1c",)
        assert state is State.CONFIRMED or not wants(one, message)


@given(WISHES)
def test_as_many_words_as_were_counted(wishes: Wishes) -> None:
    one = subscription(wishes, Protocol.EMAIL, State.CONFIRMED)

    assert len(words(one)) == len(set(words(one))) == count(wishes) <= MOST_WORDS


def test_mail_that_waits_has_its_policy_already_for_sns_holds_it_back() -> None:
    waits = subscription(Wishes(), Protocol.EMAIL, State.PENDING)

    assert mark(waits) == mark(subscription(Wishes(), Protocol.EMAIL, State.CONFIRMED))
    assert mark(waits) != mark(subscription(Wishes(("stars",)), Protocol.EMAIL, State.PENDING))
