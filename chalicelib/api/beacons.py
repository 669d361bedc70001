"""``POST /b`` and ``GET /b.gif``: web beacons, reduced before anything is stored or logged, durable before the answer.

Both are simple requests for a browser (CORS asks nothing beforehand). Whoever asks not to be tracked (``Sec-GPC``,
``DNT``) is answered like everybody else, and nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api import schemas
from chalicelib.api.bodies import require_size
from chalicelib.api.context import Context
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route
from chalicelib.errors import RequestError, SkippableRecordError
from chalicelib.ingest import inbox
from chalicelib.ingest.beacons import Sent, Taken, client_address, take
from chalicelib.sources.beacon_sites import origin_of
from chalicelib.sources.json_fields import read_object, whole
from chalicelib.sources.web_beacons import WebBeacons

MAX_BODY_BYTES: Final = 64 * 1024
"""What ``sendBeacon`` takes, too (Fetch, keepalive: 64 KiB)."""
MAX_BEACONS: Final = 25

PIXEL: Final = bytes.fromhex("474946383961010001000000002c00000000010001000002024401003b")
"""A GIF of one pixel without a colour table. Every byte is below 0x80, so API Gateway passes it on as text and needs
no binary media types, which only work for an exact first ``Accept`` (and browsers send many)."""
_QUIET: Final = {"Cache-Control": "no-store"}


def receive(call: Call, context: Context) -> Reply:
    """Take the beacons of one request."""
    require_size(call, MAX_BODY_BYTES)
    if unwanted(call.headers):
        return _answer(None)
    if "origin" not in call.headers and "referer" not in call.headers:
        raise RequestError("Beacons come from a page: an Origin is needed.", status=403)
    try:
        said = read_object(call.body)
        beacons = said.get("events", [said])
        if not isinstance(beacons, list) or not 0 < len(beacons) <= MAX_BEACONS:
            raise SkippableRecordError(f"events: a list of 1 to {MAX_BEACONS} was expected")
        url, sent_ms = said.get("url"), whole(said, "sent")
    except SkippableRecordError as error:
        raise RequestError(f"The body could not be read: {error}.") from error
    taken = _store(_sent(call, beacons, url if isinstance(url, str) else None, sent_ms), context)
    if not taken.beacons:
        errors = tuple({"parameter": f"events[{i}]", "detail": r.refused or ""} for i, r in enumerate(taken.results))
        status = 403 if all(result.foreign for result in taken.results) else 422
        raise RequestError("No beacon could be taken; nothing was stored.", status=status, errors=errors)
    return _answer(taken)


def pixel(call: Call, context: Context) -> Reply:
    """Take one beacon of a page without a script, and answer the pixel."""
    if not unwanted(call.headers):
        url = call.values.get("url") or call.headers.get("referer")
        beacon = {name: value for name, value in call.values.items() if name != "url"}
        if "name" in beacon:
            beacon["kind"] = "event"
        taken = _store(_sent(call, [beacon], url, None), context)
        for result in taken.results:
            if result.refused is not None:
                status = 403 if result.foreign else 400
                field = result.refused.partition(":")[0]
                errors = ({"parameter": field, "detail": result.refused},)
                raise RequestError("The beacon could not be taken; nothing was stored.", status=status, errors=errors)
    return Reply(PIXEL, 200, {"Content-Type": "image/gif", **_QUIET})


def unwanted(headers: Mapping[str, str]) -> bool:
    """Whether the visitor asks not to be tracked: Global Privacy Control, or Do Not Track before it."""
    return headers.get("sec-gpc") == "1" or headers.get("dnt") == "1"


def _sent(call: Call, beacons: list[Any], url: str | None, sent_ms: int | None) -> Sent:
    given = call.headers.get("origin") or origin_of(call.headers.get("referer", ""))
    address = client_address(call.headers.get("x-forwarded-for", ""))
    return Sent(beacons, address, call.headers.get("user-agent", ""), given, url, sent_ms)


def _store(sent: Sent, context: Context) -> Taken:
    """Reduce a request and make it durable. Raises ``RequestError`` 404, 429; ``StoreUnavailable``."""
    sites, now = context.sites, context.clock()
    if sites is None:
        raise RequestError("No web site is configured to send beacons.", status=404)
    taken = take(sent, sites, context.salts.at(now), now)
    context.pace.step(taken.visitors, len(sent.beacons), now)
    if taken.beacons:
        inbox.accept(context.store, WebBeacons.name, taken.body, {}, now)
    return taken


def _answer(taken: Taken | None) -> Reply:
    """Answer for each beacon; None: nothing was looked at, by the visitor's wish."""
    results = [
        {"index": index, "id": r.beacon_id, "status": "rejected" if r.refused else "accepted", "detail": r.refused}
        for index, r in enumerate(taken.results if taken else ())
    ]
    rejected = sum(r["status"] == "rejected" for r in results)
    meta = {"accepted": len(results) - rejected, "rejected": rejected, "not_wanted": taken is None}
    return Reply({"results": results, "meta": meta, "query": {}}, 207 if rejected else 202, _QUIET)


