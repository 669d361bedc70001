"""Every example of ``docs/subscriptions.md`` is answered, and its bounds are those of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.outbox.message import Severity
from chalicelib.subscriptions import addresses, kept
from chalicelib.subscriptions.desk import MOST_ASKED, MOST_PENDING
from chalicelib.subscriptions.subscription import Protocol, State, Wishes
from chalicelib.subscriptions.words import MOST_WORDS, count
from tests.unit.api.world import World
from tests.unit.docs.pages import PATHS, Example, asked, examples, page, paths_in

PAGE = page("subscriptions.md")
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
    two_days = addresses.CONFIRM_WITHIN.days
    assert (two_days, MOST_ASKED, MOST_PENDING, addresses.GOOD_FOR.days) == (2, 3, 100, 90)
    assert kept.REMEMBERED.days == 90
    assert count(Wishes(tuple(f"t{at}" for at in range(45)), least=Severity.INFO)) <= MOST_WORDS == 150


@pytest.mark.parametrize("name", [*State, *Protocol])
def test_every_state_and_protocol_is_explained(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_every_path_that_the_page_names_is_there() -> None:
    paths = paths_in(PAGE, "subscriptions")

    assert len(paths) > 1
    assert paths <= PATHS
