"""``/v1/alerts``: rules by which people are told, made, changed, snoozed and deleted; how each stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final

from chalicelib.alerts import rule_state, standings
from chalicelib.alerts.groups import MOST as MOST_GROUPS
from chalicelib.alerts.machine import Phase
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.rule_json import meaning, write_rule
from chalicelib.alerts.rule_state import MOST, Kept
from chalicelib.alerts.standings import Standings
from chalicelib.api import alert_schemas as schemas
from chalicelib.api import owned
from chalicelib.api.alert_body import read_alert, read_snooze
from chalicelib.api.alert_states import describe_state, phase_of
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.owned_routes import OfOne
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route, in_path
from chalicelib.domain.nearest import one_of
from chalicelib.errors import StoreUnavailable

LISTED: Final = 100
FEW: Final = 20
"""Groups that are not well which a list tells of each rule; one rule by itself tells all."""
LONGEST_SNOOZE: Final = timedelta(days=31)
_TRIES: Final = 5


def make_alert(call: Call, context: Context) -> Reply:
    """Make a rule; the same ``Idempotency-Key`` makes it once."""
    given = read_json_object(call)

    def wrote(rule_id: str, digest: str) -> Kept | None:
        rule, by, now = read_alert(given, call, context), call.by.name, context.clock()
        owned.require_room(sum(1 for _ in rule_state.every(context.state)), MOST, "rules")
        made = replace(rule, id=rule_id, created_at=now, created_by=by, updated_at=now, updated_by=by)
        return rule_state.write(context.state, Kept(made, digest))

    made = owned.made_once(call, given, "a rule", partial(rule_state.read, context.state), wrote)
    return owned.created(_reply(context, made.rule), f"alerts/{made.rule.id}")


def list_alerts(call: Call, context: Context) -> Reply:
    """Answer a page of the rules, by name."""
    states = dict(standings.every(context.state))
    wanted: Phase | None = call.values.get("phase")
    every = rule_state.every(context.state)
    found = (one for one in every if wanted is None or phase_of(one, states.get(one.id)) is wanted)
    page = page_of(call, "alerts", found, lambda one: (one.name.casefold(), one.id), LISTED)
    return listed(call, page, lambda one: describe(one, states.get(one.id), FEW), NO_STORE)


def get_alert(call: Call, context: Context) -> Reply:
    """Answer a rule; its ``ETag`` is what a change of it has to name."""
    return _reply(context, there(call, context).rule)


def change_alert(call: Call, context: Context) -> Reply:
    """Change some fields of a rule (RFC 7396), if it is still as the caller has seen it.

    One that means something else than before begins anew.
    """
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
        updated_by=call.by.name,
        version=old.version,
    )
    earlier = old if is_another else standing.earlier
    written = rule_state.write(context.state, replace(standing, rule=rule, earlier=earlier))
    return _reply(context, owned.won(written, lambda: rule_state.read(context.state, old.id)).rule)


def delete_alert(call: Call, context: Context) -> Reply:
    """Delete a rule, if it is still as the caller has seen it; those who were told that it fires are told so."""
    seen = _seen(call, context)
    deleted = rule_state.delete(context.state, seen, call.by.name, context.clock())
    owned.won(deleted, lambda: rule_state.read(context.state, seen.rule.id))
    return owned.gone()


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
    return owned.there(rule_state.read(context.state, call.values["id"]), call, "rule", "/v1/alerts")


def _seen(call: Call, context: Context) -> Kept:
    standing = there(call, context)
    owned.require_seen(call, standing)
    return standing


def _reply(context: Context, rule: Rule) -> Reply:
    return owned.reply(describe(rule, standings.read(context.state, rule.id), MOST_GROUPS), rule.version)


ID: Final = in_path("id", "The rule's id.", "5f1c0d9a7be34c0f8f7a2b11", 64)
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
_RULE = OfOne("/v1/alerts", ID, _ALERT)

ROUTES = (
    _RULE.make(
        "make_alert",
        Access.ADMIN,
        "Make an alert rule",
        f"{_HOW} Try it on the past first: `POST /v1/alerts/preview`.",
        make_alert,
        body=Body("The rule.", schemas.GIVEN, schemas.GIVEN_EXAMPLE),
    ),
    Route(
        method="GET",
        path="/v1/alerts",
        name="list_alerts",
        access=Access.READ,
        summary="Every alert rule",
        description="Rules by name, and how each stands.",
        answers=(a_page("The rules.", schemas.ALERT, schemas.ALERT_EXAMPLE, LISTED),),
        handler=list_alerts,
        parameters=(PHASE, limit(LISTED, 500), CURSOR),
    ),
    _RULE.get("get_alert", Access.READ, "One alert rule", "What it looks for, and how it stands.", get_alert),
    _RULE.change(
        "change_alert",
        Access.ADMIN,
        "Change an alert rule",
        "Fields that are given take the place of those that are there, `condition` as a whole; null is as if one had "
        "never been given. A rule that looks for something else than before begins anew (`revision`), and whom it has "
        "told that it fires is told so; its name, words, severity, destinations and mutes can be changed while it "
        "fires.",
        change_alert,
        body=Body("What is changed.", schemas.CHANGED, schemas.CHANGED_EXAMPLE),
        problems=(422,),
        method="PATCH",
    ),
    _RULE.delete(
        "delete_alert",
        Access.ADMIN,
        "Delete an alert rule",
        "Whom it has told that it fires is told that it was deleted; nobody hears of it any more.",
        delete_alert,
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
