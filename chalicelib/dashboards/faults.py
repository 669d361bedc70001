"""Everything that is wrong with a dashboard, each with its place, such as ``widgets[3].question.metrics[0]``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from chalicelib.domain.faults import Fault, fault, unknown_names

MOST: Final = 50
"""Faults that are told one by one: each may be compared with every name that is known."""

T = TypeVar("T")


class Faults:
    """Collects faults. Once there are :data:`MOST`, looking on is no use: :attr:`full`."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    @property
    def full(self) -> bool:
        """Answer whether there are as many as are told."""
        return len(self.found) >= MOST

    def add(self, place: str, error: ValueError | str) -> None:
        """Add one fault."""
        self.found.append(fault(place, ValueError(error) if isinstance(error, str) else error))

    def extend(self, place: str, faults: tuple[Mapping[str, str | int], ...] | list[Fault]) -> None:
        """Add faults of something inside: their places are put behind its place."""
        self.found += [{**one, "parameter": f"{place}{one['parameter']}"} for one in faults]

    def unknown(self, place: str, given: Mapping[str, Any], known: tuple[str, ...]) -> None:
        """Add a fault for every field that there is not."""
        self.extend(place, unknown_names(given, known))

    def read(self, place: str, reading: Callable[[], T], otherwise: T) -> T:
        """Answer what was read, or ``otherwise`` where that is wrong."""
        try:
            return reading()
        except ValueError as error:
            self.add(place, error)
            return otherwise
