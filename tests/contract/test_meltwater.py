"""Meltwater at its worst: what does not fit is halved, what moves is asked anew, what costs money is paid once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest
import requests
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.freshness import RunOutcome
from chalicelib.errors import FatalSourceError, PageTokenExpired, RetriableSourceError
from chalicelib.ingest.budget import spending
from chalicelib.ingest.fetch import FetchPolicy
from chalicelib.sources.base import Accepted, Outcome, Page, Request, Window
from chalicelib.sources.meltwater_mentions import MeltwaterMentions, _halves
from tests.contract.story import START, Story
from tests.real_data import FOLDER
from tests.servers.meltwater import Meltwater
from tests.servers.world import World

SOURCE = MeltwaterMentions()
HOUR = datetime(2026, 11, 19, 10, tzinfo=UTC)
WINDOW = Window(HOUR, HOUR + timedelta(hours=1))
SPEC = FOLDER / "meltwater" / "terraform-provider-meltwater" / "swagger" / "openapi_spec.yaml"


@dataclass(frozen=True)
class Desk:
    """Meltwater's test server as a client sees it."""

    world: World
    url: str

    @property
    def vendor(self) -> Meltwater:
        found = self.world.vendors["meltwater"]
        assert isinstance(found, Meltwater)
        return found

    def first(self) -> Request:
        (request,) = SOURCE.requests(WINDOW, {"base_url": f"{self.url}/meltwater", "searches": [4711]})
        return request

    def ask(self, request: Request) -> Page:
        sent = SOURCE.authorise(request, self.vendor.secret)
        headers, params = dict(sent.headers), dict(sent.params)
        got = requests.request(sent.method, sent.url, params=params, headers=headers, data=sent.body, timeout=10)
        return Page(request, got.status_code, {k.lower(): v for k, v in got.headers.items()}, got.content, START)

    def pull(self, *first: Request) -> list[Page]:
        """Ask as the engine does: what a page leads to comes before the rest."""
        pages, ahead = [], list(first)
        while ahead:
            page = self.ask(ahead.pop())
            SOURCE.judge(page)
            pages.append(page)
            ahead.extend(reversed(SOURCE.follow(page)))
        return pages


@pytest.fixture
def desk(served: tuple[World, str]) -> Desk:
    return Desk(*served)


def patient(world: World, url: str) -> Story:
    """A stream that waits for its answers: an answer that nobody waited for is paid for all the same."""
    story = Story(SOURCE, world, url)
    story.policy = FetchPolicy()
    return story


def ids(outcomes: list[Outcome]) -> list[str]:
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    return [outcome.event_id for outcome in outcomes if isinstance(outcome, Accepted)]


def test_five_thousand_documents_of_an_hour_are_each_paid_for_once(desk: Desk) -> None:
    desk.vendor.bursts[4711, HOUR] = 5_000

    pages = desk.pull(desk.first())
    outcomes = list(SOURCE.parse(pages, WINDOW, {}))

    assert len(set(ids(outcomes))) == len(outcomes) == 5_000
    assert desk.vendor.bill.billed == {"documents": 5_000}
    assert sum(SOURCE.spent(page)["documents"] for page in pages) == 5_000


def test_a_storm_in_a_living_stream_stays_in_the_budget(served: tuple[World, str]) -> None:
    story = patient(*served)
    story.vendor.bursts[4711, HOUR] = 5_000  # type: ignore[attr-defined]

    story.live(timedelta(hours=3))

    ((book, truth),) = story.books()
    assert len(truth) > 5_000
    assert story.rows(book) == truth
    assert story.vendor.bill.billed == {"documents": len(truth)}
    (documents, _) = spending(story.state, SOURCE, story.config, story.now)
    assert documents.spent == len(truth)


def test_a_budget_that_is_too_small_stops_before_it_is_overdrawn(served: tuple[World, str]) -> None:
    story = patient(*served)
    story.config = {**story.config, "documents_per_month": 1_250}
    story.vendor.bursts[4711, HOUR] = 5_000  # type: ignore[attr-defined]

    story.live(timedelta(hours=3))

    assert 1_000 <= story.vendor.bill.billed["documents"] <= 1_250
    assert story.run_now.outcome is RunOutcome.RETRY
    assert "documents_per_month" in (story.run_now.error or "")


