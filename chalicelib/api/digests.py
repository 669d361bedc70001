"""Digests by the API: what one would say, what a subscription's says now, and 'send it now'."""

from __future__ import annotations

from datetime import date
from typing import Any

from chalicelib.api import digest_schemas as schemas
from chalicelib.api import idempotency
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.digest_body import describe, read_preview
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.log import logger
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route
from chalicelib.api.subscriptions import ID
from chalicelib.digests import sent
from chalicelib.digests.ask import Asker
from chalicelib.digests.gather import Gatherer
from chalicelib.digests.schedule import Due, following
from chalicelib.digests.work import Work
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.subscription import DigestWish, State, Subscription


def preview_digest(call: Call, context: Context) -> Reply:
    """Answer what a digest would say."""
    wish, day = read_preview(read_json_object(call), call.metrics(), context.clock())
    return Reply(_described(call, context, wish, day), headers=NO_STORE)


def get_digest(call: Call, context: Context) -> Reply:
    """Answer what a subscription's digest would say now, and when it comes."""
    one, wish = _there(call, context)
    now = context.clock()
    last = sent.read(context.state, one.id)
    stands = one.state is State.CONFIRMED
    body = {
        "next_at": instant(following(wish, now)) if stands else None,
        "last_date": None if last is None else last.day.isoformat(),
        "digest": _described(call, context, wish, _today(wish, context)),
    }
    return Reply(body, headers=NO_STORE)


def send_digest(call: Call, context: Context) -> Reply:
    """Send a subscription's digest now; the same ``Idempotency-Key`` sends once."""
    one, wish = _there(call, context)
    if one.state is not State.CONFIRMED:
        raise RequestError(f"This subscription is {one.state.value}: nothing is sent to it.", status=409)
    name = idempotency.new_id(call.by.id, idempotency.read_key(call))
    noted = sent.named(context.state, name, one.id, context.clock())
    if noted.request != one.id:
        raise idempotency.used_for_another()
    message_id = f"digest/{one.id}/now/{name}"
    due = Due(noted.at.astimezone(zone(wish.zone)).date(), noted.at)
    is_new = _work(call, context).send_now(one, wish, due, message_id)
    return Reply({"message": message_id, "at": instant(noted.at), "duplicate": not is_new}, 202, NO_STORE)


def _there(call: Call, context: Context) -> tuple[Subscription, DigestWish]:
    one = kept.read(context.state, call.values["id"])
    if one is None:
        raise RequestError("There is no subscription with this id.", status=404)
    if one.wishes.digest is None:
        detail = "This subscription has no digest: give it one (`PATCH /v1/subscriptions/{id}`)."
        raise RequestError(detail, status=409)
    try:
        zone(one.wishes.digest.zone)
    except ValueError as error:  # the time-zone data does not know it any more
        raise RequestError(f"{error} Change it (`PATCH /v1/subscriptions/{{id}}`).", status=409) from error
    return one, one.wishes.digest


def _today(wish: DigestWish, context: Context) -> date:
    return context.clock().astimezone(zone(wish.zone)).date()


def _described(call: Call, context: Context, wish: DigestWish, day: date) -> dict[str, Any]:
    metrics = call.metrics()
    made = Gatherer(context.state, Asker(context.series, metrics)).digest(wish, day)
    return describe(made, metrics, context.site_url)


def _work(call: Call, context: Context) -> Work:
    return Work(
        context.state,
        context.exports,
        context.series,
        call.metrics,
        context.outbox,
        context.links_key,
        context.clock,
        logger().warning,
    )


ROUTES = (
    Route(
        method="POST",
        path="/v1/digests/preview",
        name="preview_digest",
        access=Access.READ,
        summary="What a digest would say",
        description=(
            "Of the last complete day, or ISO week, before `date` in `zone`: each metric's value, beside the period "
            "before and the year before, with its last 14 days or 12 weeks; what alerts said, which sources are late. "
            "What is not complete is not told, and says so; it is never zero. Nothing is sent."
        ),
        answers=(Answer(200, "The digest.", schemas.DIGEST, schemas.DIGEST_EXAMPLE),),
        handler=preview_digest,
        body=Body("What is wished for.", schemas.PREVIEW, schemas.PREVIEW_EXAMPLE),
        problems=(413, 415),
    ),
    Route(
        method="GET",
        path="/v1/subscriptions/{id}/digest",
        name="get_digest",
        access=Access.ADMIN,
        summary="A subscription's digest",
        description="What it would say if it were sent now, when the next one is due, and which was sent last.",
        answers=(Answer(200, "How it stands.", schemas.STANDING, schemas.STANDING_EXAMPLE),),
        handler=get_digest,
        parameters=(ID,),
        problems=(404, 409),
    ),
    Route(
        method="POST",
        path="/v1/subscriptions/{id}/digest",
        name="send_digest",
        access=Access.ADMIN,
        summary="Send a digest now",
        description=(
            "Beside those that come by themselves, which it does not change. It is put into the outbox, from which it "
            "is sent within a minute or two."
        ),
        answers=(Answer(202, "It is in the outbox.", schemas.SENT, schemas.SENT_EXAMPLE),),
        handler=send_digest,
        parameters=(ID,),
        headers=(idempotency.KEY,),
        problems=(404, 409, 422),
    ),
)
