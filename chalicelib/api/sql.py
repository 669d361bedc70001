"""``/v1/sql``: SQL over the lake. Short queries are answered, long ones become runs that are looked at again."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from chalicelib.api import idempotency, paging
from chalicelib.api import sql_schemas as schemas
from chalicelib.api.asking import parse_flag
from chalicelib.api.bodies import parse_object, require_json_type, require_size
from chalicelib.api.context import Context
from chalicelib.api.envelope import NO_STORE, instant
from chalicelib.api.files import linked
from chalicelib.api.paging import CURSOR, limit, listed, page_of
from chalicelib.api.routes import Access, Answer, Body, Call, Parameter, Reply, Route, in_path
from chalicelib.documents.formats import CONTENT_TYPES, Format
from chalicelib.domain.nearest import one_of
from chalicelib.domain.queries import ResultPage
from chalicelib.errors import QueryFailed, RequestError
from chalicelib.sql import runs
from chalicelib.sql.catalog import entries
from chalicelib.sql.cost import usd
from chalicelib.sql.runs import Run, RunState

if TYPE_CHECKING:
    from chalicelib.sql.ask import Ask

MAX_BODY_BYTES: Final = 600_000
_INLINE_BYTES: Final = 1_000_000
_LISTED: Final = 100
_LOOK_AGAIN_S: Final = 2


def run_sql(call: Call, context: Context) -> Reply:
    """Run a statement: answer its rows, a file of them, or 202 and where to look again."""
    ask = read(call, context, ("sql", "parameters", "format", "max_rows", "wait_s"))
    run = context.desk.wait(context.desk.submit(_new_run(call, context, ask)), ask.wait_s)
    if not run.state.is_final:
        return Reply(describe(run), 202, {**_headers(run), "Location": f"sql/{run.id}"})
    _require_done(run)
    return _file(context, run, ask.form) if ask.form else _rows(context, run, None, ask.max_rows)


def read(call: Call, context: Context, only: tuple[str, ...]) -> Ask:
    """Read the body of a request for SQL. Raises ``RequestError``."""
    from chalicelib.sql.ask import read_ask

    require_json_type(call)
    require_size(call, MAX_BODY_BYTES)
    given = parse_object(call.body, parse_float=Decimal)
    return read_ask(given, database=context.database, names=entries().keys(), only=only)


def _new_run(call: Call, context: Context, ask: Ask) -> Run:
    owner, by = _owner(call)
    key = idempotency.read_key(call)
    digest = idempotency.digest_of([ask.sql, ask.literals])
    name = idempotency.new_id(owner, key)
    standing = None if key is None else runs.read(context.state, owner, name)
    if standing is not None and standing.request != digest:
        raise idempotency.used_for_another()
    return Run(
        id=name,
        owner=owner,
        by=by,
        sql=ask.sql,
        checked=ask.checked.sql,
        literals=ask.literals,
        submitted_at=context.clock(),
        tables=ask.checked.tables,
        capped=ask.checked.capped,
        request=digest,
    )


def _owner(call: Call) -> tuple[str, str]:
    return call.by.id, call.by.name


def _require_done(run: Run) -> None:
    from chalicelib.sql.reasons import as_error

    if run.state is RunState.CANCELLED:
        raise RequestError(f"The query was cancelled (run {run.id}).", status=409)
    if run.state is not RunState.DONE:
        raise as_error(run.reason, run.id)


def describe(run: Run) -> dict[str, Any]:
    """Describe a run, as its owner sees it."""
    from chalicelib.sql.reasons import read_reason

    reason = read_reason(run.reason) if run.state is RunState.FAILED else None
    return {
        "id": run.id,
        "sql": run.sql,
        "state": run.state.value,
        "tables": list(run.tables),
        "submitted_at": instant(run.submitted_at),
        "finished_at": instant(run.finished_at),
        "scanned_bytes": run.scanned_bytes,
        "cost_usd": f"{usd(run.scanned_bytes):f}",
        "queued_ms": run.queued_ms,
        "engine_ms": run.engine_ms,
        "error": reason
        and {"name": reason.name, "detail": reason.detail, "line": reason.line, "column": reason.column},
    }


def list_runs(call: Call, context: Context) -> Reply:
    """Answer a page of the caller's runs, newest first."""
    found = runs.every(context.state, _owner(call)[0])
    page = page_of(call, "runs", found, lambda run: (run.submitted_at.isoformat(), run.id), _LISTED, newest=True)
    return listed(call, page, describe, NO_STORE)


