"""What goes wrong, as exceptions: an answer that is a problem (RFC 9457), or none at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict


class Fault(TypedDict):
    """What is wrong with one parameter or field."""

    parameter: str
    detail: str
    suggestion: NotRequired[str]
    line: NotRequired[int]
    column: NotRequired[int]


class NotReached(Exception):  # noqa: N818
    """No answer came, after every try: the network, or the server is away."""


class ApiError(Exception):
    """An answer that is a problem.

    Parameters
    ----------
    status
        The HTTP status.
    problem
        The body: ``type`` (for programs), ``title``, ``detail`` (for people), perhaps ``errors`` and ``instance``.
    headers
        Of the answer, by their names in lower case.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self.status = status
        self.problem = problem
        self.headers = headers
        self.errors: list[Fault] = list(problem.get("errors", ()))
        said = [f"{fault['parameter']}: {fault['detail']}" for fault in self.errors]
        super().__init__(f"{status} {problem.get('detail') or problem.get('title', '')} {' '.join(said)}".strip())

    @property
    def suggestions(self) -> dict[str, str]:
        """What was probably meant, by the parameter that was wrong."""
        return {fault["parameter"]: fault["suggestion"] for fault in self.errors if "suggestion" in fault}


class InvalidRequest(ApiError):  # noqa: N818
    """400, 413, 414, 415, 422 and the like: change the request."""


class NotAllowed(ApiError):  # noqa: N818
    """401 or 403: no good token, or one whose scope is too small."""


class NotFound(ApiError):  # noqa: N818
    """404: there is no such thing; ``suggestions`` may know which was meant."""


class Conflict(ApiError):  # noqa: N818
    """409, 412 or 428: it contradicts how things stand now; look again."""


class TooManyRequests(ApiError):  # noqa: N818
    """429, after every try."""


class Unavailable(ApiError):  # noqa: N818
    """5xx, after every try."""


_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    428: Conflict,
    429: TooManyRequests,
}


def error_of(status: int, problem: Mapping[str, Any], headers: Mapping[str, str]) -> ApiError:
    """Make the exception of a problem."""
    kind = _BY_STATUS.get(status, Unavailable if status >= 500 else InvalidRequest)
    return kind(status, problem, headers)
