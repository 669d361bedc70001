"""What people do at SNS is seen; operators hear once of whom they do not reach."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.links import Purpose
from chalicelib.errors import HeadwaterError, StoreUnavailable
from chalicelib.subscriptions import addresses, kept
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes
from chalicelib.subscriptions.words import words
from tests.unit.subscriptions.memory import KEY, World, down

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PHONE = "+491712345678"


@pytest.fixture
def world() -> World:
    return World()


def confirmed(world: World, address: str = "ada@acme.example") -> Subscription:
    one = world.ask(address)
    world.topic.press(address)
    world.later(MINUTE)
    return world.one(one)


def test_sns_is_asked_every_minute_while_something_waits_and_else_once_an_hour(world: World) -> None:
    calls: list[str] = []
    world.topic.before = calls.append
    world.later(MINUTE)
    world.ask()
    calls.clear()

    waiting = [len(calls) for _ in range(3) if world.later(MINUTE) is not None]
    world.topic.press("ada@acme.example")
    world.later(MINUTE)
    calls.clear()
    for _ in range(180):
        world.later(MINUTE)

    assert waiting == [1, 2, 3]
    assert calls == ["standing"] * 3


def test_who_never_confirms_has_expired_and_the_owner_hears_of_it_once(world: World) -> None:
    one = world.ask()

    for _ in range(60):
        world.later(HOUR)

    [told] = world.outbox.to_operators()
    assert world.one(one).state is State.EXPIRED
    assert told.to == ("operators",)
    assert "ada@acme.example" in told.subject
    assert "never confirmed" in told.subject


def test_who_has_confirmed_is_told_once_where_to_choose_and_to_end_it(world: World) -> None:
    one = confirmed(world)

    for _ in range(3):
        world.later(2 * HOUR)

    [told] = world.outbox.messages.values()
    links = {Purpose.PREFERENCES: told.link, Purpose.UNSUBSCRIBE: told.unsubscribe}
    assert told.to == (f"subscription:{one.id}",)
    for purpose, address in links.items():
        found = addresses.opened(KEY, purpose, address.rpartition("/")[2], world.now)
        assert addresses.stands(found, purpose, world.one(one))
        assert address in told.text


def test_what_was_chosen_while_it_waited_counts_from_the_yes_on(world: World) -> None:
    one = world.ask()
    again = world.ask(wishes=Wishes(("stars",)))
    calls: list[str] = []
    world.topic.before = calls.append

    for _ in range(3):
        world.later(MINUTE)
    world.topic.press("ada@acme.example")
    world.later(MINUTE)

    assert (one.id, one.filtered != again.filtered) == (again.id, True)
    assert calls == ["standing"] * 4 + ["filter"]
    assert json.loads(world.topic.people["email", one.address].policy)["audience"] == [*words(world.one(again))]


def test_a_yes_of_the_last_minute_counts(world: World) -> None:
    one = world.ask()
    world.now += 2 * DAY + 30 * MINUTE
    world.topic.press("ada@acme.example")

    world.later(MINUTE)

    assert world.one(one).state is State.CONFIRMED


def test_who_ends_it_by_the_link_of_sns_is_unsubscribed(world: World) -> None:
    one = confirmed(world)
    world.topic.people.clear()

    soon = world.later(MINUTE) and world.one(one).state
    world.later(HOUR)

    assert soon is not State.UNSUBSCRIBED  # SNS's list may lag behind
    assert world.one(one).state is State.UNSUBSCRIBED
    assert "ended at SNS" in world.one(one).reason
    assert world.outbox.to_operators() == []


def test_one_that_sns_has_paused_is_told_to_the_owner(world: World) -> None:
    one = confirmed(world)
    world.topic.people["email", one.address].confirmed = False

    world.later(2 * HOUR)

    [told] = world.outbox.to_operators()
    assert world.one(one).state is State.FAILED
    assert "10 mails a second" in told.text


def test_a_phone_that_answers_stop_is_told_to_the_owner(world: World) -> None:
    one = world.ask(PHONE, Protocol.SMS)
    world.desk.confirm(one)
    world.topic.stopped.add(PHONE)

    world.later(2 * HOUR)

    told = world.outbox.to_operators()
    assert world.one(one).state is State.UNSUBSCRIBED
    assert len(told) == 1
    assert "STOP" in told[0].text


@pytest.mark.parametrize(("why", "words"), [("BOUNCE", "no such mailbox"), ("COMPLAINT", "spam")])
def test_html_mail_that_comes_back_is_told_to_the_owner(world: World, why: str, words: str) -> None:
    one = world.ask("Ada@acme.example", Protocol.HTML_EMAIL)
    world.desk.confirm(one)
    world.suppressed["ada@acme.example"] = why

    for _ in range(3):
        world.later(2 * HOUR)

    [told] = world.outbox.to_operators()
    assert world.one(one).state is State.BOUNCED
    assert words in told.text
    assert "bounces" in told.subject


def test_that_one_list_cannot_be_had_hides_nothing_of_the_others(world: World) -> None:
    def fails(call: str) -> None:
        if call == "opted_out":
            raise StoreUnavailable("down")

    phone, mail = world.ask(PHONE, Protocol.SMS), world.ask("ada@acme.example", Protocol.HTML_EMAIL)
    for one in (phone, mail):
        world.desk.confirm(one)
    world.suppressed["ada@acme.example"] = "BOUNCE"
    world.topic.before = fails

    for _ in range(3):
        world.later(MINUTE)

    assert world.one(mail).state is State.BOUNCED
    assert len(world.logged) == 1  # once an hour


def test_who_says_yes_to_sns_after_it_was_ended_here_is_let_go(world: World) -> None:
    one = world.ask()
    world.desk.end(one)  # SNS ends nothing that waits
    world.topic.press("ada@acme.example")

    world.later(2 * HOUR)

    assert world.topic.people == {}
    assert world.one(one).state is State.UNSUBSCRIBED


def test_those_whom_we_did_not_make_are_left_alone(world: World) -> None:
    world.topic.subscribe("email", "console@acme.example", "{}")
    world.topic.press("console@acme.example")

    world.later(2 * HOUR)

    assert ("email", "console@acme.example") in world.topic.people


def test_one_that_sns_never_heard_of_is_set_up(world: World) -> None:
    def once(_: str) -> None:
        raise StoreUnavailable("down")

    world.topic.before = once
    with pytest.raises(StoreUnavailable):
        world.ask()
    world.topic.before = lambda _: None

    world.later(5 * MINUTE)

    assert world.topic.people["email", "ada@acme.example"].asked == 1


def lost(world: World) -> Subscription:
    """Ask for a subscription of which SNS hears, and does not say so."""
    world.topic.after = down
    with pytest.raises(StoreUnavailable):
        world.ask()
    world.topic.after = lambda _: None
    [one] = kept.every(world.state)
    return one


def test_a_yes_of_before_does_not_count_for_what_is_asked_for_after_the_end(world: World) -> None:
    one = lost(world)
    world.topic.press("ada@acme.example")
    world.desk.end(one)

    again = world.ask()
    world.later(MINUTE)

    assert world.one(again).state is State.PENDING
    assert not world.topic.people["email", "ada@acme.example"].confirmed


def test_one_that_ended_before_sns_had_answered_is_left_within_a_minute_and_looked_for_no_longer_than_sns_lags(
    world: World,
) -> None:
    world.later(MINUTE)  # the look of the hour
    one = lost(world)
    world.topic.press("ada@acme.example")
    world.desk.end(one)

    became = world.later(MINUTE)
    world.later(10 * MINUTE)
    calls: list[str] = []
    world.topic.before = calls.append
    world.later(MINUTE)

    assert became == {"left": 1}
    assert world.topic.people == {}
    assert calls == []


def test_a_phone_that_sns_set_up_anew_without_saying_so_hears_what_it_wishes(world: World) -> None:
    one = world.ask(PHONE, Protocol.SMS, Wishes(("stars",)))
    world.later(MINUTE)
    world.topic.people.clear()  # as when it was ended in the console
    world.topic.after = lambda call: down(call) if call == "subscribe" else None
    world.later(HOUR)
    world.topic.after = lambda _: None
    world.desk.confirm(world.one(one))

    world.later(MINUTE)

    [there] = world.topic.people.values()
    assert world.one(one).arn == there.arn
    assert json.loads(there.policy)["audience"] == [*words(world.one(one))]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "ask", "press", "press", "choose", "end", "leave", "sync", "sync", "wait"]),
        st.integers(0, 1),
        st.booleans(),
    ),
    min_size=3,
    max_size=30,
)


@settings(max_examples=300)
@given(STEPS, st.sampled_from([0.0, 0.1, 0.3]), st.booleans(), st.randoms(use_true_random=False))
def test_whatever_fails_in_between_sns_comes_to_what_the_state_says(
    steps: list[tuple[str, int, bool]], failing: float, after: bool, chance: Random
) -> None:
    """Whatever is written or called fails at any place; in the end nobody hears what they did not ask for.

    ``after``: calls on SNS fail after they took effect, as when an answer is lost or a process dies. The subscriptions
    that SNS has confirmed are those of the state, each with its words, and each person was told where to end theirs.
    Who is confirmed has said yes to SNS since it last ended.
    """
    world, pressed = World(), False

    def fail(*_: str) -> None:
        if chance.random() < failing:
            raise StoreUnavailable("down")

    setattr(world.topic, "after" if after else "before", fail)
    world.state.before_put = world.outbox.before = fail
    for what, who, early in steps:
        address, protocol = (("ada@acme.example", Protocol.EMAIL), (PHONE, Protocol.SMS))[who]
        one = kept.read(world.state, kept.id_of(protocol, address))
        try:
            if what == "ask":
                world.ask(address, protocol, Wishes(("stars",) if early else ("*",)))
            elif what == "press" and ("email", address) in world.topic.people:
                world.topic.press(address)
                pressed = True
            elif what == "press" and one is not None and one.state is State.PENDING and one.protocol is Protocol.SMS:
                world.desk.confirm(one)
            elif what == "choose" and one is not None and one.state.stands:
                world.desk.choose(one, Wishes(("pipeline",)))
            elif what == "end" and one is not None and one.state.stands:
                ended = world.desk.end(one)
                pressed = pressed and (ended is None or who == 1)
            elif what == "leave":
                world.topic.people.pop((protocol.value, address), None)
                pressed = pressed and who == 1
            elif what in ("sync", "wait"):
                world.later(MINUTE if what == "sync" else 13 * HOUR)
        except HeadwaterError:
            pass

    failing = 0.0
    for _ in range(3):
        world.later(2 * HOUR)

    live = {(p, a): json.loads(one.policy)["audience"] for (p, a), one in world.topic.people.items() if one.confirmed}
    held = [one for one in kept.every(world.state) if one.state.stands]
    wanted = {
        (one.protocol.value, one.address): list(words(one))
        for one in held
        if one.state is State.CONFIRMED or one.protocol is Protocol.SMS
    }
    assert live == wanted
    assert pressed or not [one for one in held if one.state is State.CONFIRMED and one.protocol is Protocol.EMAIL]
    mailed = [one for one in held if one.state is State.CONFIRMED and one.protocol is Protocol.EMAIL]
    assert all(one.welcomed and f"subscription/{one.id}/welcome/{one.nonce}" in world.outbox.messages for one in mailed)
