"""Patterns of dates: MySQL's (``date_format``) and Joda's (``format_datetime``) as DuckDB's ``strftime``."""

from __future__ import annotations

import re

from infra.local.athena.errors import not_supported

_MYSQL = {
    "a": "%a", "b": "%b", "c": "%-m", "d": "%d", "e": "%-d", "f": "%f", "H": "%H", "h": "%I", "I": "%I",
    "i": "%M", "j": "%j", "k": "%-H", "l": "%-I", "M": "%B", "m": "%m", "p": "%p", "r": "%I:%M:%S %p", "S": "%S",
    "s": "%S", "T": "%H:%M:%S", "v": "%V", "W": "%A", "x": "%G", "Y": "%Y", "y": "%y", "%": "%%",
}  # fmt: skip
_JODA = {
    "yyyy": "%Y", "YYYY": "%Y", "y": "%-Y", "yy": "%y", "MM": "%m", "M": "%-m", "MMM": "%b", "MMMM": "%B",
    "dd": "%d", "d": "%-d", "DDD": "%j", "D": "%-j", "HH": "%H", "H": "%-H", "hh": "%I", "h": "%-I", "mm": "%M",
    "m": "%-M", "ss": "%S", "s": "%-S", "SSS": "%g", "SSSSSS": "%f", "a": "%p", "EEE": "%a", "E": "%a",
    "EEEE": "%A", "e": "%u", "xxxx": "%G", "ww": "%V",
}  # fmt: skip

_JODA_PART = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|[^A-Za-z']")


def from_mysql(pattern: str, parsing: bool = False) -> str:
    """A pattern of ``date_format`` and, when ``parsing``, of ``date_parse``.

    >>> from_mysql("%Y-%m-%d %H:%i:%s")
    '%Y-%m-%d %H:%M:%S'
    """

    def one(found: re.Match[str]) -> str:
        if parsing and found[1] == "y":
            raise not_supported("%y in date_parse")  # the two engines turn the century in different years
        try:
            return _MYSQL[found[1]]
        except KeyError as error:
            raise not_supported(f"%{found[1]} in date patterns") from error

    return re.sub(r"%(.)", one, pattern)


def from_joda(pattern: str) -> str:
    """A pattern of ``format_datetime`` and ``parse_datetime``.

    >>> from_joda("yyyy-MM-dd'T'HH:mm:ss.SSS")
    '%Y-%m-%dT%H:%M:%S.%g'
    """
    out = []
    for found in _JODA_PART.finditer(pattern):
        letters, quoted = found["letters"], found["quoted"]
        if letters:
            if letters not in _JODA:
                raise not_supported(f"'{letters}' in datetime patterns")
            out.append(_JODA[letters])
        elif quoted is not None:
            out.append((quoted or "'").replace("''", "'").replace("%", "%%"))
        else:
            out.append(found[0].replace("%", "%%"))
    return "".join(out)
