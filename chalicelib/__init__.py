"""Headwater's importable code, shared by the API (``app.py``) and by the Lambdas under ``functions/``."""

from typing import Final

VERSION: Final = "0.1.0"
