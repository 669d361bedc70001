"""The human page of an OpenAPI document: self-contained, nothing loaded from elsewhere, everything escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h2{margin-top:2.5rem;border-top:1px solid #d0d7de;padding-top:1.5rem}h2 code{font-size:1rem}
code,pre{font-family:ui-monospace,monospace;background:#f3f5f7;border-radius:4px}code{padding:.1em .3em}
pre{padding:1rem;white-space:pre-wrap;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}
td,th{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid #d0d7de}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}code,pre{background:#161b22}
td,th,h2{border-color:#30363d}a{color:#4493f8}}
"""


def page(document: Mapping[str, Any]) -> str:
    """Write the page of one OpenAPI document."""
    info = document["info"]
    sections = [
        _section(method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    links = "".join(
        f'<li><a href="#{escape(operation["operationId"])}"><code>{method.upper()} {escape(path)}</code></a> '
        f"{escape(operation['summary'])}</li>"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    )
    title = f"{info['title']} API {info['version']}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1>{_prose(info['description'])}<ul>{links}</ul>{''.join(sections)}</body></html>"
    )


def _section(method: str, path: str, operation: Mapping[str, Any]) -> str:
    heading = f"{escape(operation['summary'])} <code>{method.upper()} {escape(path)}</code>"
    body = operation.get("requestBody", {}).get("content", {})
    return (
        f'<h2 id="{escape(operation["operationId"])}">{heading}</h2>{_prose(operation["description"])}'
        f"{_parameters(operation.get('parameters', []))}"
        f"{''.join(_example('Body', content) for content in body.values())}"
        f"{''.join(_answer(status, answer) for status, answer in operation['responses'].items())}"
    )


def _prose(text: str) -> str:
    """Escape Markdown's simplest part: paragraphs, and code between backticks."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        pieces = paragraph.split("`")
        marked = [f"<code>{escape(p)}</code>" if i % 2 else escape(p) for i, p in enumerate(pieces)]
        paragraphs.append(f"<p>{''.join(marked)}</p>")
    return "".join(paragraphs)


def _parameters(parameters: list[Mapping[str, Any]]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(p['name'])}</code></td><td>{escape(p['in'])}{', required' if p['required'] else ''}"
        f"</td><td>{_prose(p['description'])}</td><td><code>{escape(str(p['example']))}</code></td></tr>"
        for p in parameters
    )
    return f"<table><tr><th>Parameter</th><th>Where</th><th>What</th><th>Example</th></tr>{rows}</table>"


def _answer(status: str, answer: Mapping[str, Any]) -> str:
    examples = "".join(_example("", content) for content in answer.get("content", {}).values())
    return f"<p><strong>{escape(status)}</strong> {escape(answer['description'])}</p>{examples}"


def _example(label: str, content: Mapping[str, Any]) -> str:
    if "example" not in content:
        return ""
    text = json.dumps(content["example"], indent=2, ensure_ascii=False)
    return f"{f'<p>{escape(label)}</p>' if label else ''}<pre>{escape(text)}</pre>"
