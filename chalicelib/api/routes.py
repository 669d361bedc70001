"""One declaration per route: it validates what comes in, routes it, and is what OpenAPI and ``/docs`` are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib.domain.faults import fault, unknown_names
from chalicelib.errors import RequestError

if TYPE_CHECKING:
    from chalicelib.api.context import Context
    from chalicelib.metrics.own_state import Metrics

MAX_QUERY_CHARACTERS = 2_048
Schema = Mapping[str, Any]


class Access(StrEnum):
    """Who may call a route. Every route states one."""

    PUBLIC = "public"
    SIGN_IN = "sign_in"
    TOKEN = "token"  # noqa: S105 - any of ours
    READ = "read"
    SQL = "sql"
    EVENTS = "events"
    ADMIN = "admin"
    SIGNATURE = "signature"
    FEED = "feed"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of the path or the query. ``parse`` turns its text into a value or raises ``ValueError``."""

    name: str
    description: str
    schema: Schema
    example: str
    where: str = "query"
    required: bool = False
    parse: Callable[[str], Any] = str


def in_path(name: str, description: str, example: str, most: int | None = None) -> Parameter:
    """Declare a text in the path, of so many characters at most."""
    schema = {"type": "string"} if most is None else {"type": "string", "maxLength": most}
    return Parameter(name, description, schema, example, where="path", required=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """One way a route can answer well.

    ``example`` is real: the tests compare its shape to a real answer's. ``headers`` are those of its own; what follows
    from the route (pages, unchanged answers, limits) is added to the description.
    """

    status: int
    description: str
    schema: Schema | None = None
    example: Any = None
    content_type: str = "application/json"
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What a route reads: its content type, schema and an example."""

    description: str
    schema: Schema
    example: Any
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token belongs to. ``id`` is the token's: names need not be unique. ``good_until`` is None for ever."""

    name: str
    scope: str
    id: str = ""
    good_until: datetime | None = None


def _no_metrics() -> NoReturn:
    raise AssertionError("only a request that was dispatched knows of metrics")


@dataclass(frozen=True, slots=True)
class Call:
    """One validated request.

    Parameters
    ----------
    values
        The parsed parameters that were given.
    headers
        By their names in lower case.
    query
        The query as it was written.
    metrics
        Answers every metric, always the same ones: people's own are read once a request, and only where one is needed.
    """

    values: Mapping[str, Any]
    headers: Mapping[str, str]
    body: bytes
    caller: Caller | None = None
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    metrics: Callable[[], Metrics] = _no_metrics

    @property
    def by(self) -> Caller:
        """Who calls a route that lets nobody in whom it does not know."""
        assert self.caller is not None
        return self.caller


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers: an object for JSON, or bytes with their own content type."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call, "Context"], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """A method on a path, wholly declared. ``problems`` are the statuses of errors that are the route's own."""

    method: str
    path: str
    name: str
    access: Access
    summary: str
    description: str
    answers: tuple[Answer, ...]
    handler: Handler
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    problems: tuple[int, ...] = ()
    headers: tuple[Parameter, ...] = ()


def read_parameters(route: Route, path: Mapping[str, str], query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Parse all parameters of a request, or name every bad one at once.

    Raises
    ------
    RequestError
        400 with one entry in ``errors`` per unknown, repeated, missing or unreadable parameter; 414 when the query
        is longer than :data:`MAX_QUERY_CHARACTERS`.
    """
    if sum(len(name) + sum(map(len, given)) for name, given in query.items()) > MAX_QUERY_CHARACTERS:
        raise RequestError(f"The query is longer than {MAX_QUERY_CHARACTERS} characters.", status=414)
    declared = {p.name: p for p in route.parameters}
    known = sorted(name for name, p in declared.items() if p.where == "query")
    errors = unknown_names(query, known, "parameter")
    values: dict[str, Any] = {}
    for parameter in declared.values():
        given = [path[parameter.name]] if parameter.where == "path" else list(query.get(parameter.name, ()))
        try:
            values.update(_read_one(parameter, given))
        except ValueError as error:
            errors.append(fault(parameter.name, error))
    if errors:
        raise RequestError("One or more parameters are wrong.", errors=tuple(errors))
    return values


def _read_one(parameter: Parameter, given: Sequence[str]) -> dict[str, Any]:
    """Parse one parameter into ``{name: value}``, empty when it was not given."""
    if not given and parameter.required:
        raise ValueError("This parameter is required.")
    if len(given) > 1:
        raise ValueError("Give this parameter once.")
    return {parameter.name: parameter.parse(given[0])} if given else {}
