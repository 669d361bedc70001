"""Digests as whoever reads, and whoever administers, sees them through the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from chalicelib.api import digest_schemas as schemas
from chalicelib.domain.links import Purpose
from chalicelib.outbox.message import Kind, Message
from chalicelib.outbox.outbox import of_days
from chalicelib.subscriptions import addresses, kept
from chalicelib.subscriptions.subscription import Cadence, DigestWish, Protocol, State, Subscription, Wishes
from tests.unit.api.world import ADMIN, READ, World
from tests.unit.metrics.every_cube import publish_all

WISH = {"cadence": "daily", "zone": "Europe/Paris", "metrics": ["downloads", "won_amount", "linkedin_followers"]}
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def full(world: World) -> World:
    publish_all(world.store, world.now.replace(minute=0, second=0), 20)
    return world


def subscribed(world: World, **others: Any) -> Subscription:
    wish = DigestWish(Cadence.DAILY, 8, "Europe/Paris", ("downloads",))
    one = Subscription(
        "ada", Protocol.EMAIL, "ada@acme.example", Wishes(digest=wish), State.CONFIRMED, AT, "admin", "n", AT, AT
    )
    written = kept.write(world.state, replace(one, **others))
    assert written is not None
    return written


def messages(world: World) -> list[Message]:
    found = of_days(world.state, date(2026, 11, 20), date(2026, 11, 30))
    return [one.message for one in found if one.message.kind is Kind.DIGEST]


def faults(answer: Any) -> dict[str, str]:
    assert answer.status_code == 400, answer.body
    return {one["parameter"]: one["detail"] for one in answer.json_body["errors"]}


def test_a_preview_says_what_a_digest_would_and_its_numbers(full: World) -> None:
    answer = full.post_json("/v1/digests/preview", WISH, token=READ)

    assert answer.status_code == 200, answer.body
    body = answer.json_body
    Draft202012Validator(schemas.DIGEST).validate(body)
    assert body["period"] == {
        "cadence": "daily", "from": "2026-11-21T00:00:00+01:00", "to": "2026-11-22T00:00:00+01:00",
        "tz": "Europe/Paris", "title": "Sat 21 Nov 2026",
    }  # fmt: skip
    known = [(line["metric"], line["currency"], line["known"]) for line in body["lines"]]
    assert known[0] == ("downloads", None, "value")
    assert known[1][1] == "currency 0"
    assert known[-1] == ("linkedin_followers", None, "no_value")
    assert body["lines"][-1]["value"] is None
    assert f"{body['lines'][0]['value']:,}" in body["text"]
    assert "unsubscribe" not in body["text"].lower()


@pytest.mark.parametrize(
    ("site", "link"),
    [("https://numbers.example.com/", '"https://numbers.example.com/?from='), ("", '"/?from=')],
)
def test_a_preview_links_to_the_site_as_what_is_sent_does(full: World, site: str, link: str) -> None:
    full.context = replace(full.context, site_url=site)
    subscribed(full)

    wished = full.post_json("/v1/digests/preview", WISH, token=READ).json_body
    stands = full.get("/v1/subscriptions/ada/digest", token=ADMIN).json_body["digest"]

    for digest in (wished, stands):
        assert link in digest["html"]
        assert link.strip('"') in digest["text"]
        assert "headwater.invalid" not in repr(digest)


def test_a_preview_of_another_date_and_of_weeks(full: World) -> None:
    answer = full.post_json("/v1/digests/preview", {**WISH, "cadence": "weekly", "date": "2026-11-17"}, token=READ)

    assert answer.json_body["period"]["from"] == "2026-11-09T00:00:00+01:00"
    assert answer.json_body["period"]["to"] == "2026-11-16T00:00:00+01:00"


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({}, {"cadence", "zone", "metrics"}),
        ({**WISH, "metrics": ["downlaods"]}, {"metrics"}),
        ({**WISH, "metrics": []}, {"metrics"}),
        ({**WISH, "zone": "Paris", "cadence": "dayly"}, {"zone", "cadence"}),
        ({**WISH, "date": "26.11.2026"}, {"date"}),
        ({**WISH, "date": "2026-W48-4"}, {"date"}),
        ({**WISH, "date": "1970-01-01"}, {"date"}),
        ({**WISH, "zones": "UTC"}, {"zones"}),
        ({**WISH, "metrics": ["downloads"] * 21}, {"metrics"}),
    ],
)
def test_every_mistake_is_named(full: World, wish: dict[str, Any], named: set[str]) -> None:
    assert faults(full.post_json("/v1/digests/preview", wish, token=READ)).keys() == named


def test_a_near_name_is_suggested(full: World) -> None:
    found = faults(full.post_json("/v1/digests/preview", {**WISH, "metrics": ["downlaods"]}, token=READ))

    assert "Did you mean 'downloads'?" in found["metrics"]


def test_a_subscriptions_digest_and_when_it_comes(full: World) -> None:
    subscribed(full)

    answer = full.get("/v1/subscriptions/ada/digest", token=ADMIN)

    assert answer.status_code == 200, answer.body
    Draft202012Validator(schemas.STANDING).validate(answer.json_body)
    assert answer.json_body["next_at"] == "2026-11-23T07:00:00Z"
    assert answer.json_body["last_date"] is None
    assert answer.json_body["digest"]["period"]["title"] == "Sat 21 Nov 2026"


def test_it_is_sent_now_and_once_under_a_key_also_on_the_next_day(full: World) -> None:
    subscribed(full)

    def send(key: str) -> Any:
        return full.call("POST", "/v1/subscriptions/ada/digest", token=ADMIN, headers={"Idempotency-Key": key})

    first = send("k1")
    full.now += timedelta(days=1)
    again, other = send("k1"), send("k2")

    assert [one.status_code for one in (first, again, other)] == [202] * 3
    Draft202012Validator(schemas.SENT).validate(first.json_body)
    assert (first.json_body["duplicate"], again.json_body["duplicate"]) == (False, True)
    assert again.json_body["message"] == first.json_body["message"] != other.json_body["message"]
    found = messages(full)
    assert len(found) == 2
    assert found[0].to == ("subscription:ada",)
    key = full.context.links_key()
    opened = addresses.opened(key, Purpose.UNSUBSCRIBE, found[0].unsubscribe.rpartition("/")[2], full.now)
    assert opened.subject == "ada"
    assert len(list((full.results.folder / "digests").rglob("*.pdf"))) == 2


def test_a_key_of_another_subscription_is_refused(full: World) -> None:
    subscribed(full)
    subscribed(full, id="bob")
    headers = {"Idempotency-Key": "k1"}

    answers = [
        full.call("POST", f"/v1/subscriptions/{name}/digest", token=ADMIN, headers=headers) for name in ("ada", "bob")
    ]

    assert [one.status_code for one in answers] == [202, 422]


@pytest.mark.parametrize(
    ("others", "status"),
    [({"wishes": Wishes()}, 409), ({"state": State.PENDING}, 409), ({"id": "someone"}, 404)],
)
def test_what_cannot_be_sent_says_why(full: World, others: dict[str, Any], status: int) -> None:
    subscribed(full, **others)

    answer = full.call("POST", "/v1/subscriptions/ada/digest", token=ADMIN)

    assert answer.status_code == status
    assert messages(full) == []


def test_whoever_may_only_read_sees_no_subscribers_digest_and_sends_none(full: World) -> None:
    subscribed(full)

    assert full.get("/v1/subscriptions/ada/digest", token=READ).status_code == 403
    assert full.call("POST", "/v1/subscriptions/ada/digest", token=READ).status_code == 403
