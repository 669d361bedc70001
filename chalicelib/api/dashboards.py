"""``/v1/dashboards``: the pages of the site, and the dashboards that people arrange for themselves and each other."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import uuid4

from chalicelib.api import dashboard_schemas as schemas
from chalicelib.api import owned
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant, tagged
from chalicelib.api.owned_routes import FASTER, OfOne
from chalicelib.api.paging import CURSOR, body_of, limit, listed_by_tag, page_of
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route, in_path
from chalicelib.dashboards import kept as keeping
from chalicelib.dashboards.kept import MOST, MOST_OF_ONE, Kept
from chalicelib.dashboards.questions import Known
from chalicelib.dashboards.reading import read_dashboard
from chalicelib.dashboards.seeded import ORDER, of_company, seeded
from chalicelib.dashboards.widgets import whole
from chalicelib.errors import ConfigError, RequestError, StoreUnavailable

LISTED: Final = 100
MAX_BYTES: Final = 200_000
"""Of a dashboard as it is sent: what is kept of it fits into one item of the table, which has 400 KB."""


def list_dashboards(call: Call, context: Context) -> Reply:
    """Answer a page of the dashboards: those that come with Headwater, then people's by name."""
    found = [*(_seeded(name, context) for name in ORDER), *(_own(one, call) for one in keeping.every(context.state))]
    page = page_of(call, "dashboards", found, _place, LISTED)
    return listed_by_tag(call, page, body_of(page, dict))


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
        "mine": call.by.id == kept.owner_id,
    }


def get_dashboard(call: Call, context: Context) -> Reply:
    """Answer one; of people's, the ``ETag`` is what a change of it has to name. What is kept is not held to account."""
    name = call.values["id"]
    if name in seeded():
        known = of_company(name, own_brand(context))
        nobodys = {"owner": None, "created_at": None, "updated_at": None, "updated_by": None}
        return tagged(call.headers, {"id": name, **known, "seeded": True, "mine": False, **nobodys})
    return _shown(_there(call, context), call, context)


def make(call: Call, context: Context) -> Reply:
    """Make a dashboard; the same ``Idempotency-Key`` makes it once."""
    given = read_json_object(call, MAX_BYTES)

    def wrote(name: str, digest: str) -> Kept | None:
        content, now, by = read_dashboard(given, held_against(call, context)), context.clock(), call.by
        owners = [one.owner_id for one in keeping.every(context.state)]
        owned.require_own_room(call, owners, MOST_OF_ONE, MOST, "dashboards")
        made = Kept(
            name,
            **_head(content),
            owner_id=by.id,
            owner_name=by.name,
            created_at=now,
            updated_at=now,
            updated_by=by.name,
            request=digest,
        )
        return _write(context, made, content)

    standing = owned.made_once(call, given, "a dashboard", partial(keeping.read, context.state), wrote, prefix="d_")
    return owned.created(_shown(standing, call, context), f"dashboards/{standing.id}")


def change(call: Call, context: Context) -> Reply:
    """Change a dashboard whole, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    before = keeping.read_content(context.state, standing)
    content = read_dashboard(read_json_object(call, MAX_BYTES), held_against(call, context), before)
    changed = replace(standing, **_head(content), updated_at=context.clock(), updated_by=call.by.name)
    written = owned.won(_write(context, changed, content), lambda: keeping.read(context.state, changed.id))
    return _reply(written, content, call)


def delete(call: Call, context: Context) -> Reply:
    """Delete a dashboard, if it is still as the caller has seen it."""
    now = context.clock()
    gone = replace(_seen(call, context), updated_at=now, updated_by=call.by.name)
    owned.won(keeping.delete(context.state, gone, uuid4().hex, now), lambda: keeping.read(context.state, gone.id))
    return owned.gone()


def held_against(call: Call, context: Context) -> Known:
    """Answer what questions of widgets are held against."""
    return Known(call.metrics(), context.clock(), lambda where: context.series.reader.require_patterns(where))


def _write(context: Context, kept: Kept, content: dict[str, Any]) -> Kept | None:
    return keeping.write(context.state, kept, content, uuid4().hex, context.clock())


def _head(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": content["name"],
        "description": content["description"],
        "widget_count": len(content["widgets"]),
    }


def _there(call: Call, context: Context) -> Kept:
    return owned.there(keeping.read(context.state, call.values["id"]), call, "dashboard", "/v1/dashboards", seeded())


def _seen(call: Call, context: Context) -> Kept:
    """Answer the dashboard that ``If-Match`` names, which the caller may change."""
    if call.values["id"] in seeded():
        raise RequestError("This dashboard comes with Headwater: save a copy, and change that.", status=409)
    standing = _there(call, context)
    whose = f"It is {standing.owner_name}'s: save a copy, and change that. Only they and administrators may."
    owned.require_owner(call, standing.owner_id, whose)
    owned.require_seen(call, standing)
    return standing


def _shown(standing: Kept, call: Call, context: Context) -> Reply:
    return _reply(standing, keeping.read_content(context.state, standing), call)


def _reply(kept: Kept, content: dict[str, Any], call: Call) -> Reply:
    body = {
        "id": kept.id,
        **whole(content),
        **_told(kept, call),
        "created_at": instant(kept.created_at),
        "updated_at": instant(kept.updated_at),
        "updated_by": kept.updated_by,
    }
    return owned.reply(body, kept.version)


ID = in_path("id", "The dashboard's id, as the list tells it.", "overview")
_BODY = Body("The dashboard.", schemas.GIVEN, schemas.GIVEN_EXAMPLE)
_HOW = (
    "Each widget's question is held against the metrics that there are, and every fault is told with its place, such "
    "as `widgets[3].question.metrics[0]`. Fields that are left out are null, and a question without a range is asked "
    "over the one that its viewer has set."
)
_DASHBOARD = OfOne("/v1/dashboards", ID, (schemas.DASHBOARD, schemas.EXAMPLE))

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
    _DASHBOARD.make(
        "make_dashboard",
        Access.READ,
        "Make a dashboard",
        f"It is its maker's, and everybody may see it. {_HOW} At most {MOST_OF_ONE} of one person, {MOST:,} of all "
        "(409).",
        make,
        body=_BODY,
    ),
    _DASHBOARD.get(
        "get_dashboard",
        Access.READ,
        "One dashboard",
        "`ETag` is the version that a change or a deletion has to name. A widget may ask what there is not any more, "
        "a metric that was deleted since: its question is then answered with 404, the dashboard is not.",
        get_dashboard,
        answers=(Answer(304, "Unchanged."),),
    ),
    _DASHBOARD.change(
        "change_dashboard",
        Access.READ,
        "Change a dashboard",
        "All of it, by its owner or an administrator (403), if it is still the version that `If-Match` names: "
        f"{FASTER} {_HOW} What a widget asked before may stay, whatever became of its metric. Those that come with "
        "Headwater cannot be changed (409): save a copy.",
        change,
        body=_BODY,
        problems=(409,),
    ),
    _DASHBOARD.delete(
        "delete_dashboard",
        Access.READ,
        "Delete a dashboard",
        "By its owner or an administrator (403), if it is still the version that `If-Match` names: "
        f"{FASTER} Those that come with Headwater cannot be deleted (409).",
        delete,
        problems=(409,),
    ),
)
