"""The demo company's people, who make things through the API as people do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import requests

_MADE_BEFORE: Final = (409, 422)
"""It was made by its key before: and deleted since, or from other words than today's."""


class Person:
    """Asks the API with a token.

    Parameters
    ----------
    found
        The addresses and tokens that ``make run`` writes to ``.local/endpoints.json``.
    token
        Which of these tokens.
    """

    def __init__(self, found: Mapping[str, str], token: str = "admin_token") -> None:  # noqa: S107 - a token's name
        self._api = found["api"]
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {found[token]}"

    def has(self, path: str) -> bool:
        """Answer whether something is there."""
        return self._session.get(f"{self._api}{path}", timeout=30).ok

    def post(self, path: str, body: Mapping[str, Any]) -> None:
        """Post a body. Raises ``requests.HTTPError`` when the API refuses it."""
        self._posted(path, body, {}).raise_for_status()

    def once(self, kind: str, name: str, body: Mapping[str, Any]) -> None:
        """Make one thing of a kind, unless that was done, and perhaps changed or undone by somebody since.

        Raises
        ------
        requests.HTTPError
            The API refused it.
        """
        answer = self._posted(f"/v1/{kind}", body, {"Idempotency-Key": f"demo-{digest(kind, name)}"})
        if answer.status_code not in _MADE_BEFORE:
            answer.raise_for_status()

    def _posted(self, path: str, body: Mapping[str, Any], headers: Mapping[str, str]) -> requests.Response:
        return self._session.post(f"{self._api}{path}", json=body, headers=headers, timeout=30)


def digest(kind: str, name: str) -> str:
    """Answer what names one thing of the demo for ever.

    >>> digest("annotations", "Webinar week") == digest("annotations", "Webinar week")
    True
    """
    return hashlib.sha256(json.dumps([kind, name]).encode()).hexdigest()[:24]
