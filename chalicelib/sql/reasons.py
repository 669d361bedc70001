"""Why Athena did not answer, for the person who asked: what is wrong and where, without what is behind it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from chalicelib.errors import RequestError

_ATHENA: Final = re.compile(r"^Athena (?:refused the statement: )?[\w-]+: ")
_NAMED: Final = re.compile(r"^(?:(?P<name>[A-Z][A-Z_]+): )?(?P<rest>.*)$", re.DOTALL)
_PLACE: Final = re.compile(r"^line (?P<line>\d+):(?P<column>\d+): (?P<detail>.*)$", re.DOTALL)
_BEHIND: Final = re.compile(r"\S*(?:s3a?://|/tmp/|arn:)\S+")
_LIMIT: Final = re.compile(r"bytes scanned limit", re.IGNORECASE)
# What is no fault of the statement: people are told that it failed, and we are told why.
_OURS: Final = ("HIVE_", "GENERIC_INTERNAL_ERROR", "PERMISSION_DENIED", "ICEBERG_")


@dataclass(frozen=True, slots=True)
class Reason:
    """Athena's name for what happened, what it says, and where in the statement, if anywhere."""

    name: str
    detail: str
    line: int | None = None
    column: int | None = None


def read_reason(text: str) -> Reason:
    """Read the reason of a failed execution.

    >>> read_reason("COLUMN_NOT_FOUND: line 1:8: Column 'x' cannot be resolved")
    Reason(name='COLUMN_NOT_FOUND', detail="Column 'x' cannot be resolved", line=1, column=8)
    >>> read_reason("HIVE_CURSOR_ERROR: s3://lake/secret/x.parquet went away").detail
    'The data could not be read. It was logged; please try again.'
    """
    found = _NAMED.match(_ATHENA.sub("", text.strip()))
    assert found is not None
    name, rest = found["name"] or "", found["rest"].strip()
    if name.startswith(_OURS):
        return Reason(name, "The data could not be read. It was logged; please try again.")
    if _LIMIT.search(rest):
        return Reason("BYTES_SCANNED_LIMIT", f"{rest.rstrip('.')}. Read fewer days, or fewer columns.")
    place = _PLACE.match(rest)
    detail = _BEHIND.sub("…", place["detail"] if place else rest) or "It was cancelled."
    if place is None:
        return Reason(name, detail)
    return Reason(name, detail, int(place["line"]), int(place["column"]))


def as_error(text: str, run_id: str) -> RequestError:
    """Make the problem of a run that failed: 400 where the statement is wrong at a place, else 422."""
    reason = read_reason(text)
    said = f"{reason.name}: {reason.detail}" if reason.name else reason.detail
    if reason.line is None or reason.column is None:
        return RequestError(f"The query failed: {said} (run {run_id})", status=422)
    detail = f"line {reason.line}:{reason.column}: {said}"
    where: dict[str, str | int]
    where = {"parameter": "sql", "detail": detail, "line": reason.line, "column": reason.column}
    return RequestError(f"The query failed (run {run_id}).", errors=(where,))
