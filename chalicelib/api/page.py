"""The human page of an OpenAPI document: self-contained, nothing loaded from elsewhere, everything escaped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from chalicelib.api.curl import curl
from chalicelib.api.page_style import DOCS_STYLE, STYLE

Document = Mapping[str, Any]
Operation = tuple[str, str, Mapping[str, Any]]
"""Method, path, and what the document says of it."""

_BEGIN = """
export HEADWATER_API=…      # where this page is, without /docs
export HEADWATER_TOKEN=hw_…  # from whoever runs this, or made by POST /v1/tokens
""".strip()


def page(document: Document) -> str:
    """Write the page of one OpenAPI document."""
    info = document["info"]
    title = f"{info['title']} API {info['version']}"
    groups = _groups(document)
    links = "".join(_links(tag["name"], operations) for tag, operations in groups)
    sections = "".join(_group(tag, operations, document) for tag, operations in groups)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}{DOCS_STYLE}</style></head>'
        f'<body class="docs"><nav aria-label="Operations"><input type="checkbox" id="all"><label for="all">'
        f"All operations</label><div>{links}</div></nav><main><h1>{escape(title)}</h1>{prose(info['description'])}"
        f'<p>For programs: <a href="openapi.json">openapi.json</a>. To try the examples:</p><pre>{escape(_BEGIN)}</pre>'
        f"{sections}</main></body></html>"
    )


def prose(text: str) -> str:
    """Escape Markdown's simplest part: paragraphs, and code between backticks."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        pieces = paragraph.split("`")
        marked = [f"<code>{escape(p)}</code>" if i % 2 else escape(p) for i, p in enumerate(pieces)]
        paragraphs.append(f"<p>{''.join(marked)}</p>")
    return "".join(paragraphs)


def _groups(document: Document) -> list[tuple[Mapping[str, Any], list[Operation]]]:
    every = [(m, path, op) for path, operations in document["paths"].items() for m, op in operations.items()]
    return [(tag, [one for one in every if tag["name"] in one[2]["tags"]]) for tag in document["tags"]]


def _links(name: str, operations: Iterable[Operation]) -> str:
    items = "".join(
        f'<li><a href="#{escape(op["operationId"])}"><span class="{method}">{method.upper()}</span> '
        f"{escape(path)}</a></li>"
        for method, path, op in operations
    )
    return f"<h2>{escape(name.replace('_', ' '))}</h2><ul>{items}</ul>"


def _group(tag: Mapping[str, Any], operations: Iterable[Operation], document: Document) -> str:
    articles = "".join(_article(*one, document) for one in operations)
    name = str(tag["name"]).replace("_", " ").capitalize()
    return f'<section><div class="group"><h2>{escape(name)}</h2>{prose(tag["description"])}</div>{articles}</section>'


def _article(method: str, path: str, operation: Mapping[str, Any], document: Document) -> str:
    description, _, access = operation["description"].rpartition("\n\nAccess: ")
    body = f"<h4>Body</h4>{prose(operation['requestBody']['description'])}" if "requestBody" in operation else ""
    return (
        f'<article id="{escape(operation["operationId"])}"><span class="who">{escape(access.rstrip("."))}</span>'
        f'<h3>{escape(operation["summary"])}</h3><p class="at"><span class="method {method}">{method.upper()}</span>'
        f"<code>{escape(path)}</code></p>{prose(description)}{_parameters(operation.get('parameters', []))}"
        f"{body}"
        f"<h4>Try it</h4><pre>{escape(curl(method, path, operation))}</pre>"
        f"<h4>Answers</h4>{_answers(operation['responses'], document)}</article>"
    )


def _parameters(parameters: list[Mapping[str, Any]]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}{', required' if p['required'] else ''}"
        f"</td><td>{prose(p['description'])}</td><td><code>{escape(str(p['example']))}</code></td></tr>"
        for p in parameters
    )
    head = "<tr><th>Parameter</th><th>Where</th><th>What</th><th>Example</th></tr>"
    return f"<h4>Parameters</h4><table>{head}{rows}</table>"


def _answers(responses: Mapping[str, Any], document: Document) -> str:
    good = [_answer(status, answer, document) for status, answer in responses.items() if status < "400"]
    bad = {status: answer for status, answer in responses.items() if status >= "400"}
    problems = "".join(_answer(status, answer, document) for status, answer in bad.items())
    return (
        f'{"".join(good)}<details class="answer bad"><summary>Problems: {escape(", ".join(bad))}</summary>'
        f"{problems}</details>"
    )


def _answer(status: str, answer: Mapping[str, Any], document: Document) -> str:
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    examples = "".join(_example(content) for content in answer.get("content", {}).values())
    headers = ", ".join(f"<code>{escape(name)}</code>" for name in answer.get("headers", {}))
    said = f'<span class="status">{escape(status)}</span> {escape(answer["description"]).replace("`", "")}'
    told = f"<p>Headers: {headers}</p>" if headers else ""
    opened = " open" if status in ("200", "201", "202") and len(examples) < 3_000 else ""
    bad = " bad" if status >= "400" else ""
    return f'<details class="answer{bad}"{opened}><summary>{said}</summary>{told}{examples}</details>'


def _example(content: Mapping[str, Any]) -> str:
    if "example" not in content:
        return ""
    example = content["example"]
    text = example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
    return f"<pre>{escape(text)}</pre>"
