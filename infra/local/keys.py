"""Tokens and secrets of the local cloud: made once, kept in ``.local`` for this machine's user alone."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    """Two API tokens, and the webhook's secret before and after a rotation."""

    token: str
    admin_token: str
    github_webhook_secret: str
    github_webhook_secret_previous: str
    github_token: str


def keys(file: Path) -> Keys:
    """Read the keys, or make them."""
    if file.exists():
        return Keys(**json.loads(file.read_text()))
    made = Keys(*(secrets.token_urlsafe(32) for _ in range(5)))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(made), indent=1))
    return made
