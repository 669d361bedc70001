"""People's own words in a message: names in braces are put in, and nothing else is done with the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chalicelib.domain.nearest import NotKnown, nearest

NAMES: Final = (
    "name",
    "state",
    "value",
    "threshold",
    "metric",
    "period",
    "group",
    "since",
    "severity",
    "owner",
    "link",
)
MOST: Final = 1_000
_PLACE: Final = re.compile(r"\{([^{}\s]{1,40})\}")


def read_template(given: object) -> str:
    """Read people's own words. Raises ``ValueError`` where a name in braces is none of :data:`NAMES`.

    >>> read_template("{metirc} is {value}")
    Traceback (most recent call last):
    chalicelib.domain.nearest.NotKnown: There is no {metirc}; known are: {name}, {state}, {value}, {threshold}, \
{metric}, {period}, {group}, {since}, {severity}, {owner}, {link}. Did you mean 'metric'?
    """
    printable = isinstance(given, str) and all(part.isprintable() for part in given.split("\n"))
    if not isinstance(given, str) or len(given) > MOST or not printable:
        raise ValueError(f"A text of at most {MOST:,} printable characters is needed.")
    for name in _PLACE.findall(given):
        if name not in NAMES:
            known = ", ".join(f"{{{one}}}" for one in NAMES)
            raise NotKnown(f"There is no {{{name}}}; known are: {known}.", nearest(name, NAMES))
    return given.strip()


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put values in; what they hold is not looked at again.

    >>> filled("{name}: {value} {more}", {"name": "{value}", "value": "12"})
    '{value}: 12 {more}'
    """
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), template)
