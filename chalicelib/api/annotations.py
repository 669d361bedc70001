"""``/v1/annotations``: what happened that numbers do not tell; releases come from GitHub, the rest from people."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from chalicelib.api import annotation_schemas as schemas
from chalicelib.api import idempotency
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant, tagged
from chalicelib.api.log import logger
from chalicelib.api.paging import CURSOR, body_of, limit, link, page_of
from chalicelib.api.preconditions import IF_MATCH, changed_meanwhile, require_match
from chalicelib.api.ranges import FROM, RANGE, TO, TZ
from chalicelib.api.routes import Access, Answer, Body, Call, Caller, Parameter, Reply, Route
from chalicelib.dashboards import notes
from chalicelib.dashboards.annotation import Annotation, Origin, read_annotation
from chalicelib.dashboards.notes import MOST, MOST_OF_ONE, Note
from chalicelib.dashboards.releases import releases
from chalicelib.domain.faults import not_found
from chalicelib.domain.periods import EARLIEST, Interval
from chalicelib.errors import LakeError, QueryError, RequestError, StoreError
from chalicelib.metrics.asked_range import complete, read_range

LISTED: Final = 500
MOST_RELEASES: Final = 1_000
_NO_STORE: Final = {"Cache-Control": "no-store"}


def list_annotations(call: Call, context: Context) -> Reply:
    """Answer a page of what happened in a range, the newest first."""
    given = read_range(call.values)
    start, end, _ = complete(given, Interval.P1D, context.clock(), lambda: EARLIEST)
    found = [
        describe(note.annotation, _caller(call).id == note.owner_id)
        for note in notes.every(context.state)
        if note.annotation.is_in(start, end)
    ]
    published, warnings = _releases(context, start, end)
    found += [describe(one, False) for one in published]
    page = page_of(call, "annotations", found, lambda one: (one["at"], one["id"]), LISTED, newest=True)
    body = body_of(page, dict)
    body["meta"]["warnings"] += warnings
    body["query"] = {"from": instant(start), "to": instant(end), "tz": given.zone.key, **body["query"]}
    reply = tagged(call.headers, body)
    return Reply(reply.body, reply.status, {**reply.headers, **link(call, page)})


def _releases(context: Context, start: datetime, end: datetime) -> tuple[list[Annotation], list[str]]:
    """Answer releases, and what is to be said of them. What people wrote down is told without them, too."""
    try:
        found, whole = releases(context.store, context.series.reader, start, end, MOST_RELEASES)
    except (LakeError, QueryError, StoreError):
        logger().exception("releases cannot be told")
        return [], ["Releases cannot be told now: try again in a minute."]
    return found, [] if whole else ["There are more releases than are told: ask for a shorter range."]


def get_annotation(call: Call, context: Context) -> Reply:
    """Answer what somebody wrote down; its ``ETag`` is what a change of it has to name."""
    return _reply(_there(call, context), call)


def make(call: Call, context: Context) -> Reply:
    """Write something down; the same ``Idempotency-Key`` writes it once."""
    given = read_json_object(call)
    caller, key, now = _caller(call), idempotency.read_key(call), context.clock()
    digest = idempotency.digest_of(given)
    name = f"n_{idempotency.new_id(caller.id, key)}"
    standing = None if key is None else notes.read(context.state, name)
    if standing is None:
        said = read_annotation(given, name, caller.name)
        _require_room(caller, context)
        made = Note(said, caller.id, now, caller.name, digest)
        standing = notes.write(context.state, made) or notes.read(context.state, name)
    if standing is None or standing.deleted:
        raise RequestError("This key wrote down what was deleted since: use a new one.", status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    reply = _reply(standing, call)
    return Reply(reply.body, 201, {**reply.headers, "Location": f"annotations/{name}"})


def _require_room(caller: Caller, context: Context) -> None:
    """Raise ``RequestError`` 409 where there are as many annotations as may be."""
    owners = [one.owner_id for one in notes.every(context.state)]
    if owners.count(caller.id) >= MOST_OF_ONE:
        raise RequestError(f"You have {MOST_OF_ONE} annotations: delete one first.", status=409)
    if len(owners) >= MOST:
        raise RequestError(f"There are {MOST:,} annotations: somebody has to delete one first.", status=409)


def change(call: Call, context: Context) -> Reply:
    """Change an annotation whole, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    before = standing.annotation
    said = read_annotation(read_json_object(call), before.id, before.created_by)
    changed = replace(standing, annotation=said, updated_at=context.clock(), updated_by=_caller(call).name)
    return _reply(_written(context, changed), call)


