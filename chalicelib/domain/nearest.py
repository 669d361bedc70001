"""'Did you mean': the known name that is nearest to one that is not known.

The cost is bounded, whatever is sent: a name that is longer than any that people type is not compared at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

LONGEST: Final = 64
"""Characters of a name that is looked at; longer ones are no slip of the hand."""
_LIKE_ENOUGH: Final = 0.6


class NotKnown(ValueError):  # noqa: N818 - named as the field names it
    """A name that is none of those that are known.

    Parameters
    ----------
    message
        What is wrong, in a sentence; the question 'did you mean' is added to it.
    suggestion
        The name that was probably meant, None where nothing is near.
    """

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(f"{message}{did_you_mean(suggestion)}")
        self.suggestion = suggestion


def did_you_mean(suggestion: str | None) -> str:
    """Say a suggestion in words that follow a sentence; nothing where there is none."""
    return "" if suggestion is None else f" Did you mean '{suggestion}'?"


def nearest(given: str, known: Iterable[str] | Mapping[str, str]) -> str | None:
    """Answer the known name that is most like the given one, None when none is like it.

    Parameters
    ----------
    given
        What somebody wrote. Case, blanks, hyphens and underscores make no difference.
    known
        The names that are known; a mapping also holds other words for them, and answers the name.

    Examples
    --------
    >>> nearest("downlaods", ["stars", "downloads"])
    'downloads'
    >>> nearest("weekly", {"week": "P1W", "day": "P1D"})
    'P1W'
    >>> nearest("colour", ["stars", "downloads"]) is None
    True
    """
    wanted = _plain(given[: LONGEST + 1])
    if not wanted or len(given) > LONGEST:
        return None
    names = dict(known) if isinstance(known, Mapping) else {name: name for name in known}
    by_form = {_plain(word): name for word, name in reversed(names.items())}
    if wanted in by_form:
        return by_form[wanted]
    from difflib import get_close_matches  # only who made a mistake pays for it

    found = get_close_matches(wanted, by_form, n=1, cutoff=_LIKE_ENOUGH)
    return by_form[found[0]] if found else None


def one_of(given: str, known: Iterable[str], what: str) -> str:
    """Answer a name that is known. Raises :class:`NotKnown`, which tells all that are.

    Examples
    --------
    >>> one_of("csv", ["csv", "json"], "format")
    'csv'
    >>> one_of("jsno", ["csv", "json"], "format")
    Traceback (most recent call last):
    chalicelib.domain.nearest.NotKnown: There is no format 'jsno'; one of: csv, json. Did you mean 'json'?
    """
    names = known if isinstance(known, Mapping) else tuple(known)  # a mapping may find one more cheaply than all
    if given in names:
        return given
    raise NotKnown(f"There is no {what} {given[:LONGEST]!r}; one of: {', '.join(names)}.", nearest(given, tuple(names)))


def _plain(name: str) -> str:
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "").strip()
