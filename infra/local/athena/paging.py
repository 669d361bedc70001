"""``NextToken`` and ``MaxResults``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from infra.local.athena.errors import invalid_request

T = TypeVar("T")


def page(items: Sequence[T], token: str | None, size: int) -> tuple[Sequence[T], str | None]:
    """One page, and the token of the next one.

    >>> page("abcde", None, 2), page("abcde", "4", 2)
    (('ab', '2'), ('e', None))
    """
    if token and not token.isdigit():
        raise invalid_request(f"Malformed nextPageToken {token}")
    start = int(token or 0)
    end = start + size
    return items[start:end], str(end) if end < len(items) else None
