"""``/v1/catalog``: what there is to select from with SQL; ``/catalog`` for people, without what only tokens may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from chalicelib.api import catalog_schemas as schemas
from chalicelib.api.catalog_page import page
from chalicelib.api.context import Context
from chalicelib.api.docs import HTML, served
from chalicelib.api.envelope import instant, tagged
from chalicelib.api.routes import Access, Answer, Call, Parameter, Reply, Route, in_path
from chalicelib.domain.faults import not_found
from chalicelib.domain.nearest import one_of
from chalicelib.errors import IntegrityError
from chalicelib.sql.catalog import Entry, Kind, entries
from chalicelib.sql.headers import DescribedColumn
from chalicelib.sql.samples import MOST_ROWS, masked, sample_run
from chalicelib.sql.standing import Extent, Freshness, extent, freshness, visible_files

_PATIENCE_S: Final = 10.0
_SEES_PEOPLE: Final = ("admin", "sql")
"""Scopes that may read personal data: they can ask for it in SQL, too."""

Standings = Mapping[str, tuple[Freshness, ...]]


def list_catalog(call: Call, context: Context) -> Reply:
    """Answer every entry, or those of one kind, with how fresh it is."""
    wanted = call.values.get("kind")
    found = [entry for entry in entries().values() if wanted in (None, entry.kind)]
    fresh, warnings = standings(context, {stream for entry in found for stream in entry.streams})
    return tagged(
        call.headers,
        {
            "results": [describe(entry, fresh) for entry in found],
            "meta": {"count": len(found), "truncated": False, "warnings": warnings},
            "query": {"kind": wanted},
        },
    )


def get_entry(call: Call, context: Context) -> Reply:
    """Answer one entry: how much of it there is, and a few rows where they are asked for."""
    name, count = call.values["name"], call.values.get("sample", 0)
    entry = entries().get(name)
    if entry is None:
        raise not_found("name", "view, table or cube", name, entries(), "/v1/catalog")
    fresh, warnings = standings(context, entry.streams)
    files = {below: visible_files(context.store, entries()[below].streams[0], below) for below in entry.inputs}
    found = extent((f for of in files.values() for f in of), by_day=entry.by_day)
    body: dict[str, Any] = describe(entry, fresh) | {"extent": describe_extent(found), "sample": None}
    if count:
        rows = (
            view_sample(context, entry, found)
            if entry.kind is Kind.VIEW
            else context.samples.of(files[entry.name], entry.columns, count)
        )
        if isinstance(rows, str):
            warnings.append(rows)
        else:
            body["sample"] = seen(call, entry, rows[:count])
    return tagged(
        call.headers,
        {
            "results": [body],
            "meta": {"count": 1, "truncated": False, "warnings": warnings},
            "query": {"name": name, "sample": count},
        },
    )


def standings(context: Context, streams: Iterable[str]) -> tuple[Standings, list[str]]:
    """Answer how fresh each stream is, read in parallel, and which cannot be told."""
    names = sorted(streams)
    warnings = []

    def read(stream: str) -> tuple[Freshness, ...] | None:
        try:
            return freshness(context.store, stream)
        except IntegrityError:
            return None

    with ThreadPoolExecutor(max(1, min(8, len(names)))) as pool:
        found = dict(zip(names, pool.map(read, names), strict=True))
    for name, fresh in found.items():
        if fresh is None:
            warnings.append(f"The log of {name} is inconsistent: how fresh it is cannot be told.")
    return {name: fresh or () for name, fresh in found.items()}, warnings


def view_sample(context: Context, entry: Entry, found: Extent) -> list[dict[str, Any]] | str:
    """Answer rows of a view, asked of Athena once for as long as nothing new is published, or why there are none."""
    from chalicelib.sql.pages import read_rows
    from chalicelib.sql.runs import RunState
    from chalicelib.sql.values import as_json

    if not found.files:
        return []
    run = context.desk.submit(sample_run(entry, found, MOST_ROWS, context.clock()))
    run = context.desk.wait(run, _PATIENCE_S)
    if not run.state.is_final:
        return "The sample is being made: ask again in a few seconds."
    if run.state is not RunState.DONE:
        return "The sample could not be made: run the example of the view."
    page = read_rows(context.queries, run.execution_id, None, MOST_ROWS)
    names = [column.name for column in page.columns]
    return [dict(zip(names, as_json(row, page.columns), strict=True)) for row in page.rows]


def seen(call: Call, entry: Entry, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Answer rows without what tells of people, for those who may not see it."""
    sees = call.caller is not None and call.caller.scope in _SEES_PEOPLE
    return rows if sees else masked(rows, entry.columns)


