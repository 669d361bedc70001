"""``/v1/subscriptions`` as whoever asks, an administrator and the person whose address it is see it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import subscription_schemas as schemas
from chalicelib.outbox.message import Kind, Message, Severity
from chalicelib.subscriptions import addresses, kept
from chalicelib.subscriptions.subscription import State, Subscription
from tests.unit.api.world import ADMIN, READ, World

DIGEST = {"cadence": "weekly", "hour": 8, "weekday": 1, "zone": "Europe/Berlin", "metrics": ["downloads"]}
ADA = {"protocol": "email", "address": "ada@acme.example", "alerts": ["*"], "least": "warning", "digest": DIGEST}
PHONE = {"protocol": "sms", "address": "+491712345678", "alerts": ["downloads"]}
PEOPLE = {"Accept": "text/html,application/xhtml+xml"}
ONE_CLICK = b"List-Unsubscribe=One-Click"


def ask(world: World, body: Mapping[str, Any] = ADA, token: str = READ, key: str | None = None) -> Any:
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
    return world.call("POST", "/v1/subscriptions", token=token, headers=headers, body=json.dumps(body).encode())


def made(world: World, body: Mapping[str, Any] = ADA) -> Subscription:
    """One that stands, confirmed."""
    answer = ask(world, body)
    assert answer.status_code == 201, answer.json_body
    standing = kept.read(world.state, answer.json_body["id"])
    assert standing is not None
    if body["protocol"] == "email":
        world.notices.press(body["address"])
    done = world.context.subscribing.confirm(standing)
    assert done is not None
    return done


def one(world: World, subscription_id: str) -> Subscription:
    found = kept.read(world.state, subscription_id)
    assert found is not None
    return found


def path_of(address: str) -> str:
    return address.removeprefix("https://headwater.invalid/api")


def link(world: World, what: str, subscription: Subscription) -> str:
    make = getattr(addresses, f"{what}_address")
    return path_of(make(world.context.links_key(), subscription, world.now))


def opened(world: World, path: str, **headers: str) -> Any:
    return world.call("GET", path, token=None, headers=headers or PEOPLE)


def acted(world: World, path: str, body: bytes = ONE_CLICK, headers: Mapping[str, str] = PEOPLE) -> Any:
    sent = {"Content-Type": "application/x-www-form-urlencoded", **headers}
    return world.call("POST", path, token=None, headers=sent, body=body)


def alert(severity: Severity = Severity.CRITICAL, topic: str = "downloads") -> Message:
    at = World.now
    return Message("a/1", at, Kind.ALERT, topic, severity, "s", "t", ("subscribers",))


def test_anybody_with_a_token_asks_and_the_person_says_yes(world: World) -> None:
    answer = ask(world)

    Draft202012Validator(schemas.SUBSCRIPTION).validate(answer.json_body)
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"subscriptions/{answer.json_body['id']}"
    assert answer.json_body["state"] == "pending"
    assert answer.json_body["digest"] == DIGEST
    assert world.notices.hears("email", alert()) == set()
    assert "nonce" not in answer.json_body


def test_the_example_is_a_real_answer(world: World) -> None:
    answer = ask(world, schemas.NEW_EXAMPLE)

    assert answer.json_body.keys() == schemas.SUBSCRIPTION_EXAMPLE.keys()
    names = {"id": "", "created_by": "", "changed_by": ""}
    assert {**answer.json_body, **names} == {**schemas.SUBSCRIPTION_EXAMPLE, **names}


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"protocol": "mail"}, "protocol", "html_email"),
    ({"protocol": "html_email"}, "protocol", "SesSender"),
    ({"address": "ada"}, "address", "ada@acme.example"),
    ({"address": "ada@acme"}, "address", "ada@acme.example"),
    ({"address": "ada@acme.example\nBcc: x@y.example"}, "address", "ada@acme.example"),
    ({"address": None}, "address", "needed"),
    ({"address": 7}, "address", "text"),
    ({"protocol": "sms", "address": "0171 234"}, "address", "+49"),
    ({"alerts": ['a"b']}, "alerts", "letters"),
    ({"alerts": "*"}, "alerts", "list"),
    ({"alerts": [f"t{at}" for at in range(50)], "incidents": ["a", "b"]}, "alerts", "150 words"),
    ({"alerts": [], "digest": None}, "alerts", "Nothing is asked for"),
    ({"least": "worst"}, "least", "critical"),
    ({"digest": {**DIGEST, "zone": "Europe/Berlni"}}, "digest.zone", "Did you mean 'Europe/Berlin'?"),
    ({"digest": {**DIGEST, "hour": 24}}, "digest.hour", "0 to 23"),
    ({"digest": {**DIGEST, "hour": True}}, "digest.hour", "0 to 23"),
    ({"digest": {**DIGEST, "metrics": ["downlaods"]}}, "digest.metrics", "Did you mean 'downloads'?"),
    ({"digest": {**DIGEST, "metrics": []}}, "digest.metrics", "1 to 20"),
    ({"digest": {**DIGEST, "weekdy": 1}}, "digest.weekdy", "Did you mean 'weekday'?"),
    ({"digest": "weekly"}, "digest", "object"),
    ({"reports": ["nothing"]}, "reports", "no report 'nothing'"),
    ({"adress": "x"}, "adress", "Did you mean 'address'?"),
]


@pytest.mark.parametrize(("change", "field", "words"), WRONG, ids=[f"{field}: {words}" for _, field, words in WRONG])
def test_what_is_wrong_is_named_with_what_is_right(
    world: World, change: dict[str, Any], field: str, words: str
) -> None:
    answer = ask(world, {**ADA, "least": "info", **change})

    said = {error["parameter"]: error["detail"] for error in answer.json_body["errors"]}
    assert answer.status_code == 400
    assert words in said[field]
    assert not [key for key in world.state.items if key[0] == "subscription"]


def test_every_mistake_is_named_at_once(world: World) -> None:
    answer = ask(
        world, {"protocol": "sms", "address": "x", "alerts": ["?"], "digest": {**DIGEST, "zone": "x", "hour": 99}}
    )

    named = {error["parameter"] for error in answer.json_body["errors"]}
    assert named == {"address", "alerts", "digest.zone", "digest.hour"}


def test_another_try_under_the_same_key_is_the_same_request(world: World) -> None:
    first, again = ask(world, key="k1"), ask(world, key="k1")
    other = ask(world, {**ADA, "least": "info"}, key="k1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json_body == again.json_body
    assert world.notices.people["email", "ada@acme.example"].asked == 1
    assert other.status_code == 422


def test_an_address_has_one_subscription_whoever_asks(world: World) -> None:
    standing = made(world)

    answer = ask(world)

    assert answer.status_code == 409
    assert standing.id in answer.json_body["detail"]


def test_an_address_is_not_asked_for_ever(world: World) -> None:
    answers = [ask(world) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[-1].headers["Retry-After"]) == 2 * 86_400


def test_an_administrator_sees_who_hears_what(world: World) -> None:
    ada, phone = made(world), made(world, PHONE)
    ask(world, {**ADA, "address": "bob@acme.example", "alerts": ["stars"]})

    def listed(**query: str) -> list[str]:
        answer = world.get("/v1/subscriptions", token=ADMIN, **query)
        assert answer.status_code == 200
        return [found["address"] for found in answer.json_body["results"]]

    assert sorted(listed()) == ["+491712345678", "ada@acme.example", "bob@acme.example"]
    assert listed(address="ADA@acme.example") == [ada.address]
    assert sorted(listed(topic="downloads")) == [phone.address, ada.address]
    assert listed(state="pending") == ["bob@acme.example"]
    assert listed(topic="downloads", state="pending") == []
    assert world.get("/v1/subscriptions", token=READ).status_code == 403
    wrong = world.get("/v1/subscriptions", token=ADMIN, state="pendign")
    assert "Did you mean 'pending'?" in wrong.json_body["errors"][0]["detail"]


def change(world: World, subscription: Subscription, body: Mapping[str, Any], tag: str | None = None) -> Any:
    path = f"/v1/subscriptions/{subscription.id}"
    seen = tag or world.get(path, token=ADMIN).headers["ETag"]
    headers = {"Content-Type": "application/json", "If-Match": seen}
    return world.call("PATCH", path, token=ADMIN, headers=headers, body=json.dumps(body).encode())


def test_a_change_counts_at_once_and_leaves_the_rest_as_it_was(world: World) -> None:
    ada = made(world)

    answer = change(world, ada, {"alerts": ["stars"], "least": "critical"})

    assert answer.status_code == 200
    assert (answer.json_body["digest"], answer.json_body["filtered"]) == (DIGEST, True)
    assert world.notices.hears("email", alert(topic="stars")) == {"ada@acme.example"}
    assert world.notices.hears("email", alert(topic="downloads")) == set()
    assert world.notices.hears("email", alert(Severity.WARNING, "stars")) == set()


def test_a_change_names_what_it_has_seen(world: World) -> None:
    ada = made(world)
    path = f"/v1/subscriptions/{ada.id}"

    assert change(world, ada, {"least": "info"}, '"1"').status_code == 412
    assert world.call("DELETE", path, token=ADMIN).status_code == 428
    assert world.call("DELETE", path, token=ADMIN, headers={"If-Match": '"1"'}).status_code == 412
    assert change(world, ada, {"address": "x@y.example"}).status_code == 400
    assert world.call("DELETE", "/v1/subscriptions/none", token=ADMIN, headers={"If-Match": '"1"'}).status_code == 404


def test_it_is_told_who_changed_it_last_and_who_comes_second_reads_the_name(world: World) -> None:
    ada = made(world)
    by = lambda: world.get(f"/v1/subscriptions/{ada.id}", token=ADMIN).json_body["changed_by"]  # noqa: E731

    asked = ask(world, PHONE).json_body["changed_by"]
    confirmed = by()
    first = change(world, ada, {"least": "info"})
    second = change(world, ada, {"least": "critical"}, '"1"')
    changed = by()
    acted(world, link(world, "preferences", one(world, ada.id)), form())
    chosen = by()
    slower = change(world, ada, {"least": "critical"}, first.headers["ETag"])

    assert (asked, confirmed, changed, chosen) == ("read", ada.address, "admin", ada.address)
    assert second.json_body["detail"].startswith("admin has changed it since you have seen it, at 2026-11-22T12:07:30Z")
    assert slower.json_body["detail"].startswith(f"{ada.address} has changed it")


def test_who_is_slower_by_a_moment_reads_who_was_faster(world: World) -> None:
    ada = made(world)
    put, left = world.state.put, ["bob"]

    def later(of: str, sk: str, item: Mapping[str, Any], *, expected_version: int | None) -> None:
        if of == kept.PK and left:
            key = (of, sk)
            before = world.state.items[key]
            world.state.items[key] = {**before, "changed_by": left.pop(), "version": before["version"] + 1}
        put(of, sk, item, expected_version=expected_version)

    world.state.put = later  # type: ignore[method-assign]

    slower = change(world, ada, {"least": "critical"})

    assert slower.status_code == 412
    assert slower.json_body["detail"].startswith("bob has changed it since you have seen it")


def test_what_bounced_was_changed_by_nobody(world: World) -> None:
    ada = made(world)
    world.context.subscribing.end(one(world, ada.id), State.BOUNCED, "There is no such mailbox.")

    shown = world.get(f"/v1/subscriptions/{ada.id}", token=ADMIN).json_body

    assert (shown["changed_by"], shown["reason"]) == (None, "There is no such mailbox.")
    assert change(world, ada, {"least": "info"}, '"1"').json_body["detail"].startswith("Somebody has changed it")


def test_what_an_administrator_ends_hears_nothing(world: World) -> None:
    ada = made(world)
    path = f"/v1/subscriptions/{ada.id}"

    ended = world.call("DELETE", path, token=ADMIN, headers={"If-Match": world.get(path, token=ADMIN).headers["ETag"]})

    shown = world.get(path, token=ADMIN).json_body
    assert (ended.status_code, ended.body) == (204, b"")
    assert (shown["state"], shown["reason"]) == ("unsubscribed", "It was ended by admin.")
    assert world.notices.people == {}
    assert change(world, one(world, ada.id), {"least": "info"}).status_code == 409


def test_a_link_ends_a_subscription_and_acts_once(world: World) -> None:
    ada = made(world)
    path = link(world, "unsubscribe", ada)

    shown = opened(world, path)
    still = one(world, ada.id).state
    done, again, looked = acted(world, path), acted(world, path), opened(world, path)

    assert (shown.status_code, still) == (200, State.CONFIRMED)
    assert "Stop all of them" in shown.body.decode()
    assert "form-action 'self'" in shown.headers["Content-Security-Policy"]
    assert "<script" not in shown.body.decode()
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert (done.status_code, again.status_code, looked.status_code) == (200, 410, 410)
    assert "You are unsubscribed" in done.body.decode()
    assert "unsubscribed already" in again.body.decode()
    assert one(world, ada.id).state is State.UNSUBSCRIBED
    assert world.notices.people == {}


def test_a_mail_program_ends_it_by_one_click_without_looking(world: World) -> None:
    path = link(world, "unsubscribe", made(world))
    form = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'

    answer = world.call(
        "POST", path, token=None, headers={"Content-Type": "multipart/form-data; boundary=b"}, body=form
    )

    assert answer.status_code == 200
    assert world.notices.people == {}


def test_what_is_no_good_is_a_page_for_people_and_a_problem_for_programs(world: World) -> None:
    ada = made(world)
    path = link(world, "unsubscribe", ada)
    payload, _, signature = path.rpartition("/")[2].partition(".")
    other = "A" if signature[0] != "A" else "B"
    forged = [
        f"/v1/subscriptions/unsubscribe/{payload}.{other}{signature[1:]}",
        f"/v1/subscriptions/unsubscribe/{payload[:-2]}AA.{signature}",
        f"/v1/subscriptions/unsubscribe/{payload}",
        "/v1/subscriptions/unsubscribe/x",
        link(world, "preferences", ada).replace("/preferences/", "/unsubscribe/"),
    ]

    for place in forged:
        page, problem = acted(world, place), acted(world, place, headers={})
        assert (page.status_code, problem.status_code) == (403, 403), place
        assert "This link does nothing" in page.body.decode()
        assert problem.headers["Content-Type"] == "application/problem+json"
    world.now += addresses.GOOD_FOR + timedelta(seconds=1)
    old = acted(world, path)
    assert (old.status_code, "too old" in old.body.decode()) == (410, True)
    assert one(world, ada.id).state is State.CONFIRMED


def test_a_link_of_before_does_not_end_what_was_asked_for_anew(world: World) -> None:
    path = link(world, "unsubscribe", made(world))
    acted(world, path)
    again = made(world)

    answer = acted(world, path)

    assert answer.status_code == 410
    assert "has acted already" in answer.body.decode()
    assert one(world, again.id).state is State.CONFIRMED


def test_a_phone_is_confirmed_by_the_link_of_our_message(world: World) -> None:
    answer = ask(world, PHONE)
    [asks] = [item for (pk, _), item in world.state.items.items() if pk.startswith("message#")]
    path = path_of(asks["link"])

    shown = opened(world, path)
    waits = one(world, answer.json_body["id"]).state
    done, again = acted(world, path, b"confirm=yes"), acted(world, path, b"confirm=yes")

    assert (shown.status_code, waits) == (200, State.PENDING)
    assert "Somebody (read) asked" in shown.body.decode()
    assert "+491712345678" not in shown.body.decode()
    assert (done.status_code, again.status_code) == (200, 410)
    assert world.notices.hears("sms", alert()) == {"+491712345678"}


FORM = {
    "alerts": ["downloads", "stars"],
    "least": "critical",
    "cadence": "daily",
    "hour": "7",
    "weekday": "3",
    "zone": "Asia/Kolkata",
    "metrics": ["stars", "downloads"],
}


def form(**changed: Any) -> bytes:
    return urlencode({**FORM, **changed}, doseq=True).encode()


def test_a_person_chooses_without_a_login(world: World) -> None:
    ada = made(world)
    path = link(world, "preferences", ada)

    shown, saved = opened(world, path), acted(world, path, form())
    action = re.search(r'action="\.\./([^"]+)"', saved.body.decode())

    assert 'value="Europe/Berlin"' in shown.body.decode()
    assert (shown.status_code, saved.status_code) == (200, 200)
    wishes = one(world, ada.id).wishes
    assert (wishes.alerts, wishes.incidents, wishes.least) == (("downloads", "stars"), (), Severity.CRITICAL)
    assert wishes.digest is not None
    assert (wishes.digest.hour, wishes.digest.zone) == (7, "Asia/Kolkata")
    assert world.notices.hears("email", alert(topic="pipeline")) == set()
    assert acted(world, path, form()).status_code == 410
    assert action is not None
    again = acted(world, f"/v1/subscriptions/{action[1]}", form(cadence="none"))
    assert again.status_code == 200
    assert one(world, ada.id).wishes.digest is None


def test_links_of_before_still_end_it_after_a_choice(world: World) -> None:
    ada = made(world)
    end = link(world, "unsubscribe", ada)
    acted(world, link(world, "preferences", ada), form())

    assert acted(world, end).status_code == 200


def test_a_form_that_is_wrong_is_shown_again_as_it_was_filled_in(world: World) -> None:
    ada = made(world)
    path = link(world, "preferences", ada)

    answer = acted(world, path, form(zone="Asia/Kolkatta"))
    problem = acted(world, path, form(zone="Asia/Kolkatta"), headers={})

    shown = answer.body.decode()
    assert answer.status_code == problem.status_code == 400
    assert "Did you mean &#x27;Asia/Kolkata&#x27;?" in shown
    assert 'value="Asia/Kolkatta"' in shown
    assert problem.json_body["errors"][0]["parameter"] == "digest.zone"
    assert one(world, ada.id).wishes == ada.wishes


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form(nonsense="1"), 400),
        (form(hour="ten"), 400),
        (form(least=""), 400),
        (b"", 400),
        (b"alerts=" + b"&alerts=".join(b"t" for _ in range(1_000)), 400),
        (b"\xff\xfe=1", 400),
        (b"x" * 20_000, 413),
    ],
)
def test_whatever_is_sent_as_a_form_is_answered(world: World, body: bytes, status: int) -> None:
    path = link(world, "preferences", made(world))

    assert acted(world, path, body).status_code == status
    assert acted(world, path, body, headers={}).status_code == status


def test_a_page_never_interprets_what_people_wrote(world: World) -> None:
    ada = made(world)
    path = link(world, "preferences", ada)

    shown = acted(world, path, form(zone='"><script>alert(1)</script>')).body.decode()

    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_who_opens_very_many_links_has_to_wait(world: World) -> None:
    headers = {"X-Forwarded-For": "192.0.2.7"}
    answers = [opened(world, "/v1/subscriptions/unsubscribe/x", **headers).status_code for _ in range(62)]

    other = opened(world, "/v1/subscriptions/unsubscribe/x", **{"X-Forwarded-For": "192.0.2.8"})
    assert (answers[0], answers[-1], other.status_code) == (403, 429, 403)
