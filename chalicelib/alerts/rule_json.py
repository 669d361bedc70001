"""An alert rule as JSON, as people send it and as it is kept. Pure.

::

    {"name": "Downloads fell", "metric": "downloads", "interval": "PT1H", "tz": "Europe/Paris",
     "filter": {"dimension": "version", "operator": "is", "value": "3.5.0"}, "group_by": [],
     "condition": {"kind": "level", "side": "low", "threshold": 100, "recover": 120},
     "for": "PT2H", "keep_firing_for": "PT1H", "renotify_interval": "P1D", "on_no_data": "tell", "on_error": "tell",
     "severity": "warning", "topic": "downloads", "owner": "team@example.com", "to": ["subscribers", "channel:ops"],
     "message": "{value} in {period}", "enabled": true, "snoozed_until": null,
     "mute": [{"weekdays": [6, 7], "from": "00:00", "until": "00:00", "tz": "Europe/Paris"}]}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from chalicelib.alerts.condition_json import read_condition, write_condition
from chalicelib.alerts.fields import (
    Fields,
    chosen,
    duration,
    named,
    several,
    text,
    truth,
    whole,
    write_duration,
)
from chalicelib.alerts.rule import Anomaly, Incidents, Look, MuteWindow, Rule, When
from chalicelib.alerts.template import read_template
from chalicelib.domain.periods import Interval, parse_interval
from chalicelib.domain.zones import zone
from chalicelib.errors import RequestError
from chalicelib.metrics.filter_json import as_json, parse_filter
from chalicelib.outbox.message import OPERATORS, SUBSCRIBERS, Severity

LOOK: Final = ("metric", "interval", "tz", "filter", "group_by")
FIELDS: Final = (
    "name",
    *LOOK,
    "condition",
    "severity",
    "for",
    "keep_firing_for",
    "renotify_interval",
    "on_no_data",
    "on_error",
    "topic",
    "owner",
    "to",
    "message",
    "mute",
    "snoozed_until",
    "enabled",
)
LONGEST: Final = timedelta(days=31)
_TOPIC: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,39}")
_TO: Final = re.compile(
    rf"{OPERATORS}|{SUBSCRIBERS}|channel:[A-Za-z0-9][A-Za-z0-9_.-]{{0,63}}|subscription:[\w-]{{1,64}}"
)
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_WINDOW: Final = ("weekdays", "from", "until", "tz")
_SEASONAL: Final = (Interval.PT15M, Interval.PT1H, Interval.P1D)


def read_rule(given: Mapping[str, Any]) -> Rule:
    """Read what people send of a rule; it has no id yet. Whether its metric is there, ``looking.check`` tells.

    Raises
    ------
    RequestError
        400 naming every field that is unknown, missing or wrong.
    """
    fields = Fields(given, FIELDS)
    condition, wrong = read_condition(given.get("condition"))
    look = None if isinstance(condition, Incidents) else _look(fields)
    if look is None and (senseless := [name for name in LOOK if given.get(name)]):
        fields.wrong(senseless[0], "A rule about incidents looks at no metric: leave it out.")
    if look is not None and isinstance(condition, Anomaly) and look.interval not in _SEASONAL:
        fields.wrong("interval", f"What is usual is known for {', '.join(_SEASONAL)}.")
    rule = Rule(
        id="",
        name=fields.need("name", "", text(80)),
        condition=condition,
        look=look,
        severity=fields.read("severity", Severity.WARNING, chosen(Severity, "severity")),
        hold=fields.read("for", timedelta(), duration(LONGEST)),
        keep_firing=fields.read("keep_firing_for", timedelta(), duration(LONGEST)),
        renotify=fields.read("renotify_interval", None, duration(LONGEST, timedelta(minutes=5))),
        on_no_data=fields.read("on_no_data", When.TELL, chosen(When, "way to take it")),
        on_error=fields.read("on_error", When.TELL, chosen(When, "way to take it")),
        topic=fields.read("topic", "general", named(_TOPIC, "1 to 40 of a-z, 0-9, '_', '.' and '-' are needed.")),
        owner=fields.read("owner", "", text(120, 0)),
        to=fields.read("to", (SUBSCRIBERS,), several(named(_TO, _DESTINATION), 10, 1)),
        message=fields.read("message", "", read_template),
        mute=fields.read("mute", (), several(_window, 10)),
        snoozed_until=fields.read("snoozed_until", None, _instant),
        enabled=fields.read("enabled", True, truth),
    )
    if errors := [*fields.errors, *wrong]:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return rule


def write_rule(rule: Rule) -> dict[str, Any]:
    """Write a rule so that :func:`read_rule` reads the same; who made it and when is not part of it."""
    return {
        "name": rule.name,
        **_write_look(rule.look),
        "condition": write_condition(rule.condition),
        "severity": rule.severity.value,
        "for": write_duration(rule.hold),
        "keep_firing_for": write_duration(rule.keep_firing),
        "renotify_interval": None if rule.renotify is None else write_duration(rule.renotify),
        "on_no_data": rule.on_no_data.value,
        "on_error": rule.on_error.value,
        "topic": rule.topic,
        "owner": rule.owner,
        "to": list(rule.to),
        "message": rule.message,
        "mute": [_write_window(window) for window in rule.mute],
        "snoozed_until": None if rule.snoozed_until is None else _written(rule.snoozed_until),
        "enabled": rule.enabled,
    }


def meaning(rule: Rule) -> tuple[object, ...]:
    """Answer what a rule means: one in which this has changed is another, and begins anew.

    Its name, its words, who is told and when they sleep are not part of that: what is known of the present stays.
    """
    return rule.condition, rule.look, rule.hold, rule.keep_firing, rule.on_no_data, rule.on_error, rule.enabled


_DESTINATION: Final = f"'{SUBSCRIBERS}', '{OPERATORS}', 'channel:' and a name, or 'subscription:' and an id are needed."


def _look(fields: Fields) -> Look:
    return Look(
        metric=fields.need("metric", "", text(64)),
        interval=fields.need("interval", Interval.P1D, lambda given: parse_interval(str(given))),
        zone=fields.read("tz", "UTC", _zone),
        where=fields.read("filter", None, parse_filter),
        group_by=fields.read("group_by", (), several(text(64), 5)),
    )


def _write_look(look: Look | None) -> dict[str, Any]:
    if look is None:
        return {"metric": None, "interval": None, "tz": None, "filter": None, "group_by": []}
    return {
        "metric": look.metric,
        "interval": look.interval.value,
        "tz": look.zone,
        "filter": None if look.where is None else as_json(look.where),
        "group_by": list(look.group_by),
    }


def _zone(given: Any) -> str:
    return zone(str(given)).key


def _window(given: Any) -> MuteWindow:
    if not isinstance(given, Mapping) or given.keys() - set(_WINDOW):
        raise ValueError(f"Each is an object of {', '.join(_WINDOW)}, and of nothing else.")
    days = several(whole(1, 7), 7, 1)(given.get("weekdays", [1, 2, 3, 4, 5, 6, 7]))
    return MuteWindow(
        tuple(sorted(days)), _clock(given.get("from")), _clock(given.get("until")), _zone(given.get("tz", "UTC"))
    )


def _write_window(window: MuteWindow) -> dict[str, Any]:
    return {
        "weekdays": list(window.weekdays),
        "from": f"{window.start:%H:%M}",
        "until": f"{window.until:%H:%M}",
        "tz": window.zone,
    }


def _clock(given: Any) -> time:
    if not isinstance(given, str) or not _CLOCK.fullmatch(given):
        raise ValueError("'from' and 'until' are times of a day, such as '22:00'.")
    return time.fromisoformat(given)


def _instant(given: Any) -> datetime:
    try:
        found = datetime.fromisoformat(given).astimezone(UTC) if isinstance(given, str) else None
        if found is not None and datetime.fromisoformat(given).tzinfo is not None:
            return found
    except (ValueError, OverflowError):
        pass
    raise ValueError("An ISO 8601 instant with its offset is needed, such as 2026-11-27T08:00:00Z.")


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
