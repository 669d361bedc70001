"""Salesforce: leads, opportunities and their histories, by windows of the time at which Salesforce wrote them.

Each object is one SOQL query a window, ordered by ``(moment, Id)`` and followed through ``nextRecordsUrl``; deleted
records come too (``queryAll``). Rows become visible out of the order of their ``SystemModstamp``, so a window is asked
for ten minutes after its end. Sources: REST API Developer Guide ("QueryAll", "Query More Results Using queryLocator",
"OAuth 2.0 Client Credentials Flow", "API End-of-Life Policy"); SOQL Reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urldefrag, urlencode, urlsplit

from chalicelib.errors import FatalSourceError, SkippableRecordError
from chalicelib.sources import salesforce_answers
from chalicelib.sources.base import (
    CALLS,
    Accepted,
    Allowance,
    Deadline,
    Outcome,
    Page,
    Period,
    PullMode,
    PullSource,
    Rejected,
    Request,
    Table,
    Window,
)
from chalicelib.sources.json_fields import items, read_exact, text
from chalicelib.sources.keys import Key
from chalicelib.sources.notes import noted, notes
from chalicelib.sources.records import digest, shown
from chalicelib.sources.salesforce_keys import KEYS, served_until
from chalicelib.sources.salesforce_objects import OBJECTS, SalesforceObject, wanted
from chalicelib.sources.salesforce_tables import TABLES

_HEADERS = {"accept": "application/json", "sforce-query-options": "batchSize=2000"}


class SalesforcePipeline(PullSource):
    """A pulled source with a past: versions of records and the changes of their steps."""

    name: ClassVar[str] = "salesforce_pipeline"
    title: ClassVar[str] = "Salesforce pipeline"
    tables: ClassVar[tuple[Table, ...]] = TABLES
    mode: ClassVar[PullMode] = PullMode.WINDOW
    grid: ClassVar[timedelta] = timedelta(minutes=15)
    span: ClassVar[timedelta | None] = timedelta(days=7)
    settle: ClassVar[timedelta] = timedelta(minutes=10)
    credential: ClassVar[str | None] = "salesforce"
    allowances: ClassVar[tuple[Allowance, ...]] = (Allowance("calls_per_day", CALLS, Period.DAY),)
    keys: ClassVar[tuple[Key, ...]] = KEYS

    def requests(self, window: Window, config: Mapping[str, Any]) -> Sequence[Request]:
        """Name one query for each object."""
        url = f"{config['base_url']}/services/data/v{config['api_version']}/queryAll"
        share = str(config["daily_limit_percent"])
        found = [(noted(url, {"object": each.name, "share": share}), each) for each in wanted(config)]
        return [Request("GET", at, {"q": soql(each, window, config)}, _HEADERS) for at, each in found]

    def authorise(self, request: Request, secret: Mapping[str, str]) -> Request:
        """Put the token on the request, for the host only that gave it; without one yet, the first call is refused."""
        here, there = urlsplit(request.url).netloc, urlsplit(secret.get("instance_url", "")).netloc
        if there and here != there:
            raise FatalSourceError(f"the token is for {there}: configure base_url as {secret['instance_url']}")
        bearer = f"Bearer {secret.get('access_token', 'none yet')}"
        return replace(request, headers={**request.headers, "authorization": bearer})

    def renewal(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Request | None:
        """Ask for a token with the client's credentials (OAuth 2.0, 4.4)."""
        form = {
            "grant_type": "client_credentials",
            "client_id": secret["client_id"],
            "client_secret": secret["client_secret"],
        }
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        return Request("POST", config["token_url"], {}, headers, urlencode(form).encode())

    def renewed(self, secret: Mapping[str, str], page: Page) -> Mapping[str, str]:
        """Take the token, and the host that it is for. The session's end is not told: a 401 tells it."""
        answer = salesforce_answers.judge(page)
        try:
            token, instance = text(answer, "access_token"), text(answer, "instance_url")
        except SkippableRecordError as error:
            raise FatalSourceError(f"{page.request.url}: the answer has changed its shape: {error}") from error
        if not token:
            raise FatalSourceError(f"{page.request.url}: the answer has changed its shape: it has no access_token")
        return {**secret, "access_token": token, **({"instance_url": instance} if instance else {})}

    def deadlines(self, secret: Mapping[str, str], config: Mapping[str, Any]) -> Sequence[Deadline]:  # noqa: ARG002
        """Warn half a year before Salesforce may stop serving the version."""
        version = config["api_version"]
        remedy = "Configure a newer api_version of [salesforce_pipeline]; GET /services/data lists them."
        what = f"Salesforce's promise to serve version {version} of its API"
        return (Deadline(what, served_until(version), timedelta(days=180), remedy),)

    def judge(self, page: Page) -> None:
        """Accept a page that follows from those before it, or say what is wrong and when to try again."""
        known = notes(page.request.url)
        answer = salesforce_answers.judge(page)
        salesforce_answers.check_usage(page, int(known.get("share", 100)))
        following = salesforce_answers.told_to_its_end(page, answer, known, _object(known).moment)
        if answer["done"] is False and _next(page, answer, following) is None:
            raise FatalSourceError(f"{page.request.url}: nextRecordsUrl is no path of the query API")

    def follow(self, page: Page) -> Sequence[Request]:
        """Name the next page, until Salesforce says done."""
        try:
            answer = read_exact(page.body)
        except SkippableRecordError:
            return ()
        if answer.get("done") is not False:
            return ()
        known = notes(page.request.url)
        following = salesforce_answers.told_to_its_end(page, answer, known, _object(known).moment)
        onward = _next(page, answer, following)
        return (onward,) if onward else ()

    def parse(self, pages: Iterable[Page], window: Window, config: Mapping[str, Any]) -> Iterator[Outcome]:
        """Read the records of a window, in the order of their pages."""
        for page in pages:
            asked = _object(notes(page.request.url))
            try:
                records = items(read_exact(page.body), "records") or []
            except SkippableRecordError as error:
                yield Rejected(str(error), asked.name, page.body.decode("utf-8", "backslashreplace"))
                continue
            for number, record in enumerate(records, 1):
                yield _outcome(asked, record, f"{asked.name}, record {number} of {_offset(page)}", window, config)


