"""Trino's grammar with every plain function left by its own name.

sqlglot would turn many functions into nodes of its own, one node for several names. Here a call keeps the name that was
written, so that an allow-list of names says what may be called, and nothing is called that was not written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser

_SPECIAL_SYNTAX = ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "LISTAGG")


class BareTrino(Trino):
    """Trino, without sqlglot's knowledge of functions; subscripts stay as they are written."""

    INDEX_OFFSET = 0

    class Parser(TrinoParser):
        """Only the functions that have a syntax of their own are parsed as such."""

        FUNCTIONS: ClassVar[dict[str, Callable[..., Any]]] = {}
        FUNCTION_PARSERS: ClassVar[dict[str, Callable[..., Any]]] = {
            name: parser for name, parser in TrinoParser.FUNCTION_PARSERS.items() if name in _SPECIAL_SYNTAX
        }
