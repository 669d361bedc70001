"""Asked for, confirmed, changed, ended: nobody is written to without their yes, and SNS follows the state."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.links import Purpose
from chalicelib.errors import RequestError, StoreUnavailable
from chalicelib.outbox.message import Severity
from chalicelib.subscriptions import addresses
from chalicelib.subscriptions.desk import MOST_PENDING, Wanted
from chalicelib.subscriptions.mailing import reader
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes
from chalicelib.subscriptions.words import wants
from tests.unit.subscriptions.memory import KEY, World, alert, down

MINUTE = timedelta(minutes=1)
PHONE = "+491712345678"


@pytest.fixture
def world() -> World:
    return World()


def confirmed(world: World, one: Subscription) -> Subscription:
    if one.protocol is Protocol.EMAIL:
        world.topic.press(one.address)
        world.later(MINUTE)
    else:
        world.desk.confirm(one)
    return world.one(one)


def test_mail_comes_once_its_person_has_pressed_the_button_of_sns(world: World) -> None:
    one = world.ask(wishes=Wishes(("downloads",)))
    before = world.topic.hears("email", alert())

    standing = confirmed(world, one)

    assert (one.state, before) == (State.PENDING, set())
    assert standing.state is State.CONFIRMED
    assert world.topic.hears("email", alert()) == {"ada@acme.example"}
    assert world.topic.hears("email", alert("stars")) == set()
    assert [message.topic for message in world.outbox.messages.values()] == ["welcome"]


def test_a_phone_hears_our_request_to_confirm_and_nothing_else_until_it_is_confirmed(world: World) -> None:
    one = world.ask(PHONE, Protocol.SMS)
    [asks] = world.outbox.messages.values()
    before = world.topic.hears("sms", alert())

    token = asks.link.rpartition("/")[2]
    found = addresses.opened(KEY, Purpose.CONFIRM, token, world.now)
    world.desk.confirm(one)

    assert addresses.stands(found, Purpose.CONFIRM, one)
    assert asks.link in asks.short
    assert (world.topic.hears("sms", asks), before) == ({PHONE}, set())
    assert world.topic.hears("sms", alert()) == {PHONE}
    assert not addresses.stands(found, Purpose.CONFIRM, world.one(one))


def test_html_mail_is_for_its_readers_once_they_are_confirmed(world: World) -> None:
    one = world.ask("ada@acme.example", Protocol.HTML_EMAIL)
    [asks] = world.outbox.messages.values()

    assert reader(world.state, one.id, asks) == one
    assert reader(world.state, one.id, alert()) is None
    assert not wants(one, alert())
    standing = confirmed(world, one)
    assert reader(world.state, one.id, asks) is None
    assert reader(world.state, one.id, alert()) == standing
    assert wants(standing, alert())
    assert [*world.outbox.messages] == [asks.id, f"subscription/{one.id}/welcome/{standing.nonce}"]
    assert world.topic.people == {}


def test_one_address_has_one_subscription(world: World) -> None:
    first = world.ask("Ada@acme.example")
    second = world.ask("ada@acme.example")
    confirmed(world, second)

    assert first.id == second.id
    with pytest.raises(RequestError, match=f"PATCH /v1/subscriptions/{first.id}"):
        world.ask("ADA@acme.example")


def test_an_address_is_asked_three_times_in_two_days_whoever_asks(world: World) -> None:
    asked = [world.ask().asked for _ in range(3)]

    with pytest.raises(RequestError, match="asked 3 times") as refused:
        world.ask()
    world.now += timedelta(days=2)

    assert asked == [1, 2, 3]
    assert refused.value.status == 429
    assert refused.value.headers["Retry-After"] == str(2 * 86_400)
    assert world.ask().asked == 1


def test_ending_and_asking_again_does_not_get_round_it(world: World) -> None:
    for _ in range(3):
        world.desk.end(world.ask())

    with pytest.raises(RequestError, match="asked 3 times"):
        world.ask()


def test_strangers_are_not_written_to_in_bulk(world: World) -> None:
    for at in range(MOST_PENDING):
        world.ask(f"a{at}@acme.example")

    with pytest.raises(RequestError, match="wait for their confirmation"):
        world.ask("one.more@acme.example")
    assert world.ask("a1@acme.example").asked == 2


def test_what_sns_will_never_take_is_said_and_remembered(world: World) -> None:
    with pytest.raises(RequestError, match="does not take") as refused:
        world.ask("refused@acme.example")

    [item] = [item for (pk, _), item in world.state.items.items() if pk == "subscription"]
    assert refused.value.status == 422
    assert (item["state"], item["reason"]) == ("failed", "SNS does not take such an address.")


def test_while_sns_is_down_nobody_counts_as_asked_and_another_try_asks(world: World) -> None:
    world.topic.before = down
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            world.ask()
    world.topic.before = lambda _: None

    assert world.ask().asked == 1
    assert world.topic.people["email", "ada@acme.example"].asked == 1


def test_a_choice_counts_at_once(world: World) -> None:
    one = confirmed(world, world.ask())

    chosen = world.desk.choose(one, Wishes(("stars",), least=Severity.CRITICAL))

    assert chosen is not None
    assert world.topic.hears("email", alert("stars")) == set()
    assert world.topic.hears("email", alert("stars", Severity.CRITICAL)) == {"ada@acme.example"}
    assert world.desk.choose(one, Wishes()) is None  # it was seen as it stood before


def test_a_choice_while_sns_is_down_counts_a_minute_after(world: World) -> None:
    one = confirmed(world, world.ask())
    world.topic.before = down

    world.desk.choose(one, Wishes(("stars",)))
    world.topic.before = lambda _: None
    before = world.topic.hears("email", alert("downloads"))
    world.later(MINUTE)

    assert before == {"ada@acme.example"}
    assert world.topic.hears("email", alert("downloads")) == set()


@pytest.mark.parametrize("is_down", [False, True])
def test_what_has_ended_hears_nothing_and_its_links_are_void(world: World, is_down: bool) -> None:
    one = confirmed(world, world.ask())
    token = addresses.unsubscribe_address(KEY, one, world.now).rpartition("/")[2]
    if is_down:
        world.topic.before = down

    world.desk.end(one)
    world.topic.before = lambda _: None
    world.later(MINUTE)

    found = addresses.opened(KEY, Purpose.UNSUBSCRIBE, token, world.now)
    assert world.one(one).state is State.UNSUBSCRIBED
    assert not addresses.stands(found, Purpose.UNSUBSCRIBE, world.one(one))
    assert world.topic.people == {}


def test_who_was_confirmed_once_is_asked_anew(world: World) -> None:
    one = confirmed(world, world.ask())
    world.topic.before = down
    world.desk.end(one)
    world.topic.before = lambda _: None

    again = world.ask()
    world.later(MINUTE)

    assert world.one(again).state is State.PENDING
    assert world.topic.hears("email", alert()) == set()


def test_an_address_that_bounced_is_an_administrators_to_try_again(world: World) -> None:
    one = confirmed(world, world.ask())
    world.desk.end(one, State.BOUNCED, "There is no such mailbox.")

    with pytest.raises(RequestError, match="no such mailbox"):
        world.ask()
    again = world.desk.ask(Wanted(Protocol.EMAIL, one.address, Wishes(), "admin", anew=True))

    assert again.state is State.PENDING
