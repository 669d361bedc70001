"""A digest as plain text: lines that a phone shows whole, so that columns stay columns. Pure.

SNS sends mail as plain text. Lines are up to :data:`WIDTH` characters, addresses excepted.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from chalicelib.digests import digest as says
from chalicelib.digests.digest import Digest, Links
from chalicelib.digests.told import Numbers, Told
from chalicelib.digests.words import against, scale, spark, value
from chalicelib.documents.document import Column

WIDTH: Final = 44
"""Characters of a line: what fits across a phone of 390 pixels in letters of one width."""
_NUMBER: Final = 10


def text(digest: Digest, links: Links) -> str:
    """Write a digest."""
    return "\n".join(line.rstrip() for line in _lines(digest, links)).rstrip() + "\n"


def _lines(digest: Digest, links: Links) -> Iterator[str]:
    yield from wrap(says.title(digest), WIDTH)
    yield from wrap(says.kind(digest), WIDTH)
    yield from _paragraph(says.not_sent(digest))
    yield ""
    if not digest.numbers:
        yield from wrap(says.nothing_known(digest), WIDTH)
        yield ""
    for one in digest.numbers:
        yield from _metric(one, digest)
    if digest.numbers and digest.without:
        yield from _section("NOT KNOWN", (f"{one.title}: {one.said}" for one in digest.without))
    alerts = [f"{at}  {said}".strip() for at, said in says.fired(digest)]
    yield from _section("ALERTS", alerts or [f"None in this {digest.period.unit}."])
    if trouble := list(says.trouble(digest)):
        yield from _section("IN TROUBLE NOW", trouble)
    if reading := list(says.reading(digest)):
        yield from _section("HOW TO READ IT", reading)
    for name, address in links.named():
        yield f"{name}:"
        yield address
        yield ""


def _paragraph(said: str) -> Iterator[str]:
    if said:
        yield ""
        yield from wrap(said, WIDTH)


def _section(name: str, said: Iterator[str] | list[str]) -> Iterator[str]:
    yield name
    for one in said:
        yield from wrap(one, WIDTH, initial_indent="- ", subsequent_indent="  ")
    yield ""


def _metric(one: Told, digest: Digest) -> Iterator[str]:
    assert one.column is not None
    for numbers in one.numbers:
        yield from _both_ends(one.title, value(numbers.value, one.column, numbers.currency))
        if earlier := says.of_earlier(one, digest.period):
            yield from wrap(earlier, WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield from _beside(numbers, one.column, digest)
        yield from _spark(numbers, one.column)
        yield ""


def _both_ends(left: str, right: str, indent: str = "") -> Iterator[str]:
    """Write two texts at both ends of a line; where they do not fit, below one another."""
    if len(indent + left) + 2 + len(right) <= WIDTH:
        yield f"{indent}{left}{right:>{WIDTH - len(indent + left)}}"
    else:
        yield from wrap(left, WIDTH, initial_indent=indent, subsequent_indent=indent)
        yield from (f"{line:>{WIDTH}}" for line in wrap(right, WIDTH))


def _beside(numbers: Numbers, column: Column, digest: Digest) -> Iterator[str]:
    rows = [(name, *against(of, column, numbers.currency)) for name, of in says.beside(digest, numbers)]
    is_wide = any(max(len(before), len(changed), len(ratio) + 2) > _NUMBER for _, before, changed, ratio in rows)
    for name, before, changed, ratio in rows:
        if not changed:
            yield from _both_ends(name, before, "  ")
        elif is_wide:
            yield from _both_ends(name, before, "  ")
            yield f"{'  '.join(filter(None, (changed, ratio))):>{WIDTH}}"
        else:
            yield f"  {name:<11}{before:>{_NUMBER + 1}}{changed:>{_NUMBER + 1}}{ratio:>9}"


def _spark(numbers: Numbers, column: Column) -> Iterator[str]:
    yield from _both_ends(spark(numbers.spark), scale(numbers.spark, column, numbers.currency), "  ")
