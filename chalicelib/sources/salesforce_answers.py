"""What Salesforce's REST API means by an answer: errors by their codes, limits, and whether a query is told to its end.

Errors are a list of ``{"errorCode", "message"}``; an OAuth error is an object. Sources: REST API Developer Guide,
"Status Codes and Error Responses", "Limits Header", "Query"; vendors' page of this project.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from chalicelib.errors import FatalSourceError, PageTokenExpired, RetriableSourceError, SkippableRecordError
from chalicelib.sources.answers import retry_after
from chalicelib.sources.base import Page
from chalicelib.sources.json_fields import instant, items, read_exact, read_value, text, truth, whole

HOUR = timedelta(hours=1)
"""The daily limit is that of any 24 hours: something of it is free again within the next one."""

_USAGE = re.compile(r"api-usage=(\d{1,12})/(\d{1,12})", re.ASCII)
_LOCATOR = frozenset({"INVALID_QUERY_LOCATOR"})
_LATER = frozenset({"QUERY_TIMEOUT", "SERVER_UNAVAILABLE", "UNABLE_TO_LOCK_ROW", "UNKNOWN_EXCEPTION"})
_LIMITED = frozenset({"REQUEST_LIMIT_EXCEEDED", "CONCURRENT_REQUESTS_LIMIT_EXCEEDED"})


def judge(page: Page) -> Mapping[str, Any]:
    """Answer the JSON object of a good answer, or raise.

    Raises
    ------
    PageTokenExpired
        The locator of the next page has expired.
    RetriableSourceError
        Limited (``retry_at``: in an hour), failing, or cut short.
    FatalSourceError
        A person has to act: credentials, access, a version that is retired, a field that there is not.
    """
    status, where = page.status, f"{page.request.method} {page.request.url}"
    if status == 200:
        try:
            return read_exact(page.body)
        except SkippableRecordError as error:
            raise RetriableSourceError(f"{where}: the answer is no whole JSON object: it was cut short") from error
    code, message = error_of(page)
    told = f"{where}: Salesforce answered {status} {code}: {message}"
    if code in _LOCATOR:
        raise PageTokenExpired(told)
    if code in _LIMITED or status == 429:
        raise RetriableSourceError(told, retry_after(page) or page.fetched_at + HOUR)
    if status >= 500 or status == 202 or code in _LATER:
        raise RetriableSourceError(told, retry_after(page))
    if status == 401:
        raise FatalSourceError(f"{told}: put a valid client id and secret into the secret")
    if status == 410 or code == "UNSUPPORTED_API_VERSION":
        raise FatalSourceError(f"{told}: this version is retired, configure a newer api_version")
    raise FatalSourceError(told)


def error_of(page: Page) -> tuple[str, str]:
    """Answer the code and the words of an error, of the REST API or of OAuth."""
    try:
        found = read_value(page.body)
    except SkippableRecordError:
        return "", "no message"
    first = found[0] if isinstance(found, list) and found else found
    if not isinstance(first, dict):
        return "", "no message"
    code = first.get("errorCode") or first.get("error") or ""
    message = first.get("message") or first.get("error_description") or "no message"
    return str(code)[:80], str(message)[:300]


def check_usage(page: Page, percent: int) -> None:
    """Stop before more than a share of the organisation's daily calls is used, by whomever.

    Raises
    ------
    RetriableSourceError
        It is; looking again costs a call, so it is done in an hour.
    """
    found = _USAGE.search(page.headers.get("sforce-limit-info", ""))
    if found is None:
        return
    used, allowed = int(found[1]), int(found[2])
    if used * 100 > allowed * percent:
        raise RetriableSourceError(
            f"{used} of the organisation's {allowed} API calls of 24 hours are used, more than {percent} %: raise "
            "daily_limit_percent, or wait",
            page.fetched_at + HOUR,
        )


def told_to_its_end(page: Page, answer: Mapping[str, Any], known: Mapping[str, str], moment: str) -> dict[str, str]:
    """Compare a page with those before it; answer what the next one has to know.

    Parameters
    ----------
    known
        ``total``, ``seen`` (distinct records until now) and ``last`` (moment and id) of the pages before; empty for
        the first page.

    Raises
    ------
    PageTokenExpired
        The total has changed, the order is broken, or the last page ends before the total: it is asked from the start.
    FatalSourceError
        The answer has another shape than a query's.
    """
    try:
        total, done, records = whole(answer, "totalSize"), truth(answer, "done"), items(answer, "records")
    except SkippableRecordError as error:
        raise _drifted(page, str(error)) from error
    if total is None or done is None or records is None:
        raise _drifted(page, "totalSize, done and records were expected")
    if int(known.get("total", total)) != total:
        raise PageTokenExpired(f"{page.request.url}: {known['total']} records became {total} while paging")
    places = _places(records, moment)
    moments = [known["last"].partition(" ")[0], *_moments(places)] if "last" in known else _moments(places)
    if any(a > b for a, b in pairwise(moments)):
        raise PageTokenExpired(f"{page.request.url}: the records are not in the order of {moment}")
    seen = int(known.get("seen", 0)) + len(set(places) - {known.get("last")})
    if done and seen != total:
        raise PageTokenExpired(f"{page.request.url}: Salesforce says done after {seen} of {total} records")
    if not done and not records:
        raise RetriableSourceError(f"{page.request.url}: a page without records says that more are to come")
    last = places[-1] if places else known.get("last", "")
    return {"total": str(total), "seen": str(seen), **({"last": last} if last else {})}


def _moments(places: Sequence[str]) -> list[str]:
    return [place.partition(" ")[0] for place in places if not place.startswith("?")]


def _places(records: Sequence[Any], moment: str) -> list[str]:
    """Name each record by its moment and id; one that has none by its place, for it is set aside later."""
    found = []
    for number, record in enumerate(records):
        try:
            at, identity = instant(record, moment), text(record, "Id")
        except (SkippableRecordError, AttributeError):
            at = identity = None
        found.append(f"{at.isoformat(timespec='milliseconds')} {identity}" if at and identity else f"? {number}")
    return found


def _drifted(page: Page, what: str) -> FatalSourceError:
    return FatalSourceError(f"{page.request.url}: the answer has changed its shape: {what}")
