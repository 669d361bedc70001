"""``/v1/dashboards``: the pages of the site, and the dashboards that people arrange for themselves and each other."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from uuid import uuid4

from chalicelib.api import dashboard_schemas as schemas
from chalicelib.api import idempotency
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant, tagged
from chalicelib.api.paging import CURSOR, body_of, limit, link, page_of
from chalicelib.api.preconditions import IF_MATCH, changed_meanwhile, require_match
from chalicelib.api.routes import Access, Answer, Body, Call, Caller, Parameter, Reply, Route
from chalicelib.dashboards import kept as keeping
from chalicelib.dashboards.kept import MOST, MOST_OF_ONE, Kept
from chalicelib.dashboards.questions import Known
from chalicelib.dashboards.reading import read_dashboard
from chalicelib.dashboards.seeded import ORDER, of_company, seeded
from chalicelib.dashboards.widgets import whole
from chalicelib.domain.faults import not_found
from chalicelib.errors import ConfigError, RequestError, StoreUnavailable

LISTED: Final = 100
MAX_BYTES: Final = 200_000
"""Of a dashboard as it is sent: what is kept of it fits into one item of the table, which has 400 KB."""
_NO_STORE: Final = {"Cache-Control": "no-store"}


def list_dashboards(call: Call, context: Context) -> Reply:
    """Answer a page of the dashboards: those that come with Headwater, then people's by name."""
    found = [*(_seeded(name, context) for name in ORDER), *(_own(one, call) for one in keeping.every(context.state))]
    page = page_of(call, "dashboards", found, _place, LISTED)
    reply = tagged(call.headers, body_of(page, dict))
    return Reply(reply.body, reply.status, {**reply.headers, **link(call, page)})


def _place(one: dict[str, Any]) -> tuple[int, str, str]:
    return (ORDER.index(one["id"]), "", "") if one["seeded"] else (len(ORDER), one["name"].casefold(), one["id"])


def _seeded(name: str, context: Context) -> dict[str, Any]:
    known = of_company(name, own_brand(context))
    told = {"name": known["name"], "description": known["description"], "seeded": True, "owner": None, "mine": False}
    return {"id": name, **told, "widget_count": len(known["widgets"]), "updated_at": None}


def own_brand(context: Context) -> str | None:
    """Answer the company's own brand: the first that is configured; None where there is none, or nobody can tell."""
    with suppress(ConfigError, StoreUnavailable):
        return next(iter(context.configuration.brands()), None)
    return None


def _own(kept: Kept, call: Call) -> dict[str, Any]:
    told = _told(kept, call)
    return {"id": kept.id, **told, "widget_count": kept.widget_count, "updated_at": instant(kept.updated_at)}


def _told(kept: Kept, call: Call) -> dict[str, Any]:
    """Answer what is told of people's dashboards wherever they are."""
    return {
        "name": kept.name,
        "description": kept.description,
        "seeded": False,
        "owner": {"id": kept.owner_id, "name": kept.owner_name},
        "mine": _caller(call).id == kept.owner_id,
    }


def get_dashboard(call: Call, context: Context) -> Reply:
    """Answer one; of people's, the ``ETag`` is what a change of it has to name. What is kept is not held to account."""
    name = call.values["id"]
    if name in seeded():
        known = of_company(name, own_brand(context))
        nobodys = {"owner": None, "created_at": None, "updated_at": None, "updated_by": None}
        return tagged(call.headers, {"id": name, **known, "seeded": True, "mine": False, **nobodys})
    kept, content = keeping.read_content(context.state, _there(call, context))
    if kept.deleted:
        raise _not_there(call)
    return _reply(kept, content, call)


