"""What is put into the outbox is there once, and what is not done has a pointer, whoever dies when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.outbox import outbox
from chalicelib.outbox.delivery import Step, Taken, claimed, settled
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, File, Message
from chalicelib.outbox.outbox import MOST_TEXT, Outbox, of_days, pointers, read
from chalicelib.outbox.record import Record, from_item, new, to_item
from tests.unit.outbox.memory import NOON, Clock, Killed, MemoryState, message

DAY = "2026-11-26"


def sent(standing: Record) -> Record:
    done = tuple(settled(claimed(one, "a", NOON), Taken("1"), NOON) for one in standing.deliveries)
    return replace(standing, deliveries=done)


def test_the_same_id_twice_is_one_message_and_the_first_stays() -> None:
    state = MemoryState()
    box = Outbox(state, Clock())

    assert box.put(message(text="first"))
    assert not box.put(message(text="second"))

    [kept] = of_days(state, date(2026, 11, 26), date(2026, 11, 26))
    assert kept.message.text == "first"
    assert [pointer.message_id for pointer in pointers(state)] == [message().id]


def test_a_message_comes_back_as_it_was_put() -> None:
    state = MemoryState()
    said = message(
        to=(SUBSCRIBERS, OPERATORS, "channel:dev", SUBSCRIBERS),
        html="<p>Grüße</p>",
        link="https://headwater.invalid/x",
        files=(File("reports/a.pdf", "a.pdf", "A"),),
        unsubscribe="https://headwater.invalid/u",
    )

    Outbox(state, Clock()).put(said)

    kept = read(state, said.id, DAY)
    assert kept is not None
    assert kept.message == said
    assert [delivery.to for delivery in kept.deliveries] == [SUBSCRIBERS, OPERATORS, "channel:dev"]


def test_what_was_said_is_forgotten_after_400_days() -> None:
    state = MemoryState()

    Outbox(state, Clock()).put(message())

    assert state.items[f"message#{DAY}", message().id]["expires_at"] == int((NOON + timedelta(days=400)).timestamp())


def test_a_message_to_nobody_is_kept_and_nothing_is_to_be_done() -> None:
    state = MemoryState()

    assert Outbox(state, Clock()).put(message(to=()))

    assert read(state, message().id, DAY) is not None
    assert pointers(state) == []


@pytest.mark.parametrize("name", ["", "a b", "ä", "x" * 301, "a\n", "a#b"])
def test_what_is_no_id_is_refused(name: str) -> None:
    state = MemoryState()

    with pytest.raises(ValueError, match="no id"):
        Outbox(state, Clock()).put(message(name))
    assert not state.items


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Outbox(MemoryState(), Clock()).put(message(at=NOON.replace(tzinfo=None)))


def test_a_put_that_dies_anywhere_and_is_tried_again_leaves_one_message_with_a_pointer() -> None:
    at = 0
    while True:
        state, calls = MemoryState(), 0

        def die(_: str, at: int = at) -> None:
            nonlocal calls
            calls += 1
            if calls == at + 1:
                raise Killed

        state.step = die
        box = Outbox(state, Clock())
        try:
            box.put(message())
        except Killed:
            state.step = lambda _: None
            box.put(message())
        else:
            break
        assert state.of(f"message#{DAY}") == [message().id]
        assert [pointer.message_id for pointer in pointers(state)] == [message().id]
        at += 1
    assert at == 6, "a look, and before and after each write; the last one finds its pointer there"


def test_a_put_whose_pointer_was_taken_away_before_its_message_leaves_another() -> None:
    state = MemoryState()

    def take_away(step: str) -> None:
        if step == f"before put message#{DAY}":
            state.items.pop(("outbox", message().id))

    state.step = take_away
    Outbox(state, Clock()).put(message())

    assert [pointer.message_id for pointer in pointers(state)] == [message().id]


def test_a_pointer_goes_when_all_is_done_and_a_second_put_leaves_none() -> None:
    state = MemoryState()
    box = Outbox(state, Clock())
    box.put(message())

    outbox.change(state, message().id, DAY, sent)
    outbox.done(state, message().id, DAY, NOON)

    assert pointers(state) == []
    assert not box.put(message())
    assert pointers(state) == []


def test_a_pointer_that_was_taken_away_too_early_comes_back() -> None:
    state = MemoryState()
    Outbox(state, Clock()).put(message())

    outbox.done(state, message().id, DAY, NOON)

    assert [pointer.message_id for pointer in pointers(state)] == [message().id]


def test_what_was_given_up_is_redriven_and_what_was_sent_is_not() -> None:
    state, clock = MemoryState(), Clock()
    box = Outbox(state, clock)
    box.put(message(to=(OPERATORS, "channel:dev")))

    def end(standing: Record) -> Record:
        first, second = standing.deliveries
        dead = replace(second, step=Step.DEAD, attempts=9, begun_at=NOON, reason="no_service")
        return replace(standing, deliveries=(replace(first, step=Step.SENT), dead))

    outbox.change(state, message().id, DAY, end)
    outbox.done(state, message().id, DAY, NOON)
    clock.turn(timedelta(hours=30))
    found = box.redrive(message().id, DAY)

    assert found is not None
    assert [delivery.step for delivery in found.deliveries] == [Step.SENT, Step.PENDING]
    assert [pointer.due for pointer in pointers(state)] == [clock.now]
    assert box.redrive("none", DAY) is None


def test_of_what_is_not_done_the_longest_due_comes_first() -> None:
    state, clock = MemoryState(), Clock()
    for name in ("b", "a", "c"):
        Outbox(state, clock).put(message(name))
        clock.turn(timedelta(seconds=1))

    assert [pointer.message_id for pointer in pointers(state)] == ["b", "a", "c"]

    outbox.defer(state, pointers(state)[0], NOON + timedelta(hours=1))
    assert [pointer.message_id for pointer in pointers(state)] == ["a", "c", "b"]


def test_deferring_loses_against_whoever_hurries() -> None:
    state = MemoryState()
    Outbox(state, Clock()).put(message())
    [seen] = pointers(state)

    outbox.hurry(state, message().id, DAY, NOON + timedelta(minutes=1))
    outbox.defer(state, seen, NOON + timedelta(hours=1))

    assert [pointer.due for pointer in pointers(state)] == [NOON + timedelta(minutes=1)]


def test_too_long_a_text_is_cut_and_leads_to_the_rest() -> None:
    state = MemoryState()
    link = "https://headwater.invalid/reports/1"

    Outbox(state, Clock()).put(message(text="ü" * MOST_TEXT, link=link))

    kept = read(state, message().id, DAY)
    assert kept is not None
    assert len(kept.message.text.encode()) <= MOST_TEXT
    assert kept.message.text.endswith(f"too long for a message. See {link}")


WORDS = st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=40)


@given(WORDS, WORDS, st.lists(st.sampled_from([OPERATORS, SUBSCRIBERS, "channel:a", "subscription:1"]), max_size=6))
def test_any_record_comes_back(subject: str, text: str, to: list[str]) -> None:
    said: Message = message(subject=subject, text=text, to=tuple(to))
    record = sent(new(said, NOON))

    assert from_item({**to_item(record), "version": 0}) == record
