"""What a page must know of the request before it: kept in the fragment of the address, which is never sent.

A source judges and follows one page at a time. What it needs there and the answer does not say (the range that was
asked for, the total that the page before announced) is noted behind the ``#``: it is stored with the page, tells one
request from another, and does not leave this machine (RFC 9110, section 7.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urldefrag, urlencode


def noted(url: str, notes: Mapping[str, str]) -> str:
    """Answer an address with notes in place of those that it had.

    >>> noted("https://api.test/search#total=1", {"total": "2"})
    'https://api.test/search#total=2'
    """
    return f"{urldefrag(url).url}#{urlencode(notes)}"


def notes(url: str) -> dict[str, str]:
    """Read the notes of an address; an address without any has none.

    >>> notes("https://api.test/search#total=2"), notes("https://api.test/search")
    ({'total': '2'}, {})
    """
    return dict(parse_qsl(urldefrag(url).fragment, keep_blank_values=True))
