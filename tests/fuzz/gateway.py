"""What API Gateway does between HTTP and the function, as a WSGI application: match a route, make an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote

from chalice.app import Chalice

ISSUER, CLIENT = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool", "client"
CLAIMS = {"iss": ISSUER, "aud": CLIENT, "token_use": "id", "sub": "1", "email": "ada@acme.example"}
"""Of who signed in, as an authorizer hands them over: the method that has one is called by nobody else."""
VERIFIED = {("POST", "/v1/session"): {"authorizer": {"claims": {**CLAIMS, "cognito:groups": "read"}}}}

Start = Callable[[str, list[tuple[str, str]]], Any]


class Gateway:
    """Serves a Chalice application in this process."""

    def __init__(self, application: Chalice, before_each: Callable[[], None] = lambda: None) -> None:
        self._application = application
        self._before_each = before_each
        self._routes = sorted((path.split("/") for path in application.routes), key=lambda parts: "{" in "".join(parts))

    def __call__(self, environ: Mapping[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer one request."""
        self._before_each()
        raw = str(environ.get("REQUEST_URI") or environ["PATH_INFO"]).partition("?")[0]
        answer = self._application(event(environ, raw, *self._match(raw)), None)
        start_response(
            f"{answer['statusCode']} {HTTPStatus(answer['statusCode']).phrase}",
            [(name, str(value)) for name, value in answer["headers"].items()],
        )
        body = answer["body"]
        return [body if isinstance(body, bytes) else body.encode()]

    def _match(self, raw: str) -> tuple[str, dict[str, str]]:
        parts = (raw.rstrip("/") or "/").split("/")
        for route in self._routes:
            pairs = list(zip(parts, route, strict=False))
            if (
                len(parts) == len(route)
                and route[-1] != "{proxy+}"
                and all(of.startswith("{") or part == of for part, of in pairs)
            ):
                return "/".join(route), {of[1:-1]: unquote(part) for part, of in pairs if of.startswith("{")}
        return "/{proxy+}", {"proxy": unquote(raw.strip("/"))}


def event(environ: Mapping[str, Any], raw: str, route: str, captured: Mapping[str, str]) -> dict[str, Any]:
    """Make the event of a Lambda proxy integration."""
    headers = {name[5:].replace("_", "-").lower(): value for name, value in environ.items() if name.startswith("HTTP_")}
    if content_type := environ.get("CONTENT_TYPE"):
        headers["content-type"] = content_type
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return {
        "requestContext": {
            "httpMethod": environ["REQUEST_METHOD"],
            "resourcePath": route,
            "identity": {"sourceIp": "192.0.2.7"},
            "path": raw,
            **(VERIFIED.get((environ["REQUEST_METHOD"], route), {}) if "authorization" in headers else {}),
        },
        "headers": headers,
        "pathParameters": dict(captured) or None,
        "multiValueQueryStringParameters": parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True) or None,
        "stageVariables": None,
        # A gateway without binary types hands a body on as text: what is no UTF-8 is replaced on the way.
        "body": sent.decode(errors="replace") if sent else None,
    }
