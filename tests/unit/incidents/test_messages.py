"""Messages say what happened, since when, up to where the numbers are good, and what to do next."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.incidents.incidents import Incident, Kind, Subject, Telling, Trouble
from chalicelib.incidents.items import from_item, to_item
from chalicelib.incidents.messages import message_of
from chalicelib.incidents.words import WORDS
from chalicelib.outbox.message import OPERATORS, SITE, SUBSCRIBERS, Message, Severity
from chalicelib.outbox.message import Kind as MessageKind
from chalicelib.sources.registry import SOURCES
from tests.unit.incidents.memory import START, World

ROOT = Path(__file__).parents[3]


def incident(kind: Kind, error: str | None = None) -> Incident:
    trouble = Trouble(kind, START, error)
    return Incident(
        START, is_open=True, trouble=trouble, opened_as=kind, opened_at=START, opened=(START,), telling=Telling.OPENED
    )


def over(kind: Kind, world: World, telling: Telling = Telling.CLOSED) -> Incident:
    return replace(incident(kind), is_open=False, closed_at=world.now, telling=telling)


def written(world: World, it: Incident) -> Message:
    return message_of(world.subject(), it, world.look(world.now))


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_message_and_a_runbook_that_exists(world: World, kind: Kind) -> None:
    world.succeeds()

    message = written(world, incident(kind))

    assert "Since:       2026-11-22 12:00 UTC" in message.text
    assert "Data up to:  2026-11-22 12:00 UTC" in message.text
    assert "What to do: " in message.text
    assert message.link == f"{SITE}/runbooks/{WORDS[kind].runbook}.html"
    assert f"Runbook: {message.link}" in message.text
    assert (ROOT / "docs" / "runbooks" / f"{WORDS[kind].runbook}.md").is_file()


def test_operators_and_whoever_subscribed_to_the_source_are_told(world: World) -> None:
    message = written(world, incident(Kind.FAILING))

    assert message.to == (OPERATORS, SUBSCRIBERS)
    assert (message.kind, message.topic, message.severity) == (MessageKind.INCIDENT, "logs", Severity.CRITICAL)
    assert (message.id, message.at) == ("incident/logs/2026-11-22T12:00:00Z/opened", START)


@pytest.mark.parametrize("telling", [Telling.CLOSED, Telling.DROPPED])
def test_the_end_has_an_id_and_an_instant_of_its_own_and_the_severity_of_the_beginning(
    world: World, telling: Telling
) -> None:
    world.now += timedelta(hours=1)
    it = replace(over(Kind.LATE, world, telling), opened_as=Kind.CREDENTIALS)

    message = written(world, it)

    assert (message.id, message.at) == ("incident/logs/2026-11-22T12:00:00Z/closed", world.now)
    assert message.severity is Severity.CRITICAL


def test_ids_are_of_what_the_outbox_takes(world: World) -> None:
    at = START + timedelta(microseconds=123)

    message = written(world, replace(incident(Kind.LATE), opened_at=at))

    assert re.fullmatch(r"[A-Za-z0-9/:._-]{1,300}", message.id)


def test_what_is_no_longer_watched_is_not_called_well(world: World) -> None:
    message = written(world, over(Kind.FAILING, world, Telling.DROPPED))

    assert message.subject == "[Headwater] Access logs is no longer watched"
    assert "recovered" not in message.text


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_the_subjects_of_all_sources_fit_sns(world: World, kind: Kind, source: object) -> None:
    subject = Subject("s", source.title, "s", world.look)  # type: ignore[attr-defined]

    for it in (incident(kind), over(kind, world), over(kind, world, Telling.DROPPED)):
        words = message_of(subject, it, world.look(START)).subject
        assert words.isascii()
        assert len(words) <= 100


def test_a_source_without_any_data_says_so(world: World) -> None:
    message = written(world, incident(Kind.STALLED))

    assert "Data up to:  nothing yet" in message.text
    assert "Last record: never" in message.text
    assert "Last commit: never" in message.text


def test_a_long_error_is_cut_and_says_so(world: World) -> None:
    message = written(world, incident(Kind.FAILING, "x" * 5000))

    assert "(5000 characters; see the log)" in message.text


def test_a_recovery_says_how_long_it_took(world: World) -> None:
    world.now += timedelta(hours=26, minutes=5)

    message = written(world, over(Kind.LATE, world))

    assert "(1 d 2 h 5 min)" in message.text


@pytest.mark.parametrize("kind", Kind)
def test_an_incident_survives_its_item(kind: Kind) -> None:
    remembered = incident(kind, "boom")

    assert from_item({**to_item(remembered), "version": 3, "told": "opened"}) == remembered


def test_a_source_without_trouble_survives_its_item() -> None:
    assert from_item(to_item(Incident(START))) == Incident(START)
