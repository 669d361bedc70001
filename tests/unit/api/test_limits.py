"""How many requests a token may make, and how it is told."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalice.test import Client
from hypothesis import given
from hypothesis import strategies as st

from app import build_app
from chalicelib.api.limits import WINDOW, Limits
from chalicelib.errors import RequestError
from tests.unit.api.world import ADMIN, READ, World

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@given(st.integers(1, 5), st.lists(st.integers(0, 40), max_size=40))
def test_no_window_of_a_token_lets_more_in_than_it_says(quota: int, pauses: list[int]) -> None:
    limits, now, began, used = Limits(quota), NOW, NOW - WINDOW, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        if now - began >= WINDOW:
            began, used = now, 0
        try:
            said = limits.take("a", now)
        except RequestError as error:
            assert used == quota
            assert error.status == 429
            wait = int(error.headers["Retry-After"])
            assert now + timedelta(seconds=wait) >= began + WINDOW > now
            continue
        used += 1
        assert said["RateLimit"] == f'"token";r={quota - used};t={int((began + WINDOW - now).total_seconds())}'
    assert used <= quota


def test_tokens_do_not_take_each_others_share_and_zero_is_no_limit() -> None:
    limits = Limits(1)
    limits.take("a", NOW)

    assert limits.take("b", NOW)["RateLimit"].startswith('"token";r=0')
    assert Limits(0).take("a", NOW) == {}


def test_a_clock_that_goes_back_begins_anew() -> None:
    limits = Limits(1)
    limits.take("a", NOW)

    assert limits.take("a", NOW - timedelta(hours=1))


def test_every_answer_to_a_token_tells_its_limit_and_the_429_when_to_go_on(tmp_path: Path) -> None:
    world = World(tmp_path)
    context = replace(world.context, requests_per_minute=3)
    get = Client(build_app(lambda: context)).http.get
    headers = {"Authorization": f"Bearer {READ}"}

    answers = [get(path, headers=headers) for path in ("/v1/metrics", "/v1/metrics/no", "/v1/metrics", "/v1/metrics")]
    other = get("/v1/tokens", headers={"Authorization": f"Bearer {ADMIN}"})
    world.now += timedelta(minutes=1)
    later = get("/v1/metrics", headers=headers)

    assert [answer.status_code for answer in answers] == [200, 404, 200, 429]
    assert [re.findall(r"r=(\d+)", answer.headers["RateLimit"]) for answer in answers] == [["2"], ["1"], ["0"], ["0"]]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"token";q=3;w=60'}
    assert answers[-1].headers["Retry-After"] == "60"
    assert "RateLimit" in answers[-1].headers["Access-Control-Expose-Headers"]
    assert (other.status_code, later.status_code) == (200, 200)


def test_what_the_company_s_own_product_sends_is_not_counted(tmp_path: Path) -> None:
    world = World(tmp_path)
    context = replace(world.context, requests_per_minute=1)
    post = Client(build_app(lambda: context)).http.post
    headers = {"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"}

    assert [post("/v1/events", headers=headers, body=b"{}").status_code for _ in range(3)] == [400, 400, 400]


def test_what_needs_no_token_has_no_limit_of_one(tmp_path: Path) -> None:
    world = World(tmp_path)
    context = replace(world.context, requests_per_minute=1)
    get = Client(build_app(lambda: context)).http.get

    assert [get("/health").status_code for _ in range(3)] == [200, 200, 200]
    assert "RateLimit" not in get("/health").headers
