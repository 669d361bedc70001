"""Queues of work that was given up, as something to be watched: what waits there waits for a person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from chalicelib.domain.letters import Letter, Letters
from chalicelib.errors import ConfigError
from chalicelib.incidents.incidents import Kind, Sight, Subject, Trouble

_EXAMPLE_LENGTH: Final = 300


@dataclass(frozen=True, slots=True)
class DeadLetterQueue:
    """One queue of the stack: its logical name, what is done there for people, and which function gives up into it.

    ``function`` is empty where many do: then each letter says whose it is.
    """

    name: str
    title: str
    function: str = ""


FAILED_INVOCATIONS: Final = "FailedInvocations"
QUEUES: Final[Mapping[str, DeadLetterQueue]] = MappingProxyType(
    {
        queue.name: queue
        for queue in (
            DeadLetterQueue("PullDeadLetters", "Pulling", "pull"),
            DeadLetterQueue("SealDeadLetters", "Sealing", "seal"),
            DeadLetterQueue("RollupDeadLetters", "The roll-up of cubes", "rollup"),
            DeadLetterQueue("ExportDeadLetters", "Exporting", "export"),
            DeadLetterQueue("ReportDeadLetters", "Making reports", "report"),
            DeadLetterQueue("ArriveDeadLetters", "Noting of log objects", "arrive"),
            DeadLetterQueue(FAILED_INVOCATIONS, "A scheduled function"),
        )
    }
)
"""Every queue of given-up work; a test holds it beside the template."""


def addresses(written: str) -> dict[str, str]:
    """Read the addresses of the queues by their names, as the template writes them. Raises ``ConfigError``.

    >>> addresses("PullDeadLetters=https://sqs/1/a FailedInvocations=https://sqs/1/b")
    {'PullDeadLetters': 'https://sqs/1/a', 'FailedInvocations': 'https://sqs/1/b'}
    >>> addresses("Elsewhere=https://sqs/1/a")
    Traceback (most recent call last):
    ...
    chalicelib.errors.ConfigError: HEADWATER_DEAD_LETTERS names Elsewhere, which is no queue of given-up work
    """
    found = {name: url for name, _, url in (word.partition("=") for word in written.split())}
    if unknown := sorted(found.keys() - QUEUES.keys()):
        raise ConfigError(f"HEADWATER_DEAD_LETTERS names {', '.join(unknown)}, which is no queue of given-up work")
    return found


def subject(queue: DeadLetterQueue, read: Callable[[], Letters]) -> Subject:
    """Answer a queue as something to be watched. Looking raises ``StoreUnavailable``."""

    def look(now: datetime, _first_seen: datetime) -> Sight:
        letters = read()
        if not letters.waiting:
            return Sight(now, None, is_well=True)
        since = letters.seen[0].sent_at if letters.seen else now
        error = _example(letters.seen[0]) if letters.seen else None
        return Sight(now, Trouble(Kind.DEAD_LETTERS, since, error), is_well=False, facts=_facts(queue, letters))

    return Subject(f"queue/{queue.name}", queue.title, queue.name, look)


def failing(letters: Letters) -> dict[str, datetime]:
    """Answer which functions have given up an invocation, by the end of their names (``dispatch``), and when last."""
    found: dict[str, datetime] = {}
    for letter in letters.seen:
        found[_invoked(letter).rpartition("-")[2]] = letter.sent_at  # the oldest come first
    return found


def _facts(queue: DeadLetterQueue, letters: Letters) -> tuple[tuple[str, str], ...]:
    about = [("Waiting", "1 message" if letters.waiting == 1 else f"{letters.waiting} messages")]
    throw_away = ("Throw away", f"aws sqs purge-queue --queue-url {letters.url}")
    if queue.function:
        again = f"aws sqs start-message-move-task --source-arn {letters.arn}"
        return (*about, ("Function", queue.function), ("Do again", again), throw_away)
    names = sorted({_invoked(letter) for letter in letters.seen} - {""})
    invokes = [("Do again", f"aws lambda invoke --function-name {name} /dev/stdout") for name in names]
    return (*about, ("Function", ", ".join(names) or "unknown"), *invokes, throw_away)


def _example(letter: Letter) -> str:
    """Say in short what a letter is about: the words of what failed, a stream, objects, or its text."""
    body = _parsed(letter.body)
    if name := _invoked(letter):
        said = body.get("responsePayload")
        words = said.get("errorMessage") if isinstance(said, dict) else None
        return f"{name}: {words or _condition(body)}"[:_EXAMPLE_LENGTH]
    if isinstance(body.get("Records"), list):
        return ", ".join(_objects(body["Records"]))[:_EXAMPLE_LENGTH] or letter.body[:_EXAMPLE_LENGTH]
    return letter.body[:_EXAMPLE_LENGTH]


def _invoked(letter: Letter) -> str:
    """Answer the name of the function whose asynchronous invocation a letter is of; empty if it is of none.

    Its form: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    context = _parsed(letter.body).get("requestContext")
    arn = context.get("functionArn") if isinstance(context, dict) else None
    parts = arn.split(":") if isinstance(arn, str) else []
    return parts[6] if len(parts) > 6 else ""


def _condition(body: Mapping[str, Any]) -> str:
    context = body["requestContext"]
    return str(context.get("condition", "it says nothing"))


def _objects(records: Iterable[Any]) -> list[str]:
    found = [one.get("s3", {}).get("object", {}).get("key") for one in records if isinstance(one, dict)]
    return [key for key in found if isinstance(key, str)]


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
