"""``GET /v1/sources/{name}/rejected``: the records that a source had to set aside, and why."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.jobs import SOURCE
from chalicelib.api.paging import CURSOR, Page, a_page, bad_cursor, body_of, limit, link, read_cursor, write_cursor
from chalicelib.api.routes import Access, Call, Reply, Route
from chalicelib.api.schemas import INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.domain.faults import not_found
from chalicelib.errors import IntegrityError
from chalicelib.ingest.rejections import EXCERPT, HIGHEST, Position, Rejection, newest
from chalicelib.lake.status import head_of

LISTED: Final = 50


def list_rejected(call: Call, context: Context) -> Reply:
    """Answer a page of the records that were set aside, the newest first."""
    name = call.values["name"]
    if name not in context.sources:
        raise not_found("name", "source", name, context.sources, "/v1/sources")
    scope, most = f"rejected {name}", call.values.get("limit", LISTED)
    found = newest(context.store, name, _head(context, name), _after(call, scope), most)
    page = Page(list(found.items), write_cursor(scope, list(found.more)) if found.more else None, most)
    body = body_of(page, describe)
    body["meta"]["warnings"] += found.notes
    return Reply(body, headers={"Cache-Control": "no-store", **link(call, page)})


def _head(context: Context, name: str) -> int:
    """Answer the last commit; a log that is damaged hides nothing from whoever looks for what is wrong."""
    try:
        head = head_of(context.store, name)
    except IntegrityError:
        return HIGHEST
    return head.seq if head else 0


def _after(call: Call, scope: str) -> Position | None:
    given = call.values.get("cursor")
    if given is None:
        return None
    match read_cursor(scope, given):
        case [int(seq), int(place), int(nth)]:
            return seq, place, nth
        case _:
            raise bad_cursor()


def describe(one: Rejection) -> dict[str, Any]:
    """Describe a record that was set aside."""
    window = one.window
    return {
        "id": "-".join(map(str, one.position)),
        "at": instant(one.at),
        "window": {"from": instant(window.start), "to": instant(window.end)} if window else None,
        "reason": one.reason,
        "where": one.where or None,
        "origin": one.origin,
        "record": one.text,
        "record_is_cut": one.is_cut,
        "encoding": one.encoding,
        "obstacle": one.obstacle,
        "replayed_at": instant(one.replayed_at),
    }


_REJECTED: Final = record(
    {
        "id": {**STRING, "description": "The commit, the record's place in it, and which of those at that place."},
        "at": {**INSTANT, "description": "When it was set aside."},
        "window": {
            "oneOf": [record({"from": INSTANT, "to": INSTANT}), {"type": "null"}],
            "description": "What the commit that received it is about.",
        },
        "reason": STRING,
        "where": {**MAYBE_STRING, "description": "Where in what arrived, or which record it calls itself."},
        "origin": {**STRING, "description": "The raw pages or the inbox object that it came from."},
        "record": {"type": "string", "maxLength": EXCERPT, "description": "The record as it came, from its beginning."},
        "record_is_cut": {"type": "boolean", "description": "It is longer than what is shown."},
        "encoding": {
            "type": "string",
            "description": "`utf-8`; `base64`: it is no text; `rows`: it was read, and its rows fit no table.",
        },
        "obstacle": {**MAYBE_STRING, "description": "Why a replay cannot read it again; null: it can."},
        "replayed_at": {**MAYBE_INSTANT, "description": "When a replay has made it good; null: it is still set aside."},
    }
)
_EXAMPLE: Final = {
    "id": "412-3-0",
    "at": "2026-11-22T10:15:08Z",
    "window": {"from": "2026-11-22T10:14:00Z", "to": "2026-11-22T10:15:00Z"},
    "reason": "event: the event's name is missing",
    "where": "event 3",
    "origin": "inbox/product_events/0d2f6c1b",
    "record": '{"id": "e-17", "user_id": "u-4"}',
    "record_is_cut": False,
    "encoding": "utf-8",
    "obstacle": None,
    "replayed_at": None,
}

ROUTES = (
    Route(
        method="GET",
        path="/v1/sources/{name}/rejected",
        name="list_rejected",
        access=Access.ADMIN,
        summary="Records that were set aside",
        description=(
            f"The newest commit first, with the reasons, and each record as it came: its first {EXCERPT:,} characters, "
            "as text. A page may hold fewer than `limit` where there is more: go on with `next_cursor`. Those that a "
            "replay has made good are told with `replayed_at`."
        ),
        answers=(a_page("The records.", _REJECTED, _EXAMPLE, LISTED),),
        handler=list_rejected,
        parameters=(SOURCE, limit(LISTED, 200), CURSOR),
        problems=(404,),
    ),
)
