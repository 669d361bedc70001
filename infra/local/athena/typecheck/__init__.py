"""A check of types before a query runs: what Trino refuses as a mismatch is refused here, in its words.

DuckDB converts where Trino does not: ``'1' = 1``, ``'a' + 1`` or a date compared with a text run in one and fail in
the other. The rule is never to refuse what Trino takes: what this check does not know is :data:`~.types.ANY`, which
goes with everything.
"""

from infra.local.athena.typecheck.check import check_insert, check_types
from infra.local.athena.typecheck.scope import Fields

__all__ = ["Fields", "check_insert", "check_types"]
