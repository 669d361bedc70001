"""Paths that there are not: a problem that suggests the one that was probably meant.

Everything that no other route matches comes here (the greedy path of API Gateway). It is no part of the OpenAPI
document, looks at no data, and compares a bounded number of characters with the few dozen paths that there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from chalice.app import Blueprint, Response

from chalicelib.api import problems
from chalicelib.api.dispatch import METHODS, to_response
from chalicelib.domain.nearest import did_you_mean

GREEDY: Final = "/{proxy+}"
LONGEST: Final = 200
MOST_PARTS: Final = 8
_LIKE_ENOUGH: Final = 0.6


def blueprint(paths: Sequence[str]) -> Blueprint:
    """Make the blueprint of every path that there is not."""
    made = Blueprint("chalicelib.api.unknown")

    def view() -> Response:
        given = "/" + str((made.current_request.uri_params or {}).get("proxy", ""))
        meant = nearest_path(given, paths)
        said = f"There is no {given[:LONGEST]!r}: see /docs for what there is.{did_you_mean(meant)}"
        fault = {"parameter": "path", "detail": said} | ({} if meant is None else {"suggestion": meant})
        return to_response(problems.problem(404, said, errors=(fault,)))

    made.route(GREEDY, methods=list(METHODS), content_types=[], name="unknown")(view)
    return made


def nearest_path(given: str, paths: Iterable[str]) -> str | None:
    """Answer the path that was probably meant; what stands for its parameters is kept.

    Examples
    --------
    >>> nearest_path("/v1/metric/downloads", ["/v1/metrics/{name}", "/v1/jobs/{id}"])
    '/v1/metrics/downloads'
    >>> nearest_path("/metrics", ["/v1/metrics", "/health"])
    '/v1/metrics'
    >>> nearest_path("/wp-admin/setup.php", ["/v1/metrics/{name}"]) is None
    True
    """
    parts = given.strip("/").split("/")
    if len(given) > LONGEST or len(parts) > MOST_PARTS:
        return None
    forms = [parts] if parts[0].casefold() == "v1" else [parts, ["v1", *parts]]
    scored = [(_likeness(form, path.strip("/").split("/")), form, path) for form in forms for path in paths]
    best, form, path = max(scored, key=lambda one: one[0], default=(0.0, parts, ""))
    return _filled(path, form) if best >= _LIKE_ENOUGH else None


def _likeness(given: Sequence[str], path: Sequence[str]) -> float:
    """Answer how like the least like part of a path is; 0 where they have not as many."""
    from difflib import SequenceMatcher  # only who made a mistake pays for it

    if len(given) != len(path):
        return 0.0
    fixed = [(one.casefold(), of) for one, of in zip(given, path, strict=True) if not of.startswith("{")]
    return min((SequenceMatcher(None, one, of, autojunk=False).ratio() for one, of in fixed), default=0.0)


def _filled(path: str, given: Sequence[str]) -> str:
    parts = zip(path.strip("/").split("/"), given, strict=True)
    return "/" + "/".join(one if of.startswith("{") else of for of, one in parts)
