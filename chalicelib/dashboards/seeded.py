"""The dashboards that come with Headwater, which are the pages of its site: one file each in ``seeded/``.

A filter may say ``$own_brand``: the brand that is configured first. Where none is configured, widgets that ask for it
are left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from chalicelib.dashboards.widgets import whole

FOLDER: Final = Path(__file__).parent / "seeded"
ORDER: Final = ("overview", "pipeline", "web-traffic", "social", "seo", "adoption")
"""The pages as the site lists them."""
OWN_BRAND: Final = "$own_brand"


@cache
def seeded() -> Mapping[str, Mapping[str, Any]]:
    """Answer every dashboard that comes with Headwater by its id, in the order of the pages, as it is in its file."""
    return MappingProxyType({name: _read(FOLDER / f"{name}.json") for name in ORDER})


def _read(path: Path) -> Mapping[str, Any]:
    return MappingProxyType(whole(json.loads(path.read_text(encoding="utf-8"))))


def of_company(name: str, own_brand: str | None) -> dict[str, Any]:
    """Answer one of them for this company. Raises ``KeyError`` where there is none of this name."""
    known = seeded()[name]
    kept = [_of_brand(one, own_brand) for one in known["widgets"] if own_brand is not None or not _asks_brand(one)]
    return {**known, "widgets": kept}


def _asks_brand(widget: Mapping[str, Any]) -> bool:
    return widget["question"] is not None and OWN_BRAND in (widget["question"]["filter"] or "")


def _of_brand(widget: dict[str, Any], own_brand: str | None) -> dict[str, Any]:
    if not _asks_brand(widget):
        return widget
    question = widget["question"]
    filled = question["filter"].replace(OWN_BRAND, json.dumps(own_brand, ensure_ascii=False))
    return {**widget, "question": {**question, "filter": filled}}
