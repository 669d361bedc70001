"""Share of voice: of the clicks that all tracked brands can expect from search, the part of each. Pure.

A position is worth the share of searches that click on it (the *click curve*); a keyword may weigh more than another,
by its searches or by what it is worth. Expected clicks of a brand = sum over its ranked keywords of weight x rate.

The curve that is meant where nothing is configured is SISTRIX's of July 2020, of some 80 million keywords of Google on
mobile devices ("Why (almost) everything you knew about Google CTR is no longer valid", sistrix.com): what a page of
results gives its ten places. Beyond the tenth place it measured well under one in a hundred, taken as none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal

CLICK_CURVE = ("0.285", "0.157", "0.110", "0.080", "0.072", "0.051", "0.040", "0.032", "0.028", "0.025")
"""The rate of the first place, of the second, and so on."""

_SCALE = Decimal("1E-9")


@dataclass(frozen=True, slots=True)
class Ranking:
    """One check of one keyword for one page of a brand; ``position`` is None where it was not among the results."""

    brand: str
    page: str
    keyword: str
    engine: str
    checked_at: datetime
    position: int | None
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """One brand on one day. ``share`` is None where no brand can expect a click."""

    brand: str
    clicks: Decimal
    clicks_of_all: Decimal
    share: Decimal | None
    ranked: int
    tracked: int


def click_rate(position: int | None, curve: Sequence[str]) -> Decimal:
    """Answer the share of searches that click on a position; none where it is not ranked or beyond the curve.

    >>> click_rate(1, CLICK_CURVE), click_rate(11, CLICK_CURVE), click_rate(None, CLICK_CURVE)
    (Decimal('0.285'), Decimal('0'), Decimal('0'))
    """
    if position is None or not 1 <= position <= len(curve):
        return Decimal(0)
    return Decimal(curve[position - 1])


def shares(day: Iterable[Ranking], curve: Sequence[str]) -> Iterator[Share]:
    """Answer each brand's share of one day, by name; of several checks of a keyword the last one counts.

    Shares are rounded half to even to nine places, so their sum may miss one by as many billionths as there are brands.
    """
    last: dict[tuple[str, str, str, str], Ranking] = {}
    for ranking in sorted(day, key=lambda r: r.checked_at):
        last[ranking.brand, ranking.page, ranking.keyword, ranking.engine] = ranking
    clicks: dict[str, Decimal] = {}
    for ranking in last.values():
        worth = ranking.weight * click_rate(ranking.position, curve)
        clicks[ranking.brand] = clicks.get(ranking.brand, Decimal(0)) + worth
    total = sum(clicks.values(), Decimal(0))
    for brand in sorted(clicks):
        own = [ranking for ranking in last.values() if ranking.brand == brand]
        share = (clicks[brand] / total).quantize(_SCALE, ROUND_HALF_EVEN) if total else None
        ranked = sum(ranking.position is not None for ranking in own)
        yield Share(brand, clicks[brand], total, share, ranked, len(own))


def brand_of(url: str, brands: Mapping[str, str]) -> str | None:
    """Answer the brand of an address: that of its host, or of the domain above it.

    >>> brand_of("https://docs.acme.test/start", {"acme.test": "Acme"}), brand_of("notacme.test", {"acme.test": "Acme"})
    ('Acme', None)
    """
    host = url.partition("://")[2] or url
    labels = host.split("/", 1)[0].split(":", 1)[0].lower().split(".")
    tails = (".".join(labels[at:]) for at in range(len(labels)))
    return next((brands[tail] for tail in tails if tail in brands), None)
