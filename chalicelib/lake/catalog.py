"""The port to the table catalog (Glue): which folder each partition of a table reads.

Locations are key prefixes in the lake bucket that end in ``/``; partitions are named as Hive does, ``"dt=2026-11-22"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Unlisted:
    """The catalog of tables that are in none: nobody finds them but by the manifest that names their files."""

    def add_partitions(self, table: str, locations: Mapping[str, str]) -> None:
        """Do nothing."""

    def set_locations(self, table: str, locations: Mapping[str, str]) -> None:
        """Do nothing."""

    def location(self, table: str, partition: str) -> str | None:  # noqa: ARG002 - the protocol
        """Answer that there is no such partition."""
        return None


class Catalog(Protocol):
    """One database. Tables are there already (the template makes them); only partitions change."""

    def add_partitions(self, table: str, locations: Mapping[str, str]) -> None:
        """Add the partitions that are not there yet; those that are keep their location. Idempotent."""
        ...

    def set_locations(self, table: str, locations: Mapping[str, str]) -> None:
        """Point partitions at new folders, in one call; a partition that is not there is added. Idempotent."""
        ...

    def location(self, table: str, partition: str) -> str | None:
        """Answer the folder that a partition reads, or None when there is no such partition."""
        ...
