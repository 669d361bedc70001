"""The check of a whole query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from infra.local.athena.dialect import TEXT
from infra.local.athena.errors import QueryFailure
from infra.local.athena.typecheck import calls, expressions, operators
from infra.local.athena.typecheck.coercion import coercible, common_type
from infra.local.athena.typecheck.queries import fields_of
from infra.local.athena.typecheck.scope import Analysis, Fields, Rule, Scope
from infra.local.athena.typecheck.types import Type, glue_type
from infra.local.athena.types import Column

if TYPE_CHECKING:
    from infra.local.athena.binding import Reference

_RULES: Mapping[type[exp.Expr], Rule] = {**expressions.RULES, **operators.RULES, **calls.RULES}


def check_types(tree: exp.Query, references: Sequence[Reference] = ()) -> Fields:
    """Refuse a query whose types do not fit; answer what is known of its columns.

    Parameters
    ----------
    tree
        The query, its tables bound. Conversions that Trino makes and DuckDB would not are written into it.
    references
        Its mentions of tables, which have their columns.

    Raises
    ------
    QueryFailure
        With Trino's name and text: ``TYPE_MISMATCH: line 1:12: Cannot apply operator: varchar(1) = integer``.

    Examples
    --------
    >>> from infra.local.athena.dialect import parse_query
    >>> [str(field.type) for field in check_types(parse_query("SELECT 1 + 1.5, 'a' || 'b'"))]
    ['decimal(12,1)', 'varchar']
    """
    tables = {
        id(each.node): [(c.name, glue_type(c.type)) for c in (*each.table.columns, *each.table.partition_keys)]
        for each in references
    }
    analysis = Analysis(tree.meta.get(TEXT, ""), tables, _RULES, fields_of)
    fields = fields_of(tree, Scope(), analysis)
    for node, value, to in analysis.conversions:
        node.replace(exp.cast(value.copy(), str(to), dialect="trino"))
    return fields


def check_insert(fields: Fields, columns: Sequence[Column]) -> None:
    """Refuse to write a query's columns into those of a table that cannot hold them.

    Raises
    ------
    QueryFailure
        ``TYPE_MISMATCH``.
    """
    if fields is None:
        return
    have, want = [field.type for field in fields], [glue_type(column.type) for column in columns]
    if len(have) == len(want) and all(map(_may_be_written, have, want)):
        return
    table, query = (", ".join(map(str, types)) for types in (want, have))
    raise QueryFailure(
        "TYPE_MISMATCH",
        f"line 1:1: Insert query has mismatched column types: Table: [{table}], Query: [{query}]",
    )


def _may_be_written(have: Type, want: Type) -> bool:
    if any(part.base in ("char", "varchar") and part.numbers for part in want.of):
        return coercible(have, want)
    return common_type(have, want) is not None
