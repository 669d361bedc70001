"""The watcher's Lambda over an emulated AWS: a fatal failure of a source is told once, and once when it is over."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws.s3 import S3Store
from chalicelib.aws.state import DynamoState
from chalicelib.domain.freshness import RunOutcome
from chalicelib.incidents.heartbeats import beat
from chalicelib.incidents.queues import QUEUES
from chalicelib.incidents.schedules import SCHEDULES
from chalicelib.incidents.standing import open_incidents
from chalicelib.ingest import deadlines
from chalicelib.ingest.runs import record
from chalicelib.lake import commits, published
from chalicelib.lake.steps import Kind, Step
from chalicelib.metrics.cubes import CUBES
from chalicelib.outbox.message import Message
from chalicelib.outbox.outbox import of_days
from chalicelib.sources.base import Deadline, Window
from chalicelib.sql import places, runs
from chalicelib.sql.runs import TIME_CAP, Run
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.subscription import Protocol, State, Subscription, Wishes

STREAM = "github_repository_stats"
CONFIG = f"""
[{STREAM}]
base_url = "https://api.github.com"
repositories = ["acme/pipeline"]
"""
REGION = "eu-central-1"


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """Everything that the handler finds in its environment."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "HEADWATER_LAKE_BUCKET": "lake",
        "HEADWATER_STATE_TABLE": "state",
        "HEADWATER_RESULTS_BUCKET": "results",
        "HEADWATER_DATABASE": "lake",
        "HEADWATER_SQL_WORKGROUP": "people",
        "HEADWATER_SQL_ROLE_ARN": "arn:aws:iam::123456789012:role/watch-people",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        s3, sqs, dynamodb = (boto3.client(name, region_name=REGION) for name in ("s3", "sqs", "dynamodb"))
        s3.create_bucket(Bucket="lake", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="lake", Key="config/sources.toml", Body=CONFIG.encode())
        dynamodb.create_table(
            TableName="state",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
            BillingMode="PAY_PER_REQUEST",
        )
        urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in QUEUES}
        sns = boto3.client("sns", region_name=REGION)
        monkeypatch.setenv("HEADWATER_NOTICE_TOPIC_ARN", sns.create_topic(Name="notices")["TopicArn"])
        monkeypatch.setenv("HEADWATER_SECRET_PREFIX", "headwater/dev/")
        monkeypatch.setenv("HEADWATER_DEAD_LETTERS", " ".join(f"{name}={url}" for name, url in urls.items()))
        yield SimpleNamespace(
            sns=sns,
            sqs=sqs,
            urls=urls,
            state=DynamoState(dynamodb, "state"),
            store=S3Store(s3, "lake"),
            now=Turnable(),
            read=set(),
        )


