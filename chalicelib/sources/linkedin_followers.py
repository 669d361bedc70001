"""LinkedIn: followers of organisations, a snapshot every six hours.

``GET /rest/networkSizes/{urn}`` answers the total. Source: LinkedIn Marketing API, "Organization lookup".
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
from chalicelib.sources.json_fields import read_object, whole

FOLLOWERS = Table(
    "linkedin_followers",
    "What LinkedIn counts of each organisation's followers, every six hours",
    (
        *snapshots.columns("LinkedIn", "the six hours"),
        Column("organisation", ColumnType.STRING, "The organisation's URN, urn:li:organization:…"),
        Column("followers", ColumnType.INT64, "Members who follow it"),
    ),
    time_column="observed_at",
    sort_by=("organisation", "observed_at"),
)


class LinkedinFollowers(snapshots.Snapshots, linkedin_api.LinkedinAccess, PullSource):
    """A pulled source whose past cannot be asked for."""

    name: ClassVar[str] = "linkedin_followers"
    title: ClassVar[str] = "LinkedIn followers"
    tables: ClassVar[tuple[Table, ...]] = (FOLLOWERS,)
    grid: ClassVar[timedelta] = timedelta(hours=6)
    keys: ClassVar[tuple[keys.Key, ...]] = linkedin_api.KEYS

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:  # noqa: ARG002 - the protocol
        """Name one request an organisation."""
        return [_size(urn, config) for urn in config["organisations"]]

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when; an organisation that is gone is no failure."""
        if page.status == linkedin_api.GONE:
            return
        answer = linkedin_api.judge(page)
        try:
            _count(answer)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: LinkedIn's answer has changed its shape: {error}") from error

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read a snapshot: one outcome an organisation, in the configured order."""
        found = {page.request.url: page for page in pages}
        for urn in config["organisations"]:
            page = found.get(_size(urn, config).url)
            try:
                if page is None or page.status == linkedin_api.GONE:
                    raise SkippableRecordError("LinkedIn does not know this organisation: remove it, or mend its URN")
                yield _accept(urn, page, window)
            except SkippableRecordError as error:
                yield Rejected.of_body(str(error), f"organisation {urn}", page.body if page else b"")


def _size(urn: str, config: Mapping[str, Any]) -> Request:
    url = f"{config['base_url']}/rest/networkSizes/{linkedin_api.encoded(urn)}"
    return Request("GET", url, {"edgeType": "COMPANY_FOLLOWED_BY_MEMBER"}, linkedin_api.headers(config))


def _count(answer: Mapping[str, Any]) -> int:
    count = whole(answer, "firstDegreeSize")
    if count is None or count < 0:
        raise SkippableRecordError(f"firstDegreeSize: a count was expected, not {count}")
    return count


def _accept(urn: str, page: Page, window: Window) -> Accepted:
    row = {
        "observed_at": answers.answered_at(page),
        "window_start": window.start,
        "organisation": urn,
        "followers": _count(read_object(page.body)),
    }
    return snapshots.accepted(FOLLOWERS, row, window, urn)
