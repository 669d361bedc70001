"""The day level of a cube, added up from its 15-minute level: exact in any zone, as offsets lie on the quarter hour."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from chalicelib.domain.periods import Interval, boundaries
from chalicelib.lake.writer import ARROW_TYPES
from chalicelib.metrics.cube import BUCKET_START, Adds, Cube
from chalicelib.metrics.packing import each, schema, within
from chalicelib.metrics.touched import Span

_AGGREGATES = {Adds.SUM: "sum", Adds.LAST: "last"}


def by_day(cube: Cube, base: pa.Table, spans: Sequence[Span], zone: ZoneInfo) -> pa.Table:
    """Add up the rows of ``base`` that lie in spans of whole days of a zone, a row for each day and key.

    Counters are summed, of gauges the last value that is not null is taken; members are named once.
    """
    edges = sorted({bound for span in spans for bound in boundaries(span.start, span.end, Interval.P1D, zone)})
    inside = within(base, spans).sort_by(BUCKET_START.name)

    def day_of(bucket: datetime) -> datetime:
        return edges[bisect_right(edges, bucket) - 1]

    starts = each(inside[BUCKET_START.name], day_of, ARROW_TYPES[BUCKET_START.type])
    dated = inside.set_column(inside.schema.get_field_index(BUCKET_START.name), BUCKET_START.name, starts)
    measures = [(measure.name, _AGGREGATES[measure.adds]) for measure in cube.measures]
    added = dated.group_by(list(cube.key), use_threads=False).aggregate(measures)
    names = {f"{name}_{how}": name for name, how in measures}
    renamed = added.rename_columns([names.get(name, name) for name in added.column_names])
    wanted = schema(cube.days)
    return renamed.select(wanted.names).cast(wanted)
