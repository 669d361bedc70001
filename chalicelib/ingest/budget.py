"""What a source may spend in an hour, a day or a month, over all runs: counted in the state table, never exceeded.

The most that a call can cost is set aside before it is made, and what it did not cost is given back. Amounts are taken
from the state in blocks, so that a call does not cost two writes. What a killed run held is counted as spent: the count
errs on the side of the vendor's bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.domain.zones import resolve, zone
from chalicelib.errors import PreconditionFailed, RetriableSourceError, StoreUnavailable
from chalicelib.sources.base import Allowance, Page, Period, PullSource, Request, Window

_TRIES = 8
_BLOCKS_A_PERIOD = 50
_KEPT_FOR = timedelta(days=62)
"""How long a period's count can be looked at after its end."""


def period_of(allowance: Allowance, now: datetime) -> Window:
    """Answer the period that an instant lies in.

    >>> from datetime import UTC
    >>> units = Allowance("units_per_day", "units", Period.DAY, "America/Los_Angeles")
    >>> period_of(units, datetime(2026, 11, 22, 7, tzinfo=UTC)).end.isoformat()
    '2026-11-22T08:00:00+00:00'
    """
    at = zone(allowance.zone)
    local = now.astimezone(at)
    if allowance.period is Period.HOUR:
        start = now.replace(minute=0, second=0, microsecond=0)
        return Window(start, start + timedelta(hours=1))
    day = local.date() if allowance.period is Period.DAY else local.date().replace(day=1)
    after = day + timedelta(days=1 if allowance.period is Period.DAY else 32)
    after = after if allowance.period is Period.DAY else after.replace(day=1)
    return Window(*(resolve(datetime.combine(each, time()), at) for each in (day, after)))


@dataclass(frozen=True, slots=True)
class Spending:
    """What was spent of one allowance in the present period, what it may be, and when it is renewed."""

    unit: str
    period: Period
    spent: int
    allowed: int
    renewed_at: datetime


def spending(state: StateStore, source: PullSource, config: Mapping[str, Any], now: datetime) -> Iterator[Spending]:
    """Answer what a source has spent, held amounts included. Raises ``StoreUnavailable``."""
    for allowance in source.allowances:
        period = period_of(allowance, now)
        found = state.get(_pk(source), _sk(allowance, period))
        spent = int(found["spent"]) if found else 0
        yield Spending(allowance.unit, allowance.period, spent, int(config[allowance.key]), period.end)


@dataclass
class SourceBudget:
    """The budget of one run of one source.

    Parameters
    ----------
    keep
        The share of each allowance that this run must leave untouched: a backfill leaves some for live windows.
    """

    state: StateStore
    source: PullSource
    config: Mapping[str, Any]
    clock: Clock
    keep: float = 0.0
    _held: dict[tuple[Allowance, Window], int] = field(default_factory=dict)
    _aside: list[tuple[Allowance, Window, int]] = field(default_factory=list)

    def set_aside(self, request: Request) -> None:
        """Set aside the most that a request can cost.

        Raises
        ------
        RetriableSourceError
            It is more than what is left; ``retry_at`` is when the period ends.
        StoreUnavailable
            The count cannot be kept, so nothing may be spent.
        """
        self._aside.clear()
        price, now = self.source.price(request), self.clock()
        wanted = [(a, period_of(a, now), price.get(a.unit, 0)) for a in self.source.allowances]
        for allowance, period, amount in wanted:  # all are held before any is used: what the last refuses costs nothing
            missing = amount - self._held.get((allowance, period), 0)
            if missing > 0:
                self._take(allowance, period, missing)
        for allowance, period, amount in wanted:
            self._held[allowance, period] = self._held.get((allowance, period), 0) - amount
        self._aside.extend(wanted)

    def settle(self, page: Page) -> None:
        """Give back what the last request did not cost. A call without an answer costs what was set aside for it."""
        spent = self.source.spent(page)
        for allowance, period, amount in self._aside:
            self._held[allowance, period] += max(0, amount - spent.get(allowance.unit, 0))
        self._aside.clear()

    def bearable(self) -> datetime | None:
        """Answer when a call that may cost money can be made again after one without an answer.

        At most half of an allowance goes to such calls, as long as none waits longer than the source's own grid.
        """
        waits = [
            min(self.source.grid, 2 * (period.end - period.start) * amount / int(self.config[allowance.key]))
            for allowance, period, amount in self._aside
            if allowance.period is Period.MONTH and amount
        ]
        return self.clock() + max(waits) if waits else None

    def unsent(self) -> None:
        """Give back all that was set aside for the last request, which never left."""
        for allowance, period, amount in self._aside:
            self._held[allowance, period] += amount
        self._aside.clear()

    def release(self) -> None:
        """Give back to the state what this run holds; to be called at its end."""
        for (allowance, period), amount in self._held.items():
            if amount > 0:
                self._change(allowance, period, lambda spent, back=amount: spent - back)
        self._held.clear()

    def _take(self, allowance: Allowance, period: Window, missing: int) -> None:
        allowed = int(int(self.config[allowance.key]) * (1 - self.keep))
        block = max(missing, int(self.config[allowance.key]) // _BLOCKS_A_PERIOD)
        taken = 0

        def more(spent: int) -> int:
            nonlocal taken
            taken = min(block, allowed - spent)
            if taken < missing:
                raise RetriableSourceError(
                    f"{self.source.name} may spend {allowed} {allowance.unit} each {allowance.period}, and {spent} are "
                    f"spent: raise {allowance.key} in config/sources.toml, or wait",
                    period.end,
                )
            return spent + taken

        self._change(allowance, period, more)
        self._held[allowance, period] = self._held.get((allowance, period), 0) + taken

    def _change(self, allowance: Allowance, period: Window, change: Any) -> None:
        pk, sk = _pk(self.source), _sk(allowance, period)
        expires_at = int((period.end + _KEPT_FOR).timestamp())
        for _ in range(_TRIES):
            found = self.state.get(pk, sk)
            item = {"spent": change(int(found["spent"]) if found else 0), "expires_at": expires_at}
            try:
                self.state.put(pk, sk, item, expected_version=found["version"] if found else None)
                return
            except PreconditionFailed:
                continue
        raise StoreUnavailable(f"the budget of {self.source.name} could not be counted: other runs were always faster")


def _pk(source: PullSource) -> str:
    return f"budget#{source.name}"


def _sk(allowance: Allowance, period: Window) -> str:
    return f"{allowance.key}#{period.start.isoformat()}"
