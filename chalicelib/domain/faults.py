"""What is wrong with a request, one entry per name: what a client reads in ``errors`` of a problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import islice

from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.errors import RequestError

MOST_UNKNOWN = 20
"""Unknown names that are told one by one: each is compared with all that are known."""
_SHOWN = 80

Fault = dict[str, str | int]


def fault(name: str, error: ValueError) -> Fault:
    """Tell what is wrong with one parameter or field, with the suggestion of a :class:`NotKnown`."""
    said: Fault = {"parameter": name[:_SHOWN], "detail": str(error)}
    if isinstance(error, NotKnown) and error.suggestion is not None:
        said["suggestion"] = error.suggestion
    return said


def unknown_names(given: Iterable[str], known: Collection[str], what: str = "field") -> list[Fault]:
    """Tell every name that there is not; of very many only the first, and how many more.

    Examples
    --------
    >>> unknown_names(["form"], ["from", "to"])[0]["detail"]
    "There is no such field; known are: from, to. Did you mean 'from'?"
    """
    unknown = (name for name in given if name not in known)
    said = f"There is no such {what}; known are: {', '.join(sorted(known)) or 'none'}."
    found = [fault(name, NotKnown(said, nearest(name, known))) for name in islice(unknown, MOST_UNKNOWN)]
    if more := sum(1 for _ in unknown):
        found.append({"parameter": "…", "detail": f"{more:,} more are unknown, which are not listed."})
    return found


def not_found(parameter: str, what: str, given: str, known: Iterable[str], listed_at: str) -> RequestError:
    """Make the 404 of a path that names what there is not, with the near one that there is."""
    said = NotKnown(f"There is no {what} {given[:_SHOWN]!r}: see {listed_at}.", nearest(given, tuple(known)))
    return RequestError(str(said), status=404, errors=(fault(parameter, said),))