def get_run(call: Call, context: Context) -> Reply:
    """Answer how a run stands."""
    run = _find(call, context)
    return Reply(describe(run), headers=_headers(run))


def cancel_run(call: Call, context: Context) -> Reply:
    """Stop a run; one that has ended stays as it is."""
    run = context.desk.cancel(_owner(call)[0], call.values["id"])
    return Reply(describe(_there(run)), headers=NO_STORE)


def get_rows(call: Call, context: Context) -> Reply:
    """Answer a page of a run's rows."""
    run = _ended(call, context)
    return _rows(context, run, call.values.get("cursor"), call.values.get("limit", 1_000))


def get_file(call: Call, context: Context) -> Reply:
    """Answer a run's whole result as a file: 303 to a link that expires, or the link itself."""
    from chalicelib.sql.exports import export

    run, form = _ended(call, context), call.values["format"]
    led = _linked(context, run, form, export(context.results, run, _columns(context, run), form))
    return led if call.values.get("redirect", True) else Reply(led.body, headers=NO_STORE)


def _find(call: Call, context: Context) -> Run:
    return _there(context.desk.look(_owner(call)[0], call.values["id"]))


def _there(run: Run | None) -> Run:
    if run is None:
        raise RequestError(f"You have no run with this id; they are kept for {runs.KEPT.days} days.", status=404)
    return run


def _ended(call: Call, context: Context) -> Run:
    run = _find(call, context)
    if not run.state.is_final:
        raise RequestError("The query is still at work: look again when its state is `done`.", status=409)
    _require_done(run)
    return run


def _rows(context: Context, run: Run, cursor: str | None, most: int) -> Reply:
    from chalicelib.sql.values import as_json, unique_names

    page = _page(context, run, cursor, most)
    names = unique_names(page.columns)
    meta = {
        "run": run.id,
        "columns": [{"name": name, "type": one.type} for name, one in zip(names, page.columns, strict=True)],
        "count": len(page.rows),
        "truncated": page.next_cursor is not None,
        "next_cursor": page.next_cursor,
        "served_from": "athena",
        "approximate": False,
        "scanned_bytes": run.scanned_bytes,
        "cost_usd": f"{usd(run.scanned_bytes):f}",
        "engine_ms": run.engine_ms,
        "warnings": _warnings(run, [one.name for one in page.columns], names, paged=bool(cursor or page.next_cursor)),
    }
    rows = [dict(zip(names, as_json(row, page.columns), strict=True)) for row in page.rows]
    return Reply({"results": rows, "meta": meta, "query": {"sql": run.sql}}, headers=NO_STORE)


def _page(context: Context, run: Run, cursor: str | None, most: int) -> ResultPage:
    """Answer some of a run's rows; our cursor is the engine's, and says which run it is of."""
    from chalicelib.sql.pages import read_rows

    scope = f"rows {run.id}"
    engines = None if cursor is None else str(paging.read_cursor(scope, cursor))
    try:
        page = read_rows(context.queries, run.execution_id, engines, most)
    except QueryFailed as error:
        if engines is None:
            raise
        raise paging.bad_cursor() from error  # the engine no longer knows it
    after = page.next_cursor
    return replace(page, next_cursor=None if after is None else paging.write_cursor(scope, after))


