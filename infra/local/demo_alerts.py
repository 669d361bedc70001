"""The demo company's alert rules: made through the API as an administrator makes them, each once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from infra.local.demo_admin import Administrator

_ZONE: Final = "Europe/Paris"
_THERE: Final = (409, 422)
"""It was made by its key before: and deleted since, or from other words than today's."""

RULES: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "name": "Downloads are unusual",
        "metric": "downloads",
        "interval": "P1D",
        "tz": _ZONE,
        "condition": {"kind": "anomaly", "sides": "both", "sensitivity": 5},
        "topic": "downloads",
        "owner": "growth@acme.example",
    },
    {
        "name": "A third fewer page views than a week before",
        "metric": "page_views",
        "interval": "P1D",
        "tz": _ZONE,
        "condition": {"kind": "change", "compare": "week", "side": "low", "threshold": "-0.33", "recover": "-0.2"},
        "topic": "web",
        "owner": "marketing@acme.example",
    },
    {
        "name": "The product is silent",
        "metric": "product_events",
        "interval": "PT1H",
        "tz": _ZONE,
        "condition": {"kind": "no_data"},
        "for": "PT3H",
        "renotify_interval": "P1D",
        "severity": "critical",
        "topic": "product",
        "owner": "product@acme.example",
        "to": ["subscribers", "operators"],
    },
    {
        "name": "Few leads in a week",
        "metric": "leads",
        "interval": "P1W",
        "tz": _ZONE,
        "condition": {"kind": "level", "side": "low", "threshold": 20, "recover": 30},
        "topic": "pipeline",
        "owner": "sales@acme.example",
        "message": "{value} in {period}; 30 and more are usual. {link}",
    },
)


def make(found: Mapping[str, str]) -> None:
    """Make each rule, unless it was made before, and perhaps changed or deleted by somebody since.

    Raises
    ------
    requests.HTTPError
        The API refused one.
    """
    administrator = Administrator(found)
    for rule in RULES:
        key = hashlib.sha256(json.dumps(rule["name"]).encode()).hexdigest()[:24]
        administrator.post("/v1/alerts", rule, key=f"demo-{key}", but=_THERE)
