"""JSON Schema of an incident, with an example that the tests hold against real answers."""

from __future__ import annotations

from typing import Any, Final

from chalicelib.api.routes import Schema
from chalicelib.api.schemas import INSTANT, MAYBE_INSTANT, MAYBE_STRING, STRING, record
from chalicelib.incidents.incidents import Kind
from chalicelib.incidents.words import WORDS

INCIDENT: Final[Schema] = record(
    {
        "subject": {
            **STRING,
            "description": "What it is of: a source, `<source>/expiry`, `recount-<cube>`, `queue/<name>`, "
            "`schedule/<function>`.",
        },
        "title": STRING,
        "topic": {**STRING, "description": "By which people subscribe."},
        "state": {"enum": ["open", "closed"]},
        "kind": {"enum": [kind.value for kind in Kind]},
        "summary": STRING,
        "since": {**INSTANT, "description": "Since when it has been so, which may be before it was noticed."},
        "opened_at": {**INSTANT, "description": "When it was noticed."},
        "closed_at": MAYBE_INSTANT,
        "recovered": {
            "type": ["boolean", "null"],
            "description": "Whether it ended because all was well; false: because it is not watched any more.",
        },
        "error": {**MAYBE_STRING, "description": "Its own words, if it had any."},
        "what_to_do": STRING,
        "runbook": {**STRING, "description": "The path of a page of this site."},
        "told": {"type": "boolean", "description": "Whether its message is on its way."},
    }
)
INCIDENT_EXAMPLE: Final[dict[str, Any]] = {
    "subject": "queue/PullDeadLetters",
    "title": "Pulling",
    "topic": "PullDeadLetters",
    "state": "open",
    "kind": "dead_letters",
    "summary": "Pulling has given up work",
    "since": "2026-11-22T10:01:12Z",
    "opened_at": "2026-11-22T10:15:08Z",
    "closed_at": None,
    "recovered": None,
    "error": '{"stream": "mixpanel_events"}',
    "what_to_do": WORDS[Kind.DEAD_LETTERS].do,
    "runbook": "/runbooks/dead-letters.html",
    "told": True,
}
