"""Salesforce's REST API, as far as Headwater asks it: SOQL by ``queryAll``, locators, sessions, the daily limit.

Of the data's faults it makes ``repeated``, ``late`` (up to its 590 seconds, for every row) and ``terminated_early``
(``done`` before the total). A locator's rows do not shift; nothing is restated, for a change is a new version; it does
not think in days.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.servers.clock import VirtualClock
from tests.servers.salesforce_facts import LATEST, STEPS, Pipeline, Version
from tests.servers.vendor import Bill, Book, DataFaults

CALLS_A_DAY = 15_000
SESSION = timedelta(hours=2)
LOCATOR = timedelta(days=2)
OLDEST, NEWEST = 31, 68
_DAY = timedelta(days=1)
_SOQL = re.compile(
    r"SELECT (?P<fields>[\w., ]+) FROM (?P<object>\w+) WHERE (?P<moment>\w+) >= (?P<start>\S+) AND (?P=moment) < "
    r"(?P<end>\S+)(?: AND Field = '(?P<field>\w+)')? ORDER BY (?P=moment), Id"
)
_VERSION = ("record_id", "modified_at", "created_at", "is_deleted", "status", "step")
_LEAD = (*_VERSION, "lead_source", "country", "owner_id", "is_converted", "converted_on", "converted_opportunity_id")
_OPPORTUNITY = (*_VERSION, "account_id", "amount", "currency", "probability", "closes_on", "is_closed", "is_won")
_CHANGE = ("change_id", "changed_at", "object", "record_id", "from_status", "from_step", "to_status", "to_step")
_CHANGES = (*_CHANGE, "amount", "currency", "closes_on", "changed_by", "is_deleted")


class Salesforce:
    """The vendor.

    Attributes
    ----------
    page_size, daily_limit
        What it thinks of as a page, and what it allows in 24 hours.
    forgets
        How many results it forgets before their second page is asked for.
    session_calls
        After how many calls a session ends, where it ends before its time.
    """

    name: ClassVar[str] = "salesforce"
    secret: ClassVar[Mapping[str, str]] = {"client_id": "demo-client", "client_secret": "demo-secret-of-salesforce"}

    def __init__(self, seed: int, anchor: datetime, clock: VirtualClock, faults: DataFaults) -> None:
        self.bill = Bill()
        self.page_size, self.daily_limit = 2_000, CALLS_A_DAY
        self.forgets = 0
        self.session_calls: int | None = None
        self._clock, self._faults = clock, faults
        self._versions: dict[str, list[Version]] = {}
        self._ends: dict[tuple[str, str, datetime], datetime] = {}
        self._locators: dict[str, tuple[datetime, str, list[dict[str, Any]]]] = {}
        self._sessions: dict[str, datetime] = {}
        self._uses: Counter[str] = Counter()
        self._calls: deque[datetime] = deque()
        self._asked: set[str] = set()
        self._taken: dict[tuple[str, str, datetime], Version] = {}
        self.add(Pipeline(seed, anchor).versions)

    def add(self, versions: Iterable[Version]) -> None:
        """Put records in."""
        for version in versions:
            self._versions.setdefault(version.object, []).append(version)
        for of_object in self._versions.values():
            of_object.sort(key=lambda v: (v.moment, v.identity))
            latest: dict[str, Version] = {}
            for version in of_object:
                if before := latest.get(version.identity):
                    self._ends[before.object, before.identity, before.moment] = version.visible_at
                latest[version.identity] = version

    def expire_locators(self) -> None:
        """Forget every result that is being paged through, as two days would."""
        self._locators.clear()

    def routes(self) -> Sequence[BaseRoute]:
        """Answer its paths."""
        return [
            Route("/services/oauth2/token", self._token, methods=["POST"]),
            Route("/services/data/v{version}/queryAll", self._query),
            Route("/services/data/v{version}/query/{locator}", self._more),
        ]

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if form.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "unsupported_grant_type", "error_description": "not supported"}, 400)
        if (form.get("client_id"), form.get("client_secret")) != tuple(self.secret.values()):
            return JSONResponse({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        token = f"00D!{self.bill.free['tokens']}.{int(self._clock().timestamp())}"
        self._sessions[token] = self._clock()
        self.bill.free["tokens"] += 1
        instance = f"{request.url.scheme}://{request.url.netloc}"
        return JSONResponse({"access_token": token, "instance_url": instance, "token_type": "Bearer", "scope": "api"})

    async def _query(self, request: Request) -> Response:
        soql = request.query_params.get("q", "")
        if refused := self._refused(request, soql):
            return refused
        asked = _SOQL.fullmatch(soql)
        if asked is None:
            return _error(400, "MALFORMED_QUERY", "unexpected token")
        fields = [field.strip() for field in asked["fields"].split(",")]
        start, end = (datetime.fromisoformat(asked[name]) for name in ("start", "end"))
        found = self._found(asked["object"], start, end)
        self._take(asked["object"], start, end, found)
        unknown = next((f for f in fields for v in found[:1] if f not in v.fields), None)
        if unknown:
            return _error(400, "INVALID_FIELD", f"No such column '{unknown}' on entity '{asked['object']}'")
        records = [_record(v, fields) for v in found if asked["field"] in {None, v.fields.get("Field")}]
        locator = f"01g{len(self._asked):012d}AAA"
        self._locators[locator] = (self._clock(), asked["object"], records)
        return self._page(request.path_params["version"], locator, 0)

    async def _more(self, request: Request) -> Response:
        locator, _, offset = request.path_params["locator"].rpartition("-")
        if refused := self._refused(request, request.path_params["locator"]):
            return refused
        if self.forgets > 0:
            self.forgets -= 1
            self.expire_locators()
        if locator not in self._locators or self._clock() - self._locators[locator][0] > LOCATOR:
            return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(request.path_params["version"], locator, int(offset))

    def _page(self, version: str, locator: str, offset: int) -> Response:
        _, _, records = self._locators[locator]
        shown, end = records[offset : offset + self.page_size], offset + self.page_size
        early = len(records) > 1 and self._faults.data(self.name, "terminated_early")
        if shown and self._faults.data(self.name, "repeated"):
            shown = [shown[0], *shown]
        done = early or end >= len(records)
        answer: dict[str, Any] = {"totalSize": len(records), "done": done, "records": shown[:1] if early else shown}
        if not done:
            answer["nextRecordsUrl"] = f"/services/data/v{version}/query/{locator}-{end}"
        usage = {"sforce-limit-info": f"api-usage={len(self._calls)}/{self.daily_limit}"}
        return Response(json.dumps(answer, default=_written), 200, usage, "application/json")

    def _refused(self, request: Request, question: str) -> Response | None:
        """Refuse a call, or count it."""
        now, token = self._clock(), request.headers.get("authorization", "").removeprefix("Bearer ")
        version = request.path_params["version"]
        if not re.fullmatch(r"\d+\.0", version) or not OLDEST <= int(version[:-2]) <= NEWEST:
            return self.refusal("version", 0, now)
        if token not in self._sessions or now - self._sessions[token] > SESSION:
            self.bill.refused["logins"] += 1
            return self.refusal("credentials", 0, now)
        self._uses[token] += 1
        if self._uses[token] == self.session_calls:
            del self._sessions[token]
        while self._calls and now - self._calls[0] >= _DAY:
            self._calls.popleft()
        if len(self._calls) >= self.daily_limit:
            self.bill.refused["calls"] += 1
            return self.refusal("quota", 0, now)
        self._calls.append(now)
        self.bill.billed["calls"] += 1
        self._asked.add(question)
        return None

    def _found(self, name: str, start: datetime, end: datetime) -> list[Version]:
        """Answer the records that are as they are since a time in a range: of each its present version."""
        late = LATEST if self._faults.data(self.name, "late") else timedelta()
        of_object, now = self._versions.get(name, []), self._clock()
        at = bisect_left(of_object, start, key=lambda v: v.moment)
        found = []
        for version in of_object[at:]:
            if version.moment >= end:
                break
            ends = self._ends.get((name, version.identity, version.moment))
            if max(version.visible_at, version.moment + late) <= now and (ends is None or ends > now):
                found.append(version)
        return found

    def _take(self, name: str, start: datetime, end: datetime, found: Iterable[Version]) -> None:
        """Remember what the last question about a range was answered: who asks it again had no use for the first."""
        gone = [key for key in self._taken if key[0] == name and start <= key[2] < end]
        for key in gone:
            del self._taken[key]
        self._taken |= {(name, version.identity, version.moment): version for version in found}

    def ledger(self, until: datetime) -> Sequence[Book]:
        """Answer every change, and of a record its present version and those that were answered in their time.

        A version that was replaced before anybody asked cannot be had any more: Salesforce does not keep it.
        """
        of = {
            name: [_row(v) for v in found if v.moment <= until and self._is_kept(v, until)]
            for name, found in self._versions.items()
        }
        changes = [*of.get("LeadHistory", []), *of.get("OpportunityHistory", [])]
        return [
            Book("salesforce_leads", _LEAD, ("record_id", "modified_at"), of.get("Lead", [])),
            Book("salesforce_opportunities", _OPPORTUNITY, ("record_id", "modified_at"), of.get("Opportunity", [])),
            Book("salesforce_stage_changes", _CHANGES, ("change_id",), changes),
        ]

    def _is_kept(self, version: Version, now: datetime) -> bool:
        key = (version.object, version.identity, version.moment)
        return key in self._taken or key not in self._ends or self._ends[key] > now

    def minimum(self, until: datetime) -> Mapping[str, int]:
        """Answer a call for each page of each question, once."""
        return {"calls": len(self._asked)}

    def refusal(self, kind: str, seconds: float, now: datetime) -> Response | None:
        """Say no as Salesforce does."""
        match kind:
            case "rate_limit":
                return _error(403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests Limit exceeded.")
            case "quota":
                return _error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
            case "credentials":
                return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")
            case "forbidden":
                return _error(403, "INSUFFICIENT_ACCESS", "The user has no access to the API")
            case "version":
                return _error(410, "UNSUPPORTED_API_VERSION", "The requested version is retired")
            case "unavailable":
                return _error(503, "SERVER_UNAVAILABLE", "Server is too busy. Please try again later.")
        return None


def _error(status: int, code: str, message: str) -> Response:
    return JSONResponse([{"errorCode": code, "message": message}], status)


def _record(version: Version, fields: Sequence[str]) -> dict[str, Any]:
    url = f"/services/data/v66.0/sobjects/{version.object}/{version.identity}"
    return {"attributes": {"type": version.object, "url": url}, **{name: version.fields[name] for name in fields}}


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}+0000"
    return float(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else value


def _row(version: Version) -> dict[str, Any]:
    """Answer the row that a lake must have of a version."""
    had = version.fields
    match version.object:
        case "Lead":
            return _of_version(version, "Status") | {
                "lead_source": had["LeadSource"],
                "country": had["Country"],
                "owner_id": had["OwnerId"],
                "is_converted": had["IsConverted"],
                "converted_on": had["ConvertedDate"],
                "converted_opportunity_id": had["ConvertedOpportunityId"],
            }
        case "Opportunity":
            return _of_version(version, "StageName") | {
                "account_id": had["AccountId"],
                "amount": had["Amount"],
                "currency": had["CurrencyIsoCode"],
                "probability": had["Probability"],
                "closes_on": had["CloseDate"],
                "is_closed": had["IsClosed"],
                "is_won": had["IsWon"],
            }
        case "LeadHistory":
            return _of_change(version, "lead", had["LeadId"], had["OldValue"], had["NewValue"])
    return _of_change(version, "opportunity", had["OpportunityId"], None, had["StageName"]) | {
        "amount": had["Amount"],
        "currency": had["CurrencyIsoCode"],
        "closes_on": had["CloseDate"],
    }


def _of_version(version: Version, status: str) -> dict[str, Any]:
    had = version.fields
    return {
        "record_id": version.identity,
        "modified_at": _milliseconds(version.moment),
        "created_at": _milliseconds(had["CreatedDate"]),
        "is_deleted": had["IsDeleted"],
        "status": had[status],
        "step": STEPS.get(had[status], "other"),
    }


def _of_change(version: Version, kind: str, record: str, before: str | None, after: str) -> dict[str, Any]:
    return {
        "change_id": version.identity,
        "changed_at": _milliseconds(version.moment),
        "object": kind,
        "record_id": record,
        "from_status": before,
        "from_step": before and STEPS.get(before, "other"),
        "to_status": after,
        "to_step": STEPS.get(after, "other"),
        "amount": None,
        "currency": None,
        "closes_on": None,
        "changed_by": version.fields["CreatedById"],
        "is_deleted": False,
    }


def _milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
