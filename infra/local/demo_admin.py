"""The demo company's administrator, who makes things through the API as people do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests


class Administrator:
    """Asks the API with its token.

    Parameters
    ----------
    found
        The addresses and tokens that ``make run`` writes to ``.local/endpoints.json``.
    """

    def __init__(self, found: Mapping[str, str]) -> None:
        self._api = found["api"]
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {found['admin_token']}"

    def has(self, path: str) -> bool:
        """Answer whether something is there."""
        return self._session.get(f"{self._api}{path}", timeout=30).ok

    def post(self, path: str, body: Mapping[str, Any], *, key: str = "", but: tuple[int, ...] = ()) -> None:
        """Post a body, under a key where it has one.

        Raises
        ------
        requests.HTTPError
            The API refused it, ``but`` with a status that is expected.
        """
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._session.post(f"{self._api}{path}", json=body, headers=headers, timeout=30)
        if answer.status_code not in but:
            answer.raise_for_status()
