"""The deployed system: a dead letter and a source that fails are each told once with a runbook, and once when over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from chalicelib.aws.state import DynamoState
from chalicelib.domain.freshness import RunOutcome
from chalicelib.incidents.standing import PARTITION
from chalicelib.ingest.runs import record
from tests.e2e.conftest import wait_until

pytestmark = pytest.mark.deployed

QUEUE = "ExportDeadLetters"
REFUSED = "the token is refused (401), as a test of the deployed system has it"
PATIENCE_S = 600
"""What is well has to be so for two minutes; a machine with other work on it takes longer."""


@pytest.fixture
def state(aws: Callable[[str], Any], endpoints: dict[str, str]) -> DynamoState:
    return DynamoState(aws("dynamodb"), endpoints["state_table"])


@pytest.fixture
def queue(aws: Callable[[str], Any]) -> str:
    resource = aws("cloudformation").describe_stack_resource(StackName="headwater-local", LogicalResourceId=QUEUE)
    return str(resource["StackResourceDetail"]["PhysicalResourceId"])


def sent(endpoints: dict[str, str], words: str) -> list[dict[str, Any]]:
    """What operators were sent with these words in it."""
    messages = requests.get(f"{endpoints['outbox']}messages", timeout=10).json()["messages"]
    return [m for m in messages if m["topic"].endswith("-alerts") and words in f"{m['subject']}\n{m['message']}"]


@pytest.fixture
def meanwhile(aws: Callable[[str], Any]) -> Callable[[Callable[[], bool]], Callable[[], bool]]:
    """Have the watcher look and the sender send before something is looked for, and not a minute later.

    They do each minute by themselves too, so now and then two of them are at it at once.
    """
    client = aws("lambda")

    def wrap(probe: Callable[[], bool]) -> Callable[[], bool]:
        def look() -> bool:
            for function in ("watch", "send"):
                client.invoke(FunctionName=f"headwater-local-{function}", Payload=b"{}")
            return probe()

        return look

    return wrap


def incidents(api: requests.Session, endpoints: dict[str, str], state: str) -> dict[str, dict[str, Any]]:
    answer = api.get(f"{endpoints['api']}/v1/incidents", params={"state": state, "limit": "500"}, timeout=30)
    assert answer.status_code == 200, answer.text
    return {one["subject"]: one for one in reversed(answer.json()["results"])}


def well_source(api: requests.Session, endpoints: dict[str, str]) -> dict[str, Any]:
    """A source that is well, without an incident, and that nothing will pull within the next minutes."""
    answer = api.get(f"{endpoints['api']}/v1/sources", timeout=30).json()["results"]
    troubled = incidents(api, endpoints, "open")
    calm = [one for one in answer if one["state"] == "ok" and not one["overdue"] and one["name"] not in troubled]
    return max((one for one in calm if one["kind"] != "arriving"), key=lambda one: one["next_run"])


def test_a_dead_letter_and_a_failing_source_are_told_once_each_and_so_is_their_end(
    api: requests.Session,
    endpoints: dict[str, str],
    state: DynamoState,
    aws: Callable[[str], Any],
    queue: str,
    meanwhile: Callable[[Callable[[], bool]], Callable[[], bool]],
) -> None:
    source, subject = well_source(api, endpoints), f"queue/{QUEUE}"
    for name in (source["name"], subject):
        state.delete(PARTITION, name)  # what was told today would make the ends wait longer
    marker = f"e2e {datetime.now(UTC):%H:%M:%S.%f}"

    aws("sqs").send_message(QueueUrl=queue, MessageBody=f'{{"marker": "{marker}"}}')
    record(state, source["name"], datetime.now(UTC), RunOutcome.FATAL, f"{REFUSED} {marker}")
    wait_until(meanwhile(lambda: len(sent(endpoints, marker)) >= 2), "both messages", PATIENCE_S)
    opened = incidents(api, endpoints, "open")
    letters, failure = (opened[name] for name in (subject, source["name"]))
    aws("sqs").purge_queue(QueueUrl=queue)
    record(state, source["name"], datetime.now(UTC), RunOutcome.OK)
    both = {subject, source["name"]}
    wait_until(meanwhile(lambda: both.isdisjoint(incidents(api, endpoints, "open"))), "their end", PATIENCE_S)
    ends = [f"({name}) has recovered" for name in (subject, source["name"])]
    before = [letters["opened_at"], failure["opened_at"]]
    wait_until(meanwhile(lambda: all(since(sent(endpoints, end), min(before)) for end in ends)), "both", PATIENCE_S)

    told = sent(endpoints, marker)
    assert sorted(m["subject"] for m in told) == sorted(
        ["[Headwater] Exporting has given up work", f"[Headwater] {source['title']} needs credentials"]
    )
    assert [len(since(sent(endpoints, end), min(before))) for end in ends] == [1, 1]
    assert (letters["kind"], failure["kind"]) == ("dead_letters", "credentials")
    assert letters["told"] is True
    for incident in (letters, failure):
        page = requests.get(f"{endpoints['dashboard'].rstrip('/')}{incident['runbook']}", timeout=10)
        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith("text/html")
        assert "What it means." in page.text
        assert any(incident["runbook"] in m["message"] for m in told)
    past = incidents(api, endpoints, "closed")
    assert past[subject]["recovered"] is True
    assert past[source["name"]]["recovered"] is True


def since(messages: list[dict[str, Any]], at: str) -> list[dict[str, Any]]:
    """Those of them that were sent after an instant."""
    return [message for message in messages if message["at"][:19] >= at[:19]]
