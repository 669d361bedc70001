"""What the original contract has to answer, told from the test servers' own facts and books, by no code of Headwater's.

Salesforce's from what became of each record, the web's from what people's browsers posted, the networks' and the rank
tracker's from the rows of their books.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.servers.beacons import Post
from tests.servers.salesforce_facts import STEPS, Version

Row = Mapping[str, Any]
SILENCE, HELD = timedelta(minutes=30), timedelta(hours=1)


def changed(versions: Iterable[Version], start: datetime, end: datetime) -> frozenset[tuple[str, str]]:
    """Answer the records that changed in ``[start, end)``."""
    return frozenset((version.object, version.identity) for version in versions if start <= version.moment < end)


def pipeline(
    versions: Iterable[Version],
    until: datetime,
    start: datetime,
    end: datetime,
    without: frozenset[tuple[str, str]] = frozenset(),
) -> dict[str, int]:
    """Count what first reached each step in ``[start, end)``, of the records that are there at ``until``."""
    gone: set[str] = set()
    reached: dict[tuple[str, str, str], datetime] = {}
    for version in sorted(versions, key=lambda v: v.moment):
        if version.moment >= until or version.object not in ("Lead", "Opportunity"):
            continue
        if version.fields["IsDeleted"]:
            gone.add(version.identity)
        step = STEPS.get(version.fields["Status" if version.object == "Lead" else "StageName"], "other")
        reached.setdefault((version.object, version.identity, step), version.moment)
    names = {
        ("Lead", "raw_lead"): "rawleads",
        ("Lead", "mql"): "mlq",
        ("Lead", "inquiry"): "inquiries",
        ("Opportunity", "opportunity"): "opp",
    }
    counts = dict.fromkeys(names.values(), 0)
    for (kind, identity, step), at in reached.items():
        there = identity not in gone and (kind, identity) not in without
        if (kind, step) in names and there and start <= at < end:
            counts[names[kind, step]] += 1
    return {**counts, "mql": counts["mlq"]}


def traffic(posts: Iterable[Post], start: datetime, end: datetime) -> dict[str, int]:
    """Count the sessions that began in ``[start, end)``, and who was there then."""
    of: defaultdict[tuple[str, str, bool], list[datetime]] = defaultdict(list)
    new, returning, blog = set(), set(), set()
    for post in posts:
        if post.again:
            continue
        who = (post.headers["X-Forwarded-For"], post.headers["User-Agent"])
        for said, row in zip(json.loads(post.body)["events"], post.rows, strict=False):
            at = _happened(post, said["at"])
            if row["is_bot"]:
                continue
            of[*who, _named_late(at, post.at)].append(at)
            if not start <= at < end:
                continue
            own = row["first_party_id"]
            if own is not None:
                (returning if row["first_seen_on"] < at.date() else new).add(own)
            if row["section"] == "blog":
                blog.add(own or (*who, at.date()))
    begun = sum(start <= at < end for times in of.values() for at in _begun(sorted(times)))
    people = {"newVisitors": len(new), "returningVisitors": len(returning), "blogViewers": len(blog)}
    return {"sessions": begun, **people}


def _happened(post: Post, clock_ms: int) -> datetime:
    """Answer when something happened: what was held back for more than an hour counts when it came."""
    held = timedelta(milliseconds=int(post.at.timestamp() * 1000) - clock_ms)
    return post.at - held if held <= HELD else post.at


def _named_late(at: datetime, came: datetime) -> bool:
    """Tell whether a name is of another day than what happened: the day before is remembered for a silence only."""
    midnight = came.replace(hour=0, minute=0, second=0, microsecond=0)
    return at < midnight and came - midnight >= SILENCE


def _begun(times: Sequence[datetime]) -> Iterable[datetime]:
    """Answer when each session of somebody began."""
    before = None
    for at in times:
        if before is None or at - before >= SILENCE:
            yield at
        before = at


def followers(books: Mapping[str, Sequence[Row]]) -> dict[str, Any]:
    """Add up the last look at each account."""
    youtube = _last(books["youtube_channels"], "channel_id")
    return {
        "youtube": {"views": _sum(youtube, "views"), "subscribers": _sum(youtube, "subscribers")},
        "linkedin": _sum(_last(books["linkedin_followers"], "organisation"), "followers"),
        "twitter": _sum(_last(books["x_accounts"], "account_id"), "followers"),
    }


def _last(rows: Sequence[Row], account: str) -> list[Row]:
    return list({row[account]: row for row in sorted(rows, key=lambda row: row["observed_at"])}.values())


def _sum(rows: Sequence[Row], name: str) -> int | None:
    told = [row[name] for row in rows if row[name] is not None]
    return sum(told) if told else None


def shares(rows: Iterable[Row], brands: Sequence[str]) -> dict[str, int | None]:
    """Share a hundred out by the clicks of the last day that has any: rounded down, then the largest remainders up."""
    days: defaultdict[datetime, dict[str, Decimal]] = defaultdict(dict)
    for row in rows:
        days[row["day_start"]][row["brand"]] = Decimal(row["clicks"])
    told = [clicks for _, clicks in sorted(days.items()) if sum(clicks.values())]
    if not told:
        return dict.fromkeys(brands)
    total = sum(told[-1].values())
    exact = {brand: 100 * told[-1].get(brand, Decimal(0)) / total for brand in brands}
    found = {brand: int(share) for brand, share in exact.items()}
    largest = sorted(brands, key=lambda brand: (found[brand] - exact[brand], -exact[brand], brand))
    for brand in largest[: 100 - sum(found.values())]:
        found[brand] += 1
    return dict(found)
