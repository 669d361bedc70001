"""The order of version names: newest first, by number where there are numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PART = re.compile(r"\d+|[a-z]+")


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
    if version is None:
        return (False, (), False, (), "")
    name = version.lower().split("+")[0]
    core, _, pre = (name[1:] if re.match(r"v\d", name) else name).partition("-")
    numbers = tuple(int(part) for part in re.findall(r"\d+", core)) if core[:1].isdigit() else ()
    extra = "".join(re.findall(r"[a-z]+\d*", core)) if numbers else core
    return (True, numbers, not (pre or (numbers and extra)), _parts(pre or extra), version)


def _parts(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Cut a pre-release into parts; a number comes before a word."""
    return tuple((False, int(p), "") if p.isdigit() else (True, 0, p) for p in _PART.findall(text))
