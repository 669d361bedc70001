"""The pages that links of messages lead to: for people, without a login or a script. Everything is escaped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from chalicelib.api.page_style import FORM_STYLE, STYLE
from chalicelib.outbox.audience import ANY_TOPIC
from chalicelib.subscriptions.sentences import PROTOCOLS, SEVERITIES, WEEKDAYS, sentences
from chalicelib.subscriptions.subscription import Protocol, Subscription

_DIGESTS: Final = (("none", "No digest"), ("daily", "Every day"), ("weekly", "Every week"))
MANY: Final = 8
"""Boxes that are shown at once beside those that are chosen."""
_NEW_DIGEST: Final = {"cadence": "none", "hour": 8, "weekday": 1, "zone": "UTC", "metrics": []}


def masked(protocol: Protocol, address: str) -> str:
    """Show an address so that its owner knows it, and nobody else learns it.

    >>> masked(Protocol.EMAIL, "ada@acme.example"), masked(Protocol.SMS, "+491712345678")
    ('a••@acme.example', '+49•••••••678')
    """
    if protocol is Protocol.SMS:
        return f"{address[:3]}{'•' * (len(address) - 6)}{address[-3:]}"
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}••@{domain}"


def page(title: str, *parts: str) -> str:
    """Write a page; ``parts`` are HTML."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · Headwater</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'<style>{STYLE}{FORM_STYLE}</style></head><body class="form"><main><p class="brand">Headwater</p>'
        f"<h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>"
    )


def refused(detail: str, title: str = "This link does nothing") -> str:
    """Say that a link is of no use, and why."""
    return page(title, f"<p>{escape(detail)}</p>", "<p>Nothing was changed.</p>")


def ending(one: Subscription, choose: str) -> str:
    """Ask whether a subscription is to end. ``choose``: where less can be chosen instead."""
    return page(
        "Stop these messages?",
        f"<p>{_whose(one)} gets:</p>{_what(one)}",
        '<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click">'
        '<button class="stop">Stop all of them</button></form>',
        f'<p><a href="{escape(choose)}">Choose what you hear instead</a></p>',
    )


def ended(one: Subscription) -> str:
    """Say that a subscription has ended."""
    return page(
        "You are unsubscribed",
        f"<p>{_whose(one)} gets no more messages. One that is on its way may still arrive within minutes.</p>",
        "<p>If this was a mistake, ask for a new subscription where you got this one.</p>",
    )


def confirming(one: Subscription) -> str:
    """Ask whether messages may come."""
    return page(
        "May messages come?",
        f"<p>Somebody ({escape(one.created_by)}) asked that {_whose(one)} gets:</p>{_what(one)}",
        '<form method="post"><input type="hidden" name="confirm" value="yes"><button>Yes, send them</button></form>',
        "<p>If you do not know of this, close this page: nothing will come.</p>",
    )


def confirmed(one: Subscription, choose: str) -> str:
    """Say that messages come from now on."""
    return page(
        "Confirmed",
        f"<p>{_whose(one)} gets from now on:</p>{_what(one)}",
        f'<p><a href="{escape(choose)}">Choose what you hear</a></p>',
    )


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person may choose from: titles by name, in the order in which they are shown."""

    alerts: Mapping[str, str]
    incidents: Mapping[str, str]
    reports: Mapping[str, str]
    metrics: Mapping[str, str]
    zones: Sequence[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form as it is shown: what is chosen, what is wrong with it, whether it has just been saved."""

    chosen: Mapping[str, Any]
    faults: Sequence[str] = ()
    saved: bool = False


