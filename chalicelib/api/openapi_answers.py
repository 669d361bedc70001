"""The answers of a route as OpenAPI describes them: what it declares, the headers that follow, and every problem."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from chalicelib.api import problems
from chalicelib.api.limits import LIMITED
from chalicelib.api.routes import Access, Answer, Route

TOKEN_ACCESS: Final = (Access.TOKEN, Access.READ, Access.SQL, Access.EVENTS, Access.ADMIN)
_ALWAYS: Final = (400, 405, 414, 429, 500, 503)
"""429 too: what all may ask together, the gateway bounds."""
_OF_TOKENS: Final = (401, 403)
_RATE: Final = ("RateLimit", "RateLimit-Policy")

HEADERS: Final[Mapping[str, dict[str, Any]]] = {
    "ETag": {
        "description": "The version of the answer, for `If-None-Match` or `If-Match`.",
        "schema": {"type": "string"},
        "example": 'W/"5f1c0d9a7be34c0f8f7a2b1100aa11bb"',
    },
    "Link": {
        "description": 'The next page, relative to this address (RFC 8288, `rel="next"`); absent at the end.',
        "schema": {"type": "string"},
        "example": '<?limit=100&cursor=WyI1ZjFjMGQ5YSJdSGe4vw>; rel="next"',
    },
    "Location": {
        "description": "Where it is, relative to this address.",
        "schema": {"type": "string", "format": "uri-reference"},
        "example": "sql/5f1c0d9a7be34c0f8f7a2b11",
    },
    "Retry-After": {
        "description": "Seconds until another try or look makes sense.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 5,
    },
    "Headwater-Meta": {
        "description": "What other answers tell in `meta`, as JSON: the contract's answer has room for nothing else.",
        "schema": {"type": "string"},
        "example": '{"watermark":"2026-11-22T00:00:00Z","partial":false,"warnings":[]}',
    },
    "RateLimit": {
        "description": (
            "What is left of the token's quota, and the seconds until it is whole again "
            "(IETF draft-ietf-httpapi-ratelimit-headers)."
        ),
        "schema": {"type": "string"},
        "example": '"token";r=2999;t=60',
    },
    "RateLimit-Policy": {
        "description": "The token's requests and the seconds that they are for, in one process; there are several.",
        "schema": {"type": "string"},
        "example": '"token";q=3000;w=60',
    },
    "WWW-Authenticate": {
        "description": "How to say who you are.",
        "required": True,
        "schema": {"type": "string"},
        "example": 'Bearer realm="headwater"',
    },
    "Allow": {
        "description": "The methods that this path answers.",
        "required": True,
        "schema": {"type": "string"},
        "example": "GET, HEAD, OPTIONS",
    },
}

WHY: Final[Mapping[int, str]] = {
    400: "A parameter, a header or the body is wrong; `errors` names each, with the near name where there is one.",
    401: "There is no valid token, or no valid signature.",
    403: "The token's scope, or the origin, does not allow this.",
    404: "There is no such thing.",
    405: "This path does not answer this method.",
    409: "It contradicts how things stand now.",
    410: "The link has acted already, or is too old: the newest message has a new one.",
    412: "It was changed since you have seen it.",
    413: "The body is too large.",
    414: "The query is too long.",
    415: "The body's content type is not one that is read here.",
    422: "It is understood, and cannot be done: `detail` says why.",
    428: "Name the version that you have seen, in `If-Match`.",
    429: "Too many requests: go on after `Retry-After` seconds.",
    500: "Our fault, and logged; quote `instance` if you ask about it.",
    503: "Something behind this is busy or away: try again after `Retry-After` seconds.",
}
_PROBLEM_HEADERS: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    429: ("Retry-After", *_RATE),
    503: ("Retry-After",),
}


def responses(route: Route) -> dict[str, Any]:
    """Describe every answer of a route, good ones first."""
    good: dict[str, dict[str, Any]] = {}
    for answer in route.answers:
        described = _good(route, answer)
        if (standing := good.get(str(answer.status))) is not None:  # the same in another form
            standing["description"] += f" {described['description']}"
            standing["content"] = {**standing.get("content", {}), **described.get("content", {})}
        else:
            good[str(answer.status)] = described
    return {**good, **_bad(route)}


def problem_responses() -> dict[str, Any]:
    """Describe each problem once, for ``components``."""
    return {problem_name(status): _problem(status) for status in problems.SLUGS}


def problem_name(status: int) -> str:
    """Name the component of a problem.

    >>> problem_name(429)
    'TooManyRequests'
    """
    return "".join(word.capitalize() for word in problems.SLUGS[status].split("-"))


def _good(route: Route, answer: Answer) -> dict[str, Any]:
    described: dict[str, Any] = {"description": answer.description}
    if names := _headers(route, answer):
        described["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    if answer.schema is not None:
        example = {} if answer.example is None else {"example": answer.example}
        described["content"] = {answer.content_type: {"schema": dict(answer.schema), **example}}
    return described


def _headers(route: Route, answer: Answer) -> list[str]:
    """Name the headers of an answer: those that it declares, and those that are the same everywhere."""
    names = list(answer.headers)
    if any(other.status == 304 for other in route.answers) and answer.status in (200, 304):
        names.append("ETag")
    if answer.status == 200 and {"limit", "cursor"} <= {p.name for p in route.parameters} and _is_list(answer):
        names.append("Link")
    if answer.status in (202, 303) and route.access in TOKEN_ACCESS and route.access is not Access.EVENTS:
        names += ["Location", "Retry-After"] if answer.status == 202 else ["Location"]
    return list(dict.fromkeys([*names, *(_RATE if route.access in LIMITED else ())]))


def _is_list(answer: Answer) -> bool:
    """Whether an answer is a page that ``paging`` made: it says which limit it was made with."""
    query = (answer.schema or {}).get("properties", {}).get("query", {})
    return "limit" in query.get("properties", {})


def _bad(route: Route) -> dict[str, Any]:
    found = {*_ALWAYS, *route.problems, *(_OF_TOKENS if route.access in TOKEN_ACCESS else ())}
    return {str(s): {"$ref": f"#/components/responses/{problem_name(s)}"} for s in sorted(found)}


def _problem(status: int) -> dict[str, Any]:
    example = problems.problem(status, WHY[status].replace("`", "")).body
    if status == HTTPStatus.BAD_REQUEST:
        example = {**example, "detail": "One or more parameters are wrong.", "errors": [_FAULT]}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    described: dict[str, Any] = {"description": WHY[status], "content": {problems.CONTENT_TYPE: content}}
    if names := _PROBLEM_HEADERS.get(status):
        described["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return described


_FAULT: Final = {
    "parameter": "interval",
    "detail": "There is no interval 'day'; known are PT15M, PT1H, P1D, P1W, P1M, P3M, P1Y. Did you mean 'P1D'?",
    "suggestion": "P1D",
}
