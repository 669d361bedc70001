"""From an API Gateway request to a declared route and back: method, access, parameters, handler, problems."""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint, MultiDict, Request, Response

from chalicelib.api import problems
from chalicelib.api.auth import authorise
from chalicelib.api.context import Context
from chalicelib.api.envelope import encode
from chalicelib.api.index import Paths
from chalicelib.api.limits import LIMITED
from chalicelib.api.log import logger
from chalicelib.api.routes import Access, Call, Caller, Reply, Route, read_parameters
from chalicelib.errors import HeadwaterError, RequestError

if TYPE_CHECKING:
    from chalicelib.metrics.own_state import Metrics

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def blueprint(module: str, paths: Paths, provide: Callable[[], Context]) -> Blueprint:
    """Make the Chalice blueprint of one resource, of which the index is all that is known before it is asked.

    Every path takes every method, so that a wrong one is answered by us (405 with ``Allow``, CORS headers) and not by
    API Gateway with a puzzling 403.
    """
    made = Blueprint(module)
    for path, by_method in paths.items():
        view = _view(made, by_method, provide)
        made.route(path, methods=list(METHODS), content_types=[], name=_view_name(by_method.values()))(view)
    return made


def _view_name(declared: Iterable[str]) -> str:
    return "_".join(one.rpartition(".")[2] for one in declared)


def _view(made: Blueprint, by_method: Mapping[str, str], provide: Callable[[], Context]) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        return to_response(answer(by_method, made.current_request, path, provide))

    return view


def answer(
    by_method: Mapping[str, str], request: Request, path: Mapping[str, str], provide: Callable[[], Context]
) -> Reply:
    """Answer one request to one path; whatever goes wrong becomes a problem."""
    limits: dict[str, str] = {}
    try:
        reply = _answer(by_method, request, path, provide, limits)
    except RequestError as error:
        reply = problems.from_error(error)
    except HeadwaterError as error:
        reply = problems.from_error(error)
        logger().exception("request failed", extra={"problem": reply.body})
    except Exception:  # noqa: BLE001 - the outermost edge: a bug must become a problem, not a stack trace to a client
        reply = problems.incident()
        logger().exception("unexpected error", extra={"problem": reply.body})
    return Reply(reply.body, reply.status, {**limits, **reply.headers}) if limits else reply


def _answer(
    by_method: Mapping[str, str],
    request: Request,
    path: Mapping[str, str],
    provide: Callable[[], Context],
    limits: dict[str, str],
) -> Reply:
    """Answer a request; ``limits`` takes the headers that tell how many more the token may make."""
    method = "GET" if request.method == "HEAD" else request.method
    allowed = _allowed(by_method)
    if method == "OPTIONS":
        return Reply(b"", 204, {"Allow": allowed})
    if method not in by_method:
        reply = problems.problem(405, f"This path answers {allowed}.")
        return Reply(reply.body, reply.status, {**reply.headers, "Allow": allowed})
    route = declaration(by_method[method])
    headers = {name.lower(): value for name, value in dict(request.headers).items()}
    caller = _caller(route, request, headers, provide)
    if caller is not None and route.access in LIMITED:
        limits.update(provide().limits.take(caller.id, provide().clock()))
    query = _query(request.query_params)
    values = read_parameters(route, path, query)
    metrics = cache(lambda: _metrics(provide()))
    return route.handler(Call(values, headers, _body(request), caller, query, metrics), provide())


def _metrics(context: Context) -> Metrics:
    from chalicelib.metrics.own_state import Metrics

    return Metrics(lambda: context.state)


def declaration(where: str) -> Route:
    """Answer a route by where it is declared, ``module.name``; its module is loaded when it is asked for at first.

    What handlers, schemas and examples need is most of what there is to load, and a cold start answers one question.
    """
    module, _, name = where.partition(".")
    routes: tuple[Route, ...] = import_module(f"chalicelib.api.{module}").ROUTES
    return next(route for route in routes if route.name == name)


def _caller(
    route: Route, request: Request, headers: Mapping[str, str], provide: Callable[[], Context]
) -> Caller | None:
    """Answer who calls: by a token of ours, or where one is asked for, by what API Gateway verified."""
    if route.access is Access.SIGN_IN:
        return provide().front_door.admit(request.context)
    return authorise(route.access, headers, lambda: provide().gate)


def _allowed(by_method: Mapping[str, str]) -> str:
    return ", ".join([*by_method, *(("HEAD",) if "GET" in by_method else ()), "OPTIONS"])


def _query(given: MultiDict | None) -> dict[str, list[str]]:
    return {} if given is None else {name: given.getlist(name) for name in given}


def _body(request: Request) -> bytes:
    """Answer the body as sent; API Gateway hands some bodies over in base64."""
    try:
        body = request.raw_body
    except (binascii.Error, ValueError) as error:
        raise RequestError("The body could not be decoded from base64.") from error
    return body.encode() if isinstance(body, str) else bytes(body)


def to_response(reply: Reply) -> Response:
    """Turn a reply into Chalice's: bytes as they are, everything else as JSON."""
    headers: dict[str, Any] = {"Content-Type": "application/json", "X-Content-Type-Options": "nosniff", **reply.headers}
    body = reply.body.decode() if isinstance(reply.body, bytes) else encode(reply.body)
    return Response(body=body, status_code=reply.status, headers=headers)
