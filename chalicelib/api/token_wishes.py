"""What somebody wants a token to be: name, description, scope, and how long it is good for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from chalicelib.api.auth import SCOPES
from chalicelib.domain.faults import fault, unknown_names
from chalicelib.domain.nearest import NotKnown, nearest
from chalicelib.errors import RequestError

MAX_NAME: Final = 80
MAX_DESCRIPTION: Final = 500
LONGEST: Final = timedelta(days=3_660)
"""How far ahead a token may expire; who wants one for ever leaves it out."""

Reader = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """A token that is to be made."""

    name: str
    scope: str
    description: str
    expires_at: datetime | None


def read_wish(given: Mapping[str, Any], now: datetime) -> Wish:
    """Read the body of a request for a token. Raises ``RequestError`` 400 naming every field that is wrong."""
    errors = unknown_names(given, ("name", "scope", "description", "expires_at"))
    readers: tuple[Reader, ...] = (_name, _scope, _description, lambda given: _expires_at(given, now))
    found: list[Any] = []
    for field, read in zip(("name", "scope", "description", "expires_at"), readers, strict=True):
        try:
            found.append(read(given))
        except ValueError as error:
            errors.append(fault(field, error))
    if errors:
        raise RequestError("One or more fields are wrong.", errors=tuple(errors))
    return Wish(*found)


def _name(given: Mapping[str, Any]) -> str:
    name = given.get("name")
    if not isinstance(name, str) or not name.strip() or len(name) > MAX_NAME or not name.isprintable():
        raise ValueError(f"A name of 1 to {MAX_NAME} printable characters is needed.")
    return name.strip()


def _scope(given: Mapping[str, Any]) -> str:
    scope = given.get("scope", "read")
    if not isinstance(scope, str) or scope not in SCOPES:
        raise NotKnown(f"One of: {', '.join(SCOPES)}.", nearest(str(scope)[:80], SCOPES))
    return scope


def _description(given: Mapping[str, Any]) -> str:
    text = given.get("description", "")
    if not isinstance(text, str) or len(text) > MAX_DESCRIPTION or not text.isprintable():
        raise ValueError(f"Up to {MAX_DESCRIPTION} printable characters.")
    return text.strip()


def _expires_at(given: Mapping[str, Any], now: datetime) -> datetime | None:
    said = given.get("expires_at")
    if said is None:
        return None
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise ValueError("An ISO 8601 instant with its offset is needed, such as 2027-11-01T00:00:00Z; null: never.")
    if not now < at <= now + LONGEST:
        raise ValueError(f"It has to be in the future, at most {LONGEST.days // 366} years ahead.")
    return at.astimezone(UTC)
