"""LinkedIn: whom an organisation's followers are, a snapshot a day: by seniority, function, industry, place, size.

``organizationalEntityFollowerStatistics`` without ``timeIntervals``. A facet names its hundred largest segments at
most, so they do not add up to the total. Source: LinkedIn Marketing API, "Organization follower statistics".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import answers, keys, linkedin_api, snapshots
from chalicelib.sources.base import (
    Accepted,
    Column,
    ColumnType,
    Outcome,
    Page,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from chalicelib.sources.json_fields import items, read_object, text, whole
from chalicelib.sources.records import digest, shown

_S, _I = ColumnType.STRING, ColumnType.INT64

SEGMENTS = Table(
    "linkedin_follower_segments",
    "What LinkedIn counts of each organisation's followers by segment, once a day",
    (
        *snapshots.columns("LinkedIn", "the day"),
        Column("organisation", _S, "The organisation's URN, urn:li:organization:…"),
        Column("facet", _S, "What the segments differ in: seniority, function, industry, geo, geo_country, …"),
        Column("segment", _S, "LinkedIn's name of the segment, a URN or a word; null where it names none"),
        Column("organic_followers", _I, "Followers won without advertising; LinkedIn counts all of them here"),
        Column("paid_followers", _I, "Followers won by advertising, where LinkedIn tells them apart"),
    ),
    time_column="observed_at",
    sort_by=("organisation", "facet", "segment"),
)
FACETS: Mapping[str, tuple[str, str]] = {
    "followerCountsBySeniority": ("seniority", "seniority"),
    "followerCountsByFunction": ("function", "function"),
    "followerCountsByIndustry": ("industry", "industry"),
    "followerCountsByGeo": ("geo", "geo"),
    "followerCountsByGeoCountry": ("geo_country", "geo"),
    "followerCountsByStaffCountRange": ("staff_count_range", "staffCountRange"),
    "followerCountsByAssociationType": ("association_type", "associationType"),
}
"""LinkedIn's lists, the facet that each is, and the field that names a segment in it."""


class LinkedinFollowerSegments(snapshots.Snapshots, linkedin_api.LinkedinAccess, PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "linkedin_follower_segments"
    title: ClassVar[str] = "LinkedIn followers by segment"
    tables: ClassVar[tuple[Table, ...]] = (SEGMENTS,)
    grid: ClassVar[timedelta] = timedelta(days=1)
    keys: ClassVar[tuple[keys.Key, ...]] = linkedin_api.KEYS

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name one request an organisation."""
        url, headers = f"{config['base_url']}/rest/organizationalEntityFollowerStatistics", linkedin_api.headers(config)
        asked = ({"q": "organizationalEntity", "organizationalEntity": urn} for urn in config["organisations"])
        return [Request("GET", url, params, headers) for params in asked]

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when; an organisation that is gone is no failure."""
        if page.status == linkedin_api.GONE:
            return
        answer = linkedin_api.judge(page)
        try:
            for _, _, entry in _entries(answer):
                _counts(entry)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: LinkedIn's answer has changed its shape: {error}") from error

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:  # noqa: ARG002
        """Read a snapshot: one outcome a segment, in LinkedIn's order."""
        for page in pages:
            urn = page.request.params.get("organizationalEntity", "")
            try:
                if page.status == linkedin_api.GONE:
                    raise SkippableRecordError("LinkedIn does not know this organisation: remove it, or mend its URN")
                for number, (facet, field, entry) in enumerate(_entries(read_object(page.body)), start=1):
                    yield _outcome(entry, facet, field, page, window, f"{urn} {facet} {number}")
            except SkippableRecordError as error:
                yield Rejected.of_body(str(error), f"organisation {urn}", page.body)


def _entries(answer: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Answer every segment with its facet and the field of its name. Raises ``SkippableRecordError``."""
    elements = items(answer, "elements")
    if not elements or not all(isinstance(element, dict) for element in elements):
        raise SkippableRecordError("elements: follower statistics were expected")
    known = [(each, given, *names) for each in elements for given, names in FACETS.items() if given in each]
    if not known:
        raise SkippableRecordError("elements: followers by segment were expected")
    return [(facet, field, entry) for each, given, facet, field in known for entry in items(each, given) or []]


def _counts(entry: Any) -> dict[str, int]:
    if not isinstance(entry, dict):
        raise SkippableRecordError("a segment was expected to be an object")
    organic, paid = (whole(entry, f"followerCounts.{kind}FollowerCount") for kind in ("organic", "paid"))
    if organic is None or paid is None or organic < 0 or paid < 0:
        raise SkippableRecordError(f"followerCounts: two counts were expected, not {organic} and {paid}")
    return {"organic_followers": organic, "paid_followers": paid}


def _outcome(entry: Any, facet: str, field: str, page: Page, window: Window, where: str) -> Outcome:
    urn = page.request.params.get("organizationalEntity", "")
    try:
        row = {
            "observed_at": answers.answered_at(page),
            "window_start": window.start,
            "organisation": urn,
            "facet": facet,
            **_counts(entry),
            "segment": text(entry, field),
        }
    except SkippableRecordError as error:
        return Rejected(str(error), where, shown(entry))
    identity = f"{urn}@{window.start.isoformat()} {facet}={row['segment']}"
    return Accepted(identity, digest(row), ((SEGMENTS.name, row),))
