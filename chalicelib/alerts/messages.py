"""What people read of an alert: plain text with the number, the mark, the period and what to do next. Pure."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Final

from chalicelib.alerts.machine import Sample, Standing, What
from chalicelib.alerts.rule import Incidents, Rule
from chalicelib.alerts.subject import Subject, found, held_value, numbers_link, period_of, threshold
from chalicelib.alerts.template import filled
from chalicelib.alerts.wording import length, moment
from chalicelib.outbox.message import SITE, Kind, Message

SHORTEST: Final = 140
"""Characters of one line for a phone."""
SUBJECT: Final = 160
_NEXT: Final = {
    What.FIRED: "Look at what changed at that time; the numbers are behind the link. If it is known and nothing is to "
    "be done, snooze the rule; if it is not worth a message, change its mark.",
    What.STILL: "It has not been well since. If somebody is at work on it, snooze the rule until then.",
    What.RECOVERED: "Nothing.",
    What.NO_DATA: "See whether what is counted is still sent: the source is complete, and says nothing of it. If that "
    "is normal, set the rule's on_no_data to 'ok'.",
    What.ERROR: "Change the rule as the reason says; until then it looks at nothing. It goes on by itself afterwards, "
    "from where it stopped.",
}
_OF_INCIDENTS: Final = (
    "The incident has a message of its own, which says what to do and names its runbook; /v1/incidents lists what is "
    "open. If it is known, snooze the rule."
)


def message(subject: Subject, standing: Standing, what: What, was: What) -> Message:
    """Write what is said of a group as it stands.

    Parameters
    ----------
    standing
        Its ``count`` counts this message too.
    was
        What people knew before.
    """
    rule = subject.rule
    at = about(standing, what)
    found_out = headline(subject, standing.sample, what, was)
    link = f"{SITE}/alerts/{rule.id}"
    own = own_words(subject, standing, what, link)
    first = f"{mark_of(rule, what)}: {rule.name}"
    named = "" if subject.whole or not subject.group_told else f" ({subject.group_told})"
    return Message(
        id=f"alert/{rule.id}/{rule.revision}/{_digest(subject)}/{at:%Y%m%dT%H%MZ}/{standing.count}/{what.value}",
        at=at,
        kind=Kind.ALERT,
        topic=rule.topic,
        severity=rule.severity,
        subject=cut(line(f"[Headwater] {first}{named}: {found_out}"), SUBJECT),
        text="\n".join(_text(subject, standing, (what, was), own or f"{subject.title}{named}: {found_out}", link)),
        to=rule.to,
        short=phone(own, f"{first}{named}: {found_out}"),
        link=link,
    )


def about(standing: Standing, what: What) -> datetime:
    """Answer the instant that a message is about."""
    return standing.until if what is What.STILL or standing.since is None else standing.since


def own_words(subject: Subject, standing: Standing, what: What, link: str) -> str:
    """Say it in people's own words; nothing where they have none."""
    if not subject.rule.message or subject.whole:
        return ""
    return filled(subject.rule.message, _values(subject, standing, what, link))


def phone(own: str, usual: str) -> str:
    """Answer one line for a phone; people's own words only where they fit, for a link that is cut leads nowhere."""
    return line(own) if own and len(line(own)) <= SHORTEST else cut(line(usual), SHORTEST)


def mark_of(rule: Rule, what: What) -> str:
    """Answer the word that a message begins with."""
    match what:
        case What.FIRED:
            return rule.severity.value.upper()
        case What.STILL:
            return f"STILL {rule.severity.value.upper()}"
        case _:
            return what.value.replace("_", " ").upper()


def headline(subject: Subject, sample: Sample | None, what: What, was: What) -> str:
    """Say in one line what is the matter, or is not any more."""
    if sample is None:
        return what.value
    if subject.whole or what is What.ERROR:
        return "it can be evaluated again" if what is What.RECOVERED else f"it cannot be evaluated. {sample.reason}"
    if what is What.NO_DATA:
        return sample.reason or "nothing is known"
    limit = threshold(subject)
    back = "data is back. " if was is What.NO_DATA else ""
    bad = "" if not limit or what is What.RECOVERED else f" ({limit} is bad)"
    return f"{back}{found(subject, sample)}{bad}"


def _text(subject: Subject, standing: Standing, said: tuple[What, What], first: str, link: str) -> list[str]:
    what, was = said
    rule, sample = subject.rule, standing.sample
    facts = [
        ("Rule", f"{rule.name} ({rule.severity.value})"),
        ("State", standing.shown.value.replace("_", " ")),
        ("Group", subject.group_told),
        ("Period", period_of(subject, sample)),
        ("Value", subject.number(sample.value) if sample is not None and sample.value and not subject.whole else ""),
        ("Before", subject.number(sample.before) if sample is not None and sample.before else ""),
        ("Bad is", threshold(subject)),
        ("Since", _since(subject, standing, what, was)),
        ("Owner", rule.owner),
        ("Known", sample.reason if sample is not None and what is not What.RECOVERED else ""),
    ]
    lines = [f"{name + ':':<8} {line(said)}" for name, said in facts if said]
    asked = [] if sample is None or subject.whole else numbers_link(subject, standing, sample)
    return [
        first,
        "",
        *lines,
        "",
        f"What to do: {to_do(subject, what)}",
        "",
        f"See:     {link}",
        *asked,
        *more(rule, what),
    ]


def to_do(subject: Subject, what: What) -> str:
    """Say what to do next."""
    if what is What.ERROR or (subject.whole and what is not What.RECOVERED):
        return f"{_NEXT[What.ERROR]}\nRunbook: {SITE}/runbooks/alert-error.html"
    if isinstance(subject.rule.condition, Incidents) and what is What.FIRED:
        return _OF_INCIDENTS
    return _NEXT[what]


def more(rule: Rule, what: What) -> list[str]:
    """Say which messages there will be."""
    if what is What.RECOVERED:
        return []
    again = "" if rule.renotify is None or what in (What.NO_DATA, What.ERROR) else f", every {length(rule.renotify)}"
    return ["", f"You hear of it again when it is well{again and ', and until then' + again}."]


def _since(subject: Subject, standing: Standing, what: What, was: What) -> str:
    """Say since when, and of what is over from when to when."""
    blind = (What.NO_DATA, What.ERROR)
    if what in blind:
        return "" if standing.sample is None else moment(standing.sample.start, subject.zone)
    if standing.began is None or was in blind:
        return ""
    if what is not What.RECOVERED:
        return moment(standing.began, subject.zone)
    over = standing.since or standing.until
    return f"{moment(standing.began, subject.zone)} to {moment(over, subject.zone)}: {length(over - standing.began)}"


def _values(subject: Subject, standing: Standing, what: What, link: str) -> dict[str, str]:
    """Answer what people's own words may name."""
    rule, sample = subject.rule, standing.sample
    return {
        "name": rule.name,
        "state": standing.shown.value if what is not What.RECOVERED else what.value,
        "value": "no value" if sample is None else held_value(subject, sample),
        "threshold": threshold(subject),
        "metric": subject.title,
        "period": period_of(subject, sample),
        "group": subject.group_told,
        "since": "" if standing.began is None else moment(standing.began, subject.zone),
        "severity": rule.severity.value,
        "owner": rule.owner,
        "link": link,
    }


def _digest(subject: Subject) -> str:
    of = "whole" if subject.whole else list(subject.group)
    return hashlib.sha256(json.dumps(of).encode()).hexdigest()[:16]


def line(text: str) -> str:
    """Write a text in one line."""
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """Cut a text where it is too long."""
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."
