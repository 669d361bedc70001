"""What statements about the catalog work on, and what they show."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from infra.local.athena import statement as st
from infra.local.athena.catalog import Catalog, Table
from infra.local.athena.errors import QueryFailure
from infra.local.athena.objects import ObjectStore
from infra.local.athena.results import ResultColumn, Row
from infra.local.athena.types import Column

Shown = tuple[tuple[ResultColumn, ...], list[Row]]
NOTHING: Shown = ((), [])


@dataclass(frozen=True, slots=True)
class Target:
    """What DDL works on; ``database`` is the execution's own.

    ``describe`` tells the columns of a query that is to be a view. It is given the query, the database of the names
    that have none, and the view's database and name.
    """

    catalog: Catalog
    objects: ObjectStore
    database: str
    describe: Callable[[exp.Query, str, tuple[str, str]], tuple[Column, ...]]

    def relation(self, name: st.Name) -> Table:
        """The table or view of a name."""
        return self.catalog.table(self.database_of(name), name.table)

    def table(self, name: st.Name) -> Table:
        """The table of a name."""
        found = self.relation(name)
        if found.is_view:
            raise QueryFailure("FAILED", f"SemanticException {found.database}.{found.name} is a view, not a table")
        return found

    def database_of(self, name: st.Name) -> str:
        """The database of a name."""
        where = name.database or self.database
        if not where:
            raise QueryFailure("MISSING_SCHEMA_NAME", f"Schema must be specified for the table '{name.table}'")
        return where


def matches(name: str, pattern: str | None) -> bool:
    """Athena's patterns of names: ``*`` is any text, ``|`` is or; none fits all.

    >>> [name for name in ("hits", "v_hits", "visits") if matches(name, "v_*|h*")]
    ['hits', 'v_hits']
    """
    if pattern is None:
        return True
    alternatives = ("".join(".*" if c == "*" else re.escape(c) for c in one) for one in pattern.split("|"))
    return any(re.fullmatch(one, name, re.IGNORECASE) for one in alternatives)
