"""What a request for SQL says: its body read, every wrong field named at once. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.documents.formats import Format
from chalicelib.domain.faults import fault, unknown_names
from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.errors import RequestError
from chalicelib.sql.guard import Checked, check
from chalicelib.sql.parameters import MAX_PARAMETERS, literals

JSON: Final = "json"
FILES: Final = (Format.CSV, Format.PARQUET, Format.XLSX)
"""What a whole result can be."""
FORMATS: Final = (JSON, *(form.value for form in FILES))
MAX_INLINE_ROWS: Final = 10_000
"""Rows of one JSON answer; the rest is paged."""
DEFAULT_ROWS: Final = 1_000
MAX_WAIT_S: Final = 20


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that may be run, and how it is to be answered; ``form`` is None for JSON."""

    sql: str
    checked: Checked
    literals: tuple[str, ...]
    form: Format | None = None
    max_rows: int = DEFAULT_ROWS
    wait_s: int = MAX_WAIT_S


def read_ask(given: Mapping[str, Any], *, database: str, names: Collection[str], only: Collection[str]) -> Ask:
    """Read a body.

    Parameters
    ----------
    only
        The fields that there may be.

    Raises
    ------
    RequestError
        400: one entry in ``errors`` per wrong field, or what the guard or a parameter has against the statement.
    """
    errors = unknown_names(given, only)
    sql, values = given.get("sql"), given.get("parameters", [])
    if not isinstance(sql, str):
        errors.append({"parameter": "sql", "detail": "One statement is needed, as text."})
    if not isinstance(values, list) or len(values) > MAX_PARAMETERS:
        errors.append({"parameter": "parameters", "detail": f"A list of up to {MAX_PARAMETERS} values."})
    form = given.get("format", JSON)
    if form not in FORMATS:
        errors.append(fault("format", NotKnown(f"One of: {', '.join(FORMATS)}.", nearest(str(form), FORMATS))))
    bounds = {"max_rows": (1, MAX_INLINE_ROWS), "wait_s": (0, MAX_WAIT_S)}
    errors += [
        {"parameter": name, "detail": f"A whole number from {least} to {most:,}."}
        for name, (least, most) in bounds.items()
        if name in given and not (type(given[name]) is int and least <= given[name] <= most)
    ]
    if "max_rows" in given and form != JSON:
        errors.append({"parameter": "max_rows", "detail": "A file has every row: this is for JSON. Use LIMIT."})
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    checked = check(str(sql), database=database, names=names)
    return Ask(
        sql=str(sql),
        checked=checked,
        literals=literals(values, checked.parameters),
        form=None if form == JSON else Format(form),
        max_rows=given.get("max_rows", DEFAULT_ROWS),
        wait_s=given.get("wait_s", MAX_WAIT_S),
    )
