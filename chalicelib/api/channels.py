"""``/v1/channels``: where messages go besides mail and SMS: Slack and signed webhooks. No secret is ever shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from chalicelib.api import channel_schemas as schemas
from chalicelib.api import idempotency
from chalicelib.api.bodies import read_json_object
from chalicelib.api.channel_body import USUAL_A_MINUTE, Wish, read_change, read_new
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.message_keys import write_key
from chalicelib.api.paging import CURSOR, limit, listed, page_of
from chalicelib.api.preconditions import IF_MATCH, changed_meanwhile, require_match
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route
from chalicelib.api.schemas import ONE_OF_A_LIST, paged
from chalicelib.domain.faults import not_found
from chalicelib.errors import RequestError
from chalicelib.outbox import channels
from chalicelib.outbox.channels import MOST, Channel, secret_name
from chalicelib.outbox.message import Kind, Message, Severity, to_channel
from chalicelib.outbox.outbox import Outbox
from chalicelib.outbox.record import day_of

LISTED: Final = 100
_NO_STORE: Final = {"Cache-Control": "no-store"}


def make_channel(call: Call, context: Context) -> Reply:
    """Set a channel up; the same ``Idempotency-Key`` sets it up once."""
    assert call.caller is not None
    given = read_json_object(call)
    wish = read_new(given, context.webhook_private_hosts)
    key, digest = idempotency.read_key(call), idempotency.digest_of(given)
    made_by = idempotency.new_id(call.caller.id, key)
    standing = channels.read(context.state, wish.name)
    if standing is not None and not standing.deleted:
        return _made(_again(standing, made_by, digest))
    if sum(1 for _ in channels.every(context.state)) >= MOST:
        raise RequestError(f"There are {MOST} channels: delete one first.", status=409)
    made = Channel(
        name=wish.name,
        kind=wish.kind,
        enabled=wish.plain.get("enabled", True),
        a_minute=wish.plain.get("per_minute", USUAL_A_MINUTE),
        created_at=context.clock(),
        created_by=call.caller.name,
        secret=secret_name(wish.name, made_by),
        shown=wish.shown,
        slack_channel=wish.plain.get("slack_channel", ""),
        base_url=wish.plain.get("base_url", ""),
        made_by=made_by,
        request=digest,
        version=standing.version if standing else 0,
    )
    context.secrets.keep(made.secret, wish.secret)
    written = channels.write(context.state, made)
    if written is None:
        winner = channels.read(context.state, wish.name)
        if winner is None or winner.secret != made.secret:
            context.secrets.remove(made.secret)
        if winner is None or winner.deleted:
            raise changed_meanwhile()
        written = _again(winner, made_by, digest)
    return _made(written)


def _again(standing: Channel, made_by: str, digest: str) -> Channel:
    """Answer what another try has made already. Raises ``RequestError`` 409, 422."""
    if standing.made_by != made_by:
        raise RequestError(f"There is a channel '{standing.name}': change it, or name yours otherwise.", status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    return standing


def _made(channel: Channel) -> Reply:
    reply = _reply(channel)
    return Reply(reply.body, 201, {**reply.headers, "Location": f"channels/{channel.name}"})


def list_channels(call: Call, context: Context) -> Reply:
    """Answer a page of the channels, by name."""
    page = page_of(call, "channels", channels.every(context.state), lambda one: (one.name,), LISTED)
    return listed(call, page, describe, _NO_STORE)


def get_channel(call: Call, context: Context) -> Reply:
    """Answer a channel; its ``ETag`` is what a change of it has to name."""
    return _reply(_there(call, context))


def change_channel(call: Call, context: Context) -> Reply:
    """Change some fields of a channel, if it is still as the caller has seen it; a secret is given anew as a whole."""
    standing = _seen(call, context)
    wish = read_change(read_json_object(call), standing.name, standing.kind, context.webhook_private_hosts)
    changed = replace(
        standing,
        enabled=wish.plain.get("enabled", standing.enabled),
        a_minute=wish.plain.get("per_minute", standing.a_minute),
        slack_channel=wish.plain.get("slack_channel", standing.slack_channel),
        base_url=wish.plain.get("base_url", standing.base_url),
        changed_at=context.clock(),
    )
    if not wish.secret:
        return _reply(_written(context, changed))
    changed = replace(changed, secret=secret_name(standing.name, idempotency.new_id("", None)), shown=wish.shown)
    written = _with_secret(context, changed, wish)
    context.secrets.remove(standing.secret)
    return _reply(written)


def _with_secret(context: Context, changed: Channel, wish: Wish) -> Channel:
    """Keep a new secret under a new name, and then name it: who came second has changed nothing."""
    context.secrets.keep(changed.secret, wish.secret)
    written = channels.write(context.state, changed)
    if written is None:
        context.secrets.remove(changed.secret)
        raise changed_meanwhile()
    return written


def delete_channel(call: Call, context: Context) -> Reply:
    """Delete a channel and its secret, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    _written(context, replace(standing, deleted=True, changed_at=context.clock()))
    context.secrets.remove(standing.secret)
    return Reply(b"", 204, _NO_STORE)


