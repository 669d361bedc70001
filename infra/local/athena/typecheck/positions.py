"""Where in the text of a query a node stands: the line and column that Trino names.

sqlglot keeps the places of names, literals and calls. Those of operators and of words such as CASE are found among the
tokens beside them, when an error has to be told.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from infra.local.athena.tokens import tokenize

_OPERATORS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Add: ("+",), exp.Sub: ("-",), exp.Mul: ("*",), exp.Div: ("/",), exp.Mod: ("%",), exp.DPipe: ("||",),
    exp.EQ: ("=",), exp.NEQ: ("<>", "!="), exp.GT: (">",), exp.GTE: (">=",), exp.LT: ("<",), exp.LTE: ("<=",),
    exp.In: ("IN",), exp.Between: ("BETWEEN",), exp.Like: ("LIKE",), exp.NullSafeEQ: ("IS",), exp.NullSafeNEQ: ("IS",),
    exp.Is: ("IS",),
    exp.Union: ("UNION",), exp.Intersect: ("INTERSECT",), exp.Except: ("EXCEPT",),
}  # fmt: skip
_WORDS: dict[type[exp.Expr], tuple[str, ...]] = {
    exp.Case: ("CASE",), exp.If: ("IF",), exp.Array: ("ARRAY",), exp.Neg: ("-",), exp.Not: ("NOT",),
    exp.Interval: ("INTERVAL",), exp.Cast: ("CAST",), exp.TryCast: ("TRY_CAST",), exp.Extract: ("EXTRACT",),
    exp.Subquery: ("(",), exp.Tuple: ("(",), exp.GroupConcat: ("LISTAGG",), exp.Substring: ("SUBSTRING",),
    exp.StrPosition: ("POSITION",), exp.Values: ("VALUES",), exp.ParseJSON: ("JSON",),
    exp.Exists: ("EXISTS",), exp.Select: ("SELECT",),
}  # fmt: skip
_WRAPPERS = (
    exp.Bracket, exp.Dot, exp.Paren, exp.Alias, exp.Ordered, exp.Filter, exp.Window, exp.Escape, exp.IgnoreNulls,
    exp.AtTimeZone,
)  # fmt: skip
"""What begins where its first part begins."""


def place(node: exp.Expr, text: str) -> str:
    """Write ``line 1:8: `` for a node, nothing where its place is not evident.

    >>> from infra.local.athena.dialect import parse_query
    >>> sql = "SELECT '1' = f(1)"
    >>> [place(node, sql) for node in (parse_query(sql).find(exp.EQ), parse_query(sql).find(exp.Anonymous))]
    ['line 1:12: ', 'line 1:14: ']
    """
    start = _start(node, tokenize(text)) if text else None
    if start is None:
        return ""
    before = text[:start]
    return f"line {before.count(chr(10)) + 1}:{start - before.rfind(chr(10))}: "


def _start(node: exp.Expr, tokens: Sequence[Token]) -> int | None:
    if isinstance(node, _WRAPPERS):
        return _start(node.this, tokens)
    if "start" in node.meta:
        return int(node.meta["start"])
    if type(node) in _OPERATORS:
        return _between(node, tokens)
    places = _places(node, tokens)
    if (
        isinstance(node, exp.Cast)
        and isinstance(node.this, exp.Literal)
        and places
        and (typed := _typed_literal(places[0][0], tokens)) is not None
    ):
        return typed
    if type(node) in _WORDS:
        words = _WORDS[type(node)]
        return _before(places[0][0], words, tokens, _depth(node, tokens)) if places else _only(words, tokens)
    return places[0][0] if places else None


def _places(node: exp.Expr, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Where the parts of a node begin and end, as far as they are known."""
    found = [(each.meta["start"], each.meta["end"]) for each in node.walk() if "start" in each.meta]
    words = (_word_place(each, tokens) for each in node.find_all(exp.Null, exp.Boolean))
    return sorted([*found, *(place for place in words if place)])


def _word_place(node: exp.Expr, tokens: Sequence[Token]) -> tuple[int, int] | None:
    """The place of NULL, TRUE or FALSE: the next such word behind what stands before it."""
    word = "NULL" if isinstance(node, exp.Null) else "TRUE" if node.this else "FALSE"
    same: list[exp.Expr] = []
    begin = -1
    for each in node.root().walk(bfs=False):
        if "end" in each.meta:
            begin, same = int(each.meta["end"]), []
        elif type(each) is type(node) and each.this == node.this:
            same.append(each)
        if each is node:
            break
    later = [token for token in tokens if token.start > begin and _word(token) == word]
    return (int(later[len(same) - 1].start), int(later[len(same) - 1].end)) if len(later) >= len(same) > 0 else None


def _depth(node: exp.Expr, tokens: Sequence[Token]) -> int:
    """How many nodes of the same kind begin a node: their words stand nearer to its first name."""
    count = 0
    inner = next(node.iter_expressions(), None)
    while inner is not None:
        is_typed = isinstance(inner.this, exp.Literal) and _typed_literal(inner.this.meta.get("start", -1), tokens)
        count += type(inner) is type(node) and not is_typed
        inner = next(inner.iter_expressions(), None)
    return count


def _before(start: int, words: Sequence[str], tokens: Sequence[Token], skipped: int) -> int | None:
    for token in reversed([token for token in tokens if token.start < start]):
        if _word(token) in words:
            if not skipped:
                return int(token.start)
            skipped -= 1
    return None


def _only(words: Sequence[str], tokens: Sequence[Token]) -> int | None:
    found = [token.start for token in tokens if _word(token) in words]
    return int(found[0]) if len(found) == 1 else None


def _typed_literal(start: int, tokens: Sequence[Token]) -> int | None:
    """The place of ``DATE`` in ``DATE '…'``."""
    at = next((n for n, token in enumerate(tokens) if token.start == start), 0)
    return int(tokens[at - 1].start) if at and tokens[at - 1].text.isalpha() else None


def _between(node: exp.Expr, tokens: Sequence[Token]) -> int | None:
    """The place of the operator between the two sides of a node, or of the NOT before it."""
    words = _OPERATORS[type(node)]
    left = _places(node.this, tokens)
    if left:
        at = _first(words, [token for token in tokens if token.start > left[-1][1]])
    else:
        right = [each for part in node.iter_expressions() if part is not node.this for each in _places(part, tokens)]
        at = _before(min(right)[0], words, tokens, 0) if right else _only(words, tokens)
    before = [token for token in tokens if at is not None and token.start < at]
    is_word = words[0].isalpha() and not isinstance(node, exp.Query)
    return int(before[-1].start) if is_word and before and _word(before[-1]) == "NOT" else at


def _first(words: Sequence[str], tokens: Sequence[Token]) -> int | None:
    depth = 0
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(_word(token), 0)
        if depth <= 0 and _word(token) in words:
            return int(token.start)
    return None


def _word(token: Token) -> str:
    """A word or symbol; nothing for a string or a quoted name, whatever it says."""
    return "" if token.token_type in (TokenType.STRING, TokenType.IDENTIFIER) else str(token.text.upper())
