"""Every example of ``docs/subscriptions.md`` is answered, and its bounds are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.api.resources import RESOURCES
from chalicelib.outbox.message import Severity
from chalicelib.subscriptions import addresses, kept
from chalicelib.subscriptions.desk import MOST_ASKED, MOST_PENDING
from chalicelib.subscriptions.subscription import Protocol, State, Wishes
from chalicelib.subscriptions.words import MOST_WORDS, count
from tests.unit.api.world import ADMIN, World

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "subscriptions.md").read_text()
EXAMPLES = re.findall(r"^```http\n(GET|POST) (\S+?)(?:\n(.*?))?\n?```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_all_examples_are_tried() -> None:
    assert len(EXAMPLES) == PAGE.count("```http") == 4


@pytest.mark.parametrize(("method", "path", "body"), EXAMPLES)
def test_an_example_is_answered(world: World, method: str, path: str, body: str) -> None:
    sent = {"Content-Type": "application/json"} if body else {}

    answer = world.call(method, path, token=ADMIN, headers=sent, body=body.encode())

    assert answer.status_code == (201 if method == "POST" else 200), answer.body


def test_what_the_page_says_of_bounds_is_so() -> None:
    two_days = addresses.CONFIRM_WITHIN.days
    assert (two_days, MOST_ASKED, MOST_PENDING, addresses.GOOD_FOR.days) == (2, 3, 100, 90)
    assert kept.REMEMBERED.days == 90
    assert count(Wishes(tuple(f"t{at}" for at in range(45)), least=Severity.INFO)) <= MOST_WORDS == 150


@pytest.mark.parametrize("name", [*State, *Protocol])
def test_every_state_and_protocol_is_explained(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_every_path_that_the_page_names_is_there() -> None:
    paths = {path.partition("?")[0] for path in re.findall(r"/v1/subscriptions[^\s`]*", PAGE)}

    assert paths <= {route.path for routes in RESOURCES.values() for route in routes}
