"""The outermost layer: CORS on every answer, HEAD without a body, problems for what Chalice refuses, one log line."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from chalice.app import Request, Response

from chalicelib.api import problems
from chalicelib.api.context import Context
from chalicelib.api.dispatch import METHODS, to_response
from chalicelib.api.docs import HTML
from chalicelib.api.log import logger
from chalicelib.errors import ConfigError

ALLOW_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
EXPOSE_HEADERS = "ETag, Headwater-Meta, Link, Location, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"
PREFLIGHT_MAX_AGE_S = 600

Next = Callable[[Request], Response]


def at_the_edge(provide: Callable[[], Context]) -> Callable[[Request | None, Next], Response]:
    """Make the middleware that every request passes first and every answer last."""

    def middleware(request: Request | None, get_response: Next) -> Response:
        started = perf_counter()
        if request is None:
            return to_response(problems.problem(404, "This is not a request that the API knows."))
        response = _as_problem(get_response(request))
        cors = cors_headers(_origin(provide), request.method)
        if "Vary" in cors and "Vary" in response.headers:
            cors["Vary"] = f"{response.headers['Vary']}, {cors['Vary']}"
        response.headers.update(cors)
        if request.method == "HEAD" or response.status_code in (204, 304):
            response.body = ""
        elapsed_ms = round((perf_counter() - started) * 1000, 2)
        said = {"method": request.method, "route": request.path, "status": response.status_code, "ms": elapsed_ms}
        logger().info("request", extra=said)
        return response

    return middleware


def cors_headers(origin: str, method: str) -> dict[str, str]:
    """Answer the CORS headers for one allowed origin (``*``: any; empty: none). No cookies are ever used."""
    if not origin:
        return {}
    headers = {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSE_HEADERS}
    if origin != "*":
        headers["Vary"] = "Origin"
    if method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        headers["Access-Control-Allow-Headers"] = ALLOW_HEADERS
        headers["Access-Control-Max-Age"] = str(PREFLIGHT_MAX_AGE_S)
    return headers


def _origin(provide: Callable[[], Context]) -> str:
    """Answer the allowed origin; without settings none is allowed (the answer itself is the problem about them)."""
    try:
        return provide().allowed_origin
    except ConfigError:
        logger().exception("the API is not configured")
        return ""


def _as_problem(response: Response) -> Response:
    """Turn an error of Chalice's own (it is no problem, nor one of our pages) into ours."""
    status = response.status_code
    if status < 400 or response.headers.get("Content-Type") in (problems.CONTENT_TYPE, HTML):
        return response
    if status >= 500:
        reply = problems.incident()
        logger().error("chalice refused", extra={"problem": reply.body})
        return to_response(reply)
    return to_response(problems.problem(status, "The request could not be understood."))
