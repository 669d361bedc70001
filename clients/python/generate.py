"""Writes the client's ``models.py`` and ``operations.py`` from the OpenAPI document: ``python docs/generate.py``.

What is generated is types and one method per operation; everything that does something is written by hand. A test
fails while they differ from the document, so no route, parameter or field can be missing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from generate_types import NOTE, Models, Schema, camel, quoted, snake, union  # noqa: E402 - it stands beside this file

LEFT_OUT: Mapping[str, str] = {
    "receive_github_webhook": "GitHub sends it, and signs it",
    "receive_beacons": "b.js sends them, from a page",
    "receive_beacon_pixel": "a page without a script asks for it",
    "docs": "a page for people",
    "catalog_page": "a page for people",
    "read_feed": "spreadsheets do, by an address that has a token in it",
}
"""Operations that no program with a token calls."""
ROWS_ONLY = ("get_series", "query")
"""Operations that answer rows here, and could answer files too: those are had by ``make_export``."""
_FILE = "format"
TIMES = ("from", "to")
"""Fields that are times, though their schema has other words for them, too."""


def operations_module(document: Schema, models: Models) -> str:
    """Write a method for every operation."""
    made = [
        _method(verb.upper(), path, operation, models)
        for path, operations in document["paths"].items()
        for verb, operation in operations.items()
        if operation["operationId"] not in LEFT_OUT
    ]
    body = "\n".join(made)
    used = sorted(name for name in models.written if re.search(rf"\b{name}\b", body))
    typing = [name for name in ("Any", "Literal", "cast") if re.search(rf"\b{name}\b", body)]
    head = [NOTE, "", "from __future__ import annotations", "", "from collections.abc import Iterator"]
    head += [f"from typing import {', '.join(typing)}", "", "from headwater_client.calls import Calls, Value, When"]
    head += [f"from headwater_client.models import {', '.join(used)}", ""]
    return "\n".join(
        [*head, "", "class Operations(Calls):", '    """Every operation of the API that is for programs."""', "", body]
    )


def _method(verb: str, path: str, operation: Schema, models: Models) -> str:
    name = operation["operationId"]
    given = [p for p in operation.get("parameters", []) if not (name in ROWS_ONLY and p["name"] == _FILE)]
    fields, whole = _body(operation, models, camel(name))
    first = [f"{snake(p['name'])}: str" for p in given if p["in"] == "path"]
    named = [*fields, *(_argument(p, models, name) for p in given if p["in"] != "path")]
    named.sort(key=lambda argument: "=" in argument)
    answer = _answer(operation, models, camel(name))
    lines = [f"    def {name}("]
    lines += [f"        {argument}," for argument in ["self", *first, *(["*"] if named else []), *named]]
    lines += [f"    ) -> {answer}:", *quoted(_doc(operation), "        ")]
    lines += _call(verb, path, given, whole, answer)
    if "cursor" in map(_name_of, named):
        lines += _iterator(name, first, named, models, answer)
    return "\n".join([*lines, ""])


def _argument(parameter: Schema, models: Models, operation: str) -> str:
    kind = "str" if parameter["in"] == "header" else models.type_of(parameter["schema"], camel(operation))
    if kind == "str" and parameter["in"] == "query":
        kind = "Value"
    return f"{snake(parameter['name'])}: {kind}" + ("" if parameter["required"] else _or_none(kind))


def _or_none(kind: str) -> str:
    return " = None" if kind == "Value" or kind.endswith("| None") else " | None = None"


def _body(operation: Schema, models: Models, name: str) -> tuple[list[str], str]:
    """Answer the arguments that make the body, and the expression for it."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return [], ""
    schema = next(iter(content.values()))["schema"]
    left_out = (_FILE,) if operation["operationId"] in ROWS_ONLY else ()
    fields = {field: of for field, of in schema.get("properties", {}).items() if field not in left_out}
    taken = {snake(p["name"]) for p in operation.get("parameters", [])}
    if schema.get("additionalProperties") is not False or taken & {snake(field) for field in fields}:
        return ["body: Any"], "body"
    arguments, required = [], schema.get("required", ())
    for field, of in fields.items():
        kind = models.type_of(of, name + camel(field))
        if kind in ("str", "str | None") and (field in TIMES or of.get("format") in ("date", "date-time")):
            kind = kind.replace("str", "When")
        arguments.append(f"{snake(field)}: {kind}" + ("" if field in required else _or_none(kind)))
    pairs = ", ".join(f'"{field}": {snake(field)}' for field in fields)
    return arguments, f"{{name: value for name, value in {{{pairs}}}.items() if value is not None}}"


def _call(verb: str, path: str, given: Sequence[Schema], body: str, answer: str) -> list[str]:
    parts = [f'"{verb}"', f'"{path}"']
    for where, argument in (("path", "place"), ("query", "query"), ("header", "headers")):
        if pairs := [f'"{p["name"]}": {snake(p["name"])}' for p in given if p["in"] == where]:
            parts.append(f"{argument}={{{', '.join(pairs)}}}")
    if body:
        parts.append(f"body={body}")
    called = f"self.call({', '.join(parts)})"
    if answer == "None":
        return [f"        {called}"]
    return [f"        return cast('{answer}', {called})"]


def _answer(operation: Schema, models: Models, name: str) -> str:
    found = []
    for status, answer in operation["responses"].items():
        if status < "400" and status != "304":
            for content_type, content in answer.get("content", {}).items():
                suffix = "" if not found else status
                is_json = content_type.partition(";")[0].endswith("json")
                if found and operation["operationId"] in ROWS_ONLY:
                    continue
                found.append(models.type_of(content["schema"], f"{name}{suffix}") if is_json else "str")
    return union(found) if found else "None"


def _iterator(name: str, first: list[str], named: list[str], models: Models, answer: str) -> list[str]:
    """Write the method that goes through all pages."""
    item = re.search(r"results: list\[(.*)\]", models.written.get(answer, ""))
    others = [argument for argument in named if not argument.startswith("cursor:")]
    passed = [argument.partition(":")[0] for argument in first]
    passed += [f"{_name_of(argument)}={_name_of(argument)}" for argument in others]
    arguments = ", ".join(["self", *first, *(["*"] if others else []), *others])
    return [
        "",
        f"    def iter_{re.sub('^(list|get)_', '', name)}({arguments}) -> Iterator[{item[1] if item else 'Any'}]:",
        f'        """Answer all that :meth:`{name}` has, page by page as they are needed."""',
        f"        return self.pages(lambda cursor: self.{name}({', '.join([*passed, 'cursor=cursor'])}))",
    ]


def _name_of(argument: str) -> str:
    return argument.partition(":")[0]


def _doc(operation: Schema) -> str:
    said = operation["description"].partition("\n\nAccess:")[0]
    return f"{operation['summary']}.\n\n{said}"


def generate(document: Schema) -> dict[str, str]:
    """Answer the text of each generated module, by its file's path below the project."""
    models = Models()
    operations = operations_module(json.loads(json.dumps(document)), models)
    texts = {"models.py": models.module(), "operations.py": operations}
    return {f"clients/python/src/headwater_client/{name}": _formatted(text) for name, text in texts.items()}


def _formatted(text: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    checked = [str(ruff), "check", "--quiet", "--select", "I", "--fix", "--stdin-filename", "generated.py", "-"]
    for command in (checked, [str(ruff), "format", "--quiet", "--stdin-filename", "generated.py", "-"]):
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603
        text = done.stdout
    return text
