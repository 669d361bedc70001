"""What was given up is told once, with whose it is and what to do, and once when nothing waits any more."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.letters import Letter, Letters
from chalicelib.incidents.queues import FAILED_INVOCATIONS, QUEUES, failing, subject
from tests.unit.incidents.memory import MINUTE, START, World

URL, ARN = "https://sqs/1/queue", "arn:aws:sqs:eu-central-1:1:queue"


def invocation(function: str = "headwater-dev-dispatch", **answered: Any) -> str:
    """What Lambda writes of an asynchronous invocation that it has given up."""
    arn = f"arn:aws:lambda:eu-central-1:1:function:{function}:$LATEST"
    context = {"functionArn": arn, "condition": "RetriesExhausted", "approximateInvokeCount": 3}
    return json.dumps({"version": "1.0", "requestContext": context, "requestPayload": {}, **answered})


def letters(*bodies: str, waiting: int | None = None) -> Letters:
    seen = tuple(Letter(START + n * MINUTE, body) for n, body in enumerate(bodies))
    return Letters(URL, ARN, len(seen) if waiting is None else waiting, seen)


def looked(world: World, name: str, found: Letters) -> str:
    world.now += MINUTE
    return world.watch().run([subject(QUEUES[name], lambda: found)])[f"queue/{name}"]


def test_a_letter_is_told_once_however_long_it_waits_and_its_end_once(world: World) -> None:
    for _ in range(5):
        looked(world, "PullDeadLetters", letters('{"stream": "mixpanel_events"}'))
    during = list(world.outbox.subjects)
    for _ in range(5):
        looked(world, "PullDeadLetters", letters())

    assert during == ["[Headwater] Pulling has given up work"]
    assert world.outbox.subjects[1:] == ["[Headwater] Pulling has recovered"]


def test_the_message_names_the_function_how_many_an_example_and_what_to_type(world: World) -> None:
    looked(world, "PullDeadLetters", letters('{"stream": "mixpanel_events"}', waiting=12))

    [(_, text)] = world.outbox.sent
    assert "Since:       2026-11-22 12:00 UTC" in text
    assert "Waiting:     12 messages" in text
    assert "Function:    pull" in text
    assert 'Error: {"stream": "mixpanel_events"}' in text
    assert f"Do again:    aws sqs start-message-move-task --source-arn {ARN}" in text
    assert f"Throw away:  aws sqs purge-queue --queue-url {URL}" in text
    assert "/runbooks/dead-letters.html" in text
    assert next(iter(world.outbox.messages.values())).topic == "PullDeadLetters"


def test_a_failed_invocation_names_its_function_and_its_last_words(world: World) -> None:
    body = invocation(responsePayload={"errorMessage": "no sources", "errorType": "ConfigError"})

    looked(world, FAILED_INVOCATIONS, letters(body, invocation("headwater-dev-head")))

    [(_, text)] = world.outbox.sent
    assert "Error: headwater-dev-dispatch: no sources" in text
    assert "Function:    headwater-dev-dispatch, headwater-dev-head" in text
    assert "Do again:    aws lambda invoke --function-name headwater-dev-dispatch /dev/stdout" in text
    assert "start-message-move-task" not in text, "AWS moves only what came from a queue"


def test_objects_are_named_of_a_notification_of_s3(world: World) -> None:
    records = [{"s3": {"object": {"key": f"logs/{n}"}}} for n in range(2)]

    looked(world, "ArriveDeadLetters", letters(json.dumps({"Records": records})))

    assert "Error: logs/0, logs/1" in world.outbox.sent[0][1]


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[1]",
        "{}",
        json.dumps({"requestContext": "?"}),
        json.dumps({"requestContext": {"functionArn": "short"}}),
        json.dumps({"requestContext": {"functionArn": 7}}),
        json.dumps({"Records": [7, {"s3": {"object": {}}}]}),
        invocation(responsePayload="a text"),
        "x" * 200_000,
    ],
)
@pytest.mark.parametrize("name", QUEUES)
def test_whatever_waits_there_is_told(world: World, name: str, body: str) -> None:
    looked(world, name, letters(body))

    [(_, text)] = world.outbox.sent
    assert "Waiting:     1 message" in text
    assert len(text) < 3_000


def test_letters_that_somebody_else_holds_are_told_without_an_example(world: World) -> None:
    looked(world, "SealDeadLetters", letters(waiting=1))

    [(_, text)] = world.outbox.sent
    assert "Waiting:     1 message" in text
    assert "Error" not in text


def test_who_has_given_up_is_known_with_the_last_time() -> None:
    found = failing(letters(invocation(), invocation("headwater-dev-head"), invocation(), "no JSON"))

    assert found == {"dispatch": START + 2 * MINUTE, "head": START + MINUTE, "": START + 3 * MINUTE}


def test_what_comes_back_within_two_minutes_is_one_incident(world: World) -> None:
    for found in (letters("a"), letters(), letters("b"), letters(), letters(), letters()):
        looked(world, "ExportDeadLetters", found)

    assert [subject.endswith("has recovered") for subject in world.outbox.subjects] == [False, True]
    assert world.now - START == timedelta(minutes=6)
