"""``/v1/sql/saved``: the queries that come with Headwater, and those that people save for each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from chalicelib.api import owned
from chalicelib.api import saved_schemas as schemas
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.owned_routes import FASTER, OfOne
from chalicelib.api.paging import CURSOR, body_of, limit, listed_by_tag, page_of
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route, in_path
from chalicelib.domain.faults import unknown_names
from chalicelib.errors import RequestError
from chalicelib.sql import own_queries
from chalicelib.sql.catalog import entries
from chalicelib.sql.own_queries import MOST, OwnQuery
from chalicelib.sql.saved import ShippedQuery, shipped

LISTED: Final = 100
MAX_NAME: Final = 80
MAX_DESCRIPTION: Final = 1_000
_FIELDS: Final = ("name", "description", "sql", "parameters")


def list_saved(call: Call, context: Context) -> Reply:
    """Answer a page of the queries: those that come with Headwater, then people's by name."""
    found: list[ShippedQuery | OwnQuery] = [*shipped().values(), *own_queries.every(context.state)]
    page = page_of(call, "saved", found, _place, LISTED)
    return listed_by_tag(call, page, body_of(page, _described))


def _place(query: ShippedQuery | OwnQuery) -> tuple[int, str, str]:
    return (1, query.name.casefold(), query.id) if isinstance(query, OwnQuery) else (0, "", query.id)


def _described(query: ShippedQuery | OwnQuery) -> dict[str, Any]:
    return describe(query) if isinstance(query, OwnQuery) else describe_shipped(query)


def get_saved(call: Call, context: Context) -> Reply:
    """Answer one query; of people's, the ``ETag`` is what a change of it has to name."""
    if (known := shipped().get(call.values["id"])) is not None:
        return Reply(describe_shipped(known), headers=NO_STORE)
    return _reply(_there(call, context))


def save(call: Call, context: Context) -> Reply:
    """Save a query; the same ``Idempotency-Key`` saves it once."""
    given = read_json_object(call)

    def wrote(name: str, digest: str) -> OwnQuery | None:
        fields, now, by = read(given, context), context.clock(), call.by.name
        owned.require_room(sum(1 for _ in own_queries.every(context.state)), MOST, "saved queries")
        made = OwnQuery(name, **fields, created_at=now, created_by=by, updated_at=now, updated_by=by, request=digest)
        return own_queries.write(context.state, made)

    standing = owned.made_once(call, given, "a saved query", partial(own_queries.read, context.state), wrote)
    return owned.created(_reply(standing), f"saved/{standing.id}")


