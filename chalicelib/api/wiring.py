"""The API's dependencies in AWS: settings from the environment, clients made when first needed."""

from __future__ import annotations

import os
from functools import cache

from chalicelib.api.context import Context
from chalicelib.domain.clock import system_clock
from chalicelib.settings import ApiSettings, from_env


@cache
def from_environment() -> Context:
    """Build the context once a process. Raises ``ConfigError`` naming what is missing in the environment."""
    settings = from_env(ApiSettings, os.environ)
    return Context(clock=system_clock, allowed_origin=settings.allowed_origin)
