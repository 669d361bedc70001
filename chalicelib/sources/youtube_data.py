"""What sources of the YouTube Data API v3 share: the way in, what a call costs, lists by id. Pure.

A list names what it knows of the ids that are asked for, fifty a call; what is gone is simply absent. A quota that is
used up is a 403 that ends at midnight in California. Source: YouTube Data API, "Errors", "Quota calculator".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import answers, google_answers, keys
from chalicelib.sources.base import Accepted, Allowance, Outcome, Page, Period, Rejected, Request
from chalicelib.sources.json_fields import items, read_object
from chalicelib.sources.records import shown

IDS_A_CALL = 50
UNITS = "units"

Resource = Mapping[str, Any]
"""One channel or video, as YouTube tells it."""


def section(ids: keys.Key, units_a_day: int) -> tuple[keys.Key, ...]:
    """Answer the keys of a section of the sources file: ``ids`` is the list of what is asked for."""
    return (
        keys.Key("base_url", keys.url, "the root of Google's API", "https://www.googleapis.com"),
        ids,
        keys.Key("units_per_day", keys.positive, "how many units a day may be spent; Google gives 10,000", units_a_day),
    )


class YoutubeAccess:
    """The way in: what every source of this API has beside its questions."""

    credential: ClassVar[str | None] = "youtube"
    allowances: ClassVar[tuple[Allowance, ...]] = (
        Allowance("units_per_day", UNITS, Period.DAY, google_answers.PACIFIC),
    )

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the API key on the request: in a header, so that it is in no address and no log."""
        return replace(request, headers={**request.headers, "x-goog-api-key": secret["token"]})

    def price(self, request: Request) -> Mapping[str, int]:  # noqa: ARG002 - the protocol
        """Answer a unit: every call costs one, a refused one too."""
        return {UNITS: 1}


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of one kind of resource.

    Parameters
    ----------
    noun
        What one is called: ``channel``, ``video``; the list's path and the configured ids' name are its plural.
    counts
        Reads the counts of one; raises ``SkippableRecordError`` where it is no such resource.
    paging
        What the list wants to be told beside the ids.
    """

    noun: str
    counts: Callable[[Any], Mapping[str, int | None]]
    paging: Mapping[str, str] = field(default_factory=dict)

    def requests(self, config: Mapping[str, Any]) -> Sequence[Request]:
        """Name one request for each fifty."""
        ids, url = config[f"{self.noun}s"], f"{config['base_url']}/youtube/v3/{self.noun}s"
        parts = (ids[at : at + IDS_A_CALL] for at in range(0, len(ids), IDS_A_CALL))
        asked = ({"part": "snippet,statistics", "id": ",".join(part), **self.paging} for part in parts)
        return [Request("GET", url, params) for params in asked]

    def judge(self, page: Page) -> None:
        """Accept an answer, or say whether to try again and when; another shape would be so for every resource."""
        google_answers.refuse(page)
        answer = answers.judge(page, "YouTube")
        try:
            for each in items(answer, "items") or []:
                self.counts(each)
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: YouTube's answer has changed its shape: {error}") from error
        if answer.get("kind") != f"youtube#{self.noun}ListResponse":
            raise FatalSourceError(f"{page.request.url}: YouTube's answer is no list of {self.noun}s")

    def outcomes(
        self, pages: Iterable[Page], ids: Sequence[str], accept: Callable[[str, Resource, Page], Accepted]
    ) -> Iterator[Outcome]:
        """Read a snapshot: one outcome a resource, in the configured order."""
        found = dict(_listed(pages))
        for wanted in ids:
            resource, page = found.get(wanted, (None, None))
            try:
                if resource is None or page is None:
                    raise SkippableRecordError(
                        f"YouTube does not know this {self.noun}: remove it from the configuration"
                    )
                yield accept(wanted, resource, page)
            except SkippableRecordError as error:
                yield Rejected(str(error), f"{self.noun} {wanted}", shown(resource))


def _listed(pages: Iterable[Page]) -> Iterator[tuple[str, tuple[Resource, Page]]]:
    for page in pages:
        try:
            listed = items(read_object(page.body), "items") or []
        except SkippableRecordError:
            continue  # its resources are then found nowhere, and set aside
        yield from ((str(each.get("id")), (each, page)) for each in listed if isinstance(each, dict))
