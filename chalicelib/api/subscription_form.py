"""The form of a person's preferences, as a browser sends it, read as the JSON that a change of a subscription is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from chalicelib.api.routes import Call, Schema
from chalicelib.api.subscription_body import MOST_METRICS, MOST_TOPICS, WISHES
from chalicelib.domain.faults import unknown_names
from chalicelib.errors import RequestError

FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 3 * MOST_TOPICS + 4 * MOST_METRICS
_LABELS: Final = {"hour": "At", "weekday": "On", "zone": "Time zone", "least": "Of alerts and incidents"}
_LISTS: Final = ("alerts", "incidents", "reports")
_DIGEST_FIELDS: Final = ("cadence", "hour", "weekday", "zone", "metrics")

_BOXES: Final[Schema] = {"type": "array", "items": {"type": "string"}, "maxItems": MOST_TOPICS}
CHOICE: Final[Schema] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(_LISTS, _BOXES),
        "least": {"type": "string"},
        "cadence": {"enum": ["none", "daily", "weekly"]},
        "hour": {"type": "integer"},
        "weekday": {"type": "integer"},
        "zone": {"type": "string"},
        "metrics": {"type": "array", "items": {"type": "string"}, "maxItems": MOST_METRICS},
    },
}
CHOICE_EXAMPLE: Final = {"alerts": ["downloads"], "least": "warning", "cadence": "none"}


def read_form(call: Call) -> dict[str, Any]:
    """Read a form as the JSON that a change is. Raises ``RequestError`` 400, 415."""
    sent = call.headers.get("content-type", "").split(";")[0].strip().lower()
    if sent != FORM:
        raise RequestError(f"Send a form ({FORM}), not '{sent[:80]}'.", status=415)
    try:
        fields = parse_qs(call.body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise RequestError("The form could not be read.") from error
    lists = {name: fields.get(name, []) for name in (*_LISTS, "metrics")}
    single = {name: fields[name][-1] for name in ("least", "cadence", "hour", "weekday", "zone") if name in fields}
    if unknown := unknown_names(fields, (*WISHES[:-1], *_DIGEST_FIELDS)):
        raise RequestError("One or more fields are wrong.", errors=tuple(unknown))
    given: dict[str, Any] = {name: lists[name] for name in _LISTS}
    given["least"] = single.get("least")
    cadence = single.get("cadence", "none")
    digest: dict[str, Any] = {name: _number(single[name]) for name in ("hour", "weekday") if name in single}
    digest |= {"cadence": cadence, "zone": single.get("zone", "").strip(), "metrics": lists["metrics"]}
    given["digest"] = None if cadence == "none" else digest
    return given


def shown(given: Mapping[str, Any]) -> dict[str, Any]:
    """Answer a form that is wrong so that it can be shown again."""
    digest = given["digest"]
    if digest is not None:
        digest = {"hour": 8, "weekday": 1, **digest}
    return {**given, "least": given["least"] or "info", "digest": digest}


def told(fault: Mapping[str, str | int]) -> str:
    """Tell what is wrong with a field of the form, by the name that it has there.

    >>> told({"parameter": "digest.metrics", "detail": "A list of 1 to 20 is needed."})
    'Metrics: A list of 1 to 20 is needed.'
    """
    name = str(fault["parameter"]).rpartition(".")[2]
    return f"{_LABELS.get(name, name.capitalize())}: {fault['detail']}"


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text
