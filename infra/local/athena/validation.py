"""Requests held against Athena's own service model, which botocore carries: types, members, lengths, ranges."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain
from typing import Any

import botocore.session
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape

from infra.local.athena.errors import ApiError, invalid_request

_JAVA = {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE"}
_WANTED = {"integer": "an Integer", "long": "a Long", "boolean": "a Boolean", "string": "a String"}
#: ``GetQueryResults`` refuses more than 1000 itself, once it has found the query.
_CHECKED_LATER = ("MaxQueryResults",)


@cache
def _model() -> ServiceModel:
    return botocore.session.Session().get_service_model("athena")


def validated(operation: str, body: dict[str, Any]) -> dict[str, Any]:
    """The members of a request that the operation has, if they are what Athena accepts.

    Members that are null count as absent and unknown ones are ignored, as there.

    Parameters
    ----------
    operation
        As in ``X-Amz-Target``, without its prefix.
    body
        The request as JSON gave it.

    Raises
    ------
    ApiError
        ``UnknownOperationException``; ``SerializationException`` for a value of another type; otherwise
        ``INVALID_INPUT`` with every constraint that is broken, in the words that the service uses (measured by the
        project aoyagikouhei/athena-local: ``docs/dev/measurements/errors.md``, ``query-results.md``).

    Examples
    --------
    >>> validated("GetQueryExecution", {"QueryExecutionId": "a", "Other": 1, "More": None})
    {'QueryExecutionId': 'a'}
    """
    shape = _input(operation)
    cleaned: dict[str, Any] = _cleaned(body, shape) if shape is not None else {}
    broken = list(_broken(cleaned, shape, "")) if shape is not None else []
    if broken:
        errors = "1 validation error" if len(broken) == 1 else f"{len(broken)} validation errors"
        raise invalid_request(f"{errors} detected: {'; '.join(broken)}")
    return cleaned


def _input(operation: str) -> Shape | None:
    if operation not in _model().operation_names:
        raise ApiError("UnknownOperationException", f"Athena does not have the operation {operation}")
    model: OperationModel = _model().operation_model(operation)
    return model.input_shape


def _cleaned(value: Any, shape: Shape) -> Any:
    """The value without nulls and unknown members; refuses other types than the shape's."""
    if isinstance(shape, StructureShape):
        if not isinstance(value, dict):
            raise _unserializable(value, "Expected null")
        known = {name: value[name] for name in shape.members if value.get(name) is not None}
        return {name: _cleaned(one, shape.members[name]) for name, one in known.items()}
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            raise _unserializable(value, "Expected list or null")
        return [_cleaned(one, shape.member) for one in value if one is not None]
    if shape.type_name not in _WANTED or _is_of(value, shape.type_name):
        return value
    told = str(value).upper() + "_VALUE" if isinstance(value, bool) else _JAVA.get(type(value), "")
    raise _unserializable(value, f"{told} can not be converted to {_WANTED[shape.type_name]}")


def _is_of(value: object, kind: str) -> bool:
    if kind in ("integer", "long"):
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, bool if kind == "boolean" else str)


def _unserializable(value: object, message: str) -> ApiError:
    if isinstance(value, list):
        message = "Start of list found where not expected"
    elif isinstance(value, dict):
        message = "Start of structure or map found where not expected."
    return ApiError("SerializationException", message)


def _broken(value: Any, shape: Shape, path: str) -> list[str]:
    """The constraints that a value of the right types breaks."""
    if isinstance(shape, StructureShape):
        missing = [
            f"Value null at '{_lower(path, name)}' failed to satisfy constraint: Member must not be null"
            for name in shape.required_members
            if name not in value
        ]
        inner = (_broken(one, shape.members[name], _lower(path, name)) for name, one in value.items())
        return [*missing, *chain.from_iterable(inner)]
    limits = shape.metadata
    told = f"Value at '{path}' failed to satisfy constraint: Member must"
    out = []
    if isinstance(shape, ListShape) or shape.type_name == "string":
        out += _outside(len(value), limits, f"{told} have length")
    elif shape.type_name in ("integer", "long") and shape.name not in _CHECKED_LATER:
        out += _outside(value, limits, f"{told} have value")
    elif shape.name in _CHECKED_LATER:
        out += _outside(value, {"min": limits["min"]}, f"{told} have value")
    if (allowed := limits.get("enum")) and value not in allowed:
        out.append(f"{told} satisfy enum value set: [{', '.join(sorted(allowed))}]")
    if (written := limits.get("pattern")) and not out and not _matches(written, value):
        out.append(f"{told} satisfy regular expression pattern: {written}")
    if isinstance(shape, ListShape):
        for at, one in enumerate(value, start=1):
            out += _broken(one, shape.member, f"{path}.{at}.member")
    return out


def _outside(size: int, limits: dict[str, Any], told: str) -> list[str]:
    out = []
    if "min" in limits and size < limits["min"]:
        out.append(f"{told} greater than or equal to {limits['min']}")
    if "max" in limits and size > limits["max"]:
        out.append(f"{told} less than or equal to {limits['max']}")
    return out


@cache
def _pattern(written: str) -> re.Pattern[str] | None:
    """A pattern of the model; nothing for those whose surrogate pairs only Java can read (catalog names)."""
    try:
        return re.compile(written)
    except re.error:
        return None


def _matches(written: str, value: str) -> bool:
    pattern = _pattern(written)
    return pattern is None or pattern.fullmatch(value) is not None


def _lower(path: str, name: str) -> str:
    """The path of a member as the service writes it.

    >>> _lower("", "QueryExecutionId"), _lower("resultReuseConfiguration", "Enabled")
    ('queryExecutionId', 'resultReuseConfiguration.enabled')
    """
    inner = name[:1].lower() + name[1:]
    return f"{path}.{inner}" if path else inner
