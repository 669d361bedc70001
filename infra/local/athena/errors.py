"""What can go wrong, as Athena names it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


class ApiError(Exception):
    """An operation is refused; becomes HTTP 400 with ``__type``.

    Parameters
    ----------
    kind
        The exception's name in Athena's model, ``InvalidRequestException`` for most.
    message
        What is wrong.
    code
        ``AthenaErrorCode``, where Athena gives one.
    fields
        Further members of the exception, such as ``ResourceName``.
    """

    def __init__(
        self, kind: str, message: str, code: str | None = None, fields: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.code = code
        self.fields = fields


def invalid_request(message: str, code: str = "INVALID_INPUT") -> ApiError:
    """The commonest refusal."""
    return ApiError("InvalidRequestException", message, code)


def malformed_query(message: str) -> ApiError:
    """The statement is refused before it becomes an execution."""
    return invalid_request(message, "MALFORMED_QUERY")


class QueryFailure(Exception):  # noqa: N818 - a failed query is a state here, not a bug
    """An execution ends as FAILED with this reason, which starts with Trino's name of the error.

    Examples
    --------
    >>> str(QueryFailure("TABLE_NOT_FOUND", "line 1:15: Table 'a' does not exist"))
    "TABLE_NOT_FOUND: line 1:15: Table 'a' does not exist"
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message


class QueryCancelled(Exception):  # noqa: N818
    """An execution ends as CANCELLED; the reason may be empty (a person stopped it)."""


def not_supported(what: str) -> QueryFailure:
    """What Athena can do and this one cannot: always refused by name, never guessed."""
    return QueryFailure("NOT_SUPPORTED", f"The local Athena does not support {what}")
