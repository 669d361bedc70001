"""Bodies about alert rules, held against the metrics and the channels that there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.alerts.looking import check
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.rule_json import read_rule
from chalicelib.api.context import Context
from chalicelib.api.destinations import unknown
from chalicelib.api.envelope import instant
from chalicelib.api.routes import Call
from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.errors import RequestError


def read_alert(given: Mapping[str, Any], call: Call, context: Context, standing: Rule | None = None) -> Rule:
    """Read a rule; what it looks at is there, can be asked, and so are those whom it tells.

    Of a rule that is changed (``standing``) only what is new is held against what there is: one whose metric is gone
    can still be given another name, or be switched off.

    Raises
    ------
    RequestError
        400, 422 naming every field that is unknown, missing or wrong.
    """
    rule = read_rule(given)
    if standing is None or (rule.look, rule.condition) != (standing.look, standing.condition):
        check(rule, call.metrics())
        context.series.reader.require_patterns(None if rule.look is None else rule.look.where)
    told = () if standing is None else standing.to
    if errors := [fault("to", error) for error in unknown([to for to in rule.to if to not in told], context)]:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return rule


def read_snooze(given: Mapping[str, Any], now: datetime, longest: timedelta) -> datetime | None:
    """Read until when nothing is to be said, None: from now on all is said. Raises ``RequestError`` 400."""
    errors: list[Fault] = unknown_names(given, ("until",))
    until: datetime | None = None
    if "until" not in given:
        errors.append({"parameter": "until", "detail": "This field is needed: an instant, or null."})
    elif (said := given["until"]) is not None:
        until = _read(said)
        if until is None:
            detail = "An ISO 8601 instant with its offset is needed, such as 2026-11-27T08:00:00Z."
            errors.append({"parameter": "until", "detail": detail})
        elif not now < until <= now + longest:
            last = instant((now + longest).replace(microsecond=0))
            errors.append({"parameter": "until", "detail": f"It lies after now, and at {last} at the latest."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return until


def _read(said: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(said) if isinstance(said, str) else None
        return None if found is None or found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