def test_a_page_that_moved_is_asked_for_anew_with_its_window(served: tuple[World, str]) -> None:
    story = patient(*served)
    story.vendor.bursts[4711, HOUR] = 350  # type: ignore[attr-defined]
    story.world.faults.add({"kind": "shifted", "vendor": "meltwater", "times": 1})

    story.live(timedelta(hours=3))

    ((book, truth),) = story.books()
    assert story.rows(book) == truth
    assert story.vendor.bill.billed["documents"] > len(truth), "what was paged through twice is paid twice"


@pytest.mark.parametrize("kind", ["late", "repeated"])
def test_late_and_repeated_documents_are_there_once(kind: str, served: tuple[World, str]) -> None:
    story = patient(*served)
    story.world.faults.add({"kind": kind, "vendor": "meltwater"})

    story.live(timedelta(hours=9))

    ((book, truth),) = story.books()
    assert truth
    assert story.rows(book) == truth


def test_a_page_with_another_total_than_the_page_before_is_refused(desk: Desk) -> None:
    desk.vendor.bursts[4711, HOUR] = 250
    desk.world.faults.add({"kind": "shifted", "times": 1})

    with pytest.raises(PageTokenExpired, match="250 documents became 251"):
        desk.pull(desk.first())


def test_a_second_that_holds_more_than_can_be_seen_stops_the_source(desk: Desk) -> None:
    second = Window(HOUR, HOUR + timedelta(seconds=1))
    (count,) = SOURCE.requests(second, {"base_url": f"{desk.url}/meltwater", "searches": [4711]})
    (search,) = SOURCE.follow(replace(desk.ask(count), body=b'{"count": {"total": 1200}}'))
    page = replace(desk.ask(search), body=b'{"result": {"document_count": 1200, "documents": []}}')

    with pytest.raises(FatalSourceError, match="narrow the search"):
        SOURCE.judge(page)


def test_a_search_that_finds_more_than_its_count_is_halved_and_its_page_is_not_read(desk: Desk) -> None:
    desk.vendor.bursts[4711, HOUR] = 1_500
    wrong = replace(desk.ask(desk.first()), body=b'{"count": {"total": 800}}')

    pages = desk.pull(*SOURCE.follow(wrong))

    assert len(set(ids(list(SOURCE.parse(pages, WINDOW, {}))))) == 1_500
    assert desk.vendor.bill.billed["documents"] == 1_600, "the one page that told the truth"


@pytest.mark.parametrize(
    ("kind", "error", "wait_s"),
    [
        ("rate_limit", RetriableSourceError, 900),
        ("quota", RetriableSourceError, 3600),
        ("credentials", FatalSourceError, None),
        ("forbidden", FatalSourceError, None),
    ],
)
def test_meltwaters_ways_to_say_no(desk: Desk, kind: str, error: type[Exception], wait_s: int | None) -> None:
    said = desk.vendor.refusal(kind, 900, START)
    assert said is not None
    page = Page(desk.first(), said.status_code, dict(said.headers), bytes(said.body), START)

    with pytest.raises(error) as caught:
        SOURCE.judge(page)

    retry_at = getattr(caught.value, "retry_at", None)
    assert (retry_at and (retry_at - START).total_seconds()) == wait_s


@given(st.integers(2, 10**7))
def test_halves_meet_and_neither_is_empty(seconds: int) -> None:
    window = Window(HOUR, HOUR + timedelta(seconds=seconds))

    first, second = _halves(window)

    assert (first.start, second.end) == (window.start, window.end)
    assert first.start < first.end == second.start < second.end


@pytest.mark.shared_data
@pytest.mark.skipif(
    not SPEC.is_file(), reason=f"Meltwater's OpenAPI document is not at {SPEC}; set HEADWATER_SHARED_DATA"
)
def test_both_sides_of_the_count_keep_meltwaters_own_contract(desk: Desk) -> None:
    spec: dict[str, Any] = yaml.safe_load(SPEC.read_text())
    declared = spec["paths"]["/v3/searches/{id}/count"]["get"]
    request = desk.first()

    good, refused = desk.ask(request), desk.ask(replace(request, url=request.url.replace("4711", "9")))

    named = {parameter["name"] for parameter in declared["parameters"] if parameter["in"] == "query"}
    assert set(request.params) <= named
    assert SOURCE.authorise(request, desk.vendor.secret).headers.keys() == {
        spec["components"]["securitySchemes"]["apikey"]["name"]
    }
    for page, status in ((good, "200"), (refused, "404")):
        assert str(page.status) == status
        schema = declared["responses"][status]["content"]["application/json"]["schema"]
        jsonschema.validate(yaml.safe_load(page.body), {**schema, "components": spec["components"]})
