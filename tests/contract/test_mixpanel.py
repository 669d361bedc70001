"""Mixpanel at its worst: inclusive dates, project zones, events sent twice, imports dated a year back, answers cut."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from chalicelib.domain.freshness import RunOutcome
from chalicelib.errors import FatalSourceError, RetriableSourceError
from chalicelib.ingest.fetch import FetchPolicy
from chalicelib.sources.base import Accepted, Page, Request, Window
from chalicelib.sources.mixpanel_events import MixpanelEvents
from chalicelib.sources.mixpanel_rows import happened_at
from tests.contract.story import START, Story
from tests.servers.mixpanel import Mixpanel
from tests.servers.mixpanel_facts import Event
from tests.servers.world import World

SOURCE = MixpanelEvents()
MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(MIDNIGHT - HOUR, MIDNIGHT)


def vendor_of(world: World) -> Mixpanel:
    found = world.vendors["mixpanel"]
    assert isinstance(found, Mixpanel)
    return found


def in_zone(story: Story, name: str) -> Story:
    """A story of a project that was made before 2023, in a zone of its own."""
    story.config = {**story.config, "time_zone": name}
    vendor_of(story.world).zone = ZoneInfo(name)
    return story


def facts(story: Story, start: datetime, end: datetime) -> list[Event]:
    """What was taken in."""
    return list(vendor_of(story.world)._taken(start, end))


def page_of(request: Request, events: list[Any], tail: bytes = b"") -> Page:
    body = b"".join(json.dumps(event).encode() + b"\n" for event in events) + tail
    return Page(request, 200, {}, body, START)


def request_for(window: Window, **more: Any) -> Request:
    config = {"base_url": "http://127.0.0.1:1", "project_id": 7, "time_zone": "UTC", "first_date": MIDNIGHT.date()}
    (request,) = SOURCE.requests(window, {**config, "events_per_answer": 1_000, **more})
    return request


def event(**more: Any) -> dict[str, Any]:
    processed = int((MIDNIGHT - HOUR / 2).timestamp() * 1000)
    properties = {"time": 1_795_000_000, "distinct_id": "u", "$insert_id": "i", "mp_processing_time_ms": processed}
    return {"event": "Page View", "properties": {**properties, **more}}


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"])
def test_every_event_is_there_once_at_its_instant_in_every_zone(zone: str, served: tuple[World, str]) -> None:
    story = in_zone(Story(SOURCE, *served), zone)

    story.live(timedelta(hours=27))

    ((book, truth),) = story.books()
    assert len(truth) > 500
    assert story.rows(book) == truth
    assert story.outbox.subjects == []


def test_imports_that_are_dated_a_year_back_are_found_in_their_hour_for_one_query_an_hour(
    served: tuple[World, str],
) -> None:
    story = Story(SOURCE, *served)

    story.live(timedelta(days=1))

    rows = story.records("mixpanel_events")
    imported = [row for row in rows if row["event"] == "Imported"]
    taken = [e for e in facts(story, START - timedelta(days=2), story.watermark()) if e.name == "Imported"]
    assert len(imported) == len(taken) >= 30
    assert all(row["happened_at"] < (START - timedelta(days=350)).isoformat() for row in imported)
    windows, _ = story.windows()
    assert story.vendor.bill.billed == {"calls": windows}, "no day is asked for twice"


def test_an_event_that_was_sent_twice_is_there_once_and_counted(served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    story.world.faults.add({"kind": "repeated", "vendor": "mixpanel"})

    story.live(timedelta(hours=6))

    ((book, truth),) = story.books()
    assert story.rows(book) == truth
    again = sum(e.again for e in facts(story, MIDNIGHT - timedelta(days=2), story.watermark()))
    windows, _ = story.windows()
    assert again > 5
    assert sum(step.counts.duplicate for step in story.steps()) == again + windows


def test_the_same_event_of_a_later_window_is_known_by_its_key() -> None:
    later = Window(MIDNIGHT, MIDNIGHT + HOUR)
    processed = int((MIDNIGHT + HOUR / 2).timestamp() * 1000)

    (first,) = SOURCE.parse([page_of(request_for(WINDOW), [event()])], WINDOW, {"time_zone": "UTC"})
    twice = event(mp_processing_time_ms=processed)
    (second,) = SOURCE.parse([page_of(request_for(later), [twice])], later, {"time_zone": "UTC"})

    assert isinstance(first, Accepted)
    assert isinstance(second, Accepted)
    assert first.rows[0][1]["event_key"] == second.rows[0][1]["event_key"]
    assert (first.event_id, first.fingerprint) == (second.event_id, second.fingerprint)


def test_dates_are_inclusive_and_the_last_one_has_begun_wherever_the_project_is() -> None:
    for zone in ("UTC", "America/New_York", "Pacific/Auckland", "Pacific/Pago_Pago"):
        for hour in range(48):
            window = Window(MIDNIGHT + hour * HOUR, MIDNIGHT + (hour + 1) * HOUR)
            request = request_for(window, time_zone=zone)

            asked_at = window.end + SOURCE.settle
            latest_event = window.end + HOUR - timedelta(seconds=1)
            assert request.params["to_date"] <= asked_at.astimezone(ZoneInfo(zone)).date().isoformat()
            assert request.params["to_date"] >= latest_event.astimezone(ZoneInfo(zone)).date().isoformat()


def test_the_server_refuses_a_date_that_is_still_to_come(served: tuple[World, str]) -> None:
    world, url = served
    story = Story(SOURCE, world, url)
    request = SOURCE.requests(Window(MIDNIGHT, MIDNIGHT + 25 * HOUR), story.config)[0]

    sent = SOURCE.authorise(request, story.vendor.secret)
    got = requests.get(sent.url, params=dict(sent.params), headers=dict(sent.headers), timeout=5)

    assert got.status_code == 400
    with pytest.raises(FatalSourceError, match="later than today"):
        SOURCE.judge(Page(request, got.status_code, {}, got.content, START))


def test_the_hours_that_the_clock_skips_or_shows_twice_are_told_apart(served: tuple[World, str]) -> None:
    """New York's clocks went back on 1 November. An event of the first of the two hours that came in over an hour
    late cannot be told from one of the second: it is an hour off, and nothing else is."""
    story = in_zone(Story(SOURCE, *served), "America/New_York")
    start = datetime(2026, 10, 28, tzinfo=UTC)
    story.config = {**story.config, "start": start}

    story.live(timedelta(hours=2))

    def off(e: Event) -> timedelta:
        twice = datetime(2026, 11, 1, 5, tzinfo=UTC) <= e.happened_at < datetime(2026, 11, 1, 6, tzinfo=UTC)
        return HOUR if twice and e.processed_at >= e.happened_at + HOUR else timedelta()

    taken = [e for e in facts(story, start, story.watermark()) if not e.again]
    expected = Counter((e.insert_id, (e.happened_at + off(e)).isoformat()) for e in taken)
    found = Counter((row["insert_id"], row["happened_at"]) for row in story.records("mixpanel_events"))
    night = [e for e in taken if e.happened_at.date().isoformat() == "2026-11-01" and e.happened_at.hour in {5, 6}]
    assert len(night) >= 6
    assert found == expected


def test_a_wall_clock_that_was_skipped_is_the_end_of_the_skipped_hour() -> None:
    clock = int(datetime(2026, 3, 8, 2, 30, tzinfo=UTC).timestamp())

    found = happened_at(clock, ZoneInfo("America/New_York"), None)

    assert found == datetime(2026, 3, 8, 7, tzinfo=UTC)


def test_an_hour_that_holds_more_than_an_answer_is_asked_for_in_halves(served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    story.policy = FetchPolicy()
    story.config = {**story.config, "events_per_answer": 1_000}
    vendor_of(story.world).floods[MIDNIGHT + HOUR] = 6_000

    story.live(timedelta(hours=4))

    ((book, truth),) = story.books()
    assert len(truth) > 6_000
    assert story.rows(book) == truth
    assert story.vendor.bill.billed == story.vendor.minimum(story.now)


def test_a_millisecond_that_holds_more_than_an_answer_stops_the_source() -> None:
    instant = Window(MIDNIGHT, MIDNIGHT + timedelta(milliseconds=1))
    processed = int(MIDNIGHT.timestamp() * 1000)
    page = page_of(request_for(instant), [event(mp_processing_time_ms=processed)] * 1_000)

    with pytest.raises(FatalSourceError, match="raise events_per_answer"):
        SOURCE.judge(page)


@pytest.mark.parametrize("kind", ["terminated_early", "late"])
def test_an_export_that_was_terminated_early_or_comes_late_is_whole_in_the_end(
    kind: str, served: tuple[World, str]
) -> None:
    story = Story(SOURCE, *served)
    story.world.faults.add({"kind": kind, "vendor": "mixpanel"})
    story.live(timedelta(hours=3))
    during = story.run_now
    story.world.faults.active.clear()

    story.live(timedelta(hours=8))

    assert (during.outcome is RunOutcome.RETRY) == (kind == "terminated_early")
    assert kind == "late" or "terminated" in (during.error or "")
    ((book, truth),) = story.books()
    assert story.rows(book) == truth


@pytest.mark.parametrize("tail", [b"export terminated early", b"export terminated early\n", b'{"event": "Pa', b"{}"])
def test_an_answer_that_does_not_end_as_it_should_is_a_failure(tail: bytes) -> None:
    with pytest.raises(RetriableSourceError):
        SOURCE.judge(page_of(request_for(WINDOW), [event()], tail))


def test_events_that_nobody_asked_for_stop_the_source() -> None:
    early = event(mp_processing_time_ms=int((WINDOW.start - HOUR).timestamp() * 1000))

    with pytest.raises(FatalSourceError, match="no longer selects"):
        SOURCE.judge(page_of(request_for(WINDOW), [early]))


def test_ninety_days_of_history_stay_within_sixty_queries_an_hour(served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    story.config = {**story.config, "start": MIDNIGHT - timedelta(days=88)}

    story.live(timedelta(hours=5), tick=timedelta(minutes=20))

    ((book, truth),) = story.books()
    assert len(truth) > 25_000
    assert story.rows(book) == truth
    assert story.vendor.bill.refused == {}
    assert 88 <= story.vendor.bill.billed["calls"] <= 100


def test_a_used_up_hour_waits_and_goes_on(served: tuple[World, str]) -> None:
    story = Story(SOURCE, *served)
    story.config = {**story.config, "start": MIDNIGHT - timedelta(days=70), "queries_per_hour": 500}

    story.live(timedelta(hours=1))
    refused, error = story.vendor.bill.refused["calls"], story.run_now.error
    story.live(timedelta(hours=3))

    assert refused >= 1
    assert "no more queries" in (error or "")
    ((book, truth),) = story.books()
    assert story.rows(book) == truth


def test_a_large_answer_is_read_without_a_second_copy_of_it() -> None:
    line = json.dumps(event(text="x" * 900)).encode() + b"\n"
    page = replace(page_of(request_for(WINDOW, events_per_answer=50_000), []), body=line * 20_000)

    tracemalloc.start()
    SOURCE.judge(page)
    read = sum(1 for _ in SOURCE.parse([page], WINDOW, {"time_zone": "UTC"}))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert read == 20_000
    assert peak < len(page.body) / 20
