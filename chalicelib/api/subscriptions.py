"""``/v1/subscriptions``: who hears what. Anybody with a token may ask; whose address it is says yes or no."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from chalicelib.api import idempotency, owned
from chalicelib.api import subscription_schemas as schemas
from chalicelib.api.auth import admits
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.owned_routes import OfOne
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.preconditions import IF_MATCH
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route, in_path
from chalicelib.api.subscription_body import read_change, read_new
from chalicelib.api.subscription_choices import known
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError
from chalicelib.outbox.audience import ANY_TOPIC
from chalicelib.subscriptions import kept
from chalicelib.subscriptions.desk import Wanted
from chalicelib.subscriptions.subscription import Protocol, State, Subscription
from chalicelib.subscriptions.wishes_json import wishes_to_json
from chalicelib.subscriptions.words import mark

LISTED: Final = 100


def subscribe(call: Call, context: Context) -> Reply:
    """Ask for a subscription; the same ``Idempotency-Key`` asks once."""
    given = read_json_object(call)
    protocol, address, wishes = read_new(given, known(call, context), context.sends_html)
    key, request = idempotency.read_key(call), idempotency.digest_of(given)
    made_by = "" if key is None else idempotency.new_id(call.by.id, key)
    standing = kept.read(context.state, kept.id_of(protocol, address)) if made_by else None
    if standing is not None and standing.request.partition("/")[0] == made_by:
        if standing.request != f"{made_by}/{request}":
            raise idempotency.used_for_another()
        # Whoever was to tell SNS may have died before: then it is told now.
        waits = standing.state is State.PENDING and not standing.arn
        one = context.subscribing.set_up(standing) if waits else standing
    else:
        anew = admits(call.by.scope, Access.ADMIN)
        wanted = Wanted(protocol, address, wishes, call.by.name, f"{made_by}/{request}" if made_by else "", anew)
        one = context.subscribing.ask(wanted)
    return owned.created(_reply(one), f"subscriptions/{one.id}")


def list_subscriptions(call: Call, context: Context) -> Reply:
    """Answer a page of the subscriptions, oldest first: all, an address's, a topic's, or those in a state."""
    found = _found(kept.every(context.state), call.values)
    page = page_of(call, "subscriptions", found, lambda one: (one.created_at.isoformat(), one.id), LISTED)
    return listed(call, page, describe, NO_STORE)


def _found(every: Iterator[Subscription], asked: Mapping[str, Any]) -> list[Subscription]:
    address, topic, state = (asked.get(name) for name in ("address", "topic", "state"))
    return [
        one
        for one in every
        if (address is None or one.address.casefold() == address.strip().casefold())
        and (topic is None or any({topic, ANY_TOPIC} & set(of) for of in _lists(one)))
        and (state is None or one.state.value == state)
    ]


def _lists(one: Subscription) -> tuple[tuple[str, ...], ...]:
    return one.wishes.alerts, one.wishes.incidents, one.wishes.reports


def get_subscription(call: Call, context: Context) -> Reply:
    """Answer one subscription; its ``ETag`` is what a change of it has to name."""
    return _reply(_there(call, context))


def change_subscription(call: Call, context: Context) -> Reply:
    """Change what one hears, if it is still as the caller has seen it."""
    one = _seen(call, context)
    wishes = read_change(read_json_object(call), one.wishes, known(call, context))
    if not one.state.stands:
        raise RequestError(f"This subscription is {one.state.value}: ask for it anew.", status=409)
    changed = context.subscribing.choose(one, wishes, by=call.by.name)
    return _reply(owned.won(changed, lambda: kept.read(context.state, one.id)))


def end_subscription(call: Call, context: Context) -> Reply:
    """End a subscription, if it is still as the caller has seen it; ending twice is no error."""
    one = _seen(call, context)
    if one.state.stands:
        by = call.by.name
        ended = context.subscribing.end(one, reason=f"It was ended by {by}.", by=by)
        owned.won(ended, lambda: kept.read(context.state, one.id))
    return owned.gone()


def _there(call: Call, context: Context) -> Subscription:
    one = kept.read(context.state, call.values["id"])
    if one is None:
        raise RequestError("There is no subscription with this id.", status=404)
    return one


def _seen(call: Call, context: Context) -> Subscription:
    one = _there(call, context)
    owned.require_seen(call, one)
    return one


def _reply(one: Subscription) -> Reply:
    return owned.reply(describe(one), one.version)


def describe(one: Subscription) -> dict[str, Any]:
    """Describe a subscription; nothing that a link could be made of is in it."""
    return {
        "id": one.id,
        "protocol": one.protocol.value,
        "address": one.address,
        "state": one.state.value,
        "reason": one.reason or None,
        **wishes_to_json(one.wishes),
        "filtered": one.protocol is Protocol.HTML_EMAIL or one.filtered == mark(one),
        "created_at": instant(one.created_at),
        "created_by": one.created_by,
        "asked_at": instant(one.asked_at),
        "confirmed_at": instant(one.confirmed_at),
        "changed_at": instant(one.changed_at),
        "changed_by": one.updated_by or None,
    }


ID: Final = in_path("id", "The subscription's id.", "5f1c0d9a7be34c0f8f7a2b11", 64)


def _short(most: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"At most {most} characters are looked for.")
        return text

    return parse


_ADDRESS: Final = Parameter(
    "address", "Whose.", {"type": "string", "maxLength": 254}, "ada@acme.example", parse=_short(254)
)
_TOPIC: Final = Parameter(
    "topic", "Who hears of it.", {"type": "string", "maxLength": 60}, "downloads", parse=_short(60)
)
_STATES: Final = [state.value for state in State]
_STATE: Final = Parameter(
    "state", "How it stands.", {"enum": _STATES}, "pending", parse=lambda text: one_of(text, _STATES, "state")
)
_ONE: Final = (schemas.SUBSCRIPTION, schemas.SUBSCRIPTION_EXAMPLE)
_SUBSCRIPTION: Final = OfOne("/v1/subscriptions", ID, _ONE)

ROUTES = (
    Route(
        method="POST",
        path="/v1/subscriptions",
        name="subscribe",
        access=Access.READ,
        summary="Subscribe an address",
        description=(
            "To alerts, incidents, reports or a digest, by `email` (plain text), `sms`, or `html_email` where the "
            "deployment has it. Nothing comes before the person has confirmed: an address of e-mail is asked by Amazon "
            "SNS, a phone by our SMS, for HTML mail by our mail. The request stands for two days; an address is asked "
            "at most three times in these, whoever asks. An address has one subscription of a protocol: where it is "
            "confirmed, change it."
        ),
        answers=(Answer(201, "It waits for its person's yes.", *_ONE, headers=("Location", "ETag")),),
        handler=subscribe,
        headers=(idempotency.KEY,),
        body=Body("Whom, by what, and of what.", schemas.NEW, schemas.NEW_EXAMPLE),
        problems=(409, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/subscriptions",
        name="list_subscriptions",
        access=Access.ADMIN,
        summary="Every subscription",
        description="By recipient (`address`), by what they hear of (`topic`), by how it stands (`state`).",
        answers=(a_page("The subscriptions.", schemas.SUBSCRIPTION, schemas.SUBSCRIPTION_EXAMPLE, LISTED),),
        handler=list_subscriptions,
        parameters=(_ADDRESS, _TOPIC, _STATE, limit(LISTED, 500), CURSOR),
    ),
    _SUBSCRIPTION.get(
        "get_subscription", Access.ADMIN, "One subscription", "How it stands, and what it hears.", get_subscription
    ),
    _SUBSCRIPTION.change(
        "change_subscription",
        Access.ADMIN,
        "Change what a subscription hears",
        "What is not named stays as it is; an address or a protocol is another subscription.",
        change_subscription,
        body=Body("What changes.", schemas.CHANGE, schemas.CHANGE_EXAMPLE),
        problems=(409,),
        method="PATCH",
    ),
    Route(
        method="DELETE",
        path="/v1/subscriptions/{id}",
        name="end_subscription",
        access=Access.ADMIN,
        summary="End a subscription",
        description="Nothing is sent to it any more. It is shown for 90 days.",
        answers=(Answer(204, "It has ended."),),
        handler=end_subscription,
        parameters=(ID,),
        headers=(IF_MATCH,),
        problems=(404, 412, 428),
    ),
)