class Turnable:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def watch(cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Invoke the handler as in a fresh process."""
    from chalicelib.aws import clients
    from functions import wiring
    from functions.watch import handler as module

    ours = (module.settings, module.desk, module.subscriptions)
    for cached in (clients.client, clients.client_as, wiring.store, wiring.state, *ours):
        cached.cache_clear()
    monkeypatch.setattr(module, "system_clock", cloud.now)
    return module.handler({}, SimpleNamespace())  # type: ignore[arg-type]


def outbox(cloud: SimpleNamespace) -> list[Message]:
    """What was put into the outbox since this was last asked, by the instants that it is about."""
    days = of_days(cloud.state, cloud.now().date() - timedelta(days=1), cloud.now().date())
    found = {record.message.id: record.message for record in days if record.message.id not in cloud.read}
    cloud.read.update(found)
    return sorted(found.values(), key=lambda message: message.at)


def commit(cloud: SimpleNamespace, stream: str = STREAM, last_record_at: datetime | None = None) -> None:
    now = cloud.now()
    head = commits.find_head(cloud.store, stream)
    body = Step(Window(now - timedelta(hours=1), now), now, last_record_at=last_record_at).to_body()
    drafted = commits.draft(head, stream, attempt=str(now), kind=Kind.PULL, committed_at=now, body=body)
    link = commits.append(cloud.store, drafted)
    published.advance(cloud.store, published.Published(stream, link.seq, link.sha256, now))
    record(cloud.state, stream, now, RunOutcome.OK)


def test_a_fatal_failure_is_one_message_and_its_end_another(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(cloud)
    cubes = {cube.recount_stream: "closed" for cube in CUBES.values()}
    ours = {f"queue/{name}": "closed" for name in QUEUES} | {f"schedule/{name}": "closed" for name in SCHEDULES}
    assert watch(cloud, monkeypatch) == {STREAM: "closed", f"{STREAM}/expiry": "closed", **cubes, **ours}
    record(cloud.state, STREAM, cloud.now(), RunOutcome.FATAL, "GitHub refused the token (401)")

    found = [watch(cloud, monkeypatch)[STREAM] for _ in range(3)]
    told = outbox(cloud)
    commit(cloud)
    for _ in range(5):
        watch(cloud, monkeypatch)
        cloud.now.at += timedelta(minutes=1)

    assert found == ["opened: told", "open", "open"]
    assert [message.subject for message in told] == ["[Headwater] GitHub repository statistics needs credentials"]
    assert "/runbooks/source-credentials.html" in told[0].text
    assert [message.subject for message in outbox(cloud)] == ["[Headwater] GitHub repository statistics has recovered"]


def test_a_source_that_commits_and_receives_nothing_is_told_after_its_configured_silence(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.store.put("config/sources.toml", b"[github_webhooks]\nsilent_after_hours = 2")
    came = cloud.now()

    found = []
    for _ in range(4):
        commit(cloud, "github_webhooks", last_record_at=came)
        found.append(watch(cloud, monkeypatch)["github_webhooks"])
        cloud.now.at += timedelta(hours=1)

    assert found == ["closed", "closed", "closed", "opened: told"]
    (message,) = outbox(cloud)
    assert message.subject == "[Headwater] GitHub webhooks has fallen silent"
    assert "Last record: 2026-11-22 12:00 UTC" in message.text


def test_what_a_person_has_to_renew_is_one_message_weeks_ahead_and_its_renewal_another(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ends_in(days: int) -> Deadline:
        at = cloud.now() + timedelta(days=days)
        return Deadline("The refresh token", at, timedelta(days=28), "Sign in again.")

    commit(cloud)
    deadlines.note(cloud.state, STREAM, [ends_in(29)])
    watch(cloud, monkeypatch)
    quiet = outbox(cloud)
    deadlines.note(cloud.state, STREAM, [ends_in(27)])
    for _ in range(3):
        watch(cloud, monkeypatch)
    warned = outbox(cloud)
    deadlines.note(cloud.state, STREAM, [ends_in(365)])
    for _ in range(3):
        watch(cloud, monkeypatch)
        cloud.now.at += timedelta(minutes=3)

    assert quiet == []
    (warning,) = warned
    assert "needs something renewed" in warning.subject
    assert "The refresh token ends on" in warning.text
    assert "Sign in again." in warning.text
    assert [m.subject.endswith("has recovered") for m in outbox(cloud)] == [True]


def test_a_query_that_has_had_its_time_is_stopped_though_nobody_looks(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    athena = boto3.client("athena", region_name=REGION)
    results = {"ResultConfiguration": {"OutputLocation": "s3://lake/results/"}}
    athena.create_work_group(Name="people", Configuration=results)
    execution_id = athena.start_query_execution(QueryString="SELECT 1", WorkGroup="people")["QueryExecutionId"]
    submitted = cloud.now() - TIME_CAP
    run = Run("r1", "ann", "ann", "SELECT 1", "SELECT 1", (), submitted, execution_id=execution_id)
    runs.create(cloud.state, run)
    places.take(cloud.state, "ann", "r1", submitted)

    watch(cloud, monkeypatch)

    stopped = runs.read(cloud.state, "ann", "r1")
    assert stopped is not None
    assert stopped.state.is_final
    assert places.held(cloud.state, "ann") == ()


def test_a_cube_that_differs_from_its_raw_rows_is_told_once_and_so_is_its_recovery(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    cube = CUBES["downloads_cube"]
    words = "downloads_cube differs from its raw rows in 1 UTC days of quarter hours: 2026-11-20."
    record(cloud.state, cube.recount_stream, cloud.now(), RunOutcome.FATAL, words)

    for _ in range(3):
        watch(cloud, monkeypatch)
    [told] = [message for message in outbox(cloud) if cube.description in message.subject]
    cloud.now.at += timedelta(days=1)
    record(cloud.state, cube.recount_stream, cloud.now(), RunOutcome.OK)
    for _ in range(4):
        watch(cloud, monkeypatch)
        cloud.now.at += timedelta(minutes=2)
    [over] = [message for message in outbox(cloud) if cube.description in message.subject]

    assert told.subject.endswith("differs from its raw rows")
    assert words in told.text
    assert "/runbooks/cube-differs.html" in told.text
    assert "recovered" in over.subject
    assert "right again" in over.text


def test_a_dead_letter_is_one_message_and_an_empty_queue_another(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = cloud.urls["RollupDeadLetters"]
    cloud.sqs.send_message(QueueUrl=url, MessageBody='{"stream": "downloads_cube"}')

    for _ in range(3):
        watch(cloud, monkeypatch)
    [told] = outbox(cloud)
    waiting = cloud.sqs.receive_message(QueueUrl=url)["Messages"]
    cloud.sqs.purge_queue(QueueUrl=url)
    for _ in range(4):
        watch(cloud, monkeypatch)
        cloud.now.at += timedelta(minutes=1)
    [over] = outbox(cloud)

    assert told.subject == "[Headwater] The roll-up of cubes has given up work"
    assert "downloads_cube" in told.text
    assert [message["Body"] for message in waiting] == ['{"stream": "downloads_cube"}'], "looking takes nothing away"
    assert over.subject == "[Headwater] The roll-up of cubes has recovered"


def test_a_function_that_fails_by_the_clock_is_told_by_its_letter_alone_and_one_that_stands_still_by_its_schedule(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(cloud.state, "dispatch", cloud.now())
    beat(cloud.state, "head", cloud.now())
    for _ in range(20):
        commit(cloud)
        for name in SCHEDULES.keys() - {"dispatch", "head"}:
            beat(cloud.state, name, cloud.now())
        watch(cloud, monkeypatch)
        cloud.now.at += timedelta(minutes=1)
        if cloud.now().minute == 4:
            context = {"functionArn": f"arn:aws:lambda:{REGION}:1:function:headwater-dev-dispatch:$LATEST"}
            letter = json.dumps({"requestContext": context, "responsePayload": {"errorMessage": "boom"}})
            cloud.sqs.send_message(QueueUrl=cloud.urls["FailedInvocations"], MessageBody=letter)

    assert [message.subject for message in outbox(cloud)] == [
        "[Headwater] A scheduled function has given up work",
        "[Headwater] Answering ahead has missed its schedule",
    ]


def test_who_has_said_yes_to_sns_is_confirmed_and_who_has_not_costs_the_watch_nothing(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(cloud)
    topic = os.environ["HEADWATER_NOTICE_TOPIC_ARN"]
    arn = cloud.sns.subscribe(
        TopicArn=topic, Protocol="email", Endpoint="ada@acme.example", ReturnSubscriptionArn=True
    )["SubscriptionArn"]
    ada = Subscription(
        "5f1c",
        Protocol.EMAIL,
        "ada@acme.example",
        Wishes(),
        State.PENDING,
        cloud.now(),
        "ada",
        "n",
        asked_at=cloud.now(),
    )
    kept.write(cloud.state, ada)

    watch(cloud, monkeypatch)
    standing = kept.read(cloud.state, "5f1c")
    cloud.sns.delete_topic(TopicArn=topic)
    cloud.now.at += timedelta(hours=2)
    found = watch(cloud, monkeypatch)

    assert standing is not None
    assert (standing.state, standing.arn) == (State.CONFIRMED, arn)
    assert found[STREAM] != ""
    assert kept.read(cloud.state, "5f1c") is not None


def test_a_mistake_in_the_configuration_ends_no_incident_and_hides_no_letter(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(cloud)
    record(cloud.state, STREAM, cloud.now(), RunOutcome.FATAL, "GitHub refused the token (401)")
    watch(cloud, monkeypatch)
    outbox(cloud)
    cloud.store.put("config/sources.toml", b"[nowhere]", if_match=cloud.store.get("config/sources.toml").etag)
    cloud.sqs.send_message(QueueUrl=cloud.urls["PullDeadLetters"], MessageBody="{}")

    found = watch(cloud, monkeypatch)

    assert STREAM not in found
    assert [message.subject for message in outbox(cloud)] == ["[Headwater] Pulling has given up work"]
    assert {one.subject for one in open_incidents(cloud.state)} == {STREAM, "queue/PullDeadLetters"}


def test_sources_that_stall_because_the_dispatcher_does_are_no_incidents_of_their_own(
    cloud: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(cloud)
    beat(cloud.state, "dispatch", cloud.now())
    for _ in range(100):
        cloud.now.at += timedelta(minutes=4)
        watch(cloud, monkeypatch)
    standing = [
        message.subject for message in outbox(cloud) if "dispatcher" in message.subject or STREAM in message.text
    ]
    for minutes in range(60):
        beat(cloud.state, "dispatch", cloud.now())
        watch(cloud, monkeypatch)
        cloud.now.at += timedelta(minutes=1)
        if minutes == 29:
            in_time = outbox(cloud)

    assert standing == ["[Headwater] The dispatcher has missed its schedule"]
    assert [message.subject for message in in_time] == ["[Headwater] The dispatcher has recovered"]
    assert [message.subject for message in outbox(cloud)] == ["[Headwater] GitHub repository statistics has stalled"]
