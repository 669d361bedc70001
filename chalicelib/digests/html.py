"""A digest as HTML for mail programs: one column, styles in place, colours that the reader's own go with. Pure.

Mail programs keep tables and styles in place, and little else; whether the page is dark is theirs to choose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from chalicelib.digests import digest as says
from chalicelib.digests.digest import Digest, Links
from chalicelib.digests.told import Against, Numbers, Told
from chalicelib.digests.words import against, scale, spark, value
from chalicelib.documents.document import Column

_FONT: Final = "font:16px/1.45 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_MUTED: Final = "font-size:14px;opacity:.75"
_LINE: Final = "border-top:1px solid rgba(128,128,128,.35)"
_NUMBER: Final = "text-align:right;font-variant-numeric:tabular-nums;vertical-align:top"
_BARS: Final = "font-family:Menlo,Consolas,'DejaVu Sans Mono',monospace;letter-spacing:1px"


def html(digest: Digest, links: Links) -> str:
    """Write a digest as a page."""
    name = escape(says.title(digest))
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            '<meta name="color-scheme" content="light dark">',
            '<meta name="supported-color-schemes" content="light dark">',
            "<style>:root{color-scheme:light dark}</style>",
            f"<title>{escape(says.subject(digest))}</title></head>",
            f'<body style="margin:0;padding:16px;{_FONT}"><div style="max-width:560px;margin:0 auto">',
            f'<h1 style="font-size:22px;line-height:1.25;margin:0">{name}</h1>',
            f'<p style="margin:2px 0 16px;{_MUTED}">{escape(says.kind(digest))}</p>',
            *_body(digest),
            *_links(links),
            "</div></body></html>\n",
        )
    )


def _body(digest: Digest) -> Iterator[str]:
    if missed := says.not_sent(digest):
        yield _p(missed)
    if not digest.numbers:
        yield _p(says.nothing_known(digest))
    else:
        yield '<table style="width:100%;border-collapse:collapse" cellpadding="0" cellspacing="0">'
        for one in digest.numbers:
            yield from _metric(one, digest)
        yield "</table>"
    if digest.numbers and digest.without:
        yield from _section("Not known", (f"{one.title}: {one.said}" for one in digest.without))
    alerts = [f"{at} {said}".strip() for at, said in says.fired(digest)]
    yield from _section("Alerts", alerts or [f"None in this {digest.period.unit}."])
    yield from _section("In trouble now", list(says.trouble(digest)))
    yield from _section("How to read it", list(says.reading(digest)))


def _p(said: str) -> str:
    return f'<p style="margin:0 0 16px">{escape(said)}</p>'


def _section(name: str, said: Iterable[str]) -> Iterator[str]:
    items = "".join(f'<li style="margin:0 0 4px">{escape(one)}</li>' for one in said)
    if items:
        yield f'<h2 style="font-size:16px;margin:20px 0 4px">{name}</h2>'
        yield f'<ul style="margin:0;padding-left:20px;font-size:15px">{items}</ul>'


def _metric(one: Told, digest: Digest) -> Iterator[str]:
    assert one.column is not None
    for numbers in one.numbers:
        written = escape(value(numbers.value, one.column, numbers.currency))
        yield (
            f'<tr><th scope="row" style="{_LINE};padding:10px 8px 0 0;text-align:left;vertical-align:top">'
            f'{escape(one.title)}</th><td style="{_LINE};padding:10px 0 0;font-size:18px;font-weight:600;{_NUMBER}">'
            f"{written}</td></tr>"
        )
        if earlier := says.of_earlier(one, digest.period):
            yield f'<tr><td colspan="2" style="{_MUTED}">{escape(earlier)}</td></tr>'
        for name, of in says.beside(digest, numbers):
            yield _row(name, of, numbers, one.column)
        yield _spark(numbers, one.column)


def _row(name: str, of: Against, numbers: Numbers, column: Column) -> str:
    before, changed, ratio = against(of, column, numbers.currency)
    told = " ".join(filter(None, (changed, f"({ratio})" if ratio else "")))
    said = " ".join(_whole(one) for one in (before, told) if one)
    return f'<tr><td style="{_MUTED};vertical-align:top">{name}</td><td style="{_MUTED};{_NUMBER}">{said}</td></tr>'


def _whole(said: str) -> str:
    """Keep what belongs together on one line, where there is room for it."""
    return f'<span style="display:inline-block;margin-left:12px">{escape(said)}</span>'


def _spark(numbers: Numbers, column: Column) -> str:
    reach = _whole(scale(numbers.spark, column, numbers.currency))
    return (
        f'<tr><td style="padding:2px 0 10px;{_BARS}">{spark(numbers.spark)}</td>'
        f'<td style="padding:2px 0 10px;{_MUTED};{_NUMBER}">{reach}</td></tr>'
    )


def _links(links: Links) -> Iterator[str]:
    found = [f'<a href="{escape(address)}" style="margin-right:16px">{name}</a>' for name, address in links.named()]
    if found:
        yield f'<p style="margin:24px 0 0;padding-top:12px;{_LINE};font-size:15px">{" ".join(found)}</p>'