def preferences(one: Subscription, draft: Draft, choices: Choices, action: str, end: str) -> str:
    """Have a person choose what they hear. ``action``: where the form goes; ``end``: where all of it can be ended."""
    chosen = draft.chosen
    said = ""
    if draft.saved:
        said = '<p class="good" role="status">Saved. It counts from now on.</p>'
    elif draft.faults:
        wrong = "".join(f"<li>{escape(fault)}</li>" for fault in draft.faults)
        said = f'<div class="bad" role="alert"><p>Nothing was saved:</p><ul>{wrong}</ul></div>'
    return page(
        "What you hear",
        f"<p>Messages to {_whose(one)}.</p>{said}",
        f'<form method="post" action="{escape(action)}">',
        _topics("Alerts", "alerts", "Every alert", choices.alerts, chosen["alerts"]),
        _topics("Incidents of Headwater itself", "incidents", "Every incident", choices.incidents, chosen["incidents"]),
        _field(
            "Of alerts and incidents", "least", [(s.value, text.capitalize()) for s, text in SEVERITIES.items()], chosen
        ),
        _topics("Reports", "reports", "Every report", choices.reports, chosen["reports"]),
        _digest(chosen["digest"] or _NEW_DIGEST, choices),
        f'<button>Save</button></form><p><a href="{escape(end)}">Stop all messages</a></p>',
    )


def _digest(digest: Mapping[str, Any], choices: Choices) -> str:
    hours = [(str(hour), f"{hour:02}:00") for hour in range(24)]
    weekdays = [(str(at), name) for at, name in enumerate(WEEKDAYS, 1)]
    zones = "".join(f'<option value="{escape(zone)}">' for zone in choices.zones)
    return (
        "<fieldset><legend>Digest of numbers</legend>"
        f'{_field("How often", "cadence", _DIGESTS, digest)}<div class="row">'
        f"{_field('At', 'hour', hours, digest)}{_field('On (of a weekly one)', 'weekday', weekdays, digest)}"
        f'<label>Time zone<input name="zone" list="zones" value="{escape(str(digest["zone"]))}" maxlength="64"></label>'
        f'<datalist id="zones">{zones}</datalist></div><p class="label">Metrics</p>'
        f"{_boxes('metrics', choices.metrics, digest['metrics'])}"
        "</fieldset>"
    )


def _topics(legend: str, name: str, every: str, known: Mapping[str, str], chosen: Collection[str]) -> str:
    boxes = _boxes(name, {ANY_TOPIC: every, **known}, chosen)
    return f"<fieldset><legend>{escape(legend)}</legend>{boxes}</fieldset>"


def _boxes(name: str, options: Mapping[str, str], chosen: Collection[str]) -> str:
    """Show what is chosen, and of many others only how many there are until somebody asks."""
    first = [value for value in options if value in chosen or value == ANY_TOPIC]
    rest = [value for value in options if value not in first]
    boxes = {value: _box(name, value, options[value], value in chosen) for value in options}
    shown = "".join(boxes[value] for value in (first if len(rest) > MANY else options))
    if len(rest) <= MANY:
        return f'<div class="boxes">{shown}</div>'
    more = "".join(boxes[value] for value in rest)
    summary = f"<summary>{len(rest)} {'more' if first else 'to choose from'}</summary>"
    opened = "" if first else " open"
    return f'<div class="boxes">{shown}</div><details{opened}>{summary}<div class="boxes">{more}</div></details>'


def _box(name: str, value: str, label: str, checked: bool) -> str:
    on = " checked" if checked else ""
    return (
        f'<label class="box"><input type="checkbox" name="{escape(name)}" value="{escape(value)}"{on}> '
        f"{escape(label)}</label>"
    )


def _field(label: str, name: str, options: Iterable[tuple[str, str]], chosen: Mapping[str, Any]) -> str:
    shown = "".join(
        f'<option value="{escape(value)}"{" selected" if str(chosen[name]) == value else ""}>{escape(text)}</option>'
        for value, text in options
    )
    return f'<label>{escape(label)}<select name="{escape(name)}">{shown}</select></label>'


def _whose(one: Subscription) -> str:
    return f"<strong>{escape(masked(one.protocol, one.address))}</strong> (by {PROTOCOLS[one.protocol]})"


def _what(one: Subscription) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in sentences(one.wishes))
    return f"<ul>{lines}</ul>"
