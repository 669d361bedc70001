"""Whether the result of an earlier query may answer a new one.

https://docs.aws.amazon.com/athena/latest/ug/reusing-query-results.html
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from sqlglot import exp

from infra.local.athena.executions import Execution
from infra.local.athena.statement import Query
from infra.local.athena.workgroups import WorkGroup

#: Trino's functions that need not answer the same twice; the clock counts, because what it said is no longer so.
VOLATILE = {
    "rand", "random", "shuffle", "uuid", "now", "current_date", "current_time", "current_timestamp", "localtime",
    "localtimestamp", "arbitrary", "any_value",
}  # fmt: skip
_VOLATILE_NODES = (
    exp.Rand, exp.Uuid, exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.Localtime, exp.Localtimestamp,
    exp.AnyValue, exp.TableSample,
)  # fmt: skip


def is_deterministic(tree: exp.Expr) -> bool:
    """Does the query give the same rows whenever its tables are the same?

    LIMIT without ORDER BY does not, and neither do ``rand()`` and its like.

    >>> from infra.local.athena.dialect import parse_query
    >>> [is_deterministic(parse_query(sql)) for sql in ("SELECT 1 LIMIT 1", "SELECT 1 AS a ORDER BY a LIMIT 1")]
    [False, True]
    """
    return not any(_is_volatile(node) for node in tree.walk())


def _is_volatile(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in VOLATILE
    if isinstance(node, (exp.Limit, exp.Fetch, exp.Offset)):
        return node.parent is None or node.parent.args.get("order") is None
    return isinstance(node, _VOLATILE_NODES)


def max_age(asked: dict[str, Any]) -> dt.timedelta | None:
    """How old a result may be; nothing when the request does not want one reused.

    >>> max_age({"ResultReuseByAgeConfiguration": {"Enabled": True}})
    datetime.timedelta(seconds=3600)
    """
    by_age = asked.get("ResultReuseByAgeConfiguration") or {}
    return dt.timedelta(minutes=by_age.get("MaxAgeInMinutes", 60)) if by_age.get("Enabled") else None


def is_overridden(workgroup: WorkGroup, asked: str) -> bool:
    """Does the request want its result elsewhere than its workgroup says? Then nothing is reused."""
    return bool(
        asked and workgroup.output and not workgroup.enforced and asked.rstrip("/") != workgroup.output.rstrip("/")
    )


def reusable(
    new: Execution, earlier: Iterable[Execution], age: dt.timedelta, is_there: Callable[[Execution], bool]
) -> Execution | None:
    """The latest of the earlier executions whose result answers ``new``.

    Parameters
    ----------
    new
        What is to be run.
    earlier
        Executions of the same workgroup, newest first.
    age
        How long ago an execution may have ended.
    is_there
        Tells whether the result file still exists.
    """
    if not isinstance(new.statement, Query) or not is_deterministic(new.statement.tree):
        return None
    alike = (one for one in earlier if one.reused is None and one.reuse_key == new.reuse_key and one.is_deterministic)
    ended = (one for one in alike if one.state == "SUCCEEDED" and one.completed is not None)
    return next((one for one in ended if new.submitted - one.completed <= age and is_there(one)), None)  # type: ignore[operator]
