"""Many messages about one stream are one roll-up, and only what failed comes again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from chalicelib.errors import CommitLost, QueryThrottled
from chalicelib.metrics.cube import Cube
from chalicelib.metrics.cubes import CUBES
from chalicelib.metrics.rollup import Outcome
from chalicelib.metrics.wake import Moved, roll_up


class Scripted:
    """Runs by script: cube name to what its runs give, one after another; then nothing is left to do."""

    def __init__(self, **script: list[Outcome | Exception]) -> None:
        self.script = script
        self.ran: list[str] = []
        self.again: list[set[date]] = []

    def run(self, cube: Cube, again: Collection[date] = ()) -> Outcome:
        self.ran.append(cube.name)
        self.again.append(set(again))
        given = self.script.get(cube.name, [])
        step = given.pop(0) if given else Outcome(None, (), (), more=False)
        if isinstance(step, Exception):
            raise step
        return step


def failed(
    rollup: Scripted, streams: Mapping[str, str | None], has_time: Callable[[], bool] = lambda: True
) -> list[str]:
    def tell(sentence: str, facts: dict[str, Any]) -> None:
        assert sentence
        assert facts["cube"]

    messages = {name: None if stream is None else Moved(stream) for name, stream in streams.items()}
    return roll_up(rollup, messages, CUBES, has_time=has_time, tell=tell)


def test_many_messages_of_one_stream_are_one_run() -> None:
    rollup = Scripted()

    assert failed(rollup, {"m1": "s3_access_logs", "m2": "s3_access_logs"}) == []
    assert rollup.ran == ["downloads_cube"]


def test_two_streams_of_one_cube_are_one_run() -> None:
    rollup = Scripted()

    failed(rollup, {"m1": "github_webhooks", "m2": "github_repository_stats", "m3": "github_cube"})

    assert rollup.ran == ["github_cube"]


def test_only_the_messages_of_the_failed_cube_come_again() -> None:
    rollup = Scripted(github_cube=[QueryThrottled("busy")])

    assert failed(rollup, {"m1": "github_webhooks", "m2": "s3_access_logs"}) == ["m1"]
    assert sorted(rollup.ran) == ["downloads_cube", "github_cube"]


def test_a_lost_race_is_run_again_at_once() -> None:
    rollup = Scripted(downloads_cube=[CommitLost("twin")])

    assert failed(rollup, {"m1": "s3_access_logs"}) == []
    assert rollup.ran == ["downloads_cube"] * 2


def test_a_race_that_is_always_lost_comes_again_later() -> None:
    rollup = Scripted(downloads_cube=[CommitLost("twin")] * 9)

    assert failed(rollup, {"m1": "s3_access_logs"}) == ["m1"]


def test_a_long_backfill_goes_on_until_the_time_is_up_and_then_comes_again() -> None:
    more = Outcome(1, (), (), more=True)
    time = iter([True, True, False])
    rollup = Scripted(downloads_cube=[more] * 9)

    assert failed(rollup, {"m1": "s3_access_logs"}, lambda: next(time)) == ["m1"]
    assert len(rollup.ran) == 2


def test_a_stream_that_feeds_no_cube_is_done_and_an_unreadable_message_comes_again() -> None:
    assert failed(Scripted(), {"m1": "no_such_stream", "m2": None}) == ["m2"]


def test_days_to_compute_again_are_computed_in_the_first_run_only() -> None:
    day, other = date(2026, 11, 1), date(2026, 11, 2)
    more = Outcome(1, (), (), more=True)
    rollup = Scripted(downloads_cube=[CommitLost("twin"), more])
    messages = {"m1": Moved("downloads_cube", frozenset({day})), "m2": Moved("downloads_cube", frozenset({other}))}

    assert roll_up(rollup, messages, CUBES, has_time=lambda: True, tell=lambda *_: None) == []
    assert rollup.again == [{day, other}, {day, other}, set()]
