"""Tell bots from people by the user agents that the package ``crawler-user-agents`` lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

_ESCAPED = re.compile(r"\\([^A-Za-z0-9])")
_SPECIAL = re.compile(r"[\\.^$*+?{}\[\]|()]")


def bot_test(not_bots: Sequence[str] = ()) -> Callable[[str | None], bool]:
    """Answer a function that tells whether a user agent is a bot's.

    It answers as the package's own ``is_crawler`` does, about ten times as fast: 1,400 of its 1,500 patterns are plain
    texts, which are looked for as such, and the rest are one regular expression. Answers are remembered.

    Parameters
    ----------
    not_bots
        Regular expressions of user agents that are no bots whatever the package says.

    Examples
    --------
    >>> is_bot = bot_test([r"^curl/"])
    >>> is_bot("Mozilla/5.0 (compatible; Googlebot/2.1)"), is_bot("curl/8.9.1"), is_bot(None)
    (True, False, False)
    """
    return _bot_test(tuple(not_bots))


@lru_cache(maxsize=16)
def _bot_test(not_bots: tuple[str, ...]) -> Callable[[str | None], bool]:
    literals, others = _patterns()
    spared = re.compile("|".join(f"(?:{p})" for p in not_bots)) if not_bots else None

    @lru_cache(maxsize=100_000)
    def is_bot(user_agent: str | None) -> bool:
        if not user_agent or (spared and spared.search(user_agent)):
            return False
        return any(literal in user_agent for literal in literals) or bool(others.search(user_agent))

    return is_bot


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, ...], re.Pattern[str]]:
    """Part the package's patterns into plain texts and one regular expression of the others.

    Imported here, not above: the package reads a file of 1 MB when it is imported, and only a parser of logs needs it.
    """
    from crawleruseragents import CRAWLER_USER_AGENTS_DATA

    literals: list[str] = []
    others: list[str] = []
    for entry in CRAWLER_USER_AGENTS_DATA:
        plain = not _SPECIAL.search(_ESCAPED.sub("", entry["pattern"]))
        (literals if plain else others).append(_ESCAPED.sub(r"\1", entry["pattern"]) if plain else entry["pattern"])
    return tuple(literals), re.compile("|".join(others) or r"(?!)")
