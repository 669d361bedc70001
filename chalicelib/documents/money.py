"""How many digits a currency's amounts have after the point. Pure."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0, "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3,
    "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
}  # fmt: skip
"""Those that have not two: ISO 4217, list one."""


def digits(currency: str) -> int:
    """Answer the digits of a currency's smaller unit; two where it is not known.

    >>> digits("EUR"), digits("JPY"), digits("KWD"), digits("")
    (2, 0, 3, 2)
    """
    return _DIGITS.get(currency, 2)
