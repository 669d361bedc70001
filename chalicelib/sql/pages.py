"""Rows of a result, as many as are wanted, out of the engine's pages."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.queries import QueryEngine, ResultPage

PAGE_ROWS = 1_000


def read_rows(engine: QueryEngine, execution_id: str, cursor: str | None, most: int) -> ResultPage:
    """Answer up to ``most`` rows from a cursor on; the cursor of the answer is right behind its last row.

    It is None where nothing follows: Athena gives one behind every full page, so we look.
    """
    rows: list[Sequence[str | None]] = []
    while True:
        page = engine.page(execution_id, cursor, min(PAGE_ROWS, most - len(rows)))
        rows += page.rows
        cursor = page.next_cursor
        if cursor is not None and len(rows) >= most and not engine.page(execution_id, cursor, 1).rows:
            cursor = None
        if cursor is None or len(rows) >= most:
            return ResultPage(page.columns, rows, cursor)
