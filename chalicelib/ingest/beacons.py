"""One request of a page, reduced to what may be stored: the only place that sees an address and a user agent.

What comes out is the body of an inbox object and an answer for each beacon. Nothing personal is in either, nor in any
error: they name fields, never what was in them. Light: the API imports it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain import visitors
from chalicelib.domain.visitors import Salts, Visitor
from chalicelib.errors import SkippableRecordError
from chalicelib.sources.beacon_agents import agent_of
from chalicelib.sources.beacon_form import MAX_BEACON_BYTES, Sender, place, reduce
from chalicelib.sources.beacon_sites import Site
from chalicelib.sources.json_fields import text

FOREIGN = "url: this page is of no configured site, or its origin may not send for it"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request: its beacons as sent, and who sent it. ``origin`` is None where the browser did not say.

    ``url`` is the page of every beacon that names none; ``sent_ms`` is when the page sent it, by its own clock.
    """

    beacons: Sequence[Any]
    address: str = field(repr=False)
    user_agent: str = field(repr=False)
    origin: str | None
    url: str | None = field(repr=False, default=None)
    sent_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one beacon: its id, or why it was refused."""

    beacon_id: str | None
    refused: str | None = None
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What one request becomes: the beacons to store, each one's result, and the visitors that it came from."""

    beacons: tuple[Mapping[str, Any], ...]
    results: tuple[Result, ...]
    visitors: frozenset[str]

    @property
    def body(self) -> bytes:
        """The inbox object."""
        return body_of(self.beacons)


def body_of(beacons: Sequence[Mapping[str, Any]]) -> bytes:
    """Write reduced beacons as the inbox has them."""
    return json.dumps({"beacons": list(beacons)}, separators=(",", ":"), sort_keys=True).encode()


def take(sent: Sent, sites: Mapping[str, Site], salts: Salts, now: datetime) -> Taken:
    """Reduce every beacon of a request; a bad one costs the good ones nothing."""
    kept: list[Mapping[str, Any]] = []
    results: list[Result] = []
    named: dict[str, Visitor] = {}
    for said in sent.beacons:
        try:
            reduced = _one(said, sent, sites, salts, named, now)
        except _ForeignPageError:
            results.append(Result(None, FOREIGN, foreign=True))
        except SkippableRecordError as error:
            results.append(Result(None, str(error)))
        else:
            kept.append(reduced)
            results.append(Result(reduced["id"]))
    return Taken(tuple(kept), tuple(results), frozenset(visitor.name for visitor in named.values()))


class _ForeignPageError(SkippableRecordError):
    """A beacon for a page that is not ours, or from somebody who may not send for it."""


def _one(
    said: Any, sent: Sent, sites: Mapping[str, Site], salts: Salts, named: dict[str, Visitor], now: datetime
) -> dict[str, Any]:
    """Reduce one beacon. Raises ``SkippableRecordError``."""
    if not isinstance(said, Mapping):
        raise SkippableRecordError("a beacon is a JSON object")
    if _size(said) > MAX_BEACON_BYTES:
        raise SkippableRecordError(f"a beacon has at most {MAX_BEACON_BYTES:,} bytes")
    where = place(text(said, "url") or sent.url, "url")
    if where is None:
        raise SkippableRecordError("url: the address of the page is needed")
    site = sites.get(where.host)
    if site is None or (sent.origin is not None and sent.origin not in site.origins):
        raise _ForeignPageError(FOREIGN)
    if site.id not in named:
        named[site.id] = visitors.name(salts, site.id, sent.address, sent.user_agent)
    visitor = named[site.id]
    if "id" not in said:
        said = {**said, "id": _made_id(visitor.name, where.plain, now)}
    return reduce(said, where, sent.sent_ms, _sender(site, visitor, sent.user_agent))


def _sender(site: Site, visitor: Visitor, user_agent: str) -> Sender:
    agent = agent_of(user_agent)
    return Sender(
        site=site.id,
        visitor=visitor.name,
        visitor_before=visitor.before,
        browser=agent.browser,
        browser_version=agent.version,
        system=agent.system,
        device=agent.device,
        bot=agent.bot,
        first_party=site.first_party_id,
    )


def _size(said: Mapping[str, Any]) -> int:
    try:
        return len(json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise SkippableRecordError("a beacon is a plain JSON object") from error


def _made_id(visitor: str, page: str, now: datetime) -> str:
    """Name the event of a page without a script, which cannot name it: nobody sends that twice on purpose."""
    return hashlib.sha256(f"{visitor}\n{page}\n{now.isoformat()}".encode("utf-8", "backslashreplace")).hexdigest()[:32]


def client_address(forwarded_for: str) -> str:
    """Answer the visitor's address from ``X-Forwarded-For``, which ends with what our own front has put there.

    CloudFront appends who called it, and API Gateway appends CloudFront: so of several it is the last but one. What a
    caller writes there itself stands before these. One alone was put there by API Gateway, called directly.

    >>> client_address("10.0.0.1, 203.0.113.7, 130.176.0.1"), client_address("203.0.113.7"), client_address("")
    ('203.0.113.7', '203.0.113.7', '')
    """
    addresses = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    return addresses[-2] if len(addresses) > 1 else "".join(addresses)
