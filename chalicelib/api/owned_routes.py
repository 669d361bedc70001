"""The routes of what people keep, declared in one way: made, shown, changed and deleted, by versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from chalicelib.api import idempotency
from chalicelib.api.preconditions import IF_MATCH
from chalicelib.api.routes import Access, Answer, Body, Handler, Parameter, Route, Schema

FASTER: Final = "412 says who has changed it since, and when; 428 without."


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

    @property
    def _its_path(self) -> str:
        return f"{self.path}/{{{self.id.name}}}{self.below}"

    def make(
        self,
        name: str,
        access: Access,
        summary: str,
        description: str,
        handler: Handler,
        body: Body,
        problems: tuple[int, ...] = (),
    ) -> Route:
        """Declare how one is made."""
        return Route(
            method="POST",
            path=self.path,
            name=name,
            access=access,
            summary=summary,
            description=description,
            answers=(Answer(201, "Made; `ETag` is its version.", *self.one, headers=("ETag", "Location")),),
            handler=handler,
            headers=(idempotency.KEY,),
            body=body,
            problems=(409, *problems, 413, 415, 422),
        )

    def get(
        self,
        name: str,
        access: Access,
        summary: str,
        description: str,
        handler: Handler,
        answers: tuple[Answer, ...] = (),
        problems: tuple[int, ...] = (),
    ) -> Route:
        """Declare how one is looked at."""
        return Route(
            method="GET",
            path=self._its_path,
            name=name,
            access=access,
            summary=summary,
            description=description,
            answers=(Answer(200, "As it stands; `ETag` is its version.", *self.one, headers=("ETag",)), *answers),
            handler=handler,
            parameters=(self.id,),
            problems=(404, *problems),
        )

    def change(
        self,
        name: str,
        access: Access,
        summary: str,
        description: str,
        handler: Handler,
        body: Body,
        problems: tuple[int, ...] = (),
        method: str = "PUT",
    ) -> Route:
        """Declare how one is changed by who has seen it."""
        return Route(
            method=method,
            path=self._its_path,
            name=name,
            access=access,
            summary=summary,
            description=description,
            answers=(Answer(200, "Changed; `ETag` is its new version.", *self.one, headers=("ETag",)),),
            handler=handler,
            parameters=(self.id,),
            headers=(IF_MATCH,),
            body=body,
            problems=tuple(sorted((404, 412, 413, 415, 428, *problems))),
        )

    def delete(
        self,
        name: str,
        access: Access,
        summary: str,
        description: str,
        handler: Handler,
        problems: tuple[int, ...] = (),
    ) -> Route:
        """Declare how one is deleted by who has seen it."""
        return Route(
            method="DELETE",
            path=self._its_path,
            name=name,
            access=access,
            summary=summary,
            description=description,
            answers=(Answer(204, "Deleted."),),
            handler=handler,
            parameters=(self.id,),
            headers=(IF_MATCH,),
            problems=tuple(sorted((404, 412, 428, *problems))),
        )
