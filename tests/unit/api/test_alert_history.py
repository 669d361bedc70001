"""What a rule has told, as a client reads it: newest first, page by page, with how far each message came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jsonschema import Draft202012Validator

from chalicelib.api.alert_schemas import GIVEN_EXAMPLE, TOLD
from chalicelib.outbox.delivery import Step
from chalicelib.outbox.message import Kind, Message, Severity
from chalicelib.outbox.outbox import Outbox, change
from tests.unit.api.world import READ, World


def made(world: World) -> str:
    answer = world.post_json("/v1/alerts", GIVEN_EXAMPLE)
    assert answer.status_code == 201, answer.body
    return str(answer.json_body["id"])


def tell(world: World, rule: str, at: datetime, what: str = "fired", count: int = 1) -> Message:
    name = f"alert/{rule}/1/4f53cda18c2baa0c/{at:%Y%m%dT%H%MZ}/{count}/{what}"
    message = Message(name, at, Kind.ALERT, "downloads", Severity.CRITICAL, what, "text", ("subscribers", "channel:a"))
    Outbox(world.state, lambda: world.now).put(message)
    return message


def history(world: World, rule: str, **query: str) -> Any:
    answer = world.get(f"/v1/alerts/{rule}/history", **query)
    assert answer.status_code == 200, answer.body
    return answer.json_body


def whole(world: World, rule: str, limit: int) -> list[str]:
    found: list[str] = []
    body = history(world, rule, limit=str(limit))
    while True:
        assert len(body["results"]) <= limit
        found += [one["id"] for one in body["results"]]
        if (cursor := body["meta"]["next_cursor"]) is None:
            return found
        body = history(world, rule, limit=str(limit), cursor=cursor)


def test_what_was_told_is_there_with_its_deliveries(world: World) -> None:
    rule = made(world)
    message = tell(world, rule, world.now - timedelta(minutes=7, seconds=30))
    sent = world.now

    def settle(record: Any) -> Any:
        first, *others = record.deliveries
        return replace(record, deliveries=(replace(first, step=Step.SENT, attempts=1, sent_at=sent), *others))

    change(world.state, message.id, message.at.date().isoformat(), settle)

    [told] = history(world, rule)["results"]

    Draft202012Validator(TOLD).validate(told)
    assert (told["id"], told["what"], told["at"]) == (message.id, "fired", "2026-11-22T12:00:00Z")
    assert [(one["to"], one["step"], one["sent_at"]) for one in told["deliveries"]] == [
        ("subscribers", "sent", "2026-11-22T12:07:30Z"),
        ("channel:a", "pending", None),
    ]


def test_other_rules_and_other_messages_are_not_in_it(world: World) -> None:
    rule, other = made(world), made(world)
    at = world.now - timedelta(minutes=30)
    tell(world, other, at)
    Outbox(world.state, lambda: world.now).put(
        Message(f"notice/{rule}", at, Kind.NOTICE, "x", Severity.INFO, "s", "t", ("operators",))
    )
    mine = tell(world, rule, at)

    assert [one["id"] for one in history(world, rule)["results"]] == [mine.id]


def test_pages_are_newest_first_and_hold_each_message_once(world: World) -> None:
    rule = made(world)
    first = world.now.replace(minute=0, second=0)
    world.now += timedelta(days=40)
    days = (0, 0, 1, 1, 1, 2, 20, 39)
    messages = [tell(world, rule, first + timedelta(days=day, hours=n), count=n) for n, day in enumerate(days)]

    for limit in (1, 2, 3, 50):
        assert whole(world, rule, limit) == [one.id for one in sorted(messages, key=lambda one: one.at, reverse=True)]


def test_a_page_looks_at_two_weeks_and_leads_on(world: World) -> None:
    rule = made(world)
    old = tell(world, rule, world.now + timedelta(hours=1))
    world.now += timedelta(days=30)

    body = history(world, rule)

    assert body["results"] == []
    assert body["meta"]["next_cursor"] is not None
    assert whole(world, rule, 50) == [old.id]


def test_there_is_no_history_of_what_there_is_not_and_no_cursor_of_another(world: World) -> None:
    one, other = made(world), made(world)
    for n in range(2):
        tell(world, one, datetime(2026, 11, 22, 11 + n, tzinfo=UTC))
    cursor = history(world, one, limit="1")["meta"]["next_cursor"]

    assert world.get("/v1/alerts/none/history").status_code == 404
    assert world.get(f"/v1/alerts/{other}/history", token=READ, cursor=cursor).status_code == 400
