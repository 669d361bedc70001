"""What is said of each kind of incident: headline, meaning, what to do, how much it matters, its runbook. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from chalicelib.incidents.incidents import Kind
from chalicelib.outbox.message import SITE, Severity

CAUGHT_UP: Final = "What can be fetched late is being caught up by itself."


@dataclass(frozen=True, slots=True)
class Words:
    """Of one kind of incident.

    ``headline`` follows the subject's title, ``runbook`` names a page of ``docs/runbooks`` and of the site,
    ``over`` is what is said when it is over.
    """

    headline: str
    what: str
    do: str
    severity: Severity
    runbook: str
    over: str = CAUGHT_UP

    @property
    def path(self) -> str:
        """Answer where the runbook is on the site."""
        return f"/runbooks/{self.runbook}.html"

    @property
    def address(self) -> str:
        """Answer the runbook's whole address."""
        return f"{SITE}{self.path}"


WORDS: Final[Mapping[Kind, Words]] = MappingProxyType(
    {
        Kind.FAILING: Words(
            "is failing",
            "Its runs fail.",
            "Read the error. What a retry can mend is retried by itself; nothing is lost meanwhile.",
            Severity.CRITICAL,
            "source-failing",
        ),
        Kind.CREDENTIALS: Words(
            "needs credentials",
            "Its credentials are refused or missing.",
            "Put valid credentials into the source's secret; they are used within a minute, and the source is tried "
            "again within the hour.",
            Severity.CRITICAL,
            "source-credentials",
        ),
        Kind.RATE_LIMITED: Words(
            "is rate-limited",
            "It is rate-limited, and its data is overdue.",
            "It is tried again at the time that the source named. If this comes back, lower its budget of calls in "
            "config/sources.toml or ask the vendor for more.",
            Severity.WARNING,
            "source-rate-limited",
        ),
        Kind.LATE: Words(
            "is late",
            "Its runs end well, but its data does not come on.",
            "See whether the outside system still delivers.",
            Severity.WARNING,
            "source-late",
        ),
        Kind.SILENT: Words(
            "has fallen silent",
            "We are listening, but nothing has come for longer than is normal.",
            "See whether the outside system still sends: was a webhook deleted, was logging switched off? If such a "
            "silence is normal, raise silent_after_hours in config/sources.toml.",
            Severity.WARNING,
            "source-silent",
        ),
        Kind.EXPIRING: Words(
            "needs something renewed",
            "Something that it needs ends, and only a person can renew it.",
            "What the reason says. Until the end the source works; afterwards it stops.",
            Severity.WARNING,
            "source-expiring",
        ),
        Kind.STALLED: Words(
            "has stalled",
            "Nothing of ours has run when it should have.",
            "See whether the schedule fires and whether the queues' dead-letter queues are empty.",
            Severity.CRITICAL,
            "source-stalled",
        ),
        Kind.DIFFERS: Words(
            "differs from its raw rows",
            "Its numbers are not those of its raw rows.",
            "Nothing now: the days are being computed again, and tomorrow's recount says whether they are right. If "
            "this is still open then, read the runbook.",
            Severity.CRITICAL,
            "cube-differs",
            "Its numbers are right again.",
        ),
        Kind.DEAD_LETTERS: Words(
            "has given up work",
            "Work failed as often as it is tried, and waits for a person.",
            "Find out why in the function's log and mend it; then have the work done again as below, or throw it away. "
            "What nobody looks at is forgotten after 14 days.",
            Severity.CRITICAL,
            "dead-letters",
            "Nothing waits there any more: it was done again, thrown away, or forgotten after 14 days.",
        ),
        Kind.MISSED: Words(
            "has missed its schedule",
            "It has not ended well when it should have.",
            "See whether its schedule is enabled and what its log says last.",
            Severity.CRITICAL,
            "schedule-missed",
            "It runs again; what it had left undone it does with its next runs.",
        ),
    }
)
