"""Find what came to nobody: webhooks that GitHub failed to deliver, and log objects whose S3 event was lost.

Both are asked for again by the front door, where twice is once: GitHub redelivers the same body, and a log object gets
the inbox key that its event would have given it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from chalicelib.domain.objects import ObjectInfo, ObjectStore
from chalicelib.errors import FatalSourceError, RetriableSourceError, SkippableRecordError
from chalicelib.ingest.inbox import Pointer, accept_pointer, pointer_key
from chalicelib.ingest.ports import Fetcher
from chalicelib.lake import commits, published
from chalicelib.lake.steps import Step
from chalicelib.sources import github_answers
from chalicelib.sources.base import Page, Request
from chalicelib.sources.json_fields import instant, text, whole

KEPT = timedelta(days=3)
"""How long GitHub can redeliver; log objects are looked for as far back."""

IN_FLIGHT = timedelta(minutes=10)
"""What is younger may still arrive by itself."""

MAX_PAGES = 500
MAX_OBJECTS = 100_000
_HEADERS = {"accept": "application/vnd.github+json", "x-github-api-version": "2022-11-28", "user-agent": "headwater"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of GitHub's attempts to deliver; ``guid`` is the delivery's, the same in all its attempts."""

    attempt_id: int
    guid: str
    at: datetime
    delivered: bool


@dataclass
class Redelivered:
    """What reconciling the deliveries did: guids asked for again, and what went wrong, by repository."""

    asked: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def redeliver_failed(
    fetcher: Fetcher, config: Mapping[str, Any], secret: Mapping[str, str], now: datetime
) -> Redelivered:
    """Have GitHub redeliver every webhook that no attempt has delivered, once each.

    A webhook that is gone, or that the token may not see, does not keep the others from being looked after.

    Parameters
    ----------
    config
        The section of ``github_webhooks``: ``base_url`` and ``hooks``.
    secret
        GitHub's, with ``token``.

    Raises
    ------
    RetriableSourceError
        GitHub's limit is reached, or it does not answer: the next run goes on.
    """
    done = Redelivered()
    for repository, hook in config["hooks"].items():
        deliveries = f"{config['base_url']}/repos/{repository}/hooks/{hook}/deliveries"
        try:
            for attempt in undelivered(_attempts(fetcher, deliveries, secret, now), now):
                _judged(fetcher.fetch(_request("POST", f"{deliveries}/{attempt.attempt_id}/attempts", secret)))
                done.asked.append(attempt.guid)
        except (FatalSourceError, SkippableRecordError) as error:
            done.problems.append(f"webhook {hook} of {repository}: {error}")
    return done


def undelivered(attempts: Iterator[Attempt], now: datetime) -> list[Attempt]:
    """Answer the newest attempt of every delivery that none has delivered; oldest first, those in flight left out."""
    newest: dict[str, Attempt] = {}
    delivered: set[str] = set()
    for attempt in attempts:
        if attempt.delivered:
            delivered.add(attempt.guid)
        if attempt.guid not in newest or newest[attempt.guid].at < attempt.at:
            newest[attempt.guid] = attempt
    failed = [a for guid, a in newest.items() if guid not in delivered and a.at <= now - IN_FLIGHT]
    return sorted(failed, key=lambda attempt: (attempt.at, attempt.attempt_id))


def _attempts(fetcher: Fetcher, url: str, secret: Mapping[str, str], now: datetime) -> Iterator[Attempt]:
    """List a webhook's attempts of the last days, newest first, page by page."""
    request: Request | None = _request("GET", url, secret, {"per_page": "100"})
    asked: set[str] = set()
    while request is not None and len(asked) < MAX_PAGES:
        page = _judged(fetcher.fetch(request))
        found = [_attempt(row) for row in _rows(page)]
        yield from (attempt for attempt in found if attempt.at > now - KEPT)
        onward = github_answers.links(page).get("next")
        asked.add(request.url)
        ended = not found or found[-1].at <= now - KEPT or onward in asked
        request = None if ended or onward is None else _onward(onward, page, secret)