def soql(asked: SalesforceObject, window: Window, config: Mapping[str, Any]) -> str:
    """Write the query of one object and window."""
    moment = asked.moment
    where = f"{moment} >= {_literal(window.start)} AND {moment} < {_literal(window.end)}"
    only = f" AND {asked.only}" if asked.only else ""
    fields = ", ".join(asked.asked(config))  # our own names, and the configuration's, whose check lets only names by
    return f"SELECT {fields} FROM {asked.name} WHERE {where}{only} ORDER BY {moment}, Id"  # noqa: S608


def _literal(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _object(known: Mapping[str, str]) -> SalesforceObject:
    return OBJECTS.get(known.get("object", ""), OBJECTS["Lead"])


def _next(page: Page, answer: Mapping[str, Any], following: Mapping[str, str]) -> Request | None:
    """Answer the next page, on the host that was configured: Salesforce names a path only."""
    path = answer.get("nextRecordsUrl")
    root, found, _ = urldefrag(page.request.url).url.partition("/services/data/")
    if not isinstance(path, str) or not re.fullmatch(r"/services/data/v[\d.]+/query(All)?/[\w-]+", path) or not found:
        return None
    known = notes(page.request.url)
    onward: dict[str, str] = {name: known[name] for name in ("object", "share") if name in known}
    return Request("GET", noted(root + path, {**onward, **following}), {}, _HEADERS)


def _offset(page: Page) -> str:
    return f"the page after {notes(page.request.url).get('seen', '0')}"


def _outcome(
    asked: SalesforceObject, record: Any, where: str, window: Window, config: Mapping[str, Any]
) -> Accepted | Rejected:
    try:
        if not isinstance(record, dict):
            raise SkippableRecordError("a record was expected")
        row = asked.read(record, config)
        identity, moment = text(record, "Id"), row[asked.table.time_column]
        if not identity or moment is None:
            raise SkippableRecordError(f"Id, {asked.moment}: a record needs both")
        if not window.start <= moment < window.end:
            raise SkippableRecordError(f"{asked.moment}: {moment.isoformat()} was not asked for")
    except SkippableRecordError as error:
        return Rejected(str(error), where, shown(record))
    return Accepted(f"{asked.name}/{identity}@{moment.isoformat()}", digest(row), ((asked.table.name, row),))
