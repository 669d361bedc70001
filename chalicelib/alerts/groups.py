"""One bucket of all groups of a rule: those that are there, and those that are remembered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

from chalicelib.alerts.machine import Sample, Standing, advance
from chalicelib.alerts.numbers import Group
from chalicelib.alerts.rule import Rule

MOST: Final = 100
"""Groups of one rule: more than people can be told of."""
LONGEST: Final = 100_000
"""Bytes of UTF-8 of all their names together: an item of the state holds 400 KB."""


class TooManyGroups(Exception):  # noqa: N818 - named as the field names it
    """A rule looks at more groups than it may; the message says so to people."""


def step(
    groups: Mapping[Group, Standing],
    rule: Rule,
    start: datetime,
    there: Iterable[Group],
    sample: Callable[[Group], Sample],
) -> dict[Group, Standing]:
    """Take one bucket of every group.

    A group that is there for the first time begins with it. One that is not there any more is forgotten when it is well
    and nobody believes otherwise: if it comes again, it begins as it was.

    Raises
    ------
    TooManyGroups
        There are more than :data:`MOST`, or their names are longer than :data:`LONGEST`.
    """
    present = set(there)
    wanted = dict.fromkeys([*groups, *sorted(present - groups.keys(), key=order)])
    if len(wanted) > MOST:
        raise TooManyGroups(
            f"It looks at {len(wanted):,} groups, and at most {MOST} can be watched: filter to those that matter, or "
            "group by fewer dimensions."
        )
    if sum(len((of or "").encode()) for group in wanted for of in group) > LONGEST:
        raise TooManyGroups("The names of its groups are too long to be kept: filter to those that matter.")
    taken = {group: advance(groups.get(group) or Standing(until=start), rule, sample(group)) for group in wanted}
    return {group: standing for group, standing in taken.items() if group in present or not standing.plain}


def order(group: Group) -> list[tuple[bool, str]]:
    """Answer what groups are sorted by."""
    return [(of is None, of or "") for of in group]
