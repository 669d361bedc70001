"""``/v1/alerts``: rules by which people are told, made, changed, snoozed and deleted; how each stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from chalicelib.alerts import rule_state, standings
from chalicelib.alerts.groups import MOST as MOST_GROUPS
from chalicelib.alerts.machine import Phase
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.rule_json import meaning, write_rule
from chalicelib.alerts.rule_state import MOST, Kept
from chalicelib.alerts.standings import Standings
from chalicelib.api import alert_schemas as schemas
from chalicelib.api import idempotency
from chalicelib.api.alert_body import read_alert, read_snooze
from chalicelib.api.alert_states import describe_state, phase_of
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import instant
from chalicelib.api.paging import CURSOR, limit, listed, page_of
from chalicelib.api.preconditions import IF_MATCH, changed_meanwhile, require_match
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route
from chalicelib.api.schemas import ONE_OF_A_LIST, paged
from chalicelib.domain.nearest import one_of
from chalicelib.errors import RequestError, StoreUnavailable

LISTED: Final = 100
FEW: Final = 20
"""Groups that are not well which a list tells of each rule; one rule by itself tells all."""
LONGEST_SNOOZE: Final = timedelta(days=31)
_NO_STORE: Final = {"Cache-Control": "no-store"}
_TRIES: Final = 5


def make_alert(call: Call, context: Context) -> Reply:
    """Make a rule; the same ``Idempotency-Key`` makes it once."""
    assert call.caller is not None
    given = read_json_object(call)
    rule = read_alert(given, call, context)
    key, by, now = idempotency.read_key(call), call.caller.name, context.clock()
    digest = idempotency.digest_of(given)
    rule_id = idempotency.new_id(call.caller.id, key)
    standing = None if key is None else rule_state.read(context.state, rule_id)
    if standing is None:
        if sum(1 for _ in rule_state.every(context.state)) >= MOST:
            raise RequestError(f"There are {MOST:,} rules: delete one first.", status=409)
        made = replace(rule, id=rule_id, created_at=now, created_by=by, updated_at=now, updated_by=by)
        kept = Kept(made, digest)
        standing = rule_state.write(context.state, kept) or rule_state.read(context.state, rule_id)
    if standing is None or standing.deleted:
        raise RequestError("This key made a rule that was deleted since: use a new one.", status=409)
    if standing.request != digest:
        raise idempotency.used_for_another()
    reply = _reply(context, standing.rule)
    return Reply(reply.body, 201, {**reply.headers, "Location": f"alerts/{rule_id}"})


def list_alerts(call: Call, context: Context) -> Reply:
    """Answer a page of the rules, by name."""
    states = dict(standings.every(context.state))
    wanted: Phase | None = call.values.get("phase")
    every = rule_state.every(context.state)
    found = (one for one in every if wanted is None or phase_of(one, states.get(one.id)) is wanted)
    page = page_of(call, "alerts", found, lambda one: (one.name.casefold(), one.id), LISTED)
    return listed(call, page, lambda one: describe(one, states.get(one.id), FEW), _NO_STORE)


def get_alert(call: Call, context: Context) -> Reply:
    """Answer a rule; its ``ETag`` is what a change of it has to name."""
    return _reply(context, there(call, context).rule)


def change_alert(call: Call, context: Context) -> Reply:
    """Change some fields of a rule (RFC 7396), if it is still as the caller has seen it.

    One that means something else than before begins anew.
    """
    assert call.caller is not None
    standing = _seen(call, context)
    old = standing.rule
    changed = read_alert({**write_rule(old), **read_json_object(call)}, call, context, old)
    is_another = meaning(changed) != meaning(old)
    rule = replace(
        changed,
        id=old.id,
        revision=old.revision + is_another,
        created_at=old.created_at,
        created_by=old.created_by,
        updated_at=context.clock(),
        updated_by=call.caller.name,
        version=old.version,
    )
    earlier = old if is_another else standing.earlier
    written = rule_state.write(context.state, replace(standing, rule=rule, earlier=earlier))
    if written is None:
        raise changed_meanwhile()
    return _reply(context, written.rule)


def delete_alert(call: Call, context: Context) -> Reply:
    """Delete a rule, if it is still as the caller has seen it; those who were told that it fires are told so."""
    if rule_state.delete(context.state, _seen(call, context), context.clock()) is None:
        raise changed_meanwhile()
    return Reply(b"", 204, _NO_STORE)


def snooze_alert(call: Call, context: Context) -> Reply:
    """Say nothing of a rule until an instant; null: speak again. What has changed meanwhile is told afterwards."""
    now = context.clock()
    until = read_snooze(read_json_object(call), now, LONGEST_SNOOZE)
    for _ in range(_TRIES):
        standing = there(call, context)
        written = rule_state.write(context.state, replace(standing, rule=replace(standing.rule, snoozed_until=until)))
        if written is not None:
            return _reply(context, written.rule)
    raise StoreUnavailable(f"others changed rule {call.values['id']} at the same time, {_TRIES} times over")


def describe(rule: Rule, standing: Standings | None, most: int) -> dict[str, Any]:
    """Describe a rule, and how it stands."""
    return {
        "id": rule.id,
        **write_rule(rule),
        "revision": rule.revision,
        "created_at": instant(rule.created_at),
        "created_by": rule.created_by,
        "updated_at": instant(rule.updated_at),
        "updated_by": rule.updated_by,
        "state": describe_state(rule, standing, most),
    }


def there(call: Call, context: Context) -> Kept:
    """Answer the rule that the path names. Raises ``RequestError`` 404."""
    found = rule_state.read(context.state, call.values["id"])
    if found is None or found.deleted:
        raise RequestError("There is no rule with this id: see /v1/alerts.", status=404)
    return found


def _seen(call: Call, context: Context) -> Kept:
    standing = there(call, context)
    require_match(call, f'"{standing.rule.version}"')
    return standing


def _reply(context: Context, rule: Rule) -> Reply:
    headers: Mapping[str, str] = {**_NO_STORE, "ETag": f'"{rule.version}"'}
    return Reply(describe(rule, standings.read(context.state, rule.id), MOST_GROUPS), headers=headers)


ID: Final = Parameter(
    "id",
    "The rule's id.",
    {"type": "string", "maxLength": 64},
    "5f1c0d9a7be34c0f8f7a2b11",
    where="path",
    required=True,
)
PHASE: Final = Parameter(
    "phase",
    "Only rules of which this is the state: the worst of its groups.",
    {"type": "string", "enum": [one.value for one in Phase]},
    "firing",
    parse=lambda text: Phase(one_of(text, [one.value for one in Phase], "state")),
)
_ALERT: Final = (schemas.ALERT, schemas.ALERT_EXAMPLE)
_HOW: Final = (
    "`condition.kind` says what is bad: a `level` that is reached, a `change` against an earlier period, `no_data`, an "
    "`anomaly` (further from what is usual for its place in the week than values mostly are), or open `incidents` of "
    "Headwater itself (a source that fails or is late), which looks at no metric. It is looked at for whole buckets "
    "that are complete, of each group of `group_by` by itself. `for` and `keep_firing_for` count buckets' time: how "
    "long it has to be bad before people are told, and well before they are told that. `recover` is a mark of its own "
    "for being well again. `to` names who is told: `subscribers` of its `topic` and severity, `operators`, "
    "`channel:name`, `subscription:id`. `message` is in people's own words, with `{value}`, `{threshold}`, `{period}` "
    "and others in braces."
)

ROUTES = (
    Route(
        method="POST",
        path="/v1/alerts",
        name="make_alert",
        access=Access.ADMIN,
        summary="Make an alert rule",
        description=f"{_HOW} Try it on the past first: `POST /v1/alerts/preview`.",
        answers=(Answer(201, "It is made.", *_ALERT, headers=("Location",)),),
        handler=make_alert,
        headers=(idempotency.KEY,),
        body=Body("The rule.", schemas.GIVEN, schemas.GIVEN_EXAMPLE),
        problems=(409, 413, 415, 422),
    ),
    Route(
        method="GET",
        path="/v1/alerts",
        name="list_alerts",
        access=Access.READ,
        summary="Every alert rule",
        description="Rules by name, and how each stands.",
        answers=(
            Answer(200, "The rules.", paged(schemas.ALERT), {"results": [schemas.ALERT_EXAMPLE], **ONE_OF_A_LIST}),
        ),
        handler=list_alerts,
        parameters=(PHASE, limit(LISTED, 500), CURSOR),
    ),
    Route(
        method="GET",
        path="/v1/alerts/{id}",
        name="get_alert",
        access=Access.READ,
        summary="One alert rule",
        description="What it looks for, and how it stands.",
        answers=(Answer(200, "The rule.", *_ALERT),),
        handler=get_alert,
        parameters=(ID,),
        problems=(404,),
    ),
    Route(
        method="PATCH",
        path="/v1/alerts/{id}",
        name="change_alert",
        access=Access.ADMIN,
        summary="Change an alert rule",
        description=(
            "Fields that are given take the place of those that are there, `condition` as a whole; null is as if one "
            "had never been given. A rule that looks for something else than before begins anew (`revision`), and whom "
            "it has told that it fires is told so; its name, words, severity, destinations and mutes can be changed "
            "while it fires."
        ),
        answers=(Answer(200, "It is changed.", *_ALERT),),
        handler=change_alert,
        parameters=(ID,),
        headers=(IF_MATCH,),
        body=Body("What is changed.", schemas.CHANGED, schemas.CHANGED_EXAMPLE),
        problems=(404, 412, 413, 415, 422, 428),
    ),
    Route(
        method="DELETE",
        path="/v1/alerts/{id}",
        name="delete_alert",
        access=Access.ADMIN,
        summary="Delete an alert rule",
        description="Whom it has told that it fires is told that it was deleted; nobody hears of it any more.",
        answers=(Answer(204, "It is deleted."),),
        handler=delete_alert,
        parameters=(ID,),
        headers=(IF_MATCH,),
        problems=(404, 412, 428),
    ),
    Route(
        method="POST",
        path="/v1/alerts/{id}/snooze",
        name="snooze_alert",
        access=Access.ADMIN,
        summary="Snooze an alert rule",
        description=(
            "Says nothing of it until an instant, at most 31 days from now; null: speaks again. It is looked at as "
            "before, and what people should know by then is told then."
        ),
        answers=(Answer(200, "The rule.", *_ALERT),),
        handler=snooze_alert,
        parameters=(ID,),
        body=Body("Until when.", schemas.SNOOZE, schemas.SNOOZE_EXAMPLE),
        problems=(404, 413, 415),
    ),
)