def _warnings(run: Run, given: list[str], names: tuple[str, ...], *, paged: bool) -> list[str]:
    from chalicelib.sql.guard import MAX_ROWS

    said = []
    if run.capped and paged:
        said.append(f"Without a LIMIT of its own it was given one: {MAX_ROWS + 1:,} rows mean that there are more.")
    if renamed := [f"{old} as {new}" for old, new in zip(given, names, strict=True) if old != new]:
        said.append(f"Two columns of one name: {', '.join(renamed)}.")
    return said


def _file(context: Context, run: Run, form: Format) -> Reply:
    """A small CSV is answered as it is; everything else by a link."""
    from chalicelib.documents.delivery import small_text
    from chalicelib.sql.exports import export

    key = export(context.results, run, _columns(context, run), form)
    if form is Format.CSV and (text := small_text(context.results, key, _INLINE_BYTES)) is not None:
        return Reply(text, headers={**NO_STORE, "Content-Type": CONTENT_TYPES[form]})
    return _linked(context, run, form, key)


def _linked(context: Context, run: Run, form: Format, key: str) -> Reply:
    return linked(context.results, key, f"headwater-{run.id}.{form.value}", run=run.id)


def _columns(context: Context, run: Run) -> Any:
    return context.queries.page(run.execution_id, size=1).columns


def _headers(run: Run) -> dict[str, str]:
    return dict(NO_STORE) if run.state.is_final else {**NO_STORE, "Retry-After": str(_LOOK_AGAIN_S)}


def explain_sql(call: Call, context: Context) -> Reply:
    """Answer what a statement would read, at most, and how it would be done; nothing of the data is read."""
    from chalicelib.sql.explain import explain

    ask = read(call, context, ("sql", "parameters"))
    found = explain(context.desk, context.partition_sizes, _owner(call)[0], ask)
    body = {
        "tables": [asdict(scan) for scan in found.scans],
        "max_scanned_bytes": found.max_bytes,
        "max_cost_usd": f"{usd(found.max_bytes):f}",
        "plan": found.plan,
    }
    return Reply(body, headers=NO_STORE)


def _read_format(text: str) -> Format:
    from chalicelib.sql.ask import FILES

    return Format(one_of(text, [form.value for form in FILES], "format"))


ID = in_path("id", "The run's id.", "5f1c0d9a7be34c0f8f7a2b11")
FORMAT = Parameter(
    "format", "What file.", {"type": "string", "enum": ["csv", "parquet", "xlsx"]}, "parquet", required=True,
    parse=_read_format,
)  # fmt: skip

REDIRECT = Parameter(
    "redirect",
    "`false` answers 200 with the link, for pages whose policy lets no script follow it elsewhere.",
    {"type": "boolean", "default": True},
    "false",
    parse=parse_flag,
)

