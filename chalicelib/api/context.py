"""What the handlers work with: built once, lazily, part by part, so that a request pays only for what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn, Protocol

from chalicelib.api.auth import Gate
from chalicelib.domain.clock import Clock
from chalicelib.domain.state import StateStore
from chalicelib.errors import ConfigError


class SecretReader(Protocol):
    """What the API asks of the secrets."""

    def get(self, name: str) -> Mapping[str, Any]:
        """Answer a secret. Raises ``ConfigError``, ``StoreUnavailable``."""
        ...


def _absent() -> NoReturn:
    raise ConfigError("this part of the API was not wired")


@dataclass(frozen=True)
class Context:
    """The API's dependencies. Every part is a function without arguments, called at most once."""

    clock: Clock
    allowed_origin: str = "*"
    open_state: Callable[[], StateStore] = _absent
    open_secrets: Callable[[], SecretReader] = _absent

    @cached_property
    def state(self) -> StateStore:
        """The small mutable state."""
        return self.open_state()

    @cached_property
    def secrets(self) -> SecretReader:
        """The credentials."""
        return self.open_secrets()

    @cached_property
    def gate(self) -> Gate:
        """Who may call what."""
        return Gate(lambda: self.state, self.clock)
