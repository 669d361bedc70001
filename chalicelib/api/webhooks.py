"""``POST /webhooks/github``: verified over the raw bytes, durable before the 202, nothing kept of what is refused."""

from __future__ import annotations

import re
from typing import Final

from chalicelib.api import schemas
from chalicelib.api.bodies import parse_object, require_json_type, require_size
from chalicelib.api.context import Context
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route
from chalicelib.errors import RequestError
from chalicelib.ingest import inbox
from chalicelib.sources.github_signature import verify
from chalicelib.sources.github_webhooks import EVENT, GithubWebhooks

MAX_BODY_BYTES: Final = 25 * 1024 * 1024
"""GitHub's own cap of a payload: 25 MB."""
SECRET: Final = "github"  # noqa: S105 - the name of a secret
_DELIVERY = re.compile(r"[\x21-\x7e]{1,100}")


def receive(call: Call, context: Context) -> Reply:
    """Take one delivery."""
    require_size(call, MAX_BODY_BYTES)
    require_json_type(call)
    secrets = context.secrets.get(SECRET).get("webhook_secrets", ())
    if not verify(call.body, call.headers.get("x-hub-signature-256"), tuple(secrets)):
        raise RequestError("The signature in X-Hub-Signature-256 is missing or wrong.", status=401)
    event = _header(call, "X-GitHub-Event", EVENT)
    attributes = {"event": event}
    if "x-github-delivery" in call.headers:
        attributes["delivery"] = _header(call, "X-GitHub-Delivery", _DELIVERY)
    parse_object(call.body)
    now = context.clock()
    arrival = inbox.accept(context.store, GithubWebhooks.name, call.body, attributes, now, kind=event)
    return Reply({"accepted": True, "duplicate": arrival.duplicate}, 202, {"Cache-Control": "no-store"})


def _header(call: Call, shown: str, pattern: re.Pattern[str]) -> str:
    value = call.headers.get(shown.lower(), "")
    if not pattern.fullmatch(value):
        detail = f"{shown} is missing or malformed."
        raise RequestError("A header is wrong.", errors=({"parameter": shown, "detail": detail},))
    return value


ROUTES = (
    Route(
        method="POST",
        path="/webhooks/github",
        name="receive_github_webhook",
        access=Access.SIGNATURE,
        summary="Take a GitHub webhook",
        description=(
            "Choose content type `application/json` when you make the webhook (a form-encoded one is refused with "
            "415). The signature is checked over the raw bytes against every active secret. A 202 means that the "
            "delivery is durable; on anything else send it again. `duplicate` tells that the same event with the "
            "same body was already waiting; it is stored once either way."
        ),
        answers=(Answer(202, "Durable.", schemas.ACCEPTED, schemas.ACCEPTED_EXAMPLE),),
        handler=receive,
        headers=(
            Parameter("X-GitHub-Event", "The event's name.", {"type": "string"}, "push", "header", required=True),
            Parameter("X-GitHub-Delivery", "The delivery's id.", {"type": "string"}, "72d3162e-cc78", "header"),
        ),
        body=Body("GitHub's payload, at most 25 MB.", {"type": "object"}, {"zen": "Keep it logically awesome."}),
        problems=(401, 413, 415),
    ),
)