def _onward(url: str, page: Page, secret: Mapping[str, str]) -> Request:
    """Answer the request of the next page, which has to be on the same host: the token goes with it."""
    if urlsplit(url)[:2] != urlsplit(page.request.url)[:2]:
        raise FatalSourceError(f"the next page is on another host: {url}")
    return _request("GET", url, secret)


def _request(method: str, url: str, secret: Mapping[str, str], params: Mapping[str, str] | None = None) -> Request:
    return Request(method, url, params or {}, {**_HEADERS, "authorization": f"Bearer {secret['token']}"})


def _judged(page: Page) -> Page:
    """Accept an answer; one to a request for redelivery is a 202."""
    if page.status == 202 and page.request.method == "POST":
        return page
    if page.status in github_answers.GONE:
        raise FatalSourceError(f"GitHub answered {page.status}: mend its id in [github_webhooks] hooks, or give access")
    github_answers.judge(page)
    return page


def _rows(page: Page) -> list[Any]:
    """Read a page of attempts."""
    try:
        rows = json.loads(page.body)
    except ValueError as error:
        raise RetriableSourceError(f"{page.request.url}: the answer is no whole JSON") from error
    if not isinstance(rows, list):
        raise SkippableRecordError("deliveries: a list was expected")
    return rows


def _attempt(row: Any) -> Attempt:
    if not isinstance(row, Mapping):
        raise SkippableRecordError("deliveries: a list of objects was expected")
    number, guid, at = whole(row, "id"), text(row, "guid"), instant(row, "delivered_at")
    if number is None or guid is None or at is None:
        raise SkippableRecordError("deliveries: id, guid and delivered_at were expected")
    return Attempt(number, guid, at, 200 <= (whole(row, "status_code") or 0) < 300)


def announce_lost_objects(
    lake: ObjectStore, logs: ObjectStore, stream: str, log_prefix: str, now: datetime
) -> list[str]:
    """Put log objects into the inbox that no event has put there, and answer their keys.

    What was consumed is read from the stream's own commits of the last days, which name the inbox keys: a few small
    reads, and no log object is read twice. Were one announced again all the same, the sealer would know its lines.
    """
    since = now - KEPT
    known = consumed_since(lake, stream, since - IN_FLIGHT)
    found: list[str] = []
    for info in recent_objects(logs, log_prefix, now):
        pointer = Pointer(info.key, info.etag.strip('"'), info.size_bytes)
        if since <= info.modified_at <= now - IN_FLIGHT and pointer_key(stream, pointer) not in known:
            accept_pointer(lake, stream, pointer, now)
            found.append(info.key)
    return found


def consumed_since(lake: ObjectStore, stream: str, since: datetime) -> set[str]:
    """Answer the inbox keys that a stream's commits have consumed, walking back from the newest visible one."""
    position = published.read(lake, stream)
    consumed: set[str] = set()
    seq = position.seq if position else 0
    while seq > 0 and (link := commits.read(lake, stream, seq)) is not None:
        consumed.update(Step.from_body(link.body).consumed)
        if link.commit.committed_at < since:
            break
        seq -= 1
    return consumed


def recent_objects(logs: ObjectStore, log_prefix: str, now: datetime) -> Iterator[ObjectInfo]:
    """List the log objects of the last days, by the two ways in which S3 dates their keys.

    ``…2026-11-22-09-59-58-ABC`` is S3's flat way; ``…2026/11/22/2026-11-22-…`` its partitioned one, for which
    ``log_prefix`` includes what S3 puts before the date (account, region and bucket).
    """
    left = MAX_OBJECTS
    for back in range(KEPT.days + 1, -1, -1):
        day = now - timedelta(days=back)
        for prefix in (f"{log_prefix}{day:%Y-%m-%d}", f"{log_prefix}{day:%Y/%m/%d}/"):
            for info in logs.list(prefix):
                if left == 0:
                    return
                left -= 1
                if info.size_bytes > 0:
                    yield info
