"""Messages say what happened, since when, up to where the numbers are good, and what to do next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.incidents.incidents import Incident, Kind, Trouble
from chalicelib.incidents.items import from_item, to_item
from chalicelib.incidents.messages import RUNBOOKS, closed, opened
from chalicelib.sources.registry import SOURCES
from tests.unit.incidents.memory import START, World

ROOT = Path(__file__).parents[3]


def incident(kind: Kind, error: str | None = None) -> Incident:
    return Incident(START, is_open=True, trouble=Trouble(kind, START, error), opened_at=START)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_message_and_a_runbook_that_exists(world: World, kind: Kind) -> None:
    world.succeeds()

    message = opened("logs", "Access logs", incident(kind), world.look(START))

    assert "Since:       2026-11-22 12:00 UTC" in message.text
    assert "Data up to:  2026-11-22 12:00 UTC" in message.text
    assert "What to do: " in message.text
    assert (ROOT / RUNBOOKS[kind]).is_file()


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
def test_the_subjects_of_all_sources_fit_sns(world: World, kind: Kind, source: object) -> None:
    title = source.title  # type: ignore[attr-defined]

    for write in (opened, closed):
        subject = write("s", title, incident(kind), world.look(START)).subject
        assert subject.isascii()
        assert len(subject) <= 100


def test_a_source_without_any_data_says_so(world: World) -> None:
    message = opened("logs", "Access logs", incident(Kind.STALLED), world.look(START))

    assert "Data up to:  nothing yet" in message.text
    assert "Last record: never" in message.text
    assert "Last commit: never" in message.text


def test_a_long_error_is_cut_and_says_so(world: World) -> None:
    message = opened("logs", "Access logs", incident(Kind.FAILING, "x" * 5000), world.look(START))

    assert "(5000 characters; see the log)" in message.text


def test_a_recovery_says_how_long_it_took(world: World) -> None:
    world.now += timedelta(hours=26, minutes=5)

    message = closed("logs", "Access logs", incident(Kind.LATE), world.look(world.now))

    assert "(1 d 2 h 5 min)" in message.text


@pytest.mark.parametrize("kind", Kind)
def test_an_incident_survives_its_item(kind: Kind) -> None:
    remembered = incident(kind, "boom")

    assert from_item({**to_item(remembered), "version": 3, "told": "opened"}) == remembered


def test_a_source_without_trouble_survives_its_item() -> None:
    assert from_item(to_item(Incident(START))) == Incident(START)
