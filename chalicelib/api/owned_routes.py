"""The routes of what people keep, declared in one way: made, shown, changed and deleted, by versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.api import idempotency
from chalicelib.api.preconditions import IF_MATCH
from chalicelib.api.routes import Access, Answer, Body, Handler, Parameter, Route, Schema

FASTER: Final = "412 says who has changed it since, and when; 428 without."
Said = tuple[str, Access, str, str, Handler]
"""Of a route: its name, who may call it, its summary, its description, and what answers it."""


@dataclass(frozen=True, slots=True)
class OfOne:
    """What the routes of one kind have in common.

    Parameters
    ----------
    path
        Where they are made.
    id
        The parameter of the path that names one.
    one
        The schema of one, and an example.
    below
        What of the path follows the id.
    """

    path: str
    id: Parameter
    one: tuple[Schema, Any]
    below: str = ""

    def make(self, *said: *Said, body: Body, problems: tuple[int, ...] = ()) -> Route:
        """Declare how one is made."""
        answer = Answer(201, "Made; `ETag` is its version.", *self.one, headers=("ETag", "Location"))
        more = {"headers": (idempotency.KEY,), "body": body}
        return _route("POST", self.path, said, (answer,), (409, 413, 415, 422, *problems), **more)

    def get(self, *said: *Said, answers: tuple[Answer, ...] = (), problems: tuple[int, ...] = ()) -> Route:
        """Declare how one is looked at."""
        answer = Answer(200, "As it stands; `ETag` is its version.", *self.one, headers=("ETag",))
        return self._by_id("GET", said, (answer, *answers), (404, *problems))

    def change(self, *said: *Said, body: Body, problems: tuple[int, ...] = (), method: str = "PUT") -> Route:
        """Declare how one is changed by who has seen it."""
        answer = Answer(200, "Changed; `ETag` is its new version.", *self.one, headers=("ETag",))
        seen = (404, 412, 413, 415, 428, *problems)
        return self._by_id(method, said, (answer,), seen, headers=(IF_MATCH,), body=body)

    def delete(self, *said: *Said, problems: tuple[int, ...] = ()) -> Route:
        """Declare how one is deleted by who has seen it."""
        answer = Answer(204, "Deleted.")
        return self._by_id("DELETE", said, (answer,), (404, 412, 428, *problems), headers=(IF_MATCH,))

    def _by_id(
        self, method: str, said: Said, answers: tuple[Answer, ...], problems: tuple[int, ...], **more: Any
    ) -> Route:
        path = f"{self.path}/{{{self.id.name}}}{self.below}"
        return _route(method, path, said, answers, problems, parameters=(self.id,), **more)


def _route(
    method: str, path: str, said: Said, answers: tuple[Answer, ...], problems: tuple[int, ...], **more: Any
) -> Route:
    name, access, summary, description, handler = said
    problems = tuple(sorted(problems))
    return Route(method, path, name, access, summary, description, answers, handler, problems=problems, **more)
