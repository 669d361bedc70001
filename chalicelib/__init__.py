"""Headwater's importable code, shared by the API (``app.py``) and by the Lambdas under ``functions/``."""
