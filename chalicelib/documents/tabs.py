"""Names of an Excel workbook's tabs: what Excel takes, each once. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import count
from typing import Final

MAX_LENGTH: Final = 31
_REFUSED: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_RESERVED: Final = "history"
_UNNAMED: Final = "Sheet"


def tab_name(title: str, taken: Collection[str]) -> str:
    """Name a tab by a title; what is taken in any case of letters gets a number.

    >>> tab_name("a/b: [c]?", ()), tab_name("Downloads", {"DOWNLOADS"}), tab_name("'=1'", ())
    ('a b c', 'Downloads (2)', '=1')
    """
    name = " ".join(_REFUSED.sub(" ", title).split()).strip("'")
    name = _fit(name) or _UNNAMED
    lower = {one.lower() for one in (*taken, _RESERVED)}
    numbered = (name if at == 1 else f"{_fit(name, len(f' ({at})'))} ({at})" for at in count(1))
    return next(one for one in numbered if one.lower() not in lower)


def _fit(name: str, room: int = 0) -> str:
    """Cut a name so that Excel, which counts in UTF-16, takes it with ``room`` more characters behind it."""
    while len(name.encode("utf-16-le")) // 2 > MAX_LENGTH - room:
        name = name[:-1]
    return name.strip().strip("'")
