"""EXPLAIN as it is written.

Source: https://docs.aws.amazon.com/athena/latest/ug/athena-explain-statement.html
"""

from __future__ import annotations

from infra.local.athena import statement as st
from infra.local.athena.dialect import parse_query
from infra.local.athena.errors import not_supported
from infra.local.athena.tokens import Cursor

_TYPES = ("LOGICAL", "DISTRIBUTED", "VALIDATE", "IO")


def explain(cursor: Cursor) -> st.Explain:
    """``EXPLAIN [(TYPE type, FORMAT format)] query``."""
    if cursor.word in ("ANALYZE", "VERBOSE"):
        raise not_supported(f"EXPLAIN {cursor.word}")
    options = {"TYPE": "", "FORMAT": ""}
    if cursor.word == "(" and cursor.word_after in options:
        cursor.expect("(")
        while True:
            option = cursor.word
            if option not in options:
                raise cursor.mismatch("'FORMAT', 'TYPE'")
            cursor.expect(option)
            options[option] = cursor.name().upper()
            if not cursor.accept(","):
                break
        cursor.expect(")")
    kind = options["TYPE"] or "DISTRIBUTED"
    usual = "JSON" if kind == "IO" else "TEXT"
    if kind not in _TYPES or (options["FORMAT"] or usual) != usual:
        raise not_supported(f"EXPLAIN (TYPE {kind}, FORMAT {options['FORMAT'] or usual})")
    if cursor.word not in ("SELECT", "WITH", "VALUES", "("):
        raise not_supported("EXPLAIN of what is no query")
    return st.Explain(parse_query(cursor.rest()), kind)
