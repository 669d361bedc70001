"""The fonts of a printed report: DejaVu Sans Condensed, embedded as far as it is used.

It has Latin, Greek, Cyrillic, Armenian and Georgian letters, and symbols; neither Chinese, Japanese and Korean ones nor
emoji. Hebrew and Arabic it has, but nothing here puts them from right to left.
"""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import Final

from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "DejaVuSansCondensed"
BOLD: Final = "DejaVuSansCondensed-Bold"
_FOLDER: Final = Path(__file__).parent / "fonts"


@cache
def register() -> None:
    """Make the fonts known to ReportLab."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FOLDER / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    STATE_DEFAULTS["fontName"] = REGULAR  # every drawing sets it first, and Helvetica would be named and not embedded


@cache
def glyphs() -> Container[int]:
    """Answer the characters that both have."""
    register()
    regular, bold = (pdfmetrics.getFont(name).face.charToGlyph for name in (REGULAR, BOLD))
    return frozenset(regular) & frozenset(bold)
