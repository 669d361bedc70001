"""The body of a metric that somebody defines: each field read, every mistake named at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.api.context import Context
from chalicelib.api.routes import Call
from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.errors import RequestError
from chalicelib.metrics.metric import Metric
from chalicelib.metrics.own import NAME, Definition, read_count, read_expression
from chalicelib.metrics.registry import METRICS

_TEXTS: Final[Mapping[str, tuple[int, int]]] = {"title": (1, 80), "unit": (1, 40), "description": (1, 500)}
_FIELDS: Final = ("name", *_TEXTS, "expression", "count")
_TAKEN: Final = frozenset({"start", "end", "partial", "other", "value", "before", "change", "change_ratio"})
_ENDINGS: Final = ("_before", "_change", "_change_ratio")


def read_definition(given: Mapping[str, Any], standing: Definition | None, call: Call, context: Context) -> Definition:
    """Read a metric; ``standing`` is the one that it changes.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or wrong.
    """
    by = call.by.name
    errors: list[Fault] = unknown_names(given, _FIELDS)
    found: dict[str, Any] = {}
    for field, read in _readers(standing, call).items():
        try:
            found[field] = read(given.get(field))
        except ValueError as error:
            errors.append(fault(field, error))
    if (given.get("expression") is None) == (given.get("count") is None):
        errors.append({"parameter": "expression", "detail": "Either 'expression' or 'count' is needed, not both."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    now = context.clock()
    made = Definition(
        **found,
        version=standing.version + 1 if standing else 1,
        created_at=standing.created_at if standing else now,
        created_by=standing.created_by if standing else by,
        updated_at=now,
        updated_by=by,
    )
    return _checked(made, call, context)


def _readers(standing: Definition | None, call: Call) -> dict[str, Callable[[Any], Any]]:
    def name(value: Any) -> str:
        if standing is not None and value != standing.name:
            raise ValueError(f"It is '{standing.name}', as in the path: a metric keeps its name.")
        return _name(value, call.metrics())

    texts = {field: _text(*bounds) for field, bounds in _TEXTS.items()}
    return {"name": name, **texts, "expression": _maybe(read_expression), "count": _maybe(read_count)}


def _checked(made: Definition, call: Call, context: Context) -> Definition:
    """Hold a definition against the metrics that there are, and its patterns against RE2."""
    field = "expression" if made.count is None else "count"
    try:
        metric = made.metric(call.metrics())
        names = _TAKEN | call.metrics().keys() if made.count else frozenset()
        if taken := next((name for name in metric.dimensions if name in names), None):
            raise ValueError(f"by: '{taken}' is the name of something else in answers: name the dimension otherwise.")
    except ValueError as error:
        raise RequestError("One or more fields are wrong.", errors=(fault(field, error),)) from error
    if made.count is not None:
        context.series.reader.require_patterns(made.count.where)
    return made


def _name(given: Any, metrics: Mapping[str, Metric]) -> str:
    if not isinstance(given, str) or not NAME.fullmatch(given) or given.endswith(_ENDINGS):
        raise ValueError("2 to 40 small letters, digits and _ are needed, a letter first, such as 'trial_rate'.")
    dimensions = {name for metric in metrics.values() for name in metric.dimensions}
    if given in METRICS or given in dimensions or given in _TAKEN:
        raise ValueError(f"'{given}' is the name of something that comes with Headwater.")
    return given


def _text(least: int, most: int) -> Callable[[Any], str]:
    def read(given: Any) -> str:
        if not isinstance(given, str) or not least <= len(given.strip()) <= most or not given.isprintable():
            raise ValueError(f"{least} to {most} printable characters are needed.")
        return given.strip()

    return read


def _maybe(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda given: None if given is None else read(given)
