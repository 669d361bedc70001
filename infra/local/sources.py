"""The sources file of the local cloud: the project's own, with the vendors' addresses replaced."""

from __future__ import annotations

import re
from pathlib import Path

BASE_URL = re.compile(r'^(\s*base_url\s*=\s*)"[^"]*"', re.MULTILINE)


def localised(text: str, world: str) -> str:
    """Every ``base_url`` becomes the address of the test servers; nothing else differs.

    >>> localised('a = 1\\nbase_url = "https://api.github.com"\\n', "http://127.0.0.1:8082")
    'a = 1\\nbase_url = "http://127.0.0.1:8082"\\n'
    """
    return BASE_URL.sub(lambda found: f'{found.group(1)}"{world}"', text)


def write(source: Path, target: Path, world: str) -> Path:
    """Write the local file and answer it."""
    target.write_text(localised(source.read_text(), world))
    return target
