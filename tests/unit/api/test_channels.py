"""Channels and messages, as an administrator sees them: set up, tried, changed, deleted; given up, and sent again."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import channel_schemas, message_schemas
from chalicelib.outbox import outbox
from chalicelib.outbox.delivery import Step
from chalicelib.outbox.message import Kind, Message, Severity
from chalicelib.outbox.outbox import Outbox, pointers
from tests.unit.api.world import ADMIN, READ, World

CHANNELS, MESSAGES = "/v1/channels", "/v1/messages"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
BOT = channel_schemas.GIVEN_EXAMPLE
HOOK = {"name": "crm", "kind": "webhook", "url": "https://crm.acme.example/hooks/secret-path", "signing_secret": SECRET}
SLACK = {"name": "ops", "kind": "slack_webhook", "url": "https://hooks.slack.com/services/T0/B0/secret-part"}


def send(world: World, method: str, path: str, body: Any = None, token: str = ADMIN, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {} if body is None else {"Content-Type": "application/json"}
    return world.call(method, path, token=token, headers=sent, body=b"" if body is None else json.dumps(body).encode())


def make(world: World, given: dict[str, Any], **headers: str) -> Any:
    answer = send(world, "POST", CHANNELS, given, **headers)
    assert answer.status_code == 201, answer.body
    return answer


def kept_secrets(world: World) -> dict[str, Any]:
    return {name: value for name, value in world.secrets.values.items() if name.startswith("channel/")}


@pytest.mark.parametrize("given", [BOT, HOOK, SLACK], ids=lambda one: one["kind"])
def test_a_channel_is_set_up_and_no_answer_shows_its_secret(world: World, given: dict[str, Any]) -> None:
    made = make(world, given)
    place = f"{CHANNELS}/{given['name']}"
    answers = [
        made,
        world.get(place, token=ADMIN),
        world.get(CHANNELS, token=ADMIN),
        send(world, "PATCH", place, {"per_minute": 5}, If_Match=made.headers["ETag"]),
        send(world, "POST", CHANNELS, given),
    ]

    [kept] = kept_secrets(world).values()
    assert kept == {name: given[name] for name in ("url", "token", "signing_secret") if name in given}
    for secret in kept.values():
        part = secret.rpartition("/")[2]
        assert not [one for one in answers if part.encode() in one.body]
    Draft202012Validator(channel_schemas.CHANNEL).validate(made.json_body)
    assert answers[3].json_body["per_minute"] == 5
    assert answers[4].status_code == 409
    state = json.dumps([item for (pk, _), item in world.state.items.items() if pk == "channel"])
    assert all(value.rpartition("/")[2] not in state for value in kept.values())


def test_the_same_key_sets_a_channel_up_once(world: World) -> None:
    first = make(world, BOT, Idempotency_Key="k-1")
    again = make(world, BOT, Idempotency_Key="k-1")
    other = send(world, "POST", CHANNELS, {**BOT, "per_minute": 3}, Idempotency_Key="k-1")

    assert first.json_body == again.json_body
    assert other.status_code == 422
    assert len(kept_secrets(world)) == 1


def test_of_two_who_set_up_the_same_name_at_once_one_wins_with_its_own_secret(world: World) -> None:
    put = world.state.put

    def first(pk: str, sk: str, item: Any, *, expected_version: int | None) -> None:
        world.state.put = put
        make(world, {**BOT, "token": "xoxb-theirs"})
        put(pk, sk, item, expected_version=expected_version)

    world.state.put = first
    second = send(world, "POST", CHANNELS, BOT)

    assert second.status_code == 409
    assert list(kept_secrets(world).values()) == [{"token": "xoxb-theirs"}]


@pytest.mark.parametrize(
    ("changed", "field", "says"),
    [
        ({"kind": "slackbot"}, "kind", "Did you mean 'slack_bot'?"),
        ({"kind": None}, "kind", "is needed"),
        ({"name": "Sales"}, "name", "small letters"),
        ({"name": 7}, "name", "small letters"),
        ({"token": "xoxp-1"}, "token", "xoxb-"),
        ({"token": None}, "token", "xoxb-"),
        ({"slack_channel": "#sales"}, "slack_channel", "C0123456789"),
        ({"per_minute": 0}, "per_minute", "1 to 600"),
        ({"per_minute": True}, "per_minute", "1 to 600"),
        ({"enabled": "yes"}, "enabled", "true or false"),
        ({"url": "https://a.example/"}, "url", "no such field"),
        ({"slack_chanel": "C0123456789"}, "slack_chanel", "Did you mean 'slack_channel'?"),
        ({"base_url": "https://evil.example/api/"}, "base_url", "one place"),
    ],
)
def test_what_is_wrong_with_a_bot_is_said_by_its_field(
    world: World, changed: dict[str, Any], field: str, says: str
) -> None:
    answer = send(world, "POST", CHANNELS, {**BOT, **changed})

    assert answer.status_code == 400
    [error] = [one for one in answer.json_body["errors"] if one["parameter"] == field]
    assert says in error["detail"]
    assert not kept_secrets(world)


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.acme.example/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://user:pw@crm.acme.example/",
        "https://localhost/",
        7,
    ],
)
def test_a_webhook_to_a_place_of_our_own_is_refused(world: World, url: Any) -> None:
    answer = send(world, "POST", CHANNELS, {**HOOK, "url": url})

    assert [error["parameter"] for error in answer.json_body["errors"]] == ["url"]
    assert answer.status_code == 400


def test_a_slack_webhook_is_one_of_slacks(world: World) -> None:
    answer = send(world, "POST", CHANNELS, {**SLACK, "url": "https://evil.example/services/T0"})

    assert "hooks.slack.com" in answer.json_body["errors"][0]["detail"]


def test_a_host_that_the_deployment_names_may_be_anywhere(world: World) -> None:
    world.context = replace(world.context, webhook_private_hosts=frozenset({"127.0.0.1"}))

    made = make(world, {**HOOK, "url": "http://127.0.0.1:8082/hooks/crm"})

    assert made.json_body["shown"] == "127.0.0.1"


def test_a_new_secret_is_given_as_a_whole_and_takes_the_old_ones_place(world: World) -> None:
    made = make(world, HOOK)
    place, tag = f"{CHANNELS}/crm", made.headers["ETag"]

    half = send(world, "PATCH", place, {"url": "https://other.acme.example/x"}, If_Match=tag)
    whole = send(world, "PATCH", place, {"url": "https://other.acme.example/x", "signing_secret": SECRET}, If_Match=tag)
    late = send(world, "PATCH", place, {"enabled": False}, If_Match=tag)
    blind = send(world, "PATCH", place, {"enabled": False})

    assert half.json_body["errors"][0]["parameter"] == "signing_secret"
    assert whole.json_body["shown"] == "other.acme.example"
    assert [one["url"] for one in kept_secrets(world).values()] == ["https://other.acme.example/x"]
    assert (late.status_code, blind.status_code) == (412, 428)


def test_a_deleted_channel_is_gone_with_its_secret_and_its_name_is_free(world: World) -> None:
    made = make(world, BOT)
    place = f"{CHANNELS}/{BOT['name']}"

    assert send(world, "DELETE", place, If_Match=made.headers["ETag"]).status_code == 204

    assert not kept_secrets(world)
    assert world.get(place, token=ADMIN).status_code == 404
    assert world.get(CHANNELS, token=ADMIN).json_body["results"] == []
    assert make(world, BOT).status_code == 201


def test_an_unknown_name_is_told_the_near_one(world: World) -> None:
    make(world, BOT)

    answer = world.get(f"{CHANNELS}/sales-alert", token=ADMIN)

    assert answer.status_code == 404
    assert answer.json_body["errors"][0]["suggestion"] == "sales-alerts"


@pytest.mark.parametrize(("method", "path"), [("GET", CHANNELS), ("POST", CHANNELS), ("GET", MESSAGES)])
def test_only_an_administrator_may(world: World, method: str, path: str) -> None:
    assert send(world, method, path, BOT if method == "POST" else None, token=READ).status_code == 403


def test_a_channel_is_tried_by_a_message_in_the_outbox_once_a_key(world: World) -> None:
    make(world, BOT)
    place = f"{CHANNELS}/{BOT['name']}/test"

    first = send(world, "POST", place, Idempotency_Key="t-1")
    again = send(world, "POST", place, Idempotency_Key="t-1")

    assert (first.status_code, first.json_body["new"], again.json_body["new"]) == (202, True, False)
    Draft202012Validator(channel_schemas.PUT).validate(first.json_body)
    [listed] = world.get(MESSAGES, token=ADMIN).json_body["results"]
    assert listed["id"] == first.json_body["id"]
    assert [one["to"] for one in listed["deliveries"]] == ["channel:sales-alerts"]
    whole = world.get(f"{MESSAGES}/{first.json_body['key']}", token=ADMIN).json_body
    assert "It came: the channel works." in whole["text"]


# -------------------------------------------------------------------- messages


def put(world: World, name: str, kind: Kind = Kind.ALERT, **said: Any) -> str:
    link = "https://headwater.invalid/alerts/1"
    usual = {"at": world.now, "topic": "t", "severity": Severity.INFO, "subject": "S", "to": ("channel:dev",)}
    message = Message(id=name, kind=kind, **{"text": f"See {link}", "link": link, **usual, **said})
    Outbox(world.state, lambda: world.now).put(message)
    return name


def give_up(world: World, name: str) -> None:
    def dead(standing: Any) -> Any:
        ended = tuple(replace(one, step=Step.DEAD, reason="no_service", attempts=50) for one in standing.deliveries)
        return replace(standing, deliveries=ended)

    outbox.change(world.state, name, f"{world.now:%Y-%m-%d}", dead)
    outbox.done(world.state, name, f"{world.now:%Y-%m-%d}", world.now)


def test_messages_are_listed_newest_first_by_day_kind_and_state(world: World) -> None:
    put(world, "old")
    world.now = world.now.replace(day=25)
    put(world, "a")
    give_up(world, "a")
    world.sleep(5)
    put(world, "b", Kind.DIGEST)

    def ids(**query: str) -> list[str]:
        answer = world.get(MESSAGES, token=ADMIN, **query)
        assert answer.status_code == 200, answer.body
        return [one["id"] for one in answer.json_body["results"]]

    assert ids() == ["b", "a", "old"]
    assert ids(**{"from": "2026-11-25"}) == ["b", "a"]
    assert ids(to="2026-11-24") == ["old"]
    assert ids(kind="digest") == ["b"]
    assert ids(state="dead") == ["a"]
    first = world.get(MESSAGES, token=ADMIN, limit="2").json_body
    assert ids(limit="2", cursor=first["meta"]["next_cursor"]) == ["old"]
    Draft202012Validator(message_schemas.MESSAGE).validate(first["results"][0])


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-30"},
        {"from": "2026-01-01"},
        {"from": "2026-1-1"},
        {"to": "0001-01-01", "from": "0001-01-02"},
        {"kind": "alerts"},
        {"state": "deadd"},
        {"from": "2026-02-30"},
    ],
)
def test_what_is_wrong_with_a_question_is_said(world: World, query: dict[str, str]) -> None:
    answer = world.get(MESSAGES, token=ADMIN, **query)

    assert answer.status_code == 400
    assert answer.json_body["errors"][0]["parameter"] in query


def test_the_first_days_of_all_can_be_asked_for(world: World) -> None:
    assert world.get(MESSAGES, token=ADMIN, to="0001-01-02").json_body["results"] == []


def test_what_was_given_up_is_sent_again_and_links_begin_at_the_site(world: World) -> None:
    put(world, "alert/1/fired")
    give_up(world, "alert/1/fired")
    [listed] = world.get(MESSAGES, token=ADMIN, state="dead").json_body["results"]
    assert pointers(world.state) == []

    answer = world.call("POST", f"{MESSAGES}/{listed['key']}/redrive", token=ADMIN)

    assert answer.status_code == 202
    Draft202012Validator(message_schemas.WHOLE).validate(answer.json_body)
    assert answer.json_body["text"] == "See /alerts/1"
    assert [one["state"] for one in answer.json_body["deliveries"]] == ["pending"]
    assert [pointer.message_id for pointer in pointers(world.state)] == ["alert/1/fired"]


@pytest.mark.parametrize("key", ["x", "MjAyNi0xMS0yMiA", "A" * 441])
def test_what_is_no_key_is_refused(world: World, key: str) -> None:
    assert world.get(f"{MESSAGES}/{key}", token=ADMIN).status_code == 400


def test_links_that_are_one_readers_own_are_shown_to_nobody_else(world: World) -> None:
    own = "/api/v1/subscriptions/confirm/abc.DEF-12_3"
    put(world, "letter", Kind.NOTICE, text=f"Say yes:\n{own}\nBye.", short=f"Say yes: {own}", link=own)
    put(world, "alert", text="See it.", link="/alerts/5f1c")

    listed = {one["id"]: one for one in world.get(MESSAGES, token=ADMIN).json_body["results"]}
    whole = world.get(f"{MESSAGES}/{listed['letter']['key']}", token=ADMIN)

    assert "DEF" not in json.dumps(listed) + whole.body.decode()
    assert whole.json_body["text"] == "Say yes:\n/api/v1/subscriptions/confirm/…\nBye."
    assert (listed["letter"]["link"], listed["alert"]["link"]) == (None, "/alerts/5f1c")


def test_a_message_that_there_is_not(world: World) -> None:
    key = base64.urlsafe_b64encode(b"2026-11-22 none").decode().rstrip("=")

    assert world.get(f"{MESSAGES}/{key}", token=ADMIN).status_code == 404
    assert world.call("POST", f"{MESSAGES}/{key}/redrive", token=ADMIN).status_code == 404
