"""Many folders out of one listing: which request covers them, and what of its answer belongs to which."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from infra.local.athena.locations import Location


def common_folder(locations: Sequence[Location]) -> Location | None:
    """The deepest folder that holds all of them, or nothing when they are in different buckets.

    >>> common_folder([Location("lake", "hits/dt=1/"), Location("lake", "hits/dt=2/g/")])
    Location(bucket='lake', prefix='hits/')
    """
    buckets = {location.bucket for location in locations}
    if len(buckets) != 1:
        return None
    first, last = min(at.prefix for at in locations), max(at.prefix for at in locations)
    same = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return Location(buckets.pop(), first[: first.rfind("/", 0, same) + 1])


def start_before(locations: Sequence[Location]) -> str:
    """A key that stands before everything below any of the locations (``StartAfter``)."""
    return min(location.prefix for location in locations).removesuffix("/")


def is_covered(location: Location, last_key: str | None) -> bool:
    """Has a listing that ended at ``last_key`` (``None``: at its true end) seen all of this location?

    S3 lists keys in the order of their UTF-8 bytes, which is the order of Python's strings.

    >>> [is_covered(Location("lake", "a/"), key) for key in (None, "a/9", "b")]
    [True, False, True]
    """
    return last_key is None or (last_key > location.prefix and not last_key.startswith(location.prefix))


def below(location: Location, sorted_keys: Sequence[str]) -> range:
    """The positions of the keys below a location.

    >>> below(Location("lake", "b/"), ["a/1", "b/1", "b/2", "c/1"])
    range(1, 3)
    """
    start = end = bisect_left(sorted_keys, location.prefix)
    while end < len(sorted_keys) and sorted_keys[end].startswith(location.prefix):
        end += 1
    return range(start, end)
