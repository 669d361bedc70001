"""The machine of one delivery: what is sent stays sent, what is in doubt stays in doubt until it is known."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.outbox.delivery import (
    CLAIM,
    FINAL,
    GIVE_UP,
    Delivery,
    Nobody,
    Outcome,
    Refused,
    Step,
    Taken,
    Unknown,
    claimed,
    received,
    redriven,
    settled,
)
from tests.unit.outbox.memory import NOON

MINUTE = timedelta(minutes=1)

OUTCOMES = st.one_of(
    st.just(Taken("1")),
    st.builds(Refused, st.just("busy"), st.sampled_from([None, MINUTE, 7 * MINUTE]), st.booleans(), st.booleans()),
    st.just(Unknown("no answer")),
    st.just(Nobody("gone")),
)


def test_it_waits_longer_after_every_refusal_and_is_given_up_after_a_day() -> None:
    delivery, now, waits = Delivery("channel:a"), NOON, []
    while not delivery.final:
        delivery = settled(claimed(delivery, "a", now), Refused("503"), now)
        if delivery.next_try is not None:
            waits.append(int((delivery.next_try - now) / MINUTE))
            now = delivery.next_try

    assert waits[:7] == [1, 2, 4, 8, 15, 30, 30]
    assert delivery.step is Step.DEAD
    assert GIVE_UP <= now - NOON < GIVE_UP + 30 * MINUTE


def test_it_waits_as_long_as_it_is_asked_to() -> None:
    refused = settled(claimed(Delivery("a"), "a", NOON), Refused("429", 10 * MINUTE), NOON)

    assert refused.next_try == NOON + 10 * MINUTE
    assert not refused.due(NOON + 9 * MINUTE)
    assert refused.due(NOON + 10 * MINUTE)


def test_a_claim_holds_for_as_long_as_a_sender_can_live_and_then_leaves_doubt() -> None:
    first = claimed(Delivery("a"), "one", NOON)

    assert not first.doubtful
    assert not first.due(NOON + CLAIM - timedelta(seconds=1))
    assert first.due(NOON + CLAIM)
    second = claimed(first, "two", NOON + CLAIM)
    assert second.doubtful
    assert second.attempt == "two"


def test_doubt_stays_until_it_is_sent() -> None:
    """That a later attempt was refused says nothing of the one before it."""
    doubtful = claimed(claimed(Delivery("a"), "one", NOON), "two", NOON + CLAIM)

    for outcome in (Unknown("no answer"), Refused("503"), Refused("never", for_good=True)):
        after = redriven(settled(doubtful, outcome, NOON + CLAIM))
        assert claimed(after, "three", NOON + 2 * CLAIM).doubtful
    certain = settled(claimed(Delivery("a"), "one", NOON), Refused("503"), NOON)
    assert not claimed(certain, "two", NOON + CLAIM).doubtful


def test_what_nobody_answered_is_not_looked_at_before_a_receipt_can_have_come() -> None:
    unsure = settled(claimed(Delivery("a"), "one", NOON), Unknown("time-out"), NOON)

    assert unsure.step is Step.UNSURE
    assert unsure.next_try is not None
    assert unsure.next_try >= NOON + CLAIM


@pytest.mark.parametrize("step", [Step.SENDING, Step.UNSURE, Step.DEAD, Step.PENDING, Step.DROPPED])
def test_a_receipt_is_believed_however_we_stand(step: Step) -> None:
    got = received(Delivery("a", step=step, attempts=1, begun_at=NOON), "sns-1", NOON)

    assert (got.step, got.provider_id, got.sent_at) == (Step.SENT, "sns-1", NOON)


def test_only_what_was_given_up_is_redriven() -> None:
    for step in Step:
        again = redriven(Delivery("a", step=step, attempts=5, begun_at=NOON))
        assert again.step is (Step.PENDING if step is Step.DEAD else step)


@given(st.lists(st.tuples(OUTCOMES, st.integers(0, 200)), max_size=60))
def test_every_story_keeps_to_the_machine(story: list[tuple[Outcome, int]]) -> None:
    delivery, now = Delivery("a"), NOON
    for outcome, minutes in story:
        now += minutes * MINUTE
        if not delivery.due(now):
            continue
        before = delivery
        doubt_before = before.doubtful or before.step in (Step.UNSURE, Step.SENDING)
        delivery = claimed(delivery, "x", now)
        assert delivery.doubtful == doubt_before
        assert delivery.attempts == before.attempts + 1
        delivery = settled(delivery, outcome, now)
        check(delivery, outcome, now)


def check(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    assert (delivery.step is Step.SENT) == isinstance(outcome, Taken)
    assert (delivery.step is Step.DROPPED) == isinstance(outcome, Nobody)
    assert delivery.begun_at is not None
    if delivery.step in FINAL:
        assert not delivery.due(now + timedelta(days=900))
    else:
        assert delivery.next_try is not None
        assert delivery.next_try > now, "never at once again"
        assert delivery.due(now + GIVE_UP)
    if delivery.step is Step.DEAD:
        assert now - delivery.begun_at >= GIVE_UP or (isinstance(outcome, Refused) and outcome.for_good)
