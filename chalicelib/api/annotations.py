"""``/v1/annotations``: what happened that numbers do not tell; releases come from GitHub, the rest from people."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Final

from chalicelib.api import annotation_schemas as schemas
from chalicelib.api import owned
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.log import logger
from chalicelib.api.owned_routes import FASTER, OfOne
from chalicelib.api.paging import CURSOR, body_of, limit, listed_by_tag, page_of
from chalicelib.api.ranges import FROM, RANGE, TO, TZ
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route, in_path
from chalicelib.dashboards import notes
from chalicelib.dashboards.annotation import Annotation, Origin, read_annotation
from chalicelib.dashboards.notes import MOST, MOST_OF_ONE, Note
from chalicelib.dashboards.releases import releases
from chalicelib.domain.periods import EARLIEST, Interval
from chalicelib.errors import LakeError, QueryError, RequestError, StoreError
from chalicelib.metrics.asked_range import complete, read_range

LISTED: Final = 500
MOST_RELEASES: Final = 1_000


def list_annotations(call: Call, context: Context) -> Reply:
    """Answer a page of what happened in a range, the newest first."""
    given = read_range(call.values)
    start, end, _ = complete(given, Interval.P1D, context.clock(), lambda: EARLIEST)
    found = [
        describe(note.annotation, note, mine=call.by.id == note.owner_id)
        for note in notes.every(context.state)
        if note.annotation.is_in(start, end)
    ]
    published, warnings = _releases(context, start, end)
    found += [describe(one) for one in published]
    page = page_of(call, "annotations", found, lambda one: (one["at"], one["id"]), LISTED, newest=True)
    body = body_of(page, dict)
    body["meta"]["warnings"] += warnings
    body["query"] = {"from": instant(start), "to": instant(end), "tz": given.zone.key, **body["query"]}
    return listed_by_tag(call, page, body)


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

    def wrote(name: str, digest: str) -> Note | None:
        said = read_annotation(given, name, call.by.name)
        owners = [one.owner_id for one in notes.every(context.state)]
        owned.require_own_room(call, owners, MOST_OF_ONE, MOST, "annotations")
        return notes.write(context.state, Note(said, call.by.id, context.clock(), call.by.name, digest))

    look = partial(notes.read, context.state)
    standing = owned.made_once(call, given, "an annotation", look, wrote, prefix="n_")
    return owned.created(_reply(standing, call), f"annotations/{standing.annotation.id}")


def change(call: Call, context: Context) -> Reply:
    """Change an annotation whole, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    before = standing.annotation
    said = read_annotation(read_json_object(call), before.id, before.created_by)
    return _reply(_written(call, context, replace(standing, annotation=said)), call)


def delete(call: Call, context: Context) -> Reply:
    """Delete an annotation, if it is still as the caller has seen it."""
    _written(call, context, replace(_seen(call, context), deleted=True))
    return owned.gone()


def _written(call: Call, context: Context, note: Note) -> Note:
    changed = replace(note, updated_at=context.clock(), updated_by=call.by.name)
    return owned.won(notes.write(context.state, changed), lambda: notes.read(context.state, note.annotation.id))


def _there(call: Call, context: Context) -> Note:
    name = call.values["id"]
    if name.startswith(f"{Origin.GITHUB}_"):
        raise RequestError("GitHub tells of its releases, and it is there that they are changed.", status=409)
    return owned.there(notes.read(context.state, name), call, "annotation", "/v1/annotations")


def _seen(call: Call, context: Context) -> Note:
    """Answer the annotation that ``If-Match`` names, which the caller may change."""
    standing = _there(call, context)
    author = standing.annotation.created_by
    owned.require_owner(call, standing.owner_id, f"{author} wrote it: they and administrators may.")
    owned.require_seen(call, standing)
    return standing


def _reply(note: Note, call: Call) -> Reply:
    return owned.reply(describe(note.annotation, note, mine=call.by.id == note.owner_id), note.version)


def describe(said: Annotation, kept: Note | None = None, *, mine: bool = False) -> dict[str, Any]:
    """Describe an annotation; one that is GitHub's is not ``kept`` here."""
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
        "updated_at": None if kept is None else instant(kept.updated_at),
        "updated_by": None if kept is None else kept.updated_by,
        "mine": mine,
    }


ID = in_path("id", "The annotation's id, as the list tells it.", "n_5f1c0d9a7be34c0f8f7a2b11")
_BODY = Body("What happened.", schemas.GIVEN, schemas.GIVEN_EXAMPLE)
_WHOSE = "By who wrote it down or an administrator (403); releases of GitHub's are not changed here (409)."
_NOTE = OfOne("/v1/annotations", ID, (schemas.ANNOTATION, schemas.EXAMPLE))

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
    _NOTE.make(
        "annotate",
        Access.READ,
        "Write down what happened",
        f"For everybody to see. At most {MOST_OF_ONE} of one person, {MOST:,} of all (409).",
        make,
        body=_BODY,
    ),
    _NOTE.get(
        "get_annotation",
        Access.READ,
        "One annotation of people's",
        "`ETag` is the version that a change or a deletion has to name.",
        get_annotation,
        problems=(409,),
    ),
    _NOTE.change(
        "change_annotation",
        Access.READ,
        "Change an annotation",
        f"All of it, if it is still the version that `If-Match` names: {FASTER} {_WHOSE}",
        change,
        body=_BODY,
        problems=(409,),
    ),
    _NOTE.delete(
        "delete_annotation",
        Access.READ,
        "Delete an annotation",
        f"If it is still the version that `If-Match` names: {FASTER} {_WHOSE}",
        delete,
        problems=(409,),
    ),
)
