"""The text of a statement, read as Trino reads it, before any parser sees it.

A guard is only as good as its reading: what it takes for a comment and the engine takes for SQL is a way around it. So
comments are blanked here by Trino's own rule (``SqlBase.g4``: ``--`` to the end of the line, ``/* */`` not nested), and
neither the parser nor Athena sees one. Outside of quotes only printable ASCII is taken: letters that merely look like
others have no place in a keyword.
"""

from __future__ import annotations

import re
from typing import Final

from chalicelib.errors import RequestError

MAX_CHARACTERS: Final = 65_536
MAX_DEPTH: Final = 64
"""Brackets within brackets; the deepest query of ours has 9."""

_PIECES: Final = re.compile(
    r"""(?P<string>'(?:[^']|'')*'(?!'))
      | (?P<name>"(?:[^"]|"")*"(?!"))
      | (?P<comment>--[^\r\n]*|/\*.*?\*/)
      | (?P<open>['"]|/\*)
      | (?P<other>[^\x20-\x7e\t\r\n]|::|[`\\;{}$#@])
      | (?P<plain>.)""",
    re.VERBOSE | re.DOTALL,
)
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
_OPEN: Final = {"'": "string", '"': "quoted name", "/*": "comment"}


def refused(sql: str, at: int, detail: str) -> RequestError:
    """Make the error about the character at an offset of the text.

    >>> error = refused("SELECT\\n  x", 9, "Not this.")
    >>> error.errors
    ({'parameter': 'sql', 'detail': 'line 2:3: Not this.', 'line': 2, 'column': 3},)
    """
    line, column = position(sql, at)
    where: dict[str, str | int]
    where = {"parameter": "sql", "detail": f"line {line}:{column}: {detail}", "line": line, "column": column}
    return RequestError("The statement was refused.", errors=(where,))


def position(sql: str, at: int) -> tuple[int, int]:
    """Answer line and column, both from 1, of an offset.

    >>> position("a\\nbc", 3)
    (2, 2)
    """
    return sql.count("\n", 0, at) + 1, at - sql.rfind("\n", 0, at)


def without_comments(sql: str) -> str:
    """Answer the text with each comment, and a semicolon at the end, as spaces: every offset stays what it was.

    Raises
    ------
    RequestError
        The text is too long, nests too deep, has an open quote or comment, a second statement, or a character that no
        statement needs; with line and column.

    Examples
    --------
    >>> without_comments("SELECT 1 -- one")
    'SELECT 1       '
    """
    if len(sql) > MAX_CHARACTERS:
        raise refused(sql, MAX_CHARACTERS, f"The statement is longer than {MAX_CHARACTERS:,} characters.")
    pieces, depth, ended_at = [], 0, -1
    for piece in _PIECES.finditer(sql):
        kind, text, at = piece.lastgroup, piece[0], piece.start()
        if kind == "comment":
            text = re.sub(r"[^\r\n]", " ", text)
        elif kind == "open":
            raise refused(sql, at, f"This {_OPEN[text]} is not closed.")
        elif text == ";":
            text, ended_at = " ", (ended_at if ended_at >= 0 else at)
        elif ended_at >= 0 and not text.isspace():
            raise refused(sql, ended_at, "One statement at a time: nothing may follow a semicolon.")
        elif kind == "other":
            raise refused(sql, at, f"{text!a} can stand in quotes only.")
        depth += (text in ("(", "[")) - (text in (")", "]"))
        if depth > MAX_DEPTH:
            raise refused(sql, at, f"Brackets are nested deeper than {MAX_DEPTH}.")
        if _NO_TEXT.search(text):
            raise refused(sql, at, "This holds a character that is no text.")
        pieces.append(text)
    return "".join(pieces)
