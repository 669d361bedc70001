"""``/v1/feeds``: a question by an address of its own, for programs that read a CSV again and again."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from chalicelib.api import export_schemas as schemas
from chalicelib.api import idempotency
from chalicelib.api.auth import digest
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.files import made_once
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.query_field import read_query
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route, in_path
from chalicelib.api.token_requests import secret_of
from chalicelib.documents.formats import Format
from chalicelib.domain.faults import Fault, unknown_names
from chalicelib.errors import RequestError
from chalicelib.exports import feeds
from chalicelib.exports.feeds import Feed

if TYPE_CHECKING:
    from chalicelib.documents.document import Document, Row

LISTED: Final = 100
MAX_NAME: Final = 80
MAX_ROWS: Final = 500_000
"""Of a feed: so many are made within the time of a request."""
_TRIES: Final = 4


def make_feed(call: Call, context: Context) -> Reply:
    """Make a feed and show its token, this once; another try under the same ``Idempotency-Key`` shows it again."""
    given = read_json_object(call)
    name = _read_name(given)
    context.series.prepare(read_query(given, call, context))
    now, key = context.clock(), idempotency.read_key(call)
    request = idempotency.digest_of(given)
    secret = secrets.token_urlsafe(32) if key is None else secret_of(call, key, request, context.state, now)
    token = f"hwf_{secret}"
    named = idempotency.new_id(call.by.id, key)
    feed = feeds.read(context.state, named)
    if feed is None:
        _require_room(context)
        made = Feed(named, name, given["query"], digest(token), now, call.by.name, request)
        feed = feeds.write(context.state, made) or feeds.read(context.state, named) or made
    if not hmac.compare_digest(feed.token_sha256, digest(token)):
        raise RequestError("This key made a feed, whose token can no longer be shown: use a new one.", status=409)
    body = {**describe(feed), "token": token, "address": f"feeds/{feed.id}/rows.csv?token={token}"}
    return Reply(body, 201, {**NO_STORE, "Location": f"feeds/{feed.id}"})


def _read_name(given: Mapping[str, Any]) -> str:
    errors: list[Fault] = unknown_names(given, ("name", "query"))
    name = given.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        errors.append({"parameter": "name", "detail": f"A name of 1 to {MAX_NAME} printable characters is needed."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return str(name).strip()


def _require_room(context: Context) -> None:
    if sum(feed.revoked_at is None for feed in feeds.every(context.state)) >= feeds.MOST:
        raise RequestError(f"There are {feeds.MOST} feeds, and no more are kept: revoke one.", status=409)


def describe(feed: Feed) -> dict[str, Any]:
    """Describe a feed, without its token."""
    return {
        "id": feed.id,
        "name": feed.name,
        "query": dict(feed.query),
        "created_at": instant(feed.created_at),
        "created_by": feed.created_by,
        "revoked_at": instant(feed.revoked_at),
    }


def list_feeds(call: Call, context: Context) -> Reply:
    """Answer a page of the feeds, revoked ones too, oldest first."""
    page = page_of(call, "feeds", feeds.every(context.state), lambda one: (one.created_at.isoformat(), one.id), LISTED)
    return listed(call, page, describe, NO_STORE)


def get_feed(call: Call, context: Context) -> Reply:
    """Answer one feed."""
    return Reply(describe(_there(call, context)), headers=NO_STORE)


def revoke_feed(call: Call, context: Context) -> Reply:
    """Revoke a feed; revoking twice is no error."""
    for _ in range(_TRIES):
        feed = _there(call, context)
        if feed.revoked_at is not None or feeds.write(context.state, replace(feed, revoked_at=context.clock())):
            return Reply(b"", 204, NO_STORE)
    raise RequestError("Others changed this feed at the same time; try again.", status=409)


def _there(call: Call, context: Context) -> Feed:
    feed = feeds.read(context.state, call.values["id"])
    if feed is None:
        raise RequestError("There is no feed with this id.", status=404)
    return feed


def read_rows(call: Call, context: Context) -> Reply:
    """Answer a feed's rows as CSV, to whoever has its token."""
    feed = _admitted(call, context)
    limits = context.limits.take(f"feed {feed.id}", context.clock())
    question = read_query({"query": feed.query}, call, context)
    prepared = context.series.prepare(question)

    def made() -> Document:
        from chalicelib.exports.sheets import document

        return _bounded(document(question, Format.CSV, lambda: context.series.stream(prepared)))

    reply = made_once(call, context, prepared, Format.CSV, made)
    return Reply(reply.body, reply.status, {**reply.headers, **limits})


