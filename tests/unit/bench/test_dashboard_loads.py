"""The benchmark of dashboard loads asks what a page asks, and counts what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import dashboard_loads, harness
from bench.dashboard_loads import Answered, Load, load, told
from bench.harness import in_turn
from tests.page_requests import Request
from tests.unit.api.world import READ, World
from tests.unit.metrics.every_cube import publish_all

KNOWN = datetime(2026, 11, 22, 9, 45, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = World(tmp_path)
    publish_all(found.store, KNOWN, days=70)
    return found


def test_a_load_asks_for_the_dashboard_and_for_each_widget(world: World) -> None:
    asked: list[Request] = []

    def ask(request: Request) -> Answered:
        asked.append(request)
        body = request.body
        answer = world.get(request.path) if body is None else world.post_json(request.path, body, READ)
        return Answered(answer.status_code, answer.json_body)

    done = load(ask, "Asia/Kathmandu")

    assert done.errors == []
    assert len(done.requests) == len({one.target for one in asked}) == 1 + 8 + 3
    assert len(done.served) == 8 + 3
    assert done.ms >= sum(done.requests)


def test_what_fails_is_counted_and_the_load_goes_on() -> None:
    def ask(request: Request) -> Answered:
        if "stars" in request.target:
            raise ConnectionResetError
        return Answered(502, "Bad Gateway")

    done = load(ask, "UTC")
    result = told({"alone": [Load(requests=[1.0], ms=1.0, served=["cache"])], "at once": [done]})

    assert len(done.errors) == 1 + 8 + 3
    assert done.served == []
    assert len(done.requests) == 12 - 1
    assert result["notes"]["errors"] == {"alone": 0, "at once": 12}


def test_a_page_that_is_put_off_comes_again_when_it_was_told_to() -> None:
    slept: list[float] = []
    answers = iter([Answered(429, "", 3.0), Answered(429, "", 2.0)])
    good = Answered(200, {"meta": {"served_from": "cache", "watermark": "2000-01-01T00:00:00Z"}})

    done = load(lambda _: next(answers, good), "UTC", slept.append)

    assert slept == [3.0, 2.0]
    assert (done.throttled, done.errors, len(done.requests)) == (2, [], 1 + 8 + 3)


def test_it_is_skipped_where_nothing_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dashboard_loads.main([f"--endpoints={tmp_path / 'none.json'}"]) == 0

    assert "skipped" in capsys.readouterr().out


def test_sides_take_turns_and_a_slow_one_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    sides = {"a": lambda: ran.append("a"), "b": lambda: ran.append("b")}
    ticks = iter(range(1000))
    monkeypatch.setattr(harness.time, "perf_counter", lambda: pytest.fail("the clock is given"))

    took = in_turn(sides, rounds=4, warmup=1, every={"b": 2}, clock=lambda: float(next(ticks)))

    assert "".join(ran) == "a" + "ab" + "a" + "ab" + "a"
    assert {label: len(values) for label, values in took.items()} == {"a": 4, "b": 2}
    assert took["a"] == [1000.0] * 4
