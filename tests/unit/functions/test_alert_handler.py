"""The alerts' Lambda over AWS's own clients (moto's AWS): a rule fires on real files of a cube, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.alerts import rule_state, standings
from chalicelib.alerts.machine import Phase
from chalicelib.alerts.rule import Incidents, Level, Look, Rule, Side
from chalicelib.alerts.rule_state import Kept
from chalicelib.aws.clients import client as aws_client
from chalicelib.aws.s3 import S3Store
from chalicelib.domain.periods import Interval
from chalicelib.incidents.standing import PARTITION
from chalicelib.metrics.declared.downloads import DOWNLOADS
from chalicelib.outbox.outbox import of_days
from functions import wiring
from functions.alert import handler as module
from tests.unit.metrics.every_cube import publish_all

CACHES = (module.settings, module.evaluator, wiring.store, wiring.state, aws_client)
KNOWN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
MADE = KNOWN - timedelta(hours=5, minutes=10)
RULE = Rule(
    "r1",
    "Downloads are counted",
    Level(Side.HIGH, Decimal(1)),
    Look("downloads", Interval.PT1H, "Europe/Paris"),
    created_at=MADE,
    updated_at=MADE,
)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[None]:
    for name, value in {"LAKE_BUCKET": "lake", "STATE_TABLE": "state"}.items():
        monkeypatch.setenv(f"HEADWATER_{name}", value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(module, "_CUBES", tmp_path)
    for cache in CACHES:
        cache.cache_clear()
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="lake")
        boto3.client("dynamodb").create_table(
            TableName="state",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            BillingMode="PAY_PER_REQUEST",
        )
        publish_all(S3Store(boto3.client("s3"), "lake"), KNOWN, cubes=[DOWNLOADS])
        yield
    for cache in CACHES:
        cache.cache_clear()


def with_time(ms: int = 60_000) -> Any:
    return SimpleNamespace(get_remaining_time_in_millis=lambda: ms)


def said() -> list[str]:
    day = datetime.now(UTC).date()
    found = of_days(wiring.state("state"), day - timedelta(days=3), day)
    return [record.message.subject for record in found]


def test_a_rule_is_told_once_however_often_it_is_looked_at(aws: None) -> None:
    state = wiring.state("state")
    rule_state.write(state, Kept(RULE))

    first = module.handler({}, with_time())
    module.evaluator.cache_clear()  # another process
    second = module.handler({}, with_time())

    # Downloads of one version stand in the hour that ends two hours before what is known: it fired, and recovered.
    assert said() == [
        "[Headwater] WARNING: Downloads are counted: 1 downloads (at least 1 downloads is bad)",
        "[Headwater] RECOVERED: Downloads are counted: 0 downloads",
    ]
    assert (first["asked"], first["told"], second["asked"], second["told"]) == (1, 2, 0, 0)
    assert state.get("heartbeat", "alert") is not None


def test_an_incident_that_is_open_fires_the_rule_that_looks_for_it(aws: None) -> None:
    state = wiring.state("state")
    rule_state.write(state, Kept(replace(RULE, condition=Incidents(("github_*",)), look=None)))
    since = KNOWN.isoformat()
    open_now = {"state": "open", "kind": "late", "since": since, "opened_at": since, "error": None, "told": "opened"}
    state.put(PARTITION, "github_webhooks", open_now, expected_version=None)

    module.handler({}, with_time())

    assert said() == ["[Headwater] WARNING: Downloads are counted (subject github_webhooks): late"]


def test_what_was_not_come_to_is_left_to_the_next_look(aws: None) -> None:
    rule_state.write(wiring.state("state"), Kept(RULE))

    look = module.handler({}, with_time(14_000))

    assert look["left"] == 1
    assert said() == []


def test_a_cube_that_cannot_be_read_raises_for_people_and_is_no_state_of_the_rule(aws: None) -> None:
    state = wiring.state("state")
    rule_state.write(state, Kept(RULE))
    s3 = boto3.client("s3")
    for found in s3.list_objects_v2(Bucket="lake", Prefix="lake/")["Contents"]:
        s3.delete_object(Bucket="lake", Key=found["Key"])

    with pytest.raises(RuntimeError, match="1 of 1 rules could not be looked at"):
        module.handler({}, with_time())

    standing = standings.read(state, "r1")
    assert standing is None or standing.whole.shown is Phase.NORMAL
    assert state.get("heartbeat", "alert") is None