def _admitted(call: Call, context: Context) -> Feed:
    """Answer the feed whose token this is.

    Raises
    ------
    RequestError
        404, the same for all that is wrong: a 401 would have Excel ask people for a password.
    """
    feed = feeds.read(context.state, call.values["id"])
    good = hmac.compare_digest(digest(call.values.get("token", "")), feed.token_sha256 if feed else "")
    if feed is None or not good or feed.revoked_at is not None:
        raise RequestError("There is no such feed, its token is wrong, or it was revoked.", status=404)
    return feed


def _bounded(document: Document) -> Document:
    return replace(document, sheets=(replace(document.only_sheet, rows=_counted(document.only_sheet.rows)),))


def _counted(rows: Any) -> Iterator[Row]:
    for at, row in enumerate(rows, 1):
        if at > MAX_ROWS:
            detail = f"A feed has up to {MAX_ROWS:,} rows: ask for a longer interval, a shorter range or fewer groups."
            raise RequestError(detail, status=422)
        yield row


ID: Final = in_path("id", "The feed's id.", "5f1c0d9a7be34c0f8f7a2b11", 64)
TOKEN: Final = Parameter(
    "token", "The feed's own token, which is good for nothing else.", {"type": "string"}, "hwf_GJ1pY0aT4kqk3nN4wqWn5rD4"
)

ROUTES = (
    Route(
        method="POST",
        path="/v1/feeds",
        name="make_feed",
        access=Access.ADMIN,
        summary="Make a feed",
        description=(
            "A question by an address of its own, for Excel, Tableau and whatever else reads a CSV again and again. "
            "The address has a token that reads this feed and nothing else; it is in this answer only, and we keep "
            "its SHA-256. The question is asked anew at each reading, so give it a `range` in words."
        ),
        answers=(Answer(201, "Made.", schemas.NEW_FEED, schemas.NEW_FEED_EXAMPLE, headers=("Location",)),),
        handler=make_feed,
        headers=(idempotency.KEY,),
        body=Body("Its name and its question.", schemas.FEED_WISH, schemas.FEED_WISH_EXAMPLE),
        problems=(409, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/feeds",
        name="list_feeds",
        access=Access.ADMIN,
        summary="Every feed",
        description="Feeds without their tokens, revoked ones too.",
        answers=(a_page("The feeds.", schemas.FEED, schemas.FEED_EXAMPLE, LISTED),),
        handler=list_feeds,
        parameters=(limit(LISTED, 500), CURSOR),
    ),
    Route(
        method="GET",
        path="/v1/feeds/{id}",
        name="get_feed",
        access=Access.ADMIN,
        summary="One feed",
        description="What it asks, and who made it.",
        answers=(Answer(200, "The feed.", schemas.FEED, schemas.FEED_EXAMPLE),),
        handler=get_feed,
        parameters=(ID,),
        problems=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/feeds/{id}",
        name="revoke_feed",
        access=Access.ADMIN,
        summary="Revoke a feed",
        description="Its address answers 404 from now on.",
        answers=(Answer(204, "Revoked."),),
        handler=revoke_feed,
        parameters=(ID,),
        problems=(404, 409),
    ),
    Route(
        method="GET",
        path="/v1/feeds/{id}/rows.csv",
        name="read_feed",
        access=Access.FEED,
        summary="A feed's rows",
        description=(
            f"CSV: the names of the columns, then a line per bucket and group; up to {MAX_ROWS:,}. Where it is large, "
            "303 leads to a link that is good for 15 minutes. `ETag` and `If-None-Match` save reading what has not "
            "changed. Text that a spreadsheet would take for a formula begins with an apostrophe."
        ),
        answers=(
            Answer(200, "The rows.", {"type": "string"}, "start,end,downloads,partial\n", "text/csv"),
            Answer(303, "Where the file is.", schemas.LINK, schemas.LINK_EXAMPLE, headers=("Location",)),
            Answer(304, "Unchanged."),
        ),
        handler=read_rows,
        parameters=(ID, TOKEN),
        problems=(404, 422, 429),
    ),
)