_BEACON = {
    "id": "s3Jd0x9sLw2k",
    "kind": "view",
    "at": 1_795_342_503_000,
    "url": "https://www.acme.example/pricing?utm_source=news",
    "referrer": "https://www.acme.example/",
    "title": "Pricing",
}
_TAKEN: Final = schemas.enveloped(
    schemas.record(
        {
            "index": {**schemas.COUNT, "description": "The beacon's place in the request, from 0."},
            "id": schemas.MAYBE_STRING,
            "status": {"enum": ["accepted", "rejected"]},
            "detail": {**schemas.MAYBE_STRING, "description": "Why it was rejected."},
        }
    ),
    {
        "accepted": schemas.COUNT,
        "rejected": schemas.COUNT,
        "not_wanted": {"type": "boolean", "description": "The visitor asked not to be tracked: nothing was stored."},
    },
    {},
)
_META = {"accepted": 1, "rejected": 0, "not_wanted": False}
_GOOD = {"index": 0, "id": "s3Jd0x9sLw2k", "status": "accepted", "detail": None}
_BAD = {"index": 1, "id": None, "status": "rejected", "detail": "name: a custom event needs one"}
_TEXT: Final = {"type": "string"}

ROUTES = (
    Route(
        method="POST",
        path="/b",
        name="receive_beacons",
        access=Access.PUBLIC,
        summary="Send web beacons",
        description=(
            "What `b.js` sends, as `text/plain` so that a browser asks nothing beforehand: one beacon, or "
            '`{"events": [ … ], "sent": …}` with up to 25, each up to 8 KB. `kind` is `view`, `engagement`, '
            "`outbound`, `download` or `event`; `at` and `sent` are milliseconds since 1970 by the visitor's clock. "
            "The page (`url`) has to be of a configured site, and `Origin` one that may send for it. Before anything "
            "is stored, the address and the user agent become a hash of this day and a few plain words, and addresses "
            "of pages lose their query but for `utm_*`. With `Sec-GPC: 1` or `DNT: 1` nothing is stored. The same "
            "`id` and content again is stored once."
        ),
        answers=(
            Answer(202, "Durable.", _TAKEN, {"results": [_GOOD], "meta": _META, "query": {}}),
            Answer(
                207,
                "Some are durable, some were rejected.",
                _TAKEN,
                {"results": [_GOOD, _BAD], "meta": {**_META, "rejected": 1}, "query": {}},
            ),
        ),
        handler=receive,
        headers=(
            Parameter(
                "Origin", "The page's origin; every browser sends it.", _TEXT, "https://www.acme.example", "header"
            ),
        ),
        body=Body(
            "Beacons, at most 64 KB.",
            {"type": "object"},
            {"sent": 1_795_342_503_200, "events": [_BEACON]},
            "text/plain",
        ),
        problems=(403, 404, 413, 422, 429),
    ),
    Route(
        method="GET",
        path="/b.gif",
        name="receive_beacon_pixel",
        access=Access.PUBLIC,
        summary="Send a web beacon by a picture",
        description=(
            "For pages without a script: a picture of one pixel that is never cached. Without `url` the page is the "
            "`Referer`; without `id` each request is an event of its own. With `name` it is a custom event, else a "
            "view."
        ),
        answers=(Answer(200, "Durable.", content_type="image/gif"),),
        handler=pixel,
        parameters=(
            Parameter("url", "Address of the page.", _TEXT, "https://www.acme.example/pricing"),
            Parameter("referrer", "Address of the page before.", _TEXT, "https://search.example/"),
            Parameter("title", "Title of the page.", _TEXT, "Pricing"),
            Parameter("id", "The page's own id of the event.", _TEXT, "s3Jd0x9sLw2k"),
            Parameter("name", "Name of a custom event.", _TEXT, "newsletter_opened"),
        ),
        problems=(403, 404, 429),
    ),
)
