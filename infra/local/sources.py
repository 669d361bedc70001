"""The sources file of the local cloud: the project's own, with the vendors' addresses replaced, and a past.

The demo company's visitors have agreed to an id of their own, so that new and returning ones can be told.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

_LINE = re.compile(
    r'^(?P<key>\s*\w+_url\s*=\s*)"(?P<url>[^"]*)"|^\[(?P<section>\w+)\]|^(?P<start>\s*start\s*=\s*)\S+'
    r"|(?P<own>\bfirst_party_id\s*=\s*)false\b",
    re.MULTILINE,
)
_AT_THE_ROOT = "github"


def localised(text: str, world: str, start: datetime) -> str:
    """Every key that ends in ``_url`` leads to the test server of its section's vendor, and every history has a start.

    >>> text = '[x_accounts]\\ntoken_url = "https://x.test/oauth/token"\\nstart = 2026-01-01\\n'
    >>> print(localised(text, "http://127.0.0.1:8082", datetime(2026, 8, 24)))
    [x_accounts]
    token_url = "http://127.0.0.1:8082/x/oauth/token"
    start = 2026-08-24
    <BLANKLINE>
    >>> localised('sites = [{ id = "acme", first_party_id = false }]', "http://127.0.0.1:8082", datetime(2026, 8, 24))
    'sites = [{ id = "acme", first_party_id = true }]'
    """
    vendor = ""

    def replaced(found: re.Match[str]) -> str:
        nonlocal vendor
        if found["section"]:
            vendor = found["section"].partition("_")[0]
            return found[0]
        if found["start"]:
            return f"{found['start']}{start:%Y-%m-%d}"
        if found["own"]:
            return f"{found['own']}true"
        mounted = "" if vendor == _AT_THE_ROOT else f"/{vendor}"
        return f'{found["key"]}"{world}{mounted}{urlsplit(found["url"]).path.rstrip("/")}"'

    return _LINE.sub(replaced, text)


def write(source: Path, target: Path, world: str, start: datetime) -> Path:
    """Write the local file and answer it."""
    target.write_text(localised(source.read_text(), world, start))
    return target
