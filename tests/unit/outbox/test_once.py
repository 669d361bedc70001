"""Each message once: whoever dies at whichever call, however many send at a time, whatever is down for an hour."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.outbox.channels import ChannelKind
from chalicelib.outbox.delivery import Step
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Message
from tests.conftest import Write
from tests.unit.outbox.memory import Killed, message
from tests.unit.outbox.sending import MINUTE, World

TO = (OPERATORS, SUBSCRIBERS, "channel:dev", "channel:hook")
SEEDS = 200
QUIET = 30
"""Minutes after which whatever a death has left is done."""


def world_with(*messages: Message) -> World:
    world = World()
    world.add_channel("dev")
    world.add_channel("hook", ChannelKind.WEBHOOK)
    for one in messages:
        world.put(one)
    return world


def the_same() -> tuple[Message, ...]:
    return message("a", to=TO), message("b", to=(OPERATORS, "channel:dev"))


def expected() -> Counter[str]:
    return Counter({"operators": 2, "notices": 1, "slack": 2, "hook": 1})


def check_each_once(world: World) -> None:
    got = world.got()
    assert set(got.values()) == {1}
    assert Counter(receiver for receiver, _ in got) == expected()
    assert world.pending == []
    assert not world.queue
    assert {one.step for record in world.records().values() for one in record.deliveries} == {Step.SENT}


def count_of_calls() -> int:
    world, calls = world_with(*the_same()), 0

    def count(_: str) -> None:
        nonlocal calls
        calls += 1

    world.step = count
    world.run()
    world.run()
    return calls


def kill_at(world: World, call: int) -> bool:
    """Run twice, dying at one call; tell whether there was such a call."""
    calls = 0

    def die(_: str) -> None:
        nonlocal calls
        calls += 1
        if calls == call:
            raise Killed

    world.step = die
    try:
        world.run()
        world.run()
    except Killed:
        return True
    finally:
        world.step = lambda _: None
    return False


def test_a_sender_that_dies_at_any_call_leaves_each_message_to_be_sent_once(write: Write) -> None:
    calls = count_of_calls()

    for call in range(1, calls + 1):
        world = world_with(*the_same())
        assert kill_at(world, call)
        world.minutes(QUIET)
        check_each_once(world)

    assert calls > 80
    write("each message once", f"a sender dies at each of {calls} calls (before and after it): 6 deliveries, each once")


def test_senders_that_die_again_and_again_leave_each_message_to_be_sent_once(write: Write) -> None:
    deaths = 0
    for seed in range(SEEDS):
        chance, world = random.Random(seed), world_with(*the_same())
        for _ in range(chance.randint(1, 8)):
            deaths += kill_at(world, chance.randint(1, 60))
            world.clock.turn(timedelta(seconds=chance.choice([0, 20, 60, 60, 120, 200])))
        world.minutes(QUIET)
        check_each_once(world)

    assert deaths > SEEDS
    write("each message once", f"{deaths} deaths in {SEEDS} seeds, up to 8 in a row: each message once")


def test_a_twin_that_runs_whole_between_any_two_calls_sends_nothing_twice(write: Write) -> None:
    calls = count_of_calls()

    for at in range(1, calls + 1):
        world = world_with(*the_same())
        made = 0

        def twin(_: str, world: World = world, at: int = at) -> None:
            nonlocal made
            made += 1
            if made == at:
                world.step = lambda _: None
                world.sender().run(lambda: True)

        world.step = twin
        world.run()
        world.step = lambda _: None
        world.minutes(QUIET)
        check_each_once(world)

    write("each message once", f"a twin runs whole between any two of {calls} calls: each once")


@pytest.mark.parametrize("lost", ["operators", "notices", "slack", "hook"])
def test_an_answer_that_is_lost_is_no_second_message(lost: str) -> None:
    world = world_with(*the_same())
    world.deaf.add(lost)

    world.run()
    world.deaf.clear()
    world.minutes(QUIET)

    check_each_once(world)


@pytest.mark.parametrize("how", ["down", "mute"])
@pytest.mark.parametrize(
    "what", [("operators", "notices"), ("slack",), ("hook",), ("operators", "notices", "slack", "hook")]
)
def test_an_hour_without_a_receiver_loses_nothing_and_then_delivers_once(
    how: str, what: tuple[str, ...], write: Write
) -> None:
    world = world_with(*the_same())
    getattr(world, how).update(what)

    for minute in range(60):
        if minute % 10 == 0:
            world.put(message(f"later-{minute}", to=TO))
        world.minutes(1)
    got_meanwhile = world.got()
    getattr(world, how).clear()
    world.minutes(60)

    assert not {receiver for receiver, _ in got_meanwhile} & set(what)
    got = world.got()
    assert set(got.values()) == {1}
    assert sum(got.values()) == 6 + 4 * 6, "two messages at first, and six later ones to four receivers"
    assert world.pending == []
    write("each message once", f"{' and '.join(what)} {how} for an hour: 30 deliveries, none lost, each once")


def test_a_topic_is_not_asked_again_while_a_receipt_may_be_on_its_way() -> None:
    """A dead sender holds the receipt: until it is visible again, the message is in doubt and not sent."""
    world = world_with(message("a"))
    world.deaf.add("operators")
    world.run()
    world.deaf.clear()
    [held] = world.queue
    held.hidden_until = world.clock() + timedelta(minutes=10)

    for _ in range(9):
        world.clock.turn(MINUTE)
        world.run()
        assert world.got() == {("operators", "a"): 1}
    world.minutes(30)

    assert world.got() == {("operators", "a"): 1}
    assert world.pending == []


def test_a_topic_that_did_not_take_it_gets_it_when_every_receipt_is_read() -> None:
    world = world_with(message("a"))
    world.mute.add("operators")
    world.run()
    world.mute.clear()

    world.minutes(2)
    assert world.got() == {}
    world.minutes(3)

    assert world.got() == {("operators", "a"): 1}


def test_a_check_that_can_fail_a_sender_that_does_not_look_at_receipts_sends_twice() -> None:
    world = world_with(message("a"))
    world.deaf.add("operators")
    world.run()
    world.deaf.clear()
    world.queue.clear()

    world.minutes(10)

    assert world.got() == {("operators", "a"): 2}
