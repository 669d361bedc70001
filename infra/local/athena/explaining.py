"""EXPLAIN: what a query would read, file by file counted, and the steps of its plan.

``TYPE IO`` has the shape of Trino's ``io.trino.sql.planner.planprinter.IoPlanPrinter``; its costs of processor, memory
and network are left out, because they are not known here. Rows and bytes are those of the files that would be read,
before the conditions on other columns than partition keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from infra.local.athena.binding import Reference, view_mentions
from infra.local.athena.engine import Engine
from infra.local.athena.files import Fetched
from infra.local.athena.pruning import NULL_VALUE
from infra.local.athena.trino_types import trino_type
from infra.local.athena.views import CATALOG

MOST_RANGES = 100  # discrete values of a key; more become one range


def text_plan(sql: str, references: Sequence[Reference], fetched: Sequence[Fetched], engine: Engine) -> Iterator[str]:
    """The lines of ``TYPE LOGICAL`` and ``DISTRIBUTED``."""
    for one in fetched:
        table, keys = one.scan.reference.table, one.scan.reference.table.partition_keys
        yield f"Scan {CATALOG}.{table.database}.{table.name} AS {one.scan.reference.alias}"
        if keys:
            yield f"    {len(one.scan.partitions)} of {one.scan.known} partitions by {', '.join(k.name for k in keys)}"
        columns = ", ".join(c.name for c in table.columns if c.name in one.scan.reference.columns)
        yield f"    {len(one.scan.files)} files, {one.rows} rows, {one.scanned} bytes in the columns [{columns}]"
    for reference, _ in view_mentions(references):
        table = reference.table
        yield f"View {CATALOG}.{table.database}.{table.name} AS {reference.alias}"
    yield "Steps of the engine, the last one first"
    for root in json.loads(engine.run(f"EXPLAIN (FORMAT JSON) {sql}").fetchall()[0][1]):
        yield from _steps(root, 1)


def _steps(node: dict[str, Any], depth: int) -> Iterator[str]:
    rows = (node.get("extra_info") or {}).get("Estimated Cardinality")
    yield "    " * depth + f"- {str(node['name']).strip()}" + (f" (about {rows} rows)" if rows else "")
    for child in node.get("children") or []:
        yield from _steps(child, depth + 1)


def io_plan(fetched: Sequence[Fetched]) -> str:
    """The JSON of ``TYPE IO``."""
    inputs = [
        {
            "table": {"catalog": CATALOG, "schemaTable": {"schema": table.database, "table": table.name}},
            "constraint": {"none": not one.scan.files, "columnConstraints": _constraints(one)},
            "estimate": {"outputRowCount": one.rows, "outputSizeInBytes": one.scanned},
        }
        for one in fetched
        for table in [one.scan.reference.table]
    ]
    total = {
        "outputRowCount": sum(one.rows for one in fetched),
        "outputSizeInBytes": sum(one.scanned for one in fetched),
    }
    return json.dumps({"inputTableColumnInfos": inputs, "estimate": total}, indent=2, separators=(",", " : "))


def _constraints(one: Fetched) -> list[dict[str, Any]]:
    """What is left of the partition keys, where something is left out."""
    if len(one.scan.partitions) == one.scan.known:
        return []
    out = []
    for at, key in enumerate(one.scan.reference.table.partition_keys):
        values = {partition.values[at] for partition in one.scan.partitions}
        known = sorted(values - {NULL_VALUE})
        pairs = [(value, value) for value in known] if len(known) <= MOST_RANGES else [(known[0], known[-1])]
        ranges = [{"low": _bound(low), "high": _bound(high)} for low, high in pairs]
        domain = {"nullsAllowed": NULL_VALUE in values, "ranges": ranges}
        out.append({"columnName": key.name, "type": trino_type(key.type), "domain": domain})
    return out


def _bound(value: str) -> dict[str, str]:
    return {"value": value, "bound": "EXACTLY"}
