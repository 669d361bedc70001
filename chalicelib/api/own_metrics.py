"""``POST /v1/metrics``: metrics that people define, as expressions over others or as counts of events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.api import idempotency
from chalicelib.api import own_metrics_schemas as schemas
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.metrics import NAME
from chalicelib.api.own_metrics_body import read_definition
from chalicelib.api.preconditions import IF_MATCH, changed_meanwhile, require_match
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route
from chalicelib.domain.faults import not_found
from chalicelib.errors import RequestError
from chalicelib.metrics import own_state
from chalicelib.metrics.own import Definition
from chalicelib.metrics.own_state import MOST, Kept
from chalicelib.metrics.registry import METRICS

_NO_STORE: Final = {"Cache-Control": "no-store"}


def define(call: Call, context: Context) -> Reply:
    """Define a metric; the same ``Idempotency-Key`` defines it once."""
    assert call.caller is not None
    given = read_json_object(call)
    digest = idempotency.digest_of(given)
    key = idempotency.read_key(call)
    made_by = "" if key is None else idempotency.new_id(call.caller.id, key)
    definition = read_definition(given, None, call, context)
    before = own_state.read(context.state, definition.name)
    if before is not None and not before.deleted:
        made = _again(before, made_by, digest)
    else:
        if len(call.metrics().own) >= MOST:
            raise RequestError(f"{MOST} metrics are defined: delete one first.", status=409)
        if before is not None:  # a namesake that was deleted
            definition = replace(definition, version=before.definition.version + 1)
        made = _written(context, Kept(definition, digest, made_by, write=before.write if before else 0))
    reply = _reply(made, context)
    return Reply(reply.body, 201, {**reply.headers, "Location": f"metrics/{made.definition.name}/definition"})


def _again(standing: Kept, made_by: str, digest: str) -> Kept:
    """Answer what another try has made already. Raises ``RequestError`` 409, 422."""
    if not made_by or standing.key != made_by:
        name = standing.definition.name
        raise RequestError(f"There is a metric '{name}' already: change it, or name yours otherwise.", status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    return standing


def get_definition(call: Call, context: Context) -> Reply:
    """Answer a definition; its ``ETag`` is what a change of it has to name."""
    return _reply(_there(call, context), context)


def change(call: Call, context: Context) -> Reply:
    """Change a definition whole, if it is still as the caller has seen it: the next version is computed anew."""
    assert call.caller is not None
    standing = _seen(call, context)
    definition = read_definition(read_json_object(call), standing.definition, call, context)
    return _reply(_written(context, replace(standing, definition=definition)), context)


def delete(call: Call, context: Context) -> Reply:
    """Delete a metric that no expression names, if it is still as the caller has seen it."""
    assert call.caller is not None
    standing = _seen(call, context)
    name = standing.definition.name
    used = [one.name for one in call.metrics().own if one.expression and name in one.expression.names]
    if used:
        raise RequestError(f"'{used[0]}' is made of it: change or delete that first.", status=409)
    gone = replace(standing.definition, updated_at=context.clock(), updated_by=call.caller.name)
    _written(context, replace(standing, definition=gone, deleted=True))
    return Reply(b"", 204, _NO_STORE)


def _written(context: Context, kept: Kept) -> Kept:
    written = own_state.write(context.state, kept)
    if written is None:
        raise changed_meanwhile()
    return written


def _there(call: Call, context: Context) -> Kept:
    name = call.values["name"]
    if name in METRICS:
        raise RequestError("This metric comes with Headwater: define one of your own.", status=409)
    found = own_state.read(context.state, name)
    if found is None or found.deleted:
        raise not_found("name", "metric that somebody defined", name, call.metrics(), "/v1/metrics")
    return found


def _seen(call: Call, context: Context) -> Kept:
    standing = _there(call, context)
    require_match(call, _tag(standing))
    return standing


def _tag(kept: Kept) -> str:
    return f'"{kept.write}"'


def _reply(kept: Kept, context: Context) -> Reply:
    return Reply(describe(kept.definition, context), headers={**_NO_STORE, "ETag": _tag(kept)})


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


_DEFINITION = (schemas.DEFINITION, schemas.DEFINITION_EXAMPLE)
_BODY = Body("The metric.", schemas.GIVEN, schemas.GIVEN_EXAMPLE)
_HOW = (
    "`expression` is arithmetic over other metrics (`+ - * /`, numbers, parentheses): each is added up first, for "
    "every bucket and group, and the whole is null where something is divided by zero. `count` counts events (`what`: "
    "`events`) or the people who did them (`people`), of a kind (`of`), under a `filter` as in `POST /v1/query` over "
    'the fields of the events, and `by` names its dimensions, such as `{"plan": "properties.plan"}`.'
)

ROUTES = (
    Route(
        method="POST",
        path="/v1/metrics",
        name="define_metric",
        access=Access.SQL,
        summary="Define a metric",
        description=f"{_HOW} A count is computed for all of history, within minutes: `computed` says when it is there.",
        answers=(Answer(201, "It is defined.", *_DEFINITION),),
        handler=define,
        headers=(idempotency.KEY,),
        body=_BODY,
        problems=(409, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/metrics/{name}/definition",
        name="get_definition",
        access=Access.READ,
        summary="What somebody's metric is made of",
        description="The definition, its version, and how far it is computed.",
        answers=(Answer(200, "The definition.", *_DEFINITION),),
        handler=get_definition,
        parameters=(NAME,),
        problems=(404, 409),
    ),
    Route(
        method="PUT",
        path="/v1/metrics/{name}/definition",
        name="change_metric",
        access=Access.SQL,
        summary="Change a metric",
        description=f"{_HOW} The next version is computed anew: numbers of two versions are never mixed.",
        answers=(Answer(200, "It is changed.", *_DEFINITION),),
        handler=change,
        parameters=(NAME,),
        headers=(IF_MATCH,),
        body=_BODY,
        problems=(404, 409, 412, 413, 415, 428),
    ),
    Route(
        method="DELETE",
        path="/v1/metrics/{name}/definition",
        name="delete_metric",
        access=Access.SQL,
        summary="Delete a metric",
        description="A metric that an expression names cannot be deleted. A later one of the same name is another.",
        answers=(Answer(204, "It is deleted."),),
        handler=delete,
        parameters=(NAME,),
        headers=(IF_MATCH,),
        problems=(404, 409, 412, 428),
    ),
)