def try_channel(call: Call, context: Context) -> Reply:
    """Put a message to a channel into the outbox."""
    assert call.caller is not None
    channel, now = _there(call, context), context.clock()
    made_by = idempotency.new_id(call.caller.id, idempotency.read_key(call))
    said = Message(
        id=f"test/{channel.name}/{made_by}",
        at=now.replace(hour=0, minute=0, second=0, microsecond=0),
        kind=Kind.NOTICE,
        topic="test",
        severity=Severity.INFO,
        subject=f"[Headwater] A test of the channel '{channel.name}'",
        text=f"{call.caller.name} has asked for this message. It came: the channel works. What to do: nothing.",
        to=(to_channel(channel.name),),
    )
    is_new = Outbox(context.state, context.clock).put(said)
    key = write_key(day_of(said), said.id)
    return Reply({"key": key, "id": said.id, "new": is_new}, 202, {**_NO_STORE, "Location": f"../../messages/{key}"})


def describe(channel: Channel) -> dict[str, Any]:
    """Describe a channel, without its secret."""
    return {
        "name": channel.name,
        "kind": channel.kind.value,
        "enabled": channel.enabled,
        "per_minute": channel.a_minute,
        "shown": channel.shown,
        "slack_channel": channel.slack_channel or None,
        "base_url": channel.base_url or None,
        "created_at": instant(channel.created_at),
        "created_by": channel.created_by,
        "changed_at": instant(channel.changed_at),
    }


def _there(call: Call, context: Context) -> Channel:
    name = call.values["name"]
    found = channels.read(context.state, name)
    if found is None or found.deleted:
        there = [one.name for one in channels.every(context.state)]
        raise not_found("name", "channel", name, there, "/v1/channels")
    return found


def _seen(call: Call, context: Context) -> Channel:
    standing = _there(call, context)
    require_match(call, _tag(standing))
    return standing


def _written(context: Context, channel: Channel) -> Channel:
    written = channels.write(context.state, channel)
    if written is None:
        raise changed_meanwhile()
    return written


def _tag(channel: Channel) -> str:
    return f'"{channel.version}"'


def _reply(channel: Channel) -> Reply:
    return Reply(describe(channel), headers={**_NO_STORE, "ETag": _tag(channel)})


NAME: Final = Parameter(
    "name",
    "The channel's name.",
    {"type": "string", "maxLength": 64},
    "sales-alerts",
    where="path",
    required=True,
)
_CHANNEL: Final = (schemas.CHANNEL, schemas.CHANNEL_EXAMPLE)

ROUTES = (
    Route(
        method="POST",
        path="/v1/channels",
        name="make_channel",
        access=Access.ADMIN,
        summary="Set a channel up",
        description=(
            "`slack_bot` posts into one Slack channel (`slack_channel`) with a bot's `token` (scopes `chat:write`, "
            "`files:write`, and `channels:history` to look whether a message is there already); files of reports come "
            "into the message's thread. `slack_webhook` is an incoming webhook: text only. `webhook` posts JSON to any "
            "`url` on the internet, signed by the Standard Webhooks specification with `signing_secret`. Rules, "
            "reports and others name it as `channel:name`. Secrets are kept in Secrets Manager and not shown again."
        ),
        answers=(Answer(201, "It is set up.", *_CHANNEL, headers=("Location",)),),
        handler=make_channel,
        headers=(idempotency.KEY,),
        body=Body("The channel.", schemas.GIVEN, schemas.GIVEN_EXAMPLE),
        problems=(409, 412, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/channels",
        name="list_channels",
        access=Access.ADMIN,
        summary="Every channel",
        description="Channels by name, without their secrets.",
        answers=(
            Answer(
                200, "The channels.", paged(schemas.CHANNEL), {"results": [schemas.CHANNEL_EXAMPLE], **ONE_OF_A_LIST}
            ),
        ),
        handler=list_channels,
        parameters=(limit(LISTED, 500), CURSOR),
    ),
    Route(
        method="GET",
        path="/v1/channels/{name}",
        name="get_channel",
        access=Access.ADMIN,
        summary="One channel",
        description="How it is set up, without its secret.",
        answers=(Answer(200, "The channel.", *_CHANNEL),),
        handler=get_channel,
        parameters=(NAME,),
        problems=(404,),
    ),
    Route(
        method="PATCH",
        path="/v1/channels/{name}",
        name="change_channel",
        access=Access.ADMIN,
        summary="Change a channel",
        description=(
            "Fields that are given take the place of those that are there; a secret is given anew as a whole, and is "
            "in use within a minute. Messages to a channel that is switched off are dropped."
        ),
        answers=(Answer(200, "It is changed.", *_CHANNEL),),
        handler=change_channel,
        parameters=(NAME,),
        headers=(IF_MATCH,),
        body=Body("What is changed.", schemas.CHANGED, schemas.CHANGED_EXAMPLE),
        problems=(404, 412, 413, 415, 428),
    ),
    Route(
        method="DELETE",
        path="/v1/channels/{name}",
        name="delete_channel",
        access=Access.ADMIN,
        summary="Delete a channel",
        description=(
            "Its secret is deleted with it. The operators are told of a rule or report that still names it, when that "
            "has something to say."
        ),
        answers=(Answer(204, "It is deleted."),),
        handler=delete_channel,
        parameters=(NAME,),
        headers=(IF_MATCH,),
        problems=(404, 412, 428),
    ),
    Route(
        method="POST",
        path="/v1/channels/{name}/test",
        name="try_channel",
        access=Access.ADMIN,
        summary="Try a channel",
        description="Puts a message to it into the outbox, which goes out within a minute; see `Location`.",
        answers=(Answer(202, "It is in the outbox.", schemas.PUT, schemas.PUT_EXAMPLE, headers=("Location",)),),
        handler=try_channel,
        parameters=(NAME,),
        headers=(idempotency.KEY,),
        problems=(404,),
    ),
)