def describe(entry: Entry, fresh: Standings) -> dict[str, Any]:
    """Describe one entry."""
    sources = {one.source: one for stream in entry.streams for one in fresh[stream]}
    marks = [one.watermark for one in sources.values()]
    known = [mark for mark in marks if mark is not None]
    grown = fresh[entry.streams[0]] if entry.kind is Kind.TABLE else ()
    return {
        "name": entry.name,
        "kind": entry.kind.value,
        "description": entry.description,
        "grain": entry.grain,
        "hidden": entry.hidden or None,
        "filtering": entry.filtering,
        "inputs": [] if entry.kind is not Kind.VIEW else list(entry.inputs),
        "columns": [describe_column(column, entry.partition_key) for column in entry.columns],
        "freshness": {
            "watermark": instant(min(known)) if known and len(known) == len(marks) else None,
            "sources": [
                {"name": n, "watermark": instant(one.watermark), "published_at": instant(one.published_at)}
                for n, one in sorted(sources.items())
            ],
        },
        "rows": grown[0].rows if grown else None,
        "example": entry.example,
    }


def describe_column(column: DescribedColumn, partition_key: str | None) -> dict[str, Any]:
    """Describe one column."""
    return {
        "name": column.name,
        "type": column.type,
        "unit": column.unit,
        "description": column.description,
        "personal": column.personal,
        "partition_key": column.name == partition_key,
    }


def describe_extent(found: Extent) -> dict[str, Any]:
    """Describe how much there is."""
    return {
        "files": found.files,
        "bytes": found.size_bytes,
        "partitions": found.partitions,
        "first_day": None if found.first_day is None else found.first_day.isoformat(),
        "last_day": None if found.last_day is None else found.last_day.isoformat(),
    }


def parse_kind(text: str) -> Kind:
    """Read ``kind``."""
    return Kind(one_of(text, Kind, "kind"))


def parse_count(text: str) -> int:
    """Read ``sample``."""
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_ROWS):
        raise ValueError(f"A whole number from 0 to {MOST_ROWS} is needed.")
    return int(text)


KIND = Parameter("kind", "Only entries of this kind.", {"type": "string", "enum": list(Kind)}, "view", parse=parse_kind)
NAME = in_path("name", "The entry's name, as the list tells it.", "v_leads")
SAMPLE = Parameter(
    "sample",
    f"How many rows to show, at most {MOST_ROWS}: of a table or a cube from its newest published file; of a view "
    "they are asked of Athena, once for as long as nothing new is published.",
    {"type": "integer", "minimum": 0, "maximum": MOST_ROWS, "default": 0},
    "5",
    parse=parse_count,
)

ROUTES = (
    Route(
        method="GET",
        path="/v1/catalog",
        name="list_catalog",
        access=Access.READ,
        summary="What there is to select from with SQL",
        description=(
            "Begin with the views (`v_…`): they hide what was sent twice, what contradicts itself and the versions of "
            "records. Cubes are small and answer most questions about downloads and GitHub; tables are all that came. "
            "`freshness.watermark`: everything before it is there, of every source that the entry needs; null: "
            "something has not come yet. `rows` where the log tells it: of a table that only grows and is its "
            "source's only one."
        ),
        answers=(
            Answer(200, "The entries.", schemas.CATALOG, schemas.CATALOG_EXAMPLE),
            Answer(304, "Unchanged."),
        ),
        handler=list_catalog,
        parameters=(KIND,),
    ),
    Route(
        method="GET",
        path="/v1/catalog/{name}",
        name="get_catalog_entry",
        access=Access.READ,
        summary="One view, table or cube, how much of it there is, and what its rows look like",
        description=(
            "`extent` counts the files that readers see now: of a view those of its tables, the most that a query "
            "can scan. In a sample, columns that tell of people say `masked`, but for tokens of scope `sql` and "
            "`admin`."
        ),
        answers=(
            Answer(200, "The entry.", schemas.ENTRY, schemas.ENTRY_EXAMPLE),
            Answer(304, "Unchanged."),
        ),
        handler=get_entry,
        parameters=(NAME, SAMPLE),
        problems=(404, 429),
    ),
    Route(
        method="GET",
        path="/catalog",
        name="catalog_page",
        access=Access.PUBLIC,
        summary="The catalog, for people",
        description="The words of the catalog, without numbers and rows: those need a token. It loads nothing.",
        answers=(Answer(200, "The page.", {"type": "string"}, None, HTML), Answer(304, "Unchanged.")),
        handler=served(HTML, lambda: page(entries().values())),
    ),
)
