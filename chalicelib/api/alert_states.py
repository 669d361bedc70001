"""How an alert rule stands, as people see it: its worst group first."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from chalicelib.alerts.looking import bucket_end
from chalicelib.alerts.machine import Phase, Standing, What
from chalicelib.alerts.rule import Rule
from chalicelib.alerts.standings import Standings
from chalicelib.api.envelope import instant

_WORST: Final = (Phase.ERROR, Phase.FIRING, Phase.RECOVERING, Phase.NO_DATA, Phase.PENDING, Phase.NORMAL)


def phase_of(rule: Rule, standings: Standings | None) -> Phase | None:
    """Answer how a rule stands in one word: as the worst of its groups; None before its first look."""
    if standings is None or standings.revision != rule.revision:
        return None
    shown = {one.shown for one in (standings.whole, *standings.groups.values())}
    return next(phase for phase in _WORST if phase in shown)


def describe_state(rule: Rule, standings: Standings | None, most: int) -> dict[str, Any]:
    """Describe how a rule stands, with ``most`` of the groups that are not well."""
    phase = phase_of(rule, standings)
    if phase is None or standings is None:
        return _NOT_LOOKED_AT
    every = [standings.whole, *standings.groups.values()]
    since = min((one.since for one in every if one.shown is phase and one.since is not None), default=None)
    known = standings.groups.items()
    unwell = sorted(
        ((group, one) for group, one in known if not one.plain), key=lambda pair: _WORST.index(pair[1].shown)
    )
    return {
        "phase": phase.value,
        "since": instant(since),
        "looked_at_until": instant(standings.until),
        "next_bucket_ends": None if rule.look is None else instant(bucket_end(standings.until, rule.look)),
        "late": standings.late or None,
        "error": standings.failure or None,
        "told": next((one.known.value for one in every if one.known is not What.RECOVERED), None),
        "told_at": instant(max((one.told_at for one in every if one.told_at is not None), default=None)),
        "counts": dict(Counter(one.shown.value for one in standings.groups.values())),
        "groups": [_group(dict(zip(standings.names, group, strict=True)), one) for group, one in unwell[:most]],
    }


_NOT_LOOKED_AT: Final[dict[str, Any]] = {
    **dict.fromkeys(("phase", "since", "looked_at_until", "next_bucket_ends", "late", "error", "told", "told_at")),
    "counts": {},
    "groups": [],
}


def _group(named: dict[str, str | None], one: Standing) -> dict[str, Any]:
    sample = one.sample
    return {
        "group": named,
        "phase": one.shown.value,
        "since": instant(one.since),
        "start": None if sample is None else instant(sample.start),
        "end": None if sample is None else instant(sample.at),
        "value": None if sample is None else sample.value or None,
        "held": None if sample is None else sample.held or None,
        "reason": None if sample is None else sample.reason or None,
        "told": None if one.known is What.RECOVERED else one.known.value,
        "told_at": instant(one.told_at),
    }
