"""Every example of ``docs/channels.md`` is answered, and its bounds are those of the code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.api.channel_body import USUAL_A_MINUTE
from chalicelib.api.messages import USUAL_DAYS
from chalicelib.outbox import delivery, record, topics, webhook
from chalicelib.outbox.channels import MOST_A_MINUTE, ChannelKind
from chalicelib.outbox.delivery import Delivery, Refused, Step, claimed, settled
from chalicelib.outbox.directory import MAIL_A_MINUTE
from tests.unit.api.world import World
from tests.unit.docs.pages import PATHS, Example, asked, examples, page, paths_in
from tests.unit.outbox.memory import NOON

PAGE = page("channels.md")
EXAMPLES = examples(PAGE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_answered(world: World, example: Example) -> None:
    answer = asked(world, example)

    assert answer.status_code == (201 if example.method == "POST" else 200), answer.body


def test_what_the_page_says_of_bounds_is_so() -> None:
    waits, one, now = [], Delivery("a"), NOON
    for _ in range(7):
        one = settled(claimed(one, "1", now), Refused("busy"), now)
        assert one.next_try is not None
        waits.append(int((one.next_try - now) / timedelta(minutes=1)))
        now = one.next_try

    assert waits == [1, 2, 4, 8, 15, 30, 30]
    assert timedelta(hours=24) == delivery.GIVE_UP
    assert timedelta(minutes=3) == delivery.CLAIM
    assert (topics.A_MINUTE, MAIL_A_MINUTE, USUAL_A_MINUTE, MOST_A_MINUTE) == (240, 60, 60, 600)
    assert (record.KEPT.days, webhook.MOST_BODY, USUAL_DAYS) == (400, 64 * 1024, 7)


@pytest.mark.parametrize("name", Step)
def test_every_state_is_explained(name: str) -> None:
    assert f"| `{name}` |" in PAGE


@pytest.mark.parametrize("name", ChannelKind)
def test_every_kind_has_an_example(name: str) -> None:
    assert any(f'"kind": "{name}"' in example.body for example in EXAMPLES)


def test_every_path_that_the_page_names_is_there() -> None:
    paths = paths_in(PAGE, "channels", "messages")

    assert len(paths) > 3
    assert {path.replace("/sales/", "/{name}/") for path in paths} <= PATHS
