"""A route's example as a line for the shell: what people try first."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

JSON: Final = "application/json"
_NOT_AT_FIRST: Final = ("cursor", "range", "match", "transform", "top", "other", "order", "format")
"""What nobody has at the first try, or what a question is refined by later; ``range`` stands instead of others."""


def curl(method: str, path: str, operation: Mapping[str, Any]) -> str:
    """Write the command for an operation of the document; ``$HEADWATER_API`` is where the document is."""
    given = {p["name"]: p for p in operation.get("parameters", []) if p["required"] or p["name"] not in _NOT_AT_FIRST}
    for name, parameter in given.items():
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(str(parameter["example"]), safe=""))
    query = urlencode([(name, _text(p["example"])) for name, p in given.items() if p["in"] == "query"], safe=":,/")
    command = "curl -sS" if method == "get" else f"curl -sS -X {method.upper()}"
    parts = [f'{command} "$HEADWATER_API{path}{"?" if query else ""}{query}"']
    if operation["security"] == [{"token": []}]:
        parts.append('-H "Authorization: Bearer $HEADWATER_TOKEN"')
    headers = [f"{name}: {p['example']}" for name, p in given.items() if p["in"] == "header"]
    parts += [f"-H {shlex.quote(header)}" for header in headers]
    return " \\\n  ".join([*parts, *_body(operation)])


def _text(example: Any) -> str:
    return json.dumps(example) if isinstance(example, bool) else str(example)


def _body(operation: Mapping[str, Any]) -> list[str]:
    for content_type, content in operation.get("requestBody", {}).get("content", {}).items():
        example = content["example"]
        text = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
        return [f"-H {shlex.quote(f'Content-Type: {content_type}')}", f"-d {shlex.quote(text)}"]
    return []
