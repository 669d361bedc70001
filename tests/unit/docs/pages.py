"""Pages of the documentation, and their examples: blocks of ``http`` that are asked of an API as they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from chalice.test import HTTPResponse

from chalicelib.api.resources import RESOURCES
from tests.unit.api.world import ADMIN, World

DOCS = Path(__file__).resolve().parents[3] / "docs"
BLOCK = re.compile(r"^```http\n(GET|POST) (\S+?)(\?.*?)?\n(.*?)```$", re.DOTALL | re.MULTILINE)
PATHS = {route.path for routes in RESOURCES.values() for route in routes}
"""Every path that the API declares."""


class Example(NamedTuple):
    method: str
    path: str
    query: str
    body: str


def page(name: str) -> str:
    """Read a page."""
    return (DOCS / name).read_text()


def examples(text: str) -> list[Example]:
    """Find the examples of a page; a block that cannot be read as one is a mistake in the page."""
    found = [Example(*one) for one in BLOCK.findall(text)]
    assert len(found) == text.count("```http"), "an example is not GET or POST, a path, and perhaps a body"
    return found


def asked(world: World, example: Example, token: str = ADMIN) -> HTTPResponse:
    """Ask an API what an example asks."""
    sent = {"Content-Type": "application/json"} if example.body else {}
    whole = example.path + quote(example.query, safe="?&=")
    return world.call(example.method, whole, token=token, headers=sent, body=example.body.encode())


def paths_in(text: str, *below: str) -> set[str]:
    """Answer the paths below ``/v1/…`` that a page names, without their queries."""
    return {one.partition("?")[0] for one in re.findall(rf"/v1/(?:{'|'.join(below)})[^\s`]*", text)}
