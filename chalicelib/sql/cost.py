"""What a query costs. Athena bills what it scans: `<https://aws.amazon.com/athena/pricing/>`_, read 2026-11."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

USD_PER_TB: Final = Decimal(5)
"""The list price of most regions; a TB is taken as 10¹² bytes, the dearer reading."""
LEAST_BYTES: Final = 10_000_000
"""The least that Athena bills for a query that reads anything."""
_MB: Final = 1_000_000
_PLACES: Final = Decimal("0.000001")  # a megabyte costs five of the last


def usd(scanned_bytes: int) -> Decimal:
    """Answer the price of a query: whole megabytes, at least ten; nothing for one that read nothing.

    >>> str(usd(0)), str(usd(1)), str(usd(2_000_000_000_000))
    ('0.000000', '0.000050', '10.000000')
    """
    billed = max(LEAST_BYTES, -(-scanned_bytes // _MB) * _MB) if scanned_bytes > 0 else 0
    return (USD_PER_TB * billed / 10**12).quantize(_PLACES)
