"""The sender by itself: what goes where, what waits, what is given up, and who is told of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from chalicelib.errors import NotTaken, StoreUnavailable
from chalicelib.outbox.delivery import Step
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Kind, to_channel, to_subscription
from chalicelib.outbox.outbox import Outbox
from chalicelib.outbox.ways import Reader
from tests.unit.outbox.memory import NOON, message
from tests.unit.outbox.sending import MINUTE, World


def steps(world: World, name: str = "alert/downloads/1/fired") -> dict[str, Step]:
    return {delivery.to: delivery.step for delivery in world.records()[name].deliveries}


def test_a_message_goes_to_all_of_its_destinations_and_is_done() -> None:
    world = World()
    world.add_channel("dev")
    world.put(message(to=(OPERATORS, SUBSCRIBERS, "channel:dev")))

    told = world.run()

    assert told == {"taken": 3}
    assert [topic for topic, _, _, _ in world.published] == ["operators", "notices"]
    assert len(world.slack) == 1
    assert world.pending == []
    assert world.run() == {}


def test_the_sites_address_is_written_in_and_subscribers_are_named_by_words() -> None:
    world = World(has_phones=2)
    world.put(message(to=(SUBSCRIBERS,)))

    world.run()

    [(_, _, body, words)] = world.published
    assert "https://numbers.example.com/alerts/1" in json.loads(body)["default"]
    assert json.loads(body)["sms"] == "downloads 12 < 100"
    assert words == (
        "email/alert/critical/downloads",
        "email/alert/critical/*",
        "sms/alert/critical/downloads",
        "sms/alert/critical/*",
    )


def test_where_nobody_has_a_phone_none_is_written_to() -> None:
    world = World()
    world.put(message(to=(SUBSCRIBERS,)))

    world.run()

    [(_, _, body, words)] = world.published
    assert "sms" not in json.loads(body)
    assert all(word.startswith("email/") for word in words)


def test_one_subscriber_is_named_alone_and_one_who_is_gone_is_not_written_to() -> None:
    world = World(readers={"1": Reader("1", "email", "ada@acme.example")})
    world.put(message("a", to=(to_subscription("1"),)))
    world.put(message("b", to=(to_subscription("2"),)))

    world.run()

    assert [words for _, _, _, words in world.published] == [("email/subscription/1",)]
    assert steps(world, "b") == {"subscription:2": Step.DROPPED}
    assert world.pending == []


def test_html_mail_goes_to_each_by_itself() -> None:
    people = {str(at): Reader(str(at), "html_email", f"{at}@acme.example") for at in range(3)}
    world = World(readers=people, html=("0", "2"))
    world.put(message(to=(SUBSCRIBERS,)))

    world.run()
    world.minutes(3)

    assert sorted(world.mailed) == [("0@acme.example", message().id), ("2@acme.example", message().id)]
    assert len(world.published) == 1


def test_a_way_that_is_down_holds_up_no_other_and_is_tried_later_and_later() -> None:
    world = World(down={"slack"})
    world.add_channel("dev")
    world.put(message(to=("channel:dev", OPERATORS)))

    world.run()
    assert steps(world) == {"channel:dev": Step.PENDING, OPERATORS: Step.SENT}
    world.minutes(59)
    tried = world.records()[message().id].deliveries[0].attempts
    world.down.clear()
    world.minutes(30)

    assert tried == 6, "at once, then after 1, 2, 4, 8, 15 minutes"
    assert steps(world) == {"channel:dev": Step.SENT, OPERATORS: Step.SENT}
    assert len(world.slack) == 1


def test_a_message_that_nobody_takes_for_a_day_is_given_up_and_people_are_told_over_another_way() -> None:
    world = World(down={"slack"})
    world.add_channel("dev")
    world.put(message(to=("channel:dev",)))

    world.minutes(25 * 60)

    assert steps(world) == {"channel:dev": Step.DEAD}
    [notice] = [record.message for record in world.records().values() if record.message.kind is Kind.NOTICE]
    assert [found[:2] for found in world.published] == [("operators", notice.id)]
    assert message().id in notice.text
    assert world.pending == []

    world.down.clear()
    Outbox(world.state, world.clock).redrive(message().id, "2026-11-26")
    world.run()
    assert steps(world) == {"channel:dev": Step.SENT}


def test_where_the_operators_mail_fails_they_are_told_by_channels_and_never_of_a_notice() -> None:
    world = World(down={"operators", "notices"})
    world.add_channel("dev")
    world.add_channel("off", enabled=False)
    world.put(message())

    world.minutes(50 * 60)

    notices = [record for record in world.records().values() if record.message.kind is Kind.NOTICE]
    assert [[delivery.to for delivery in notice.deliveries] for notice in notices] == [["channel:dev"]]
    assert len(world.slack) == 1
    world.down.add("slack")
    world.put(message("b", to=("channel:dev",)))
    world.minutes(60 * 60)
    notices = [record for record in world.records().values() if record.message.kind is Kind.NOTICE]
    assert sorted(notice.message.id.split("/")[2] for notice in notices) == ["channel:dev", "operators"]
    assert all(one.final for one in world.records().values())


def test_of_a_channel_that_is_set_up_wrongly_people_hear_at_once_and_once_a_day() -> None:
    world = World(refuses={"slack": NotTaken("invalid_auth", call_a_person=True)})
    world.add_channel("dev")
    world.put(message("a", to=("channel:dev",)))
    world.put(message("b", to=("channel:dev",)))

    world.minutes(30)

    assert len(world.published) == 1
    assert "invalid_auth" in world.published[0][2]
    world.refuses.clear()
    world.minutes(40)
    assert len(set(world.slack)) == len(world.slack) == 2, "mended within the day, nothing is lost"


def test_a_message_that_will_never_be_taken_is_given_up_at_once_and_the_next_goes_out() -> None:
    world = World()
    world.add_channel("dev")
    world.refuses["slack"] = NotTaken("msg_too_long", for_good=True)
    world.put(message("a", to=("channel:dev",)))
    world.run()
    world.refuses.clear()
    world.put(message("b", to=("channel:dev",)))

    world.minutes(1)

    assert steps(world, "a") == {"channel:dev": Step.DEAD}
    assert steps(world, "b") == {"channel:dev": Step.SENT}


def test_what_cannot_be_read_in_the_table_costs_no_other() -> None:
    world = World()
    world.put(message("a"))
    world.put(message("b"))
    world.state.items["message#2026-11-26", "a"].pop("kind")

    world.minutes(3)

    day = "2026-11-26"
    assert [found[:2] for found in world.published] == [("operators", "b"), ("operators", f"notice/unreadable/{day}")]
    assert sum("a cannot be read" in line for line in world.logged) == 1, "and it is looked at every half hour only"


def test_an_unknown_channel_is_told_of() -> None:
    world = World()
    world.put(message(to=(to_channel("gone"), OPERATORS)))

    world.run()
    world.run()

    assert steps(world) == {"channel:gone": Step.DEAD, OPERATORS: Step.SENT}
    assert [found[1].split("/")[0] for found in world.published] == ["alert", "notice"]


def test_a_channel_gets_no_more_a_minute_than_it_bears() -> None:
    world = World()
    world.add_channel("dev", a_minute=5)
    for at in range(12):
        world.put(message(f"m{at:02}", to=("channel:dev",)))

    told = world.run()
    twin = world.run()

    assert told == {"taken": 5, "waiting": 7}
    assert twin == {"waiting": 7}
    assert world.slept == pytest.approx(4 * 12)
    world.minutes(1)
    assert len(world.slack) == 10
    world.minutes(1)
    assert len(world.slack) == 12


def test_a_channel_that_asks_us_to_wait_is_left_alone_for_so_long() -> None:
    world = World(refuses={"slack": NotTaken("ratelimited", retry_after=timedelta(minutes=7))})
    world.add_channel("dev")
    for at in range(5):
        world.put(message(f"m{at}", to=("channel:dev",)))

    assert world.run() == {"refused": 1, "waiting": 4}
    world.refuses.clear()
    for _ in range(6):
        world.clock.turn(MINUTE)
        assert "taken" not in world.run()
    world.minutes(2)

    assert len(world.slack) == 5


def test_what_does_not_fit_into_the_time_waits() -> None:
    world = World()
    for at in range(3):
        world.put(message(f"m{at}"))
    left = iter([True, True, True, True, False])

    assert world.run(lambda: next(left, False)) == {"taken": 2, "waiting": 1}
    assert world.run() == {"taken": 1}


def test_sms_stop_when_the_month_has_no_more_and_mail_goes_on() -> None:
    world = World(has_phones=3, budget=7, readers={"1": Reader("1", "sms", "+491711234567")})
    for at in range(4):
        world.put(message(f"m{at}", to=(SUBSCRIBERS,)))
    world.run()

    with_sms = [bool(json.loads(body).get("sms")) for _, _, body, _ in world.published]
    assert with_sms == [True, True, False, False]

    world.put(message("one", to=(to_subscription("1"),)))
    world.run()
    assert steps(world, "one") == {"subscription:1": Step.DEAD}
    world.clock.turn(timedelta(days=10))
    world.put(message("december", to=(SUBSCRIBERS,)))
    world.run()
    assert json.loads(world.published[-1][2])["sms"]


def test_a_message_of_an_hour_nobody_looked_goes_out_once_however_many_look() -> None:
    world = World()
    world.put(message())
    world.clock.turn(timedelta(hours=1))

    for _ in range(5):
        world.run()
    world.minutes(10)

    assert world.got() == {("operators", message().id): 1}
    assert world.records()[message().id].deliveries[0].sent_at == NOON + timedelta(hours=1)


def test_without_receipts_only_what_is_in_doubt_waits() -> None:
    world = World()
    world.put(message("a"))
    world.deaf.add("operators")
    world.run()
    world.deaf.clear()
    world.put(message("b"))

    def no_receipts(step: str) -> None:
        if step == "received a receipt":
            raise StoreUnavailable("SQS did not answer")

    world.step = no_receipts
    world.minutes(10)
    assert world.got() == {("operators", "a"): 1, ("operators", "b"): 1}
    assert steps(world, "a") == {OPERATORS: Step.UNSURE}
    assert steps(world, "b") == {OPERATORS: Step.SENT}

    world.step = lambda _: None
    world.minutes(3)
    assert world.got() == {("operators", "a"): 1, ("operators", "b"): 1}
    assert world.pending == []


def test_a_receipt_of_a_message_that_cannot_be_read_stops_nobody() -> None:
    world = World()
    world.put(message("a"))
    world.run()
    world.state.items["message#2026-11-26", "a"].pop("kind")
    world.put(message("b"))

    world.minutes(2)

    assert ("operators", "b") in world.got()
    assert not world.queue


def test_a_state_that_does_not_answer_for_one_way_costs_no_other() -> None:
    world = World()
    world.add_channel("dev")
    world.put(message(to=("channel:dev", OPERATORS)))
    world.run()
    world.put(message("b", to=("channel:dev", OPERATORS)))
    failing = iter([True])

    def no_pace(step: str) -> None:
        if step == "get pace" and next(failing, False):
            raise StoreUnavailable("DynamoDB did not answer")

    world.step = no_pace
    told = world.run()

    assert told == {"taken": 1, "waiting": 1}
    world.minutes(1)
    assert all(one.final for one in world.records().values())


def test_a_secret_that_cannot_be_read_does_not_take_the_doubt_away() -> None:
    world = World()
    world.add_channel("dev")
    world.put(message(to=("channel:dev",)))
    world.deaf.add("slack")
    world.run()
    world.deaf.clear()
    find = world._to_channel
    world._to_channel = lambda *_: (_ for _ in ()).throw(NotTaken("Secrets Manager did not answer"))  # type: ignore[method-assign]
    world.minutes(5)
    world._to_channel = find  # type: ignore[method-assign]
    world.minutes(10)

    assert len(world.slack) == 1
    assert world.pending == []


def test_nobody_hears_of_a_recovery_before_the_trouble() -> None:
    world = World(down={"slack"})
    world.add_channel("dev")
    world.put(message("z/fired", to=("channel:dev",)))
    world.minutes(20)
    assert steps(world, "z/fired") == {"channel:dev": Step.PENDING}
    world.down.clear()
    world.said.clear()
    world.put(message("a/recovered", to=("channel:dev",)))

    world.run()

    assert world.said == ["z/fired", "a/recovered"]
    assert world.pending == []


def test_what_was_said_later_is_not_hurried() -> None:
    world = World(disliked={"b"})
    world.add_channel("dev")
    world.put(message("a", to=("channel:dev",), at=NOON))
    world.clock.turn(MINUTE)
    world.put(message("b", to=("channel:dev",)))
    world.run()

    assert world.said == ["a"]
    attempts = world.records()["b"].deliveries[0].attempts
    assert world.run() == {}
    assert world.records()["b"].deliveries[0].attempts == attempts == 1


def test_a_message_that_is_refused_again_and_again_costs_no_other() -> None:
    world = World(disliked={"a"})
    world.add_channel("dev")
    world.put(message("a", to=("channel:dev",)))
    for at in range(10):
        world.clock.turn(MINUTE)
        world.put(message(f"m{at}", to=("channel:dev",)))
        world.run()

    assert world.said == [f"m{at}" for at in range(10)]


def test_a_way_that_refuses_three_times_in_a_row_is_left_for_this_time() -> None:
    world = World(down={"slack"})
    world.add_channel("dev")
    for at in range(9):
        world.put(message(f"m{at}", to=("channel:dev",)))

    assert world.run() == {"refused": 3, "waiting": 6}
