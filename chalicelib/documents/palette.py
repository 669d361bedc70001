"""Colours of a chart's lines: apart for everybody, in grey too. Okabe and Ito's, https://jfly.uni-koeln.de/color/."""

from __future__ import annotations

from typing import Final

COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8C6D1F")
"""One for each line; yellow, which nobody sees on white, is left for a dark ochre."""
