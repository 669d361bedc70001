"""The API's Chalice object: its outermost layer and its resources, and no logic."""

from __future__ import annotations

from collections.abc import Callable

from chalice.app import Chalice

from chalicelib.api import unknown
from chalicelib.api.context import Context
from chalicelib.api.dispatch import blueprint
from chalicelib.api.edge import at_the_edge
from chalicelib.api.index import INDEX
from chalicelib.api.wiring import from_environment


def build_app(provide: Callable[[], Context]) -> Chalice:
    """Build the API over its dependencies, which are asked for at the first request that needs them."""
    application = Chalice(app_name="headwater", configure_logs=False)
    application.api.binary_types = []  # every answer is text, the pixel too
    application.register_middleware(at_the_edge(provide), "http")
    for resource, paths in INDEX.items():
        application.register_blueprint(blueprint(f"chalicelib.api.{resource}", paths, provide))
    application.register_blueprint(unknown.blueprint([path for paths in INDEX.values() for path in paths]))
    return application


app = build_app(from_environment)
