"""Links of messages, which act without a login: ``GET`` shows what will happen, ``POST`` does it.

A ``GET`` never acts, for mail scanners and previews open every link (RFC 8058, section 1). A link is signed for one
purpose and acts once. What goes wrong is a page for people, and a problem for programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import wraps
from typing import Final

from chalicelib.api import problems, subscription_pages
from chalicelib.api.bodies import MAX_BODY_BYTES, require_size
from chalicelib.api.context import Context
from chalicelib.api.docs import HTML
from chalicelib.api.routes import Access, Answer, Body, Call, Handler, Reply, Route, Schema, in_path
from chalicelib.api.subscription_body import read_change
from chalicelib.api.subscription_choices import choices, known
from chalicelib.api.subscription_form import CHOICE, CHOICE_EXAMPLE, FORM, read_form, shown, told
from chalicelib.api.subscription_pages import Draft
from chalicelib.domain.links import BadLink, OldLink, Purpose
from chalicelib.errors import HeadwaterError, RequestError
from chalicelib.ingest.beacons import client_address
from chalicelib.outbox.message import SITE
from chalicelib.subscriptions import addresses, kept
from chalicelib.subscriptions.subscription import State, Subscription
from chalicelib.subscriptions.wishes_json import wishes_to_json

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Type": HTML,
    "Cache-Control": "no-store",
    "Content-Security-Policy": PAGE_POLICY,
    "Referrer-Policy": "no-referrer",  # an address is a key
    "X-Robots-Tag": "noindex",
    "Vary": "Accept",
}
_USED: Final = "This link has acted already, or a newer one has. The newest message has a good one."


def _for_people(handler: Handler) -> Handler:
    """Answer what goes wrong as a page, where a page is what was asked for; and count who asks."""

    @wraps(handler)
    def answered(call: Call, context: Context) -> Reply:
        try:
            context.link_pace.step([client_address(call.headers.get("x-forwarded-for", ""))], 1, context.clock())
            return handler(call, context)
        except HeadwaterError as error:
            if "text/html" not in call.headers.get("accept", ""):
                raise
            problem = problems.from_error(error)
            words = subscription_pages.refused(str(problem.body["detail"]))
            return _page(words, problem.status, {"Retry-After": problem.headers.get("Retry-After", "")})

    return answered


def _page(words: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    more = {name: value for name, value in (headers or {}).items() if value}
    return Reply(words.encode(), status, {**_HEADERS, **more})


def _opened(call: Call, context: Context, purpose: Purpose) -> Subscription:
    """Answer the subscription that a link is for.

    Raises
    ------
    RequestError
        403: it is not ours, was changed, or is for something else; 410: it is too old, or has acted.
    """
    try:
        found = addresses.opened(context.links_key(), purpose, call.values["token"], context.clock())
    except BadLink as error:
        raise RequestError(str(error), status=410 if isinstance(error, OldLink) else 403) from error
    one = kept.read(context.state, found.subject)
    if one is None:
        raise RequestError("This subscription has ended long ago.", status=410)
    if not addresses.stands(found, purpose, one) or not _fits(purpose, one):
        ended = one.state is State.UNSUBSCRIBED
        detail = "This address is unsubscribed already: nothing is sent to it any more." if ended else _USED
        raise RequestError(detail, status=410)
    return one


def _fits(purpose: Purpose, one: Subscription) -> bool:
    return one.state is State.PENDING if purpose is Purpose.CONFIRM else one.state.stands


def _choose_at(one: Subscription, context: Context) -> str:
    return _path(addresses.preferences_address(context.links_key(), one, context.clock()))


def _end_at(one: Subscription, context: Context) -> str:
    return _path(addresses.unsubscribe_address(context.links_key(), one, context.clock()))


def _path(address: str) -> str:
    """Answer an address relative to the page of another link: the API need not know where it is reached."""
    return f"../{'/'.join(address.removeprefix(SITE).split('/')[-2:])}"


@_for_people
def show_ending(call: Call, context: Context) -> Reply:
    """Show what would end."""
    one = _opened(call, context, Purpose.UNSUBSCRIBE)
    return _page(subscription_pages.ending(one, _choose_at(one, context)))


@_for_people
def unsubscribe(call: Call, context: Context) -> Reply:
    """End a subscription: by the page's button, or by a mail program's one click (RFC 8058)."""
    require_size(call, MAX_BODY_BYTES)
    one = _opened(call, context, Purpose.UNSUBSCRIBE)
    if context.subscribing.end(one, reason="It was ended by the link in a message.", by=one.address) is None:
        raise _meanwhile()
    return _page(subscription_pages.ended(one))


@_for_people
def show_confirming(call: Call, context: Context) -> Reply:
    """Show what would come."""
    return _page(subscription_pages.confirming(_opened(call, context, Purpose.CONFIRM)))


@_for_people
def confirm(call: Call, context: Context) -> Reply:
    """Confirm that messages may come."""
    require_size(call, MAX_BODY_BYTES)
    one = context.subscribing.confirm(_opened(call, context, Purpose.CONFIRM))
    if one is None:
        raise _meanwhile()
    return _page(subscription_pages.confirmed(one, _choose_at(one, context)))


@_for_people
def show_preferences(call: Call, context: Context) -> Reply:
    """Show what a person hears."""
    one = _opened(call, context, Purpose.PREFERENCES)
    return _preferences(one, Draft(wishes_to_json(one.wishes)), call, context)


@_for_people
def choose(call: Call, context: Context) -> Reply:
    """Save what a person has chosen; the page that answers has a new link, for the old one has acted."""
    require_size(call, MAX_BODY_BYTES)
    one = _opened(call, context, Purpose.PREFERENCES)
    given = read_form(call)
    try:
        wishes = read_change(given, one.wishes, known(call, context))
    except RequestError as error:
        if "text/html" not in call.headers.get("accept", ""):
            raise
        draft = Draft({**wishes_to_json(one.wishes), **shown(given)}, tuple(map(told, error.errors)))
        return _preferences(one, draft, call, context, 400)
    changed = context.subscribing.choose(one, wishes)
    if changed is None:
        raise _meanwhile()
    return _preferences(changed, Draft(wishes_to_json(changed.wishes), saved=True), call, context)


def _preferences(one: Subscription, draft: Draft, call: Call, context: Context, status: int = 200) -> Reply:
    offered = choices(call, context, draft.chosen)
    words = subscription_pages.preferences(one, draft, offered, _choose_at(one, context), _end_at(one, context))
    return _page(words, status)


def _meanwhile() -> RequestError:
    return RequestError("It was changed at the same moment: open the link once more.", status=409)


_TOKEN: Final = in_path(
    "token", "What the link in the message ends with.", "WyJ1bnN1YnNjcmliZSIsIjVmMWMiXQ.c2lnbmF0dXJl", 1_000
)
_ANYTHING: Final[Schema] = {"type": "object"}
_SAID: Final[Schema] = {"type": "string"}


def _shows(purpose: Purpose, name: str, summary: str, description: str, handler: Handler) -> Route:
    return Route(
        method="GET",
        path=f"/v1/subscriptions/{purpose.value}/{{token}}",
        name=name,
        access=Access.LINK,
        summary=summary,
        description=f"{description} It changes nothing: mail scanners open links, too.",
        answers=(Answer(200, "The page.", _SAID, "<!doctype html>…", HTML),),
        handler=handler,
        parameters=(_TOKEN,),
        problems=(403, 410),
    )


def _acts(purpose: Purpose, name: str, summary: str, description: str, handler: Handler, body: Body) -> Route:
    return Route(
        method="POST",
        path=f"/v1/subscriptions/{purpose.value}/{{token}}",
        name=name,
        access=Access.LINK,
        summary=summary,
        description=f"{description} A link acts once.",
        answers=(Answer(200, "A page that says so.", _SAID, "<!doctype html>…", HTML),),
        handler=handler,
        parameters=(_TOKEN,),
        body=body,
        problems=(403, 409, 410, 413, 415) if purpose is Purpose.PREFERENCES else (403, 409, 410, 413),
    )


ROUTES = (
    _shows(
        Purpose.UNSUBSCRIBE,
        "show_ending",
        "The page of an unsubscribe link",
        "What would end, with a button.",
        show_ending,
    ),
    _acts(
        Purpose.UNSUBSCRIBE,
        "unsubscribe",
        "Unsubscribe by a link",
        "By the page's button, or by a mail program's one click (`List-Unsubscribe-Post`, RFC 8058).",
        unsubscribe,
        Body("RFC 8058's pair; nothing of it is needed.", _ANYTHING, {"List-Unsubscribe": "One-Click"}, FORM),
    ),
    _shows(
        Purpose.CONFIRM,
        "show_confirming",
        "The page of a request to confirm",
        "What would come, with a button.",
        show_confirming,
    ),
    _acts(
        Purpose.CONFIRM,
        "confirm_subscription",
        "Confirm by a link",
        "Messages come from now on.",
        confirm,
        Body("Nothing of it is needed.", _ANYTHING, {"confirm": "yes"}, FORM),
    ),
    _shows(
        Purpose.PREFERENCES,
        "show_preferences",
        "The page of a person's preferences",
        "What they hear, and what else they could.",
        show_preferences,
    ),
    _acts(
        Purpose.PREFERENCES,
        "choose_preferences",
        "Save a person's preferences",
        "The page that answers has a new link.",
        choose,
        Body("The page's form.", CHOICE, CHOICE_EXAMPLE, FORM),
    ),
)