def change(call: Call, context: Context) -> Reply:
    """Change a query whole, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    return _reply(_written(call, context, replace(standing, **read(read_json_object(call), context))))


def delete(call: Call, context: Context) -> Reply:
    """Delete a query, if it is still as the caller has seen it."""
    _written(call, context, replace(_seen(call, context), deleted=True))
    return owned.gone()


def _written(call: Call, context: Context, query: OwnQuery) -> OwnQuery:
    changed = replace(query, updated_at=context.clock(), updated_by=call.by.name)
    return owned.won(own_queries.write(context.state, changed), lambda: own_queries.read(context.state, query.id))


def _there(call: Call, context: Context) -> OwnQuery:
    name = call.values["id"]
    if name in shipped():
        raise RequestError("This query comes with Headwater: save a copy, and change that.", status=409)
    return owned.there(own_queries.read(context.state, name), call, "saved query", "/v1/sql/saved", shipped())


def _seen(call: Call, context: Context) -> OwnQuery:
    """Answer the query that ``If-Match`` names."""
    standing = _there(call, context)
    owned.require_seen(call, standing)
    return standing


def _reply(query: OwnQuery) -> Reply:
    return owned.reply(describe(query), query.version)


def read(given: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Read a query that is to be saved. Raises ``RequestError`` naming what is wrong, in its SQL by line and column."""
    from chalicelib.sql.guard import check
    from chalicelib.sql.parameters import literals

    errors = unknown_names(given, _FIELDS)
    texts = {"name": (1, MAX_NAME), "description": (0, MAX_DESCRIPTION)}
    for field, (least, most) in texts.items():
        value = given.get(field, "")
        if not isinstance(value, str) or not least <= len(value.strip()) <= most or not value.isprintable():
            errors.append({"parameter": field, "detail": f"{least} to {most:,} printable characters are needed."})
    if not isinstance(given.get("sql"), str):
        errors.append({"parameter": "sql", "detail": "One statement is needed, as text."})
    parameters = given.get("parameters", [])
    if not isinstance(parameters, list) or not all(map(_is_parameter, parameters)):
        forms = "name (1 to 80), description (up to 200) and example; a fraction is text, cast in the SQL"
        errors.append({"parameter": "parameters", "detail": f"A list with, of each question mark, {forms}."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    checked = check(given["sql"], database=context.database, names=entries().keys())
    literals([one["example"] for one in parameters], checked.parameters)
    return {
        "name": given["name"].strip(),
        "description": given.get("description", "").strip(),
        "sql": given["sql"],
        "parameters": tuple(parameters),
    }


def _is_parameter(given: Any) -> bool:
    match given:
        case {"name": str(name), "description": str(description), "example": example} if len(given) == 3:
            if isinstance(example, float):  # it would not come back as the same number
                return False
            return 0 < len(name) <= MAX_NAME and len(description) <= 200 and (name + description).isprintable()
    return False


def describe(query: OwnQuery) -> dict[str, Any]:
    """Describe a query that people saved."""
    return {
        "id": query.id,
        "kind": "own",
        "name": query.name,
        "description": query.description,
        "sql": query.sql,
        "parameters": [dict(one) for one in query.parameters],
        "marks": [one["name"] for one in query.parameters],
        "example": {"sql": query.sql, "parameters": [one["example"] for one in query.parameters]},
        "created_at": instant(query.created_at),
        "created_by": query.created_by,
        "updated_at": instant(query.updated_at),
        "updated_by": query.updated_by,
    }


def describe_shipped(query: ShippedQuery) -> dict[str, Any]:
    """Describe a query that comes with Headwater."""
    return {
        "id": query.id,
        "kind": "shipped",
        "name": query.title,
        "description": f"{query.purpose} Answers {query.answer}",
        "sql": query.sql,
        "parameters": [
            {"name": one.name, "description": f"{one.description} ({one.type})", "example": one.example}
            for one in query.parameters
        ],
        "marks": list(query.marks),
        "example": {"sql": query.sql, "parameters": list(query.examples)},
        "created_at": None,
        "created_by": None,
        "updated_at": None,
        "updated_by": None,
    }


ID = in_path("id", "The query's id, as the list tells it.", "top_pages")
_BODY = Body("The query.", schemas.GIVEN, schemas.GIVEN_EXAMPLE)
_QUERY = OfOne("/v1/sql/saved", ID, (schemas.QUERY, schemas.QUERY_EXAMPLE))

ROUTES = (
    Route(
        method="GET",
        path="/v1/sql/saved",
        name="list_saved",
        access=Access.SQL,
        summary="Saved queries",
        description=(
            "Those that come with Headwater (`shipped`, which are named queries of Athena's console, too) and those "
            "that people saved (`own`). `example` is a body for `POST /v1/sql`; `marks` names the parameter of each "
            "question mark, in order."
        ),
        answers=(
            Answer(200, "The queries.", schemas.LIST, schemas.LIST_EXAMPLE),
            Answer(304, "Unchanged."),
        ),
        handler=list_saved,
        parameters=(limit(LISTED, 1_000), CURSOR),
    ),
    _QUERY.make(
        "save_query",
        Access.SQL,
        "Save a query",
        "For everybody who may ask in SQL. It is checked as `POST /v1/sql` checks it, with the examples of its "
        f"parameters, and not run. At most {MOST} can be saved (409).",
        save,
        body=_BODY,
    ),
    _QUERY.get(
        "get_saved",
        Access.SQL,
        "One saved query",
        "`ETag` is the version that a change or a deletion has to name.",
        get_saved,
    ),
    _QUERY.change(
        "change_saved",
        Access.SQL,
        "Change a saved query",
        f"All of it, if it is still the version that `If-Match` names: {FASTER} Queries that come with Headwater "
        "cannot be changed (409).",
        change,
        body=_BODY,
        problems=(409,),
    ),
    _QUERY.delete(
        "delete_saved",
        Access.SQL,
        "Delete a saved query",
        f"If it is still the version that `If-Match` names: {FASTER}",
        delete,
        problems=(409,),
    ),
)
