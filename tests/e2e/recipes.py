"""The code blocks of a page of recipes, and what running one has to print.

A page is Markdown. ``python``, ``bash`` and ``sql`` blocks are run as they stand; the ``text`` block after one is what
it prints (none: it prints nothing). A comment on the line before a fence says otherwise:

- ``<!-- figures vary -->`` before a ``text`` block: numbers and ids differ from day to day, the rest does not;
- ``<!-- not run: REASON -->`` before any block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

RUNS: Final = ("python", "bash", "sql")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_REMARK = re.compile(r"<!-- ([^>]*?) -->\n\Z")
_FIGURES = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{24}\b|\d[\d,]*(?:\.\d+)?"
)
VARYING: Final = "figures vary"
_NOT_RUN: Final = "not run: "


class UnreadablePageError(ValueError):
    """A block that is neither run, nor output, nor said not to be run."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One block to run: where it begins, what it is, what it prints, whether the figures in that vary."""

    line: int
    language: str
    code: str
    output: str
    varies: bool

    def shape(self, text: str) -> list[str]:
        """Answer the lines of ``text`` to compare; where figures vary, each as ``#``, what lines them up as a blank.

        >>> Recipe(1, "sql", "", "", varies=True).shape("acme/docs   1,021 \\nacme/site      3")
        ['acme/docs #', 'acme/site #']
        >>> Recipe(1, "sql", "", "", varies=False).shape("acme/docs   1,021 ")
        ['acme/docs   1,021']
        """
        lines = [line.rstrip() for line in text.strip("\n").splitlines()]
        return [re.sub(r"[ ─—-]{2,}", " ", _FIGURES.sub("#", line)) for line in lines] if self.varies else lines


@dataclass(frozen=True, slots=True)
class _Block:
    line: int
    language: str
    code: str
    remark: str


def read(page: str) -> tuple[Recipe, ...]:
    r"""Read what is to be run, in order. Raises ``UnreadablePageError``.

    >>> read("A sum:\n\n```bash\necho 2\n```\n\n```text\n2\n```\n")
    (Recipe(line=3, language='bash', code='echo 2\n', output='2\n', varies=False),)
    >>> read("<!-- not run: needs AWS -->\n```bash\naws iam list-users\n```\n")
    ()
    >>> read("```json\n{}\n```\n")
    Traceback (most recent call last):
    tests.e2e.recipes.UnreadablePageError: line 1: a block of json is not run, and nothing says why
    """
    return tuple(_recipes(page))


def _recipes(page: str) -> Iterator[Recipe]:
    nothing = _Block(0, "", "", "")
    for block, after in pairwise([*_blocks(page), nothing]):
        output = after if after.language == "text" else nothing
        if block.language in RUNS and not block.remark.startswith(_NOT_RUN):
            yield Recipe(block.line, block.language, block.code, output.code, output.remark == VARYING)
    _require_known(page)


def _require_known(page: str) -> None:
    before = _Block(0, "", "", "")
    for block in _blocks(page):
        ran = before.language in RUNS and not before.remark.startswith(_NOT_RUN)
        if block.remark.startswith(_NOT_RUN):
            if not block.remark.removeprefix(_NOT_RUN).strip():
                raise UnreadablePageError(f"line {block.line}: not run, and no reason is given")
        elif block.language not in RUNS and not (block.language == "text" and ran):
            raise UnreadablePageError(
                f"line {block.line}: a block of {block.language or 'no language'} is not run, and nothing says why"
            )
        before = block


def _blocks(page: str) -> Iterator[_Block]:
    for found in _FENCE.finditer(page):
        remark = _REMARK.search(page[: found.start()])
        yield _Block(page.count("\n", 0, found.start()) + 1, found[1], found[2], remark[1] if remark else "")
