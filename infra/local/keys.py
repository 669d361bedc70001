"""Tokens and secrets of the local cloud: made once, kept in ``.local`` for this machine's user alone."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Keys:
    """Three API tokens, the webhook's secret before and after a rotation, and the password of the demo's people."""

    token: str
    sql_token: str
    admin_token: str
    github_webhook_secret: str
    github_webhook_secret_previous: str
    github_token: str
    person_password: str


def keys(file: Path) -> Keys:
    """Read the keys, and make those that are missing."""
    found = json.loads(file.read_text()) if file.exists() else {}
    made = Keys(**{field.name: found.get(field.name) or secrets.token_urlsafe(32) for field in fields(Keys)})
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(asdict(made), indent=1))
    return made
