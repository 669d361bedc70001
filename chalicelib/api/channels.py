"""``/v1/channels``: where messages go besides mail and SMS: Slack and signed webhooks. No secret is ever shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from chalicelib.api import channel_schemas as schemas
from chalicelib.api import idempotency, owned
from chalicelib.api.bodies import read_json_object
from chalicelib.api.channel_body import USUAL_A_MINUTE, Wish, read_change, read_new
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.message_keys import write_key
from chalicelib.api.owned_routes import OfOne
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route, in_path
from chalicelib.outbox import channels
from chalicelib.outbox.channels import MOST, Channel, secret_name
from chalicelib.outbox.message import Kind, Message, Severity, to_channel
from chalicelib.outbox.outbox import Outbox
from chalicelib.outbox.record import day_of

LISTED: Final = 100


def make_channel(call: Call, context: Context) -> Reply:
    """Set a channel up; the same ``Idempotency-Key`` sets it up once."""
    given = read_json_object(call)
    wish = read_new(given, context.webhook_private_hosts)

    def wrote(namesake: Channel | None, key: str, digest: str) -> Channel | None:
        owned.require_room(sum(1 for _ in channels.every(context.state)), MOST, "channels")
        now = context.clock()
        made = Channel(
            name=wish.name,
            kind=wish.kind,
            enabled=wish.plain.get("enabled", True),
            a_minute=wish.plain.get("per_minute", USUAL_A_MINUTE),
            created_at=now,
            created_by=call.by.name,
            secret=secret_name(wish.name, key),
            shown=wish.shown,
            slack_channel=wish.plain.get("slack_channel", ""),
            base_url=wish.plain.get("base_url", ""),
            changed_by=call.by.name,
            key=key,
            request=digest,
            version=namesake.version if namesake else 0,
        )
        return _with_secret(context, made, wish)

    made = owned.named_once(call, given, "channel", wish.name, lambda: channels.read(context.state, wish.name), wrote)
    return owned.created(_reply(made), f"channels/{made.name}")


def list_channels(call: Call, context: Context) -> Reply:
    """Answer a page of the channels, by name."""
    page = page_of(call, "channels", channels.every(context.state), lambda one: (one.name,), LISTED)
    return listed(call, page, describe, NO_STORE)


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
        changed_by=call.by.name,
    )
    if not wish.secret:
        return _reply(_won(context, channels.write(context.state, changed), changed))
    changed = replace(changed, secret=secret_name(standing.name, idempotency.new_id("", None)), shown=wish.shown)
    written = _won(context, _with_secret(context, changed, wish), changed)
    context.secrets.remove(standing.secret)
    return _reply(written)


def _with_secret(context: Context, changed: Channel, wish: Wish) -> Channel | None:
    """Keep a secret under a name of its own, and then name it: who came second has changed nothing.

    Another try of the same request writes the same secret under the same name: that one stays, for it is named.
    """
    context.secrets.keep(changed.secret, wish.secret)
    written = channels.write(context.state, changed)
    if written is None:
        winner = channels.read(context.state, changed.name)
        if winner is None or winner.secret != changed.secret:
            context.secrets.remove(changed.secret)
    return written


def delete_channel(call: Call, context: Context) -> Reply:
    """Delete a channel and its secret, if it is still as the caller has seen it."""
    standing = _seen(call, context)
    gone = replace(standing, deleted=True, changed_at=context.clock(), changed_by=call.by.name)
    _won(context, channels.write(context.state, gone), gone)
    context.secrets.remove(standing.secret)
    return owned.gone()


def try_channel(call: Call, context: Context) -> Reply:
    """Put a message to a channel into the outbox."""
    channel, now = _there(call, context), context.clock()
    made_by = idempotency.new_id(call.by.id, idempotency.read_key(call))
    said = Message(
        id=f"test/{channel.name}/{made_by}",
        at=now.replace(hour=0, minute=0, second=0, microsecond=0),
        kind=Kind.NOTICE,
        topic="test",
        severity=Severity.INFO,
        subject=f"[Headwater] A test of the channel '{channel.name}'",
        text=f"{call.by.name} has asked for this message. It came: the channel works. What to do: nothing.",
        to=(to_channel(channel.name),),
    )
    is_new = Outbox(context.state, context.clock).put(said)
    key = write_key(day_of(said), said.id)
    return Reply({"key": key, "id": said.id, "new": is_new}, 202, {**NO_STORE, "Location": f"../../messages/{key}"})


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
        "changed_by": channel.updated_by,
    }


def _there(call: Call, context: Context) -> Channel:
    known = (one.name for one in channels.every(context.state))
    found = channels.read(context.state, call.values["name"])
    return owned.there(found, call, "channel", "/v1/channels", known, at="name")


def _seen(call: Call, context: Context) -> Channel:
    standing = _there(call, context)
    owned.require_seen(call, standing)
    return standing


def _won(context: Context, written: Channel | None, changed: Channel) -> Channel:
    return owned.won(written, lambda: channels.read(context.state, changed.name))


def _reply(channel: Channel) -> Reply:
    return owned.reply(describe(channel), channel.version)


NAME: Final = in_path("name", "The channel's name.", "sales-alerts", 64)
_CHANNEL: Final = OfOne("/v1/channels", NAME, (schemas.CHANNEL, schemas.CHANNEL_EXAMPLE))

ROUTES = (
    _CHANNEL.make(
        "make_channel",
        Access.ADMIN,
        "Set a channel up",
        "`slack_bot` posts into one Slack channel (`slack_channel`) with a bot's `token` (scopes `chat:write`, "
        "`files:write`, and `channels:history` to look whether a message is there already); files of reports come "
        "into the message's thread. `slack_webhook` is an incoming webhook: text only. `webhook` posts JSON to any "
        "`url` on the internet, signed by the Standard Webhooks specification with `signing_secret`. Rules, "
        "reports and others name it as `channel:name`. Secrets are kept in Secrets Manager and not shown again.",
        make_channel,
        body=Body("The channel.", schemas.GIVEN, schemas.GIVEN_EXAMPLE),
        problems=(412,),
    ),
    Route(
        method="GET",
        path="/v1/channels",
        name="list_channels",
        access=Access.ADMIN,
        summary="Every channel",
        description="Channels by name, without their secrets.",
        answers=(a_page("The channels.", schemas.CHANNEL, schemas.CHANNEL_EXAMPLE, LISTED),),
        handler=list_channels,
        parameters=(limit(LISTED, 500), CURSOR),
    ),
    _CHANNEL.get("get_channel", Access.ADMIN, "One channel", "How it is set up, without its secret.", get_channel),
    _CHANNEL.change(
        "change_channel",
        Access.ADMIN,
        "Change a channel",
        "Fields that are given take the place of those that are there; a secret is given anew as a whole, and is in "
        "use within a minute. Messages to a channel that is switched off are dropped.",
        change_channel,
        body=Body("What is changed.", schemas.CHANGED, schemas.CHANGED_EXAMPLE),
        method="PATCH",
    ),
    _CHANNEL.delete(
        "delete_channel",
        Access.ADMIN,
        "Delete a channel",
        "Its secret is deleted with it. The operators are told of a rule or report that still names it, when that has "
        "something to say.",
        delete_channel,
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
