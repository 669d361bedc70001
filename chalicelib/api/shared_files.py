"""``GET /v1/shared/{token}``: files that people were sent a link to, without a login."""

from __future__ import annotations

import html
import re
from typing import Final

from chalicelib.api import subscription_pages
from chalicelib.api.context import Context
from chalicelib.api.docs import HTML, PAGE_POLICY
from chalicelib.api.export_schemas import LINK, LINK_EXAMPLE
from chalicelib.api.files import linked
from chalicelib.api.problems import from_error
from chalicelib.api.routes import Access, Answer, Call, Reply, Route, in_path
from chalicelib.domain.links import BadLink, OldLink
from chalicelib.errors import RequestError
from chalicelib.ingest.beacons import client_address
from chalicelib.outbox.sharing import opened

FOLDERS: Final = ("reports/", "digests/")
"""Of the results bucket: nothing else is ever shared, whatever a link says."""
MAX_TOKEN: Final = 1_500
_TOKEN: Final = re.compile(rf"[A-Za-z0-9_.-]{{1,{MAX_TOKEN}}}")
_NEWER: Final = "<p>Newer reports come with new links. Who has a token finds all of them by the API.</p>"
_NO_STORE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def open_shared(call: Call, context: Context) -> Reply:
    """Answer where a file is that somebody was sent a link to: a page for people where it cannot be had."""
    try:
        return _opened(call, context)
    except RequestError as error:
        reply = from_error(error)
        if "text/html" not in call.headers.get("accept", ""):
            return Reply(reply.body, reply.status, {**reply.headers, **_NO_STORE})
        page = subscription_pages.page("There is no file here", f"<p>{html.escape(error.detail)}</p>", _NEWER)
        said = {**_NO_STORE, "Content-Type": HTML, "Content-Security-Policy": PAGE_POLICY}
        return Reply(page.encode(), reply.status, said)


def _opened(call: Call, context: Context) -> Reply:
    context.link_pace.step([client_address(call.headers.get("x-forwarded-for", ""))], 1, context.clock())
    if not _TOKEN.fullmatch(call.values["token"]):
        raise RequestError("This link is not complete or was changed. Open it as it stands in the message.", status=403)
    try:
        given = opened(context.links_key(), call.values["token"], context.clock())
    except OldLink as error:
        raise RequestError(str(error), status=410) from error
    except BadLink as error:
        raise RequestError(str(error), status=403) from error
    if not given.subject.startswith(FOLDERS):
        raise RequestError("This link is for something else.", status=403)
    if context.exports.size(given.subject) is None:
        raise RequestError("This file is kept no longer: ask whoever sent it to make it again.", status=410)
    reply = linked(context.exports, given.subject, given.nonce)
    return Reply(reply.body, reply.status, {**reply.headers, **_NO_STORE})


TOKEN: Final = in_path(
    "token", "What the link ends with.", "WyJmaWxlIiwicmVwb3J0cy93Li4uIl0.pX2vV0mVn2sQ8uZ6pE", MAX_TOKEN
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/shared/{token}",
        name="open_shared",
        access=Access.LINK,
        summary="A file by the link in a message",
        description=(
            "For whoever was sent the link, until it is too old: 303 leads to the file. It is signed for one file: one "
            "that was changed is refused (403), as one that is too old is, and one whose file is kept no longer (410). "
            "Browsers get a page that says so."
        ),
        answers=(Answer(303, "Where the file is.", LINK, LINK_EXAMPLE, headers=("Location",)),),
        handler=open_shared,
        parameters=(TOKEN,),
        problems=(403, 410, 429),
    ),
)
