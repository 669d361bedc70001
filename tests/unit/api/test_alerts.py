"""Alert rules, as a client sees them: made, listed, changed, snoozed, deleted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from jsonschema import Draft202012Validator

from chalicelib.alerts import rule_state
from chalicelib.api.alert_schemas import ALERT, GIVEN_EXAMPLE, SNOOZE_EXAMPLE
from chalicelib.api.envelope import instant
from chalicelib.outbox import channels
from chalicelib.outbox.channels import Channel, ChannelKind
from tests.unit.api.world import ADMIN, READ, SQL, World

ALERTS = "/v1/alerts"
FIELDS = {name: value for name, value in GIVEN_EXAMPLE.items() if name != "mute"}


def send(world: World, method: str, path: str, body: Any = None, token: str = ADMIN, **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {} if body is None else {"Content-Type": "application/json"}
    return world.call(method, path, token=token, headers=sent, body=b"" if body is None else json.dumps(body).encode())


def made(world: World, **changed: Any) -> tuple[str, Any]:
    answer = send(world, "POST", ALERTS, {**FIELDS, **changed})
    assert answer.status_code == 201, answer.body
    return urljoin(ALERTS, answer.headers["Location"]), answer


def test_a_rule_is_made_and_is_read_as_it_was_written(world: World) -> None:
    place, answer = made(world)

    found = world.get(place)

    assert found.status_code == 200
    assert found.json_body == answer.json_body
    assert found.headers["ETag"] == answer.headers["ETag"] == '"1"'
    Draft202012Validator(ALERT).validate(found.json_body)
    assert {name: found.json_body[name] for name in FIELDS} == FIELDS
    assert (found.json_body["created_by"], found.json_body["revision"]) == ("admin", 1)


def test_rules_are_listed_by_name_page_by_page(world: World) -> None:
    for name in ("b", "C", "a"):
        made(world, name=name)

    first = world.get(ALERTS, limit="2").json_body
    second = world.get(ALERTS, limit="2", cursor=first["meta"]["next_cursor"]).json_body

    assert [one["name"] for one in first["results"]] == ["a", "b"]
    assert [one["name"] for one in second["results"]] == ["C"]
    assert second["meta"]["next_cursor"] is None


def test_a_change_of_what_it_looks_for_begins_anew_and_one_of_its_words_does_not(world: World) -> None:
    place, _ = made(world)

    words = send(world, "PATCH", place, {"name": "Fewer downloads", "severity": None}, If_Match='"1"').json_body
    meant = send(world, "PATCH", place, {"for": "PT3H"}, If_Match='"2"').json_body

    assert (words["name"], words["severity"], words["revision"]) == ("Fewer downloads", "warning", 1)
    assert (meant["for"], meant["revision"]) == ("PT3H", 2)
    assert meant["condition"] == GIVEN_EXAMPLE["condition"]


def test_what_a_rule_was_before_it_meant_something_else_is_kept_for_whom_it_has_told(world: World) -> None:
    place, answer = made(world, to=["operators"])
    send(world, "PATCH", place, {"for": "PT3H", "to": ["subscribers"]}, If_Match='"1"')
    send(world, "PATCH", place, {"name": "Other words"}, If_Match='"2"')
    send(world, "POST", f"{place}/snooze", {"until": None})

    kept = rule_state.read(world.state, answer.json_body["id"])

    assert kept is not None
    assert kept.earlier is not None
    assert (kept.rule.name, kept.rule.to, kept.earlier.to) == ("Other words", ("subscribers",), ("operators",))


def test_a_change_that_has_not_seen_the_last_one_is_refused(world: World) -> None:
    place, _ = made(world)
    send(world, "PATCH", place, {"name": "Second"}, If_Match='"1"')

    late = send(world, "PATCH", place, {"name": "Third"}, If_Match='"1"')
    blind = send(world, "DELETE", place)
    gone_late = send(world, "DELETE", place, If_Match='"1"')

    assert (late.status_code, blind.status_code, gone_late.status_code) == (412, 428, 412)
    assert world.get(place).json_body["name"] == "Second"


def test_a_deleted_rule_is_gone_and_its_key_makes_no_other(world: World) -> None:
    first = send(world, "POST", ALERTS, FIELDS, Idempotency_Key="k")
    place = urljoin(ALERTS, first.headers["Location"])

    gone = send(world, "DELETE", place, If_Match='"1"')

    assert gone.status_code == 204
    assert world.get(place).status_code == 404
    assert world.get(ALERTS).json_body["results"] == []
    assert send(world, "POST", ALERTS, FIELDS, Idempotency_Key="k").status_code == 409


def test_another_try_with_the_same_key_makes_it_once(world: World) -> None:
    one = send(world, "POST", ALERTS, FIELDS, Idempotency_Key="k")
    again = send(world, "POST", ALERTS, FIELDS, Idempotency_Key="k")
    other = send(world, "POST", ALERTS, {**FIELDS, "name": "Other"}, Idempotency_Key="k")

    assert (one.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert one.json_body == again.json_body
    assert len(world.get(ALERTS).json_body["results"]) == 1


def test_a_rule_is_snoozed_and_woken(world: World) -> None:
    place, _ = made(world)

    asleep = send(world, "POST", f"{place}/snooze", SNOOZE_EXAMPLE).json_body
    awake = send(world, "POST", f"{place}/snooze", {"until": None}).json_body

    assert (asleep["snoozed_until"], asleep["revision"]) == (SNOOZE_EXAMPLE["until"], 1)
    assert awake["snoozed_until"] is None


def test_a_snooze_lies_ahead_and_is_not_for_ever(world: World) -> None:
    place, _ = made(world)
    past, far = instant(world.now - timedelta(hours=1)), instant(world.now + timedelta(days=32))

    for body in ({"until": past}, {"until": far}, {"until": "tomorrow"}, {"until": "2026-11-23T08:00:00"}, {}):
        answer = send(world, "POST", f"{place}/snooze", body)

        assert answer.status_code == 400, body
        assert answer.json_body["errors"][0]["parameter"] == "until"
    assert world.get(place).json_body["snoozed_until"] is None


@pytest.mark.parametrize(
    ("changed", "parameter", "said"),
    [
        ({"metric": "downlaods"}, "metric", "Did you mean 'downloads'"),
        ({"metric": None}, "metric", "needed"),
        ({"group_by": ["versoin"]}, "group_by", "Did you mean 'version'"),
        ({"filter": {"dimension": "nothing", "operator": "is", "value": "1"}}, "filter", "nothing"),
        ({"filter": {"dimension": "version", "operator": "matches", "value": "("}}, "filter", "regular expression"),
        ({"interval": "hourly"}, "interval", "Did you mean 'PT1H'"),
        ({"tz": "Tokyo"}, "tz", "Asia/Tokyo"),
        ({"condition": {"kind": "level", "side": "low"}}, "condition.threshold", "needed"),
        ({"condition": {"kind": "anomaly", "weeks": 2}}, "condition.weeks", "3 to 12"),
        ({"condition": {"kind": "anomaly"}, "interval": "P1W"}, "interval", "PT15M"),
        ({"condition": {"kind": "incidents"}}, "metric", "leave it out"),
        ({"message": "{vlaue}"}, "message", "Did you mean 'value'"),
        ({"to": ["everybody"]}, "to", "channel:"),
        ({"treshold": 3}, "treshold", "no such field"),
    ],
)
def test_what_is_wrong_is_named(world: World, changed: Any, parameter: str, said: str) -> None:
    answer = send(world, "POST", ALERTS, {**FIELDS, **changed})

    assert answer.status_code == 400, answer.body
    assert any(e["parameter"] == parameter and said in e["detail"] for e in answer.json_body["errors"]), answer.body


def test_whom_it_tells_is_there(world: World) -> None:
    channel = Channel("ops-alerts", ChannelKind.WEBHOOK, True, 10, world.now, "admin", "secret")
    channels.write(world.state, channel)

    good = send(world, "POST", ALERTS, {**FIELDS, "to": ["operators", "channel:ops-alerts"]})
    bad = send(world, "POST", ALERTS, {**FIELDS, "to": ["channel:ops-alert", "subscription:abc"]})

    assert good.status_code == 201
    assert bad.status_code == 400
    said = [error["detail"] for error in bad.json_body["errors"]]
    assert "Did you mean 'ops-alerts'" in said[0]
    assert "no subscription 'abc'" in said[1]


def test_a_rule_whose_metric_and_channel_are_gone_can_be_switched_off(world: World) -> None:
    own = {"name": "twice", "title": "Twice", "unit": "x", "description": "Twice.", "expression": "2 * downloads"}
    metric = world.post_json("/v1/metrics", own)
    ops = channels.write(world.state, Channel("ops", ChannelKind.WEBHOOK, True, 10, world.now, "admin", "secret"))
    assert ops is not None
    place, _ = made(world, metric="twice", to=["channel:ops"])
    send(world, "DELETE", "/v1/metrics/twice/definition", If_Match=metric.headers["ETag"])
    channels.write(world.state, replace(ops, deleted=True))

    off = send(world, "PATCH", place, {"enabled": False}, If_Match='"1"')
    anew = send(world, "PATCH", place, {"interval": "P1D"}, If_Match='"2"')
    more = send(world, "PATCH", place, {"to": ["channel:ops", "channel:other"]}, If_Match='"2"')
    gone = send(world, "POST", ALERTS, {**FIELDS, "to": ["channel:ops"]})

    assert (off.status_code, off.json_body["enabled"]) == (200, False)
    assert (anew.status_code, anew.json_body["errors"][0]["parameter"]) == (400, "metric")
    assert ["other" in error["detail"] for error in more.json_body["errors"]] == [True]
    assert gone.status_code == 400


def test_who_may_only_read_changes_nothing(world: World) -> None:
    place, _ = made(world)

    for token in (READ, SQL):
        assert send(world, "POST", ALERTS, FIELDS, token=token).status_code == 403
        assert send(world, "PATCH", place, {"name": "x"}, token=token, If_Match='"1"').status_code == 403
        assert send(world, "DELETE", place, token=token, If_Match='"1"').status_code == 403
        assert send(world, "POST", f"{place}/snooze", {"until": None}, token=token).status_code == 403
        assert world.get(place, token=token).status_code == 200


def test_there_is_an_end_to_rules(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.api.alerts.MOST", 2)
    made(world)
    place, _ = made(world)

    refused = send(world, "POST", ALERTS, FIELDS)
    send(world, "DELETE", place, If_Match='"1"')

    assert refused.status_code == 409
    assert send(world, "POST", ALERTS, FIELDS).status_code == 201
    assert len(list(rule_state.every(world.state))) == 2
