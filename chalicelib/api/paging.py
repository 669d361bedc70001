"""Pages of lists: ``limit``, an opaque ``cursor``, ``meta.next_cursor`` and ``Link: …; rel="next"`` (RFC 8288).

A cursor is the key of the last item that was answered, so what is added or taken away meanwhile neither repeats nor
skips an item. It checks itself: one that was cut off, or that belongs to another list, is a 400 and no odd page. It is
no secret and gives no rights, so it is not signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from chalicelib.api.envelope import tagged
from chalicelib.api.routes import Answer, Call, Parameter, Reply, Schema
from chalicelib.api.schemas import ONE_OF_A_LIST, paged
from chalicelib.errors import RequestError

CURSOR: Final = Parameter(
    "cursor",
    "`meta.next_cursor` of the page before; without one, the first page.",
    {"type": "string", "maxLength": 1_500, "pattern": "^[A-Za-z0-9_-]+$"},
    "WyI1ZjFjMGQ5YSJdSGe4vw",
)
_CHECK_BYTES: Final = 6

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list, and the cursor of what follows; None at the end."""

    items: list[Any]
    next_cursor: str | None
    limit: int


def limit(usual: int, most: int) -> Parameter:
    """Declare the ``limit`` of a list.

    >>> limit(100, 500).parse("501")
    Traceback (most recent call last):
    ValueError: A whole number from 1 to 500.
    """

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
            raise ValueError(f"A whole number from 1 to {most:,}.")
        return int(text)

    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": usual}
    return Parameter("limit", "Items of a page, at most.", schema, str(min(usual, 100)), parse=parse)


def a_page(said: str, schema: Schema, example: Any, usual: int) -> Answer:
    """Declare the answer of a list whose pages have so many items unless asked otherwise."""
    return Answer(200, said, paged(schema), {"results": [example], **ONE_OF_A_LIST, "query": {"limit": usual}})


def write_cursor(scope: str, position: Any) -> str:
    """Write a position in a list, which JSON can say, as a cursor of that list."""
    said = json.dumps(position, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(said + _check(scope, said)).decode().rstrip("=")


def read_cursor(scope: str, cursor: str) -> Any:
    """Read a cursor of a list.

    Raises
    ------
    RequestError
        400: it is none, or one of another list.
    """
    try:
        whole = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        said, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
        if check == _check(scope, said):
            return json.loads(said)
    except (binascii.Error, ValueError, RecursionError):
        pass
    raise bad_cursor()


def bad_cursor() -> RequestError:
    """Make the error of a cursor that is of no use here."""
    detail = "This is no cursor of this list: send `meta.next_cursor` of the page before, or begin without one."
    return RequestError("One or more parameters are wrong.", errors=({"parameter": "cursor", "detail": detail},))


def page_of(
    call: Call, scope: str, items: Iterable[T], key: Callable[[T], tuple[Any, ...]], usual: int, *, newest: bool = False
) -> Page:
    """Answer the page of a list that a call asks for.

    Parameters
    ----------
    scope
        Names the list: its cursors are good for no other.
    key
        What the list is sorted by; no two items have the same. Of texts and numbers, which JSON gives back as they are.
    usual
        Items of a page when the call states no ``limit``.
    newest
        Sort downwards.

    Raises
    ------
    RequestError
        400: the cursor is not one of this list.
    """
    ordered = sorted(items, key=key, reverse=newest)
    if (cursor := call.values.get("cursor")) is not None:
        after = read_cursor(scope, cursor)
        if not isinstance(after, list) or (ordered and [*map(type, after)] != [*map(type, key(ordered[0]))]):
            raise bad_cursor()
        ordered = [one for one in ordered if (key(one) < tuple(after) if newest else key(one) > tuple(after))]
    most = call.values.get("limit", usual)
    shown = list(islice(ordered, most))
    more = len(ordered) > most
    return Page(shown, write_cursor(scope, list(key(shown[-1]))) if more else None, most)


def listed(
    call: Call, page: Page, describe: Callable[[Any], Any], headers: Mapping[str, str] = MappingProxyType({})
) -> Reply:
    """Answer a page in the envelope, with the header that leads to the next one."""
    return Reply(body_of(page, describe), headers={**headers, **link(call, page)})


def listed_by_tag(call: Call, page: Page, body: Any) -> Reply:
    """Answer a page as :func:`listed`, under a tag of its own: 304 where the client has it already."""
    reply = tagged(call.headers, body)
    return Reply(reply.body, reply.status, {**reply.headers, **link(call, page)})


def body_of(page: Page, describe: Callable[[Any], Any]) -> dict[str, Any]:
    """Put a page into the envelope."""
    return {"results": [*map(describe, page.items)], "meta": meta(page), "query": {"limit": page.limit}}


def meta(page: Page) -> dict[str, Any]:
    """Describe a page."""
    return {
        "count": len(page.items),
        "truncated": page.next_cursor is not None,
        "next_cursor": page.next_cursor,
        "warnings": [],
    }


def link(call: Call, page: Page) -> Mapping[str, str]:
    """Make the header that leads to the next page, by an address relative to this one's; none at the end."""
    if page.next_cursor is None:
        return {}
    query = [(name, one) for name, given in call.query.items() if name != "cursor" for one in given]
    return {"Link": f'<?{urlencode([*query, ("cursor", page.next_cursor)])}>; rel="next"'}


def _check(scope: str, said: bytes) -> bytes:
    return hashlib.sha256(scope.encode() + b"\n" + said).digest()[:_CHECK_BYTES]
