"""What people may ask: one query that only reads, of constructs, functions and tables that are known. Pure.

This is the first of four doors. Behind it Athena runs the text with a role that can read published tables and write
results only, in a workgroup that says where results go and how much a query may scan.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from chalicelib.errors import RequestError
from chalicelib.sql.constructs import unknown_part
from chalicelib.sql.functions import TRINO
from chalicelib.sql.lexical import refused, without_comments
from chalicelib.sql.scope import is_cte
from chalicelib.sql.trino import BareTrino

MAX_ROWS: Final = 1_000_000
"""A result has at most this many rows; a query without a LIMIT of its own is given it."""
MAX_TOKENS: Final = 20_000

_QUOTED: Final = (TokenType.STRING, TokenType.IDENTIFIER, TokenType.UNICODE_STRING, TokenType.HEX_STRING)
_BEGINNINGS: Final = ("SELECT", "WITH", "VALUES", "(")
_OUR_CATALOG: Final = "awsdatacatalog"


@dataclass(frozen=True, slots=True)
class Checked:
    """A query that may run.

    Parameters
    ----------
    sql
        The text for Athena: the caller's own, every character at its place, comments blanked, perhaps with a
        LIMIT behind it.
    tables
        Which tables and views it reads, sorted.
    columns
        Every name that may be a column's, lower case; ``*`` where all columns are asked for.
    parameters
        How many question marks it has.
    capped
        Whether the LIMIT is ours: ``MAX_ROWS`` + 1 rows then mean that there are more.
    """

    sql: str
    tables: tuple[str, ...]
    columns: frozenset[str]
    parameters: int
    capped: bool


def check(sql: str, *, database: str, names: Collection[str]) -> Checked:
    """Read a statement and refuse what is not known to be harmless.

    Parameters
    ----------
    sql
        What the caller wants to run: Trino SQL, question marks for parameters.
    database
        The one database that may be read.
    names
        The tables and views in it that may be read.

    Raises
    ------
    RequestError
        400, with line and column of what is wrong.

    Examples
    --------
    >>> check("SELECT max(n) FROM visits WHERE day > ?", database="lake", names={"visits"}).tables
    ('visits',)
    >>> check("SELECT * FROM secrets", database="lake", names={"visits"}).tables
    Traceback (most recent call last):
    ...
    chalicelib.errors.RequestError: The statement was refused.
    """
    text = without_comments(sql)
    tree = _parse(sql, text)
    tables: set[str] = set()
    for node in tree.walk():
        _check_node(sql, node)
        if isinstance(node, exp.Table) and not is_cte(node):
            tables.add(_table(sql, node, database, names))
    limited = _require_bounded(sql, tree)
    marks = sum(1 for _ in tree.find_all(exp.Placeholder))
    whole = text if limited else f"{text.rstrip()}\nLIMIT {MAX_ROWS + 1}"
    return Checked(whole, tuple(sorted(tables)), _columns(tree), marks, not limited)


def _parse(sql: str, text: str) -> exp.Query | exp.Values:
    """The tree of the one query. A parser that overflows has met a text that nobody needs."""
    try:
        tokens = BareTrino().tokenize(text)
        if not tokens or tokens[0].text.upper() not in _BEGINNINGS:
            raise refused(sql, tokens[0].start if tokens else 0, "Only queries are run: SELECT, WITH or VALUES.")
        _require_same_quotes(sql, text, tokens)
        if len(tokens) > MAX_TOKENS:
            raise refused(sql, tokens[MAX_TOKENS].start, f"The statement has more than {MAX_TOKENS:,} words and signs.")
        trees = BareTrino().parser().parse(tokens, text)
    except ParseError as error:
        raise _unreadable(sql, error) from error
    except TokenError as error:
        raise refused(sql, 0, "The statement cannot be read.") from error
    except RecursionError as error:
        raise refused(sql, 0, "The statement is nested too deep.") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query | exp.Values):
        raise refused(sql, tokens[0].start, "This is not one query.")
    return trees[0]


def _require_same_quotes(sql: str, text: str, tokens: list[Token]) -> None:
    """The parser must have read the same things as quoted as we did, so that nothing hides between two readings."""
    ends = [token.end for token in tokens if token.token_type in _QUOTED]
    if any(text[end : end + 1] not in ("'", '"') for end in ends):
        raise refused(sql, 0, "The quotes cannot be read in one way only.")


def _unreadable(sql: str, error: ParseError) -> RequestError:
    """The first thing that the parser stumbled over; its ``col`` is where a word ends."""
    first = error.errors[0] if error.errors else {}
    word, said = str(first.get("highlight") or ""), str(first.get("description") or "")
    line, column = int(first.get("line") or 1), int(first.get("col") or 1)
    at = sum(map(len, sql.splitlines(keepends=True)[: line - 1])) + column - len(word)
    expected = f" ({said[0].lower()}{said[1:40]})" if said.startswith("Expecting") else ""
    return refused(sql, max(0, min(at, len(sql))), f"{word[:80]!r} cannot be read as SQL here{expected}.")


def _check_node(sql: str, node: exp.Expr) -> None:
    if isinstance(node, exp.Placeholder):
        if node.this:
            raise _at(sql, node, "A parameter is a question mark.")
        return
    if unknown := unknown_part(node):
        raise _at(sql, node, f"{unknown} is not taken here.")
    match node:
        case exp.Anonymous() if node.name.lower() not in TRINO:
            raise _at(sql, node, f"There is no function {node.name[:80]!r}.{_near(node.name, TRINO)}")
        case exp.Identifier() if node.name.startswith("$"):
            raise _at(sql, node, "Names that begin with $ are hidden.")
        case exp.With() if node.args.get("recursive"):
            raise _at(sql, node, "WITH RECURSIVE is not taken here.")
        case exp.Select() if not node.expressions:
            raise _at(sql, node, "SELECT needs something to select.")


def _table(sql: str, node: exp.Table, database: str, names: Collection[str]) -> str:
    name = node.name.lower()
    if node.catalog.lower() not in ("", _OUR_CATALOG) or node.db.lower() not in ("", database.lower()):
        raise _at(sql, node, f"Only tables of the database {database} can be read.")
    if name not in names:
        raise _at(sql, node, f"There is no table or view {name[:80]!r}: see /v1/catalog.{_near(name, names)}")
    return name


def _require_bounded(sql: str, tree: exp.Expr) -> bool:
    """Whether the outermost query says how many rows it wants; it may not want more than there can be."""
    limit = tree.args.get("limit")
    if limit is None:
        return False
    wanted = limit.expression
    if not (isinstance(wanted, exp.Literal) and wanted.name.isdecimal()):
        raise _at(sql, wanted, "The outermost LIMIT takes a number.")
    if int(wanted.name) > MAX_ROWS:
        raise _at(sql, wanted, f"At most {MAX_ROWS:,} rows are answered: aggregate further, or take a part.")
    return True


def _columns(tree: exp.Expr) -> frozenset[str]:
    named = {column.name.lower() for column in tree.find_all(exp.Column)}
    stars = {"*" for star in tree.find_all(exp.Star) if not isinstance(star.parent, exp.Anonymous)}
    return frozenset(named | stars)


def _near(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name.lower(), known, n=1)
    return f" Did you mean {close[0]}?" if close else ""


def _at(sql: str, node: exp.Expr, detail: str) -> RequestError:
    """The error at a node: where it stands, or the first of what is below it that says so."""
    return refused(sql, next(_offsets(node), 0), detail)


def _offsets(node: exp.Expr) -> Iterator[int]:
    for one in node.walk():
        if "start" in one.meta:
            yield int(one.meta["start"])