def delete(call: Call, context: Context) -> Reply:
    """Delete an annotation, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    _written(context, replace(standing, deleted=True, updated_at=context.clock(), updated_by=_caller(call).name))
    return Reply(b"", 204, _NO_STORE)


def _written(context: Context, note: Note) -> Note:
    written = notes.write(context.state, note)
    if written is None:
        raise changed_meanwhile()
    return written


def _caller(call: Call) -> Caller:
    assert call.caller is not None
    return call.caller


def _there(call: Call, context: Context) -> Note:
    name = call.values["id"]
    if name.startswith(f"{Origin.GITHUB}_"):
        raise RequestError("GitHub tells of its releases, and it is there that they are changed.", status=409)
    found = notes.read(context.state, name)
    if found is None or found.deleted:
        raise not_found("id", "annotation", name, (), "/v1/annotations")
    return found


def _seen(call: Call, context: Context) -> Note:
    """Answer the annotation that ``If-Match`` names, which the caller may change."""
    standing, caller = _there(call, context), _caller(call)
    if caller.id != standing.owner_id and caller.scope != "admin":
        raise RequestError(f"{standing.annotation.created_by} wrote it: they and administrators may.", status=403)
    require_match(call, _tag(standing), standing.updated_by, standing.updated_at)
    return standing


def _tag(note: Note) -> str:
    return f'"{note.version}"'


def _reply(note: Note, call: Call) -> Reply:
    mine = _caller(call).id == note.owner_id
    return Reply(describe(note.annotation, mine), headers={**_NO_STORE, "ETag": _tag(note)})


def describe(said: Annotation, mine: bool) -> dict[str, Any]:
    """Describe an annotation."""
    return {
        "id": said.id,
        "at": instant(said.at),
        "until": instant(said.until),
        "title": said.title,
        "kind": said.kind.value,
        "metric_sources": list(said.metric_sources),
        "url": said.url,
        "source": said.origin.value,
        "created_by": said.created_by,
        "mine": mine,
    }


ID = Parameter(
    "id",
    "The annotation's id, as the list tells it.",
    {"type": "string"},
    "n_5f1c0d9a7be34c0f8f7a2b11",
    where="path",
    required=True,
)
_ONE = (schemas.ANNOTATION, schemas.EXAMPLE)
_BODY = Body("What happened.", schemas.GIVEN, schemas.GIVEN_EXAMPLE)
_WHOSE = "By who wrote it down or an administrator (403); releases of GitHub's are not changed here (409)."

ROUTES = (
    Route(
        method="GET",
        path="/v1/annotations",
        name="list_annotations",
        access=Access.READ,
        summary="What happened",
        description=(
            "All of which any part lies in the range, the newest first: the last 30 days unless told otherwise. "
            "Releases are those that GitHub told of by webhook, as they are now: without drafts, and without those "
            "that were taken back. When they cannot be told `meta.warnings` says so, and the rest is answered."
        ),
        answers=(Answer(200, "What happened.", schemas.LIST, schemas.LIST_EXAMPLE), Answer(304, "Unchanged.")),
        handler=list_annotations,
        parameters=(FROM, TO, RANGE, TZ, limit(LISTED, 1_000), CURSOR),
    ),
    Route(
        method="POST",
        path="/v1/annotations",
        name="annotate",
        access=Access.READ,
        summary="Write down what happened",
        description=f"For everybody to see. At most {MOST_OF_ONE} of one person, {MOST:,} of all (409).",
        answers=(Answer(201, "Written down; `ETag` is its version.", *_ONE, headers=("ETag", "Location")),),
        handler=make,
        headers=(idempotency.KEY,),
        body=_BODY,
        problems=(409, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/annotations/{id}",
        name="get_annotation",
        access=Access.READ,
        summary="One annotation of people's",
        description="`ETag` is the version that a change or a deletion has to name.",
        answers=(Answer(200, "The annotation.", *_ONE, headers=("ETag",)),),
        handler=get_annotation,
        parameters=(ID,),
        problems=(404, 409),
    ),
    Route(
        method="PUT",
        path="/v1/annotations/{id}",
        name="change_annotation",
        access=Access.READ,
        summary="Change an annotation",
        description=f"All of it, if it is still the version that `If-Match` names (412 if not, 428 without). {_WHOSE}",
        answers=(Answer(200, "Changed; `ETag` is its new version.", *_ONE, headers=("ETag",)),),
        handler=change,
        parameters=(ID,),
        headers=(IF_MATCH,),
        body=_BODY,
        problems=(404, 409, 412, 413, 415, 428),
    ),
    Route(
        method="DELETE",
        path="/v1/annotations/{id}",
        name="delete_annotation",
        access=Access.READ,
        summary="Delete an annotation",
        description=f"If it is still the version that `If-Match` names (412 if not, 428 without). {_WHOSE}",
        answers=(Answer(204, "Deleted."),),
        handler=delete,
        parameters=(ID,),
        headers=(IF_MATCH,),
        problems=(404, 409, 412, 428),
    ),
)
