"""What runs by the clock, as something to be watched: a function that has not ended well when it should have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from chalicelib.incidents.heartbeats import Beat
from chalicelib.incidents.incidents import Kind, Sight, Subject, Trouble
from chalicelib.incidents.phrases import duration, instant

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One function that runs by the clock: every ``every``; ``grace`` is how much later is nothing to tell.

    The grace of a function that runs every minute is longer than its own three tries, so that one that fails is told by
    what it leaves in the queue of failed invocations.
    """

    function: str
    title: str
    every: timedelta
    grace: timedelta


SCHEDULES: Final[Mapping[str, Schedule]] = MappingProxyType(
    {
        schedule.function: schedule
        for schedule in (
            Schedule("dispatch", "The dispatcher", _MINUTE, 9 * _MINUTE),
            Schedule("head", "Answering ahead", _MINUTE, 14 * _MINUTE),
            Schedule("alert", "Evaluating alert rules", _MINUTE, 9 * _MINUTE),
            Schedule("digest", "Sending digests", 5 * _MINUTE, 15 * _MINUTE),
            Schedule("report", "Finding reports that are due", 5 * _MINUTE, 15 * _MINUTE),
            Schedule("reconcile", "Reconciliation", _HOUR, _HOUR),
            Schedule("compact", "Compaction", _DAY, _HOUR),
            Schedule("recount", "The recount of cubes", _DAY, _HOUR),
        )
    }
)
"""Every scheduled function but those that tell (CloudWatch watches them); a test holds it beside the template."""


def subject(
    schedule: Schedule,
    beat: Beat | None,
    watching_since: datetime,
    failing: Callable[[], Mapping[str, datetime]],
) -> Subject:
    """Answer a schedule as something to be watched.

    Parameters
    ----------
    beat
        Of its function; None when it has never ended well.
    watching_since
        Since when it is watched without a break: what was missed while nothing ran is not told.
    failing
        Which functions have given up an invocation, and when last. One that has done so since it last ended well is
        told of by that, and is not told of a second time.
    """
    tolerated = schedule.every + schedule.grace
    last = beat.at if beat else None

    def look(now: datetime, first_seen: datetime) -> Sight:
        facts = (("Ended well", instant(last)), ("Runs every", duration(schedule.every)))
        if last is not None and now - last <= tolerated:
            return Sight(now, None, is_well=True, facts=facts)
        known = last or first_seen
        if now - max(known, watching_since) <= tolerated or _is_told(failing(), known):
            return Sight(now, None, is_well=False, facts=facts)
        return Sight(now, Trouble(Kind.MISSED, known + schedule.every), is_well=False, facts=facts)

    def _is_told(given_up: Mapping[str, datetime], known: datetime) -> bool:
        at = given_up.get(schedule.function)
        return at is not None and at > known

    return Subject(f"schedule/{schedule.function}", schedule.title, schedule.function, look)