def make(call: Call, context: Context) -> Reply:
    """Make a dashboard; the same ``Idempotency-Key`` makes it once."""
    given = read_json_object(call, MAX_BYTES)
    caller, key, now = _caller(call), idempotency.read_key(call), context.clock()
    digest = idempotency.digest_of(given)
    name = f"d_{idempotency.new_id(caller.id, key)}"
    standing = None if key is None else keeping.read(context.state, name)
    if standing is None:
        content = read_dashboard(given, held_against(call, context))
        _require_room(caller, context)
        made = Kept(
            name,
            **_head(content),
            owner_id=caller.id,
            owner_name=caller.name,
            created_at=now,
            updated_at=now,
            updated_by=caller.name,
            request=digest,
        )
        written = _write(context, made, content)
        standing = written or keeping.read(context.state, name)
    if standing is not None:
        standing, content = keeping.read_content(context.state, standing)
    if standing is None or standing.deleted:
        raise RequestError("This key made a dashboard that was deleted since: use a new one.", status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    reply = _reply(standing, content, call)
    return Reply(reply.body, 201, {**reply.headers, "Location": f"dashboards/{standing.id}"})


def _require_room(caller: Caller, context: Context) -> None:
    """Raise ``RequestError`` 409 where there are as many dashboards as may be."""
    owners = [one.owner_id for one in keeping.every(context.state)]
    if owners.count(caller.id) >= MOST_OF_ONE:
        raise RequestError(f"You have {MOST_OF_ONE} dashboards: delete one first.", status=409)
    if len(owners) >= MOST:
        raise RequestError(f"There are {MOST:,} dashboards: somebody has to delete one first.", status=409)


def change(call: Call, context: Context) -> Reply:
    """Change a dashboard whole, if it is still as the caller has seen it."""
    seen = _seen(call, context)
    standing, before = keeping.read_content(context.state, seen)
    if standing.version != seen.version:  # somebody was faster between the two
        raise _lost(call, context)
    content = read_dashboard(read_json_object(call, MAX_BYTES), held_against(call, context), before)
    now = context.clock()
    changed = replace(standing, **_head(content), updated_at=now, updated_by=_caller(call).name)
    written = _write(context, changed, content)
    if written is None:
        raise _lost(call, context)
    return _reply(written, content, call)


def delete(call: Call, context: Context) -> Reply:
    """Delete a dashboard, if it is still as the caller has seen it."""
    now = context.clock()
    gone = replace(_seen(call, context), updated_at=now, updated_by=_caller(call).name)
    if not keeping.delete(context.state, gone, now):
        raise _lost(call, context)
    return Reply(b"", 204, _NO_STORE)


def held_against(call: Call, context: Context) -> Known:
    """Answer what questions of widgets are held against."""
    return Known(call.metrics(), context.clock(), lambda where: context.series.reader.require_patterns(where))


def _write(context: Context, kept: Kept, content: dict[str, Any]) -> Kept | None:
    return keeping.write(context.state, kept, content, uuid4().hex, context.clock())


def _caller(call: Call) -> Caller:
    assert call.caller is not None
    return call.caller


def _head(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": content["name"],
        "description": content["description"],
        "widget_count": len(content["widgets"]),
    }


def _there(call: Call, context: Context) -> Kept:
    found = keeping.read(context.state, call.values["id"])
    if found is None or found.deleted:
        raise _not_there(call)
    return found


def _not_there(call: Call) -> RequestError:
    return not_found("id", "dashboard", call.values["id"], seeded(), "/v1/dashboards")


def _seen(call: Call, context: Context) -> Kept:
    """Answer the dashboard that ``If-Match`` names, which the caller may change."""
    if call.values["id"] in seeded():
        raise RequestError("This dashboard comes with Headwater: save a copy, and change that.", status=409)
    standing, caller = _there(call, context), _caller(call)
    if caller.id != standing.owner_id and caller.scope != "admin":
        detail = f"It is {standing.owner_name}'s: save a copy, and change that. Only they and administrators may."
        raise RequestError(detail, status=403)
    require_match(call, _tag(standing), standing.updated_by, standing.updated_at)
    return standing


def _lost(call: Call, context: Context) -> RequestError:
    """Make the error of a change that came second, by a moment."""
    now = keeping.read(context.state, call.values["id"])
    return changed_meanwhile() if now is None else changed_meanwhile(now.updated_by, now.updated_at)


def _tag(kept: Kept) -> str:
    return f'"{kept.version}"'


def _reply(kept: Kept, content: dict[str, Any], call: Call) -> Reply:
    body = {
        "id": kept.id,
        **whole(content),
        **_told(kept, call),
        "created_at": instant(kept.created_at),
        "updated_at": instant(kept.updated_at),
        "updated_by": kept.updated_by,
    }
    return Reply(body, headers={**_NO_STORE, "ETag": _tag(kept)})


ID = Parameter(
    "id",
    "The dashboard's id, as the list tells it.",
    {"type": "string"},
    "overview",
    where="path",
    required=True,
)
_ONE = (schemas.DASHBOARD, schemas.EXAMPLE)
_BODY = Body("The dashboard.", schemas.GIVEN, schemas.GIVEN_EXAMPLE)
_HOW = (
    "Each widget's question is held against the metrics that there are, and every fault is told with its place, such "
    "as `widgets[3].question.metrics[0]`. Fields that are left out are null, and a question without a range is asked "
    "over the one that its viewer has set."
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/dashboards",
        name="list_dashboards",
        access=Access.READ,
        summary="Dashboards",
        description="Those that come with Headwater, the pages of its site, and those that people made, by name.",
        answers=(Answer(200, "The dashboards.", schemas.LIST, schemas.LIST_EXAMPLE), Answer(304, "Unchanged.")),
        handler=list_dashboards,
        parameters=(limit(LISTED, MOST), CURSOR),
    ),
    Route(
        method="POST",
        path="/v1/dashboards",
        name="make_dashboard",
        access=Access.READ,
        summary="Make a dashboard",
        description=(
            f"It is its maker's, and everybody may see it. {_HOW} At most {MOST_OF_ONE} of one person, {MOST:,} of "
            "all (409)."
        ),
        answers=(Answer(201, "Made; `ETag` is its version.", *_ONE, headers=("ETag", "Location")),),
        handler=make,
        headers=(idempotency.KEY,),
        body=_BODY,
        problems=(409, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/dashboards/{id}",
        name="get_dashboard",
        access=Access.READ,
        summary="One dashboard",
        description=(
            "`ETag` is the version that a change or a deletion has to name. A widget may ask what there is not any "
            "more, a metric that was deleted since: its question is then answered with 404, the dashboard is not."
        ),
        answers=(Answer(200, "The dashboard.", *_ONE, headers=("ETag",)), Answer(304, "Unchanged.")),
        handler=get_dashboard,
        parameters=(ID,),
        problems=(404,),
    ),
    Route(
        method="PUT",
        path="/v1/dashboards/{id}",
        name="change_dashboard",
        access=Access.READ,
        summary="Change a dashboard",
        description=(
            "All of it, by its owner or an administrator (403), if it is still the version that `If-Match` names: 412 "
            f"says who has changed it and when; 428 without. {_HOW} What a widget asked before may stay, whatever "
            "became of its metric. Those that come with Headwater cannot be changed (409): save a copy."
        ),
        answers=(Answer(200, "Changed; `ETag` is its new version.", *_ONE, headers=("ETag",)),),
        handler=change,
        parameters=(ID,),
        headers=(IF_MATCH,),
        body=_BODY,
        problems=(404, 409, 412, 413, 415, 428),
    ),
    Route(
        method="DELETE",
        path="/v1/dashboards/{id}",
        name="delete_dashboard",
        access=Access.READ,
        summary="Delete a dashboard",
        description=(
            "By its owner or an administrator (403), if it is still the version that `If-Match` names (412 if not, 428 "
            "without)."
        ),
        answers=(Answer(204, "Deleted."),),
        handler=delete,
        parameters=(ID,),
        headers=(IF_MATCH,),
        problems=(404, 409, 412, 428),
    ),
)
