"""``POST /v1/metrics``: metrics that people define, as expressions over others or as counts of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chalicelib.api import own_metrics_schemas as schemas
from chalicelib.api import owned
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.metrics import NAME
from chalicelib.api.own_metrics_body import read_definition
from chalicelib.api.owned_routes import FASTER, OfOne
from chalicelib.api.routes import Access, Body, Call, Reply
from chalicelib.errors import RequestError
from chalicelib.metrics import own_state
from chalicelib.metrics.own import Definition
from chalicelib.metrics.own_state import MOST, Kept
from chalicelib.metrics.registry import METRICS


def define(call: Call, context: Context) -> Reply:
    """Define a metric; the same ``Idempotency-Key`` defines it once."""
    given = read_json_object(call)
    definition = read_definition(given, None, call, context)
    name = definition.name

    def wrote(namesake: Kept | None, key: str, digest: str) -> Kept | None:
        owned.require_room(len(call.metrics().own), MOST, "metrics of people's own")
        if namesake is None:
            return own_state.write(context.state, Kept(definition, digest, key))
        anew = replace(definition, version=namesake.definition.version + 1)
        return own_state.write(context.state, Kept(anew, digest, key, version=namesake.version))

    made = owned.named_once(call, given, "metric", name, lambda: own_state.read(context.state, name), wrote)
    return owned.created(_reply(made, context), f"metrics/{name}/definition")


def get_definition(call: Call, context: Context) -> Reply:
    """Answer a definition; its ``ETag`` is what a change of it has to name."""
    return _reply(_there(call, context), context)


def change(call: Call, context: Context) -> Reply:
    """Change a definition whole, if it is still as the caller has seen it: the next version is computed anew."""
    standing = _seen(call, context)
    definition = read_definition(read_json_object(call), standing.definition, call, context)
    return _reply(_written(context, replace(standing, definition=definition)), context)


def delete(call: Call, context: Context) -> Reply:
    """Delete a metric that no expression names, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    name = standing.definition.name
    used = [one.name for one in call.metrics().own if one.expression and name in one.expression.names]
    if used:
        raise RequestError(f"'{used[0]}' is made of it: change or delete that first.", status=409)
    last = replace(standing.definition, updated_at=context.clock(), updated_by=call.by.name)
    _written(context, replace(standing, definition=last, deleted=True))
    return owned.gone()


def _written(context: Context, kept: Kept) -> Kept:
    name = kept.definition.name
    return owned.won(own_state.write(context.state, kept), lambda: own_state.read(context.state, name))


def _there(call: Call, context: Context) -> Kept:
    name = call.values["name"]
    if name in METRICS:
        raise RequestError("This metric comes with Headwater: define one of your own.", status=409)
    found = own_state.read(context.state, name)
    return owned.there(found, call, "metric that somebody defined", "/v1/metrics", call.metrics(), at="name")


def _seen(call: Call, context: Context) -> Kept:
    standing = _there(call, context)
    owned.require_seen(call, standing)
    return standing


def _reply(kept: Kept, context: Context) -> Reply:
    return owned.reply(describe(kept.definition, context), kept.version)


def describe(definition: Definition, context: Context) -> dict[str, Any]:
    """Describe a definition, and how far it is computed."""
    said: Mapping[str, Any] = {"expression": None, "count": None, **definition.to_json()}
    cube = definition.cube
    manifest = None if cube is None else context.series.manifests.get(cube.name)
    marks = None if manifest is None else min(manifest.watermarks.values(), default=None)
    return {
        **said,
        "version": definition.version,
        "computed": cube is None or manifest is not None,
        "computed_until": instant(marks),
        "created_at": instant(definition.created_at),
        "created_by": definition.created_by,
        "updated_at": instant(definition.updated_at),
        "updated_by": definition.updated_by,
    }


_BODY = Body("The metric.", schemas.GIVEN, schemas.GIVEN_EXAMPLE)
_HOW = (
    "`expression` is arithmetic over other metrics (`+ - * /`, numbers, parentheses): each is added up first, for "
    "every bucket and group, and the whole is null where something is divided by zero. `count` counts events (`what`: "
    "`events`) or the people who did them (`people`), of a kind (`of`), under a `filter` as in `POST /v1/query` over "
    'the fields of the events, and `by` names its dimensions, such as `{"plan": "properties.plan"}`.'
)

_IF = f"If it is still the version that `If-Match` names: {FASTER}"
_METRIC = OfOne("/v1/metrics", NAME, (schemas.DEFINITION, schemas.DEFINITION_EXAMPLE), "/definition")

ROUTES = (
    _METRIC.make(
        "define_metric",
        Access.SQL,
        "Define a metric",
        f"{_HOW} A count is computed for all of history, within minutes: `computed` says when it is there. At most "
        f"{MOST} are kept (409).",
        define,
        body=_BODY,
        problems=(412,),
    ),
    _METRIC.get(
        "get_definition",
        Access.READ,
        "What somebody's metric is made of",
        "The definition, its version, and how far it is computed. Metrics that come with Headwater have none (409).",
        get_definition,
        problems=(409,),
    ),
    _METRIC.change(
        "change_metric",
        Access.SQL,
        "Change a metric",
        f"{_HOW} The next version is computed anew: numbers of two versions are never mixed. {_IF}",
        change,
        body=_BODY,
        problems=(409,),
    ),
    _METRIC.delete(
        "delete_metric",
        Access.SQL,
        "Delete a metric",
        f"A metric that an expression names cannot be deleted. A later one of the same name is another. {_IF}",
        delete,
        problems=(409,),
    ),
)
