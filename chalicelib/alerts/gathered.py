"""What several groups of a rule say at one look is one message, and so is that a rule ends. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.alerts.groups import order
from chalicelib.alerts.machine import Standing, What
from chalicelib.alerts.messages import (
    SUBJECT,
    about,
    cut,
    headline,
    line,
    mark_of,
    message,
    more,
    own_words,
    phone,
    to_do,
)
from chalicelib.alerts.numbers import Group
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.standings import Standings
from chalicelib.alerts.subject import Subject, numbers_link, period_of, threshold
from chalicelib.alerts.wording import group_told
from chalicelib.outbox.message import SITE, Kind, Message

NAMED: Final = 20
"""Groups that a message tells one by one; of more it says how many they are."""
ENDED: Final = "ended"
"""What is said beside what rules say themselves: whoever changed or deleted one has put an end to what it had told."""
_LINE: Final = 160


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one group as it stands; ``was`` is what people knew before."""

    subject: Subject
    standing: Standing
    what: What
    was: What

    @property
    def at(self) -> datetime:
        """Answer the instant that it is about."""
        return about(self.standing, self.what)


def gathered(said: Sequence[Said]) -> list[tuple[Message, Sequence[Said]]]:
    """Write what is said at one look: a message for each thing that is said, and of which groups it is said."""
    by_what: dict[What, list[Said]] = {}
    for one in said:
        by_what.setdefault(one.what, []).append(one)
    return [(_message(of), of) for of in by_what.values()]


def _message(of: Sequence[Said]) -> Message:
    if len(of) == 1:
        return message(of[0].subject, of[0].standing, of[0].what, of[0].was)
    said = sorted(of, key=lambda one: order(one.subject.group))
    first, rule, what = said[0], said[0].subject.rule, said[0].what
    latest = max(one.at for one in said)
    count = sum(one.standing.count for one in said)
    names = f"{len(said)} groups: {', '.join(one.subject.group_told for one in said[:NAMED])}"
    told = f"{mark_of(rule, what)}: {rule.name}: {names}"
    link = f"{SITE}/alerts/{rule.id}"
    return Message(
        id=_id(rule.id, rule.revision, [one.subject.group for one in said], latest, count, what.value),
        at=latest,
        kind=Kind.ALERT,
        topic=rule.topic,
        severity=rule.severity,
        subject=cut(line(f"[Headwater] {told}"), SUBJECT),
        text="\n".join(
            [
                cut(line(f"{first.subject.title}: {names}"), _LINE),
                "",
                *_facts(first),
                "",
                *_listed([_line_of(one) for one in said]),
                "",
                f"What to do: {to_do(first.subject, what)}",
                "",
                f"See:     {link}",
                *_numbers(said),
                *more(rule, what),
            ]
        ),
        to=rule.to,
        short=phone("", told),
        link=link,
    )


def _facts(one: Said) -> list[str]:
    rule, sample = one.subject.rule, one.standing.sample
    facts = [
        ("Rule", f"{rule.name} ({rule.severity.value})"),
        ("State", one.standing.shown.value.replace("_", " ")),
        ("Period", period_of(one.subject, sample)),
        ("Bad is", threshold(one.subject)),
        ("Owner", rule.owner),
    ]
    return [f"{name + ':':<8} {line(said)}" for name, said in facts if said]


def _line_of(one: Said) -> str:
    """Tell of one group: in people's own words where they have some."""
    link = f"{SITE}/alerts/{one.subject.rule.id}"
    said = own_words(one.subject, one.standing, one.what, link) or headline(
        one.subject, one.standing.sample, one.what, one.was
    )
    return f"{one.subject.group_told}: {said}"


def _listed(lines: Sequence[str]) -> list[str]:
    shown = [cut(line(f"- {one}"), _LINE) for one in lines[:NAMED]]
    return [*shown, f"- and {len(lines) - NAMED} more"] if len(lines) > NAMED else shown


def _numbers(said: Sequence[Said]) -> list[str]:
    """Link to the numbers around that which began first: they are asked for by group."""
    one = min(said, key=lambda one: (one.standing.began or one.at, order(one.subject.group)))
    return [] if one.standing.sample is None else numbers_link(one.subject, one.standing, one.standing.sample)


def ended(rule: Rule, standings: Standings, at: datetime, why: str) -> Message | None:
    """Write to those who were told of a rule that nobody tells them of it any more; None where nobody was.

    Parameters
    ----------
    rule
        As it was when it told.
    at, why
        When it ended, and how.
    """
    known = {group: one for group, one in standings.groups.items() if one.known is not What.RECOVERED}
    blind = standings.whole.known is not What.RECOVERED
    if not known and not blind:
        return None
    groups = sorted(known, key=order)
    told = [group_told(standings.names, group) or rule.name for group in groups]
    count = sum(one.count for one in known.values()) + standings.whole.count
    link = f"{SITE}/alerts/{rule.id}"
    return Message(
        id=_id(rule.id, standings.revision, groups, at, count, ENDED),
        at=at,
        kind=Kind.ALERT,
        topic=rule.topic,
        severity=rule.severity,
        subject=cut(line(f"[Headwater] ENDED: {rule.name}: {why}"), SUBJECT),
        text="\n".join(
            [
                cut(line(f"{rule.name}: {why}."), _LINE),
                "",
                f"{'Rule:':<8} {line(rule.name)} ({rule.severity.value})",
                *([f"{'Owner:':<8} {line(rule.owner)}"] if rule.owner else []),
                "",
                "You were told that something is the matter with this. Whether it is well is not known:",
                *_listed([*told, *(["that the rule could not be evaluated"] if blind else [])]),
                "",
                "What to do: Nothing, if you know of the change; else ask who changed it.",
                "",
                f"See:     {link}",
            ]
        ),
        to=rule.to,
        short=phone("", f"ENDED: {rule.name}: {why}"),
        link=link,
    )


def _id(rule_id: str, revision: int, groups: Sequence[Group], at: datetime, count: int, what: str) -> str:
    """Name a message by what it tells of which groups; how often they were told of is more with each message."""
    digest = hashlib.sha256(json.dumps([list(group) for group in groups]).encode()).hexdigest()[:16]
    return f"alert/{rule_id}/{revision}/{digest}/{at:%Y%m%dT%H%MZ}/{count}/{what}"
