"""Partition pruning: the conditions that touch only a table's partition columns, evaluated before any file is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp

from infra.local.athena.binding import Reference
from infra.local.athena.catalog import Partition
from infra.local.athena.engine import Engine
from infra.local.athena.errors import QueryFailure
from infra.local.athena.translate import Context, to_duckdb
from infra.local.athena.types import duckdb_type, identifier

NULL_VALUE = "__HIVE_DEFAULT_PARTITION__"


def partition_conditions(reference: Reference) -> list[exp.Expr]:
    """The conjuncts around a mention of a table that only its partition columns decide.

    They come from WHERE, from the ON of inner joins, and from the ON of the outer join that the table is optional in.
    Nothing is taken from OR, nor from a condition with a subquery.
    """
    keys = {key.name for key in reference.table.partition_keys}
    return [c for c in _candidates(reference.node) if _only_keys(c, keys, reference)]


def _candidates(node: exp.Table) -> Iterator[exp.Expr]:
    select = node.find_ancestor(exp.Select)
    if select is None or not _is_source_of(node, select):
        return
    where = select.args.get("where")
    if where is not None:
        yield from _conjuncts(where.this)
    joins = select.args.get("joins") or []
    outer = any(join.side for join in joins)
    for join in joins:
        condition = join.args.get("on")
        if condition is None:
            continue
        optional_here = join.this is node and join.side == "LEFT"
        if (not outer and not join.side) or (optional_here and sum(bool(j.side) for j in joins) == 1):
            yield from _conjuncts(condition)


def _is_source_of(node: exp.Table, select: exp.Select) -> bool:
    from_ = select.args.get("from_")
    sources = [from_.this] if from_ is not None else []
    sources += [join.this for join in select.args.get("joins") or []]
    return any(source is node for source in sources)


def _conjuncts(condition: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(condition, exp.Paren):
        yield from _conjuncts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _conjuncts(condition.left)
        yield from _conjuncts(condition.right)
    else:
        yield condition


def _only_keys(condition: exp.Expr, keys: set[str], reference: Reference) -> bool:
    if condition.find(exp.Query, exp.Window):
        return False
    if any(isinstance(n, exp.Anonymous) and n.name.lower() in ("random", "rand") for n in condition.walk()):
        return False
    columns = list(condition.find_all(exp.Column))
    return bool(columns) and all(_is_key(column, keys, reference) for column in columns)


def _is_key(column: exp.Column, keys: set[str], reference: Reference) -> bool:
    if column.name.lower() not in keys:
        return False
    if column.table:
        return column.table.lower() == reference.alias
    select = reference.node.find_ancestor(exp.Select)
    assert select is not None
    return len(select.args.get("joins") or []) == 0  # without a qualifier and beside other sources it could be theirs


def prune(reference: Reference, partitions: Sequence[Partition], engine: Engine, context: Context) -> list[Partition]:
    """The partitions that the query can need.

    A condition prunes only if a row of nulls does not pass it: then it holds on the optional side of an outer join too.
    One that cannot be evaluated prunes nothing; the query itself will say what is wrong with it.
    """
    conditions = partition_conditions(reference)
    if not conditions or not partitions:
        return list(partitions)
    keys = reference.table.partition_keys
    names = [identifier(key.name) for key in keys]
    typed = ", ".join(
        f"CAST({name} AS {duckdb_type(key.type)}) AS {name}" for name, key in zip(names, keys, strict=True)
    )
    lists = [
        [*(None if p.values[at] == NULL_VALUE else p.values[at] for p in partitions), None] for at in range(len(keys))
    ]
    unnested = ", ".join(f"unnest(CAST(? AS VARCHAR[])) AS {name}" for name in names)
    engine.connection.execute(
        f"CREATE TEMP TABLE pruning AS SELECT unnest(CAST(? AS INTEGER[])) AS number, {unnested}",
        [[*range(len(partitions)), -1], *lists],
    )
    kept = set(range(len(partitions)))
    for condition in conditions:
        passed = _passing(condition, typed, engine, context)
        if passed is not None and -1 not in passed:
            kept &= passed
    engine.connection.execute("DROP TABLE pruning")
    return [partitions[at] for at in sorted(kept)]


def _passing(condition: exp.Expr, typed: str, engine: Engine, context: Context) -> set[int] | None:
    bare = condition.copy()
    for column in bare.find_all(exp.Column):
        column.set("table", None)
    try:
        sql = to_duckdb(bare, context)
        engine.prepare(sql)
        found = engine.run(
            f"SELECT number FROM (SELECT number, {typed} FROM pruning) AS partitions WHERE {sql}"
        ).fetchall()
    except QueryFailure:
        return None
    return {row[0] for row in found}
