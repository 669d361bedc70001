"""``AthenaError``: the numbers that Athena gives a failure.

https://docs.aws.amazon.com/athena/latest/ug/error-reference.html; the types by Trino's names as measured on Athena 3 by
the project aoyagikouhei/athena-local (``docs/api.md``).
"""

from __future__ import annotations

from typing import Any

SYSTEM, USER = 1, 2
_TYPES = {
    "TABLE_NOT_FOUND": 1301,
    "SCHEMA_NOT_FOUND": 1301,
    "COLUMN_NOT_FOUND": 1006,
    "CATALOG_NOT_FOUND": 1006,
    "TYPE_MISMATCH": 1002,
    "FUNCTION_NOT_FOUND": 1303,
    "DIVISION_BY_ZERO": 1001,
    "INVALID_CAST_ARGUMENT": 1100,
    "NOT_SUPPORTED": 1200,
}


def athena_error(reason: str) -> dict[str, Any]:
    """``AthenaError`` of a reason that begins with Trino's name of the error.

    >>> athena_error("TABLE_NOT_FOUND: line 1:15: Table 'a' does not exist")["ErrorType"]
    1301
    """
    name = reason.partition(":")[0]
    category = SYSTEM if name == "GENERIC_INTERNAL_ERROR" else USER
    return {
        "ErrorCategory": category,
        "ErrorType": 200 if category == SYSTEM else _TYPES.get(name, 1000),
        "Retryable": False,
        "ErrorMessage": reason,
    }
