"""``/v1/preferences``: what a person wants of the site, whatever machine they sit at."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api import dashboard_schemas as schemas
from chalicelib.api import owned
from chalicelib.api.bodies import read_json_object
from chalicelib.api.context import Context
from chalicelib.api.preconditions import IF_MATCH, changed_meanwhile, require_match
from chalicelib.api.routes import Access, Answer, Body, Call, Reply, Route
from chalicelib.dashboards import kept
from chalicelib.dashboards.seeded import seeded
from chalicelib.domain.faults import fault, unknown_names
from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.domain.state import wrote
from chalicelib.errors import RequestError

PK: Final = "preferences"
_FIELDS: Final = ("default_dashboard",)


def get_preferences(call: Call, context: Context) -> Reply:
    """Answer the caller's preferences; nobody has to have any."""
    return owned.reply(*_standing(call, context))


def change(call: Call, context: Context) -> Reply:
    """Change the caller's preferences whole, if they are still as the caller has seen them."""
    _, version = _standing(call, context)
    require_match(call, owned.tag(version))
    said = _read(read_json_object(call), context)
    if not wrote(context.state, PK, call.by.id, said, expected_version=version or None):
        raise changed_meanwhile()
    return owned.reply(said, version + 1)


def _standing(call: Call, context: Context) -> tuple[dict[str, Any], int]:
    item = context.state.get(PK, call.by.id) or {}
    return {name: item.get(name) for name in _FIELDS}, item.get("version", 0)


def _read(given: dict[str, Any], context: Context) -> dict[str, Any]:
    errors = unknown_names(given, _FIELDS)
    name = given.get("default_dashboard")
    if "default_dashboard" not in given or not isinstance(name, str | None):
        errors.append(fault("default_dashboard", ValueError("The id of a dashboard is needed, or null.")))
    elif name is not None and name not in seeded():
        found = kept.read(context.state, name)
        if found is None or found.deleted:
            said = f"There is no dashboard {name[:80]!r}: see /v1/dashboards."
            errors.append(fault("default_dashboard", NotKnown(said, nearest(name, tuple(seeded())))))
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return {"default_dashboard": name}


_ANSWER = (schemas.PREFERENCES, schemas.PREFERENCES_EXAMPLE)

ROUTES = (
    Route(
        method="GET",
        path="/v1/preferences",
        name="get_preferences",
        access=Access.READ,
        summary="What I want of the site",
        description=(
            "Of whom the token belongs to. A dashboard that was deleted since may still be named. `ETag` is the "
            "version that a change has to name, before the first one, too."
        ),
        answers=(Answer(200, "The preferences.", *_ANSWER, headers=("ETag",)),),
        handler=get_preferences,
    ),
    Route(
        method="PUT",
        path="/v1/preferences",
        name="change_preferences",
        access=Access.READ,
        summary="Change what I want of the site",
        description="All of it, if it is still the version that `If-Match` names (412 if not, 428 without).",
        answers=(Answer(200, "Changed; `ETag` is its new version.", *_ANSWER, headers=("ETag",)),),
        handler=change,
        headers=(IF_MATCH,),
        body=Body("The preferences.", schemas.PREFERENCES_GIVEN, schemas.PREFERENCES_EXAMPLE),
        problems=(412, 413, 415, 428),
    ),
)
