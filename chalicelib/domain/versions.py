"""The order of version names: newest first, by number where there are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = "0123456789"
_PART = re.compile(r"[0-9]+|[a-z]+")
_NUMBERED = re.compile(r"v?(?P<core>[0-9]+(\.[0-9]+)*)(?P<rest>.*)", re.DOTALL)


def newest_first(versions: Iterable[str | None]) -> list[str | None]:
    """Order version names: by their numbers, a release before its pre-releases, what has no name last.

    Semantic Versioning's order, for names that need not follow it: numeric parts compare as numbers, ``1.2`` comes
    before ``1.2.1``, a leading ``v`` and build metadata after ``+`` decide nothing unless all else is equal.

    Examples
    --------
    >>> newest_first(["3.9.0", "3.10.0-rc1", None, "3.10.0", "v3.10.0-rc2", "latest"])
    ['3.10.0', 'v3.10.0-rc2', '3.10.0-rc1', '3.9.0', 'latest', None]
    """
    return sorted(versions, key=_key, reverse=True)


def _key(version: str | None) -> tuple[object, ...]:
    """Answer what a name is ordered by: named, numbered, its numbers, whether a release, its pre-release, itself."""
    if version is None:
        return (False, (), (), False, (), "")
    match = _NUMBERED.match(version.lower())
    if match is None:
        return (True, (), (), False, _parts(version.lower()), version)
    pre = match["rest"].split("+")[0]
    return (True, (True,), _parts(match["core"]), not pre, _parts(pre), version)


def _parts(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Cut a name into numbers and words; a number comes before a word, and any length of it is compared exactly."""
    parts = (part.lstrip("0") if part[0] in _DIGITS else part for part in _PART.findall(text))
    return tuple((not (p == "" or p[0] in _DIGITS), len(p) if p[:1] in _DIGITS else 0, p) for p in parts)
