"""What a browser and a client of the original contract ask for, as they ask for it: built of dates and words.

The declarations of ``chalicelib/dashboards/first_questions.py`` are held against these requests, so nothing here is
taken from there: a page is the file that the API answers, and its requests are made as the site's ``askOf`` makes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

PAGES = ("overview", "pipeline", "web-traffic", "social", "seo", "adoption")
CONTRACT = (
    *("/pipeline/week", "/pipeline/month", "/awareness/webtraffic/week", "/awareness/webtraffic/month"),
    *("/awareness/socialmedia/subscribers", "/awareness/seo"),
)
_SEEDED = Path(__file__).parents[1] / "chalicelib" / "dashboards" / "seeded"


@dataclass(frozen=True)
class Request:
    """A path and its parameters, or the body that is posted to it."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    @property
    def target(self) -> str:
        """Answer what tells it from others: its address, and what is posted."""
        address = quote(self.path) + (f"?{urlencode(self.query)}" if self.query else "")
        return address if self.body is None else f"{address} {json.dumps(self.body, sort_keys=True)}"


def page(name: str, zone: str, brand: str, word: str = "28d") -> Iterator[Request]:
    """Ask what the widgets of a page ask as it opens in a zone, or with another range of at most 120 days.

    Two widgets that ask the same share one request.
    """
    told: set[str] = set()
    text = (_SEEDED / f"{name}.json").read_text().replace("$own_brand", json.dumps(brand).replace('"', '\\"'))
    for widget in json.loads(text)["widgets"]:
        question = widget.get("question")
        if question is None:
            continue
        asked = {"range": word, "interval": "P1D", **question, "tz": zone, "totals": True}
        if widget["kind"] == "tile":
            asked = {"compare": "previous_period", **asked}
        request = Request("/v1/query", body=asked)
        if request.target not in told:
            told.add(request.target)
            yield request
