"""Carries the client's requests to an API in this process, and notes them."""

from __future__ import annotations

from headwater_client import Request, Response

from tests.unit.api.world import World

BASE = "https://numbers.example/api"


class InProcess:
    """A transport without a network."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.requests: list[Request] = []

    def send(self, request: Request) -> Response:
        self.requests.append(request)
        assert request.url.startswith(BASE + "/")
        path = request.url.removeprefix(BASE)
        answer = self._world.call(request.method, path, token=None, headers=request.headers, body=request.body or b"")
        headers = {name.lower(): str(value) for name, value in answer.headers.items()}
        return Response(answer.status_code, headers, answer.body)
