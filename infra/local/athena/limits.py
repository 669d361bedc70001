"""How large, how deep and of which characters a statement may be."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from sqlglot import exp

from infra.local.athena.errors import QueryFailure, invalid_request, malformed_query

MAX_LENGTH = 262_144
"""Characters. https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html, ``QueryString``."""


def check_length(sql: str) -> None:
    """Refuse a text that Athena would not take."""
    if len(sql) > MAX_LENGTH:
        raise invalid_request(
            "1 validation error detected: Value at 'queryString' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_LENGTH}"
        )


def check_characters(sql: str) -> None:
    """Refuse halves of surrogates (JSON can carry them) and NUL, which end or break a text further down."""
    for at, letter in enumerate(sql):
        if letter == "\0" or "\ud800" <= letter <= "\udfff":
            raise malformed_query(f"line 1:{at + 1}: the character U+{ord(letter):04X} is not allowed")


def limit_memory(more_bytes: int) -> None:
    """Bound what this process may allocate from here on.

    Texts and lists are not counted by DuckDB's own limit; a query that wants more ends with an error, where the machine
    would end. Only Linux tells what has been allocated before; elsewhere there is no bound.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except FileNotFoundError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_DATA, (limit if hard < 0 else min(limit, hard), hard))


@contextmanager
def bounded() -> Iterator[None]:
    """Refuse, as Trino does, what is nested too deeply to be read (all of the reading is Python's, so it can be), and
    what wants more memory than there is."""
    try:
        yield
    except RecursionError as error:
        raise too_large() from error
    except MemoryError as error:
        raise QueryFailure("EXCEEDED_LOCAL_MEMORY_LIMIT", "Query exceeded the memory of this machine") from error


MAX_DEPTH = 250
"""Levels of a tree. Python's stack ends near there when the tree is written; chains of AND and OR do not count."""

MAX_EXPANDED = 50_000
"""Nodes of a statement once its macros are expanded, which DuckDB does before anything can stop it: 20,000 are bound in
a second and a half, 250,000 in half a minute and a gigabyte."""


def too_large() -> QueryFailure:
    """Trino's own error for it."""
    return QueryFailure("STACK_OVERFLOW", "statement is too large (stack overflow during analysis)")


def check_depth(tree: exp.Expr) -> None:
    """Refuse a tree that is deeper than what can be written; copies of deep subtrees would take for ever before."""
    depths: dict[int, int] = {id(tree.parent): 0}
    for node in tree.walk(bfs=True):
        depth = depths[id(node.parent)] + (not isinstance(node, exp.Connector))
        if depth > MAX_DEPTH:
            raise too_large()
        depths[id(node)] = depth


MAX_COPIED = 20_000
"""Nodes below one that was rewritten."""


def check_copies(made: exp.Expr) -> None:
    """Refuse what grows while it is rewritten: some rules mention an argument twice."""
    if sum(1 for _ in islice(made.walk(), MAX_COPIED + 1)) > MAX_COPIED:
        raise too_large()


def check_expanded(tree: exp.Expr, mentions: Callable[[str], int]) -> None:
    """Refuse a translated statement that its macros blow up.

    Parameters
    ----------
    mentions
        How often a macro mentions an argument, at most; 1 for what is no macro.
    """
    sizes: dict[int, int] = {}
    for node in reversed(list(tree.walk(bfs=True))):
        times = mentions(node.name) if isinstance(node, exp.Anonymous) else 1
        sizes[id(node)] = 1 + times * sum(sizes[id(child)] for child in node.iter_expressions())
    if sizes[id(tree)] > MAX_EXPANDED:
        raise too_large()