ROUTES = (
    Route(
        method="POST",
        path="/v1/sql",
        name="run_sql",
        access=Access.SQL,
        summary="Run SQL over the lake",
        description=(
            "One query (`SELECT`, `WITH`, `VALUES`) in Trino's dialect, over the tables and views of `/v1/catalog`. "
            "Values come in `parameters`, one for each `?`. It is waited for (`wait_s`); a query that takes longer "
            "answers 202, and `Location` (relative to this address) tells how it stands. Errors name line and "
            "column. `json` answers up to `max_rows`, the rest by `next_cursor` at `/v1/sql/{id}/rows`; a file "
            "(`csv`, `parquet`, `xlsx`) has every row: a small CSV is answered as it is, else 303 leads to a link "
            "that is good for 15 minutes. In CSV, text that a spreadsheet would take for a formula begins with an "
            "apostrophe. Bounds: 3 queries of a token at once, 10 minutes, 1,000,000 rows, and the scan limit of the "
            "deployment. Results are kept for 7 days."
        ),
        answers=(
            Answer(200, "The rows.", schemas.ROWS, schemas.ROWS_EXAMPLE),
            Answer(200, "A small CSV, as it is.", {"type": "string"}, "version,downloads\n3.5.0,2000\n", "text/csv"),
            Answer(202, "It is at work.", schemas.RUN, schemas.RUN_EXAMPLE),
            Answer(303, "Where the file is.", schemas.LINK, schemas.LINK_EXAMPLE),
        ),
        handler=run_sql,
        headers=(idempotency.KEY,),
        body=Body("What to run, and how to answer.", schemas.ASK, schemas.ASK_EXAMPLE),
        problems=(409, 413, 415, 422, 429),
    ),
    Route(
        method="POST",
        path="/v1/sql/explain",
        name="explain_sql",
        access=Access.SQL,
        summary="What a query would read, and how",
        description=(
            "Which partitions of which tables are left, the size of their files, and Athena's plan. Nothing of the "
            "data is read and nothing is billed. `max_scanned_bytes` is an upper bound: of a file only the columns "
            "that the query names are read."
        ),
        answers=(Answer(200, "The estimate.", schemas.EXPLAINED, schemas.EXPLAINED_EXAMPLE),),
        handler=explain_sql,
        body=Body("What would be run.", schemas.EXPLAIN, schemas.EXPLAIN_EXAMPLE),
        problems=(413, 415, 422, 429),
    ),
    Route(
        method="GET",
        path="/v1/sql",
        name="list_sql_runs",
        access=Access.SQL,
        summary="Your queries",
        description="The runs of this token, newest first, with what each scanned and cost.",
        answers=(Answer(200, "The runs.", schemas.RUNS, schemas.RUNS_EXAMPLE),),
        handler=list_runs,
        parameters=(limit(_LISTED, 500), CURSOR),
    ),
    Route(
        method="GET",
        path="/v1/sql/{id}",
        name="get_sql_run",
        access=Access.SQL,
        summary="How a query stands",
        description=(
            "`queued`, `running`, and then `done`, `failed` (see `error`) or `cancelled`. `scanned_bytes` grows "
            "while it runs. Look again after `Retry-After` seconds."
        ),
        answers=(Answer(200, "The run.", schemas.RUN, schemas.RUN_EXAMPLE),),
        handler=get_run,
        parameters=(ID,),
        problems=(404,),
    ),
    Route(
        method="DELETE",
        path="/v1/sql/{id}",
        name="cancel_sql_run",
        access=Access.SQL,
        summary="Cancel a query",
        description="It is stopped; what it scanned is billed by Athena. A run that has ended stays as it is.",
        answers=(Answer(200, "The run.", schemas.RUN, schemas.RUN_EXAMPLE),),
        handler=cancel_run,
        parameters=(ID,),
        problems=(404,),
    ),
    Route(
        method="GET",
        path="/v1/sql/{id}/rows",
        name="get_sql_rows",
        access=Access.SQL,
        summary="A query's rows, page by page",
        description="Begin without a cursor; go on with `meta.next_cursor` until it is null.",
        answers=(Answer(200, "The rows.", schemas.ROWS, schemas.ROWS_EXAMPLE),),
        handler=get_rows,
        parameters=(ID, CURSOR, limit(1_000, 10_000)),
        problems=(404, 409, 422),
    ),
    Route(
        method="GET",
        path="/v1/sql/{id}/file",
        name="get_sql_file",
        access=Access.SQL,
        summary="A query's result as a file",
        description=(
            "CSV, Parquet or Excel, made when first asked for. The link is good for 15 minutes, for whoever has it."
        ),
        answers=(
            Answer(303, "Where the file is.", schemas.LINK, schemas.LINK_EXAMPLE),
            Answer(200, "Without `redirect`: the same, and nothing follows it.", schemas.LINK, schemas.LINK_EXAMPLE),
        ),
        handler=get_file,
        parameters=(ID, FORMAT, REDIRECT),
        problems=(404, 409, 422),
    ),
)
