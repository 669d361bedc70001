"""What a spreadsheet would take for a formula, and how it is kept from that. Pure."""

from __future__ import annotations

import re
from typing import Final

PATTERN: Final = r"^[=+\-@\t\r\n＝＋－＠]"
"""Of a text that is dangerous (https://owasp.org/www-community/attacks/CSV_Injection); for Python and for RE2."""

_FORMULA: Final = re.compile(PATTERN)


def harmless(text: str) -> str:
    """Answer a text as it may stand in a CSV: what begins like a formula gets an apostrophe before it.

    >>> harmless("=cmd()"), harmless("a=b")
    ("'=cmd()", 'a=b')
    """
    return f"'{text}" if _FORMULA.match(text) else text
