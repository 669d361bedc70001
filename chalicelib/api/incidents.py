"""``GET /v1/incidents``: what of Headwater is in trouble, and what has been in the last 30 days."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Final

from chalicelib.api import incident_schemas as schemas
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.paging import CURSOR, a_page, limit, listed, page_of
from chalicelib.api.routes import Access, Call, Parameter, Reply, Route
from chalicelib.domain.nearest import one_of
from chalicelib.incidents.incidents import Kind
from chalicelib.incidents.past import Over, past_incidents
from chalicelib.incidents.standing import Open, open_incidents
from chalicelib.incidents.words import WORDS

LISTED: Final = 100


class State(StrEnum):
    """Which incidents are asked for."""

    OPEN = "open"
    CLOSED = "closed"


def list_incidents(call: Call, context: Context) -> Reply:
    """Answer a page of the incidents, open ones and those that have ended, those noticed last first."""
    found = _found(context, call.values.get("state"))
    page = page_of(call, "incidents", found, lambda one: (one.opened_at.isoformat(), one.subject), LISTED, newest=True)
    return listed(call, page, describe, NO_STORE)


def _found(context: Context, state: State | None) -> Iterator[Open | Over]:
    if state is not State.CLOSED:
        yield from open_incidents(context.state)
    if state is not State.OPEN:
        yield from past_incidents(context.state, context.clock())


def describe(incident: Open | Over) -> dict[str, Any]:
    """Describe an incident."""
    words, over = WORDS[Kind(incident.kind)], incident if isinstance(incident, Over) else None
    return {
        "subject": incident.subject,
        "title": incident.title,
        "topic": incident.topic,
        "state": State.CLOSED.value if over else State.OPEN.value,
        "kind": incident.kind,
        "summary": f"{incident.title} {words.headline}",
        "since": instant(incident.since),
        "opened_at": instant(incident.opened_at),
        "closed_at": instant(over.closed_at) if over else None,
        "recovered": None if over is None else not over.is_dropped,
        "error": incident.error,
        "what_to_do": words.do,
        "runbook": words.path,
        "told": True if isinstance(incident, Over) else incident.is_told,
    }


def _parse_state(text: str) -> State:
    return State(one_of(text, State, "state"))


STATE: Final = Parameter(
    "state", "Only these.", {"type": "string", "enum": [state.value for state in State]}, "open", parse=_parse_state
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/incidents",
        name="list_incidents",
        access=Access.READ,
        summary="What is in trouble, and what was",
        description=(
            "Incidents of sources, of what has to be renewed for them, of cubes, of queues of given-up work and of "
            "scheduled functions: those that are open, and those that ended in the last 30 days; those noticed last "
            "come first. Each was told once when it opened, and once when it was over. `runbook` is a page of this "
            "site."
        ),
        answers=(a_page("The incidents.", schemas.INCIDENT, schemas.INCIDENT_EXAMPLE, LISTED),),
        handler=list_incidents,
        parameters=(STATE, limit(LISTED, 500), CURSOR),
    ),
)
