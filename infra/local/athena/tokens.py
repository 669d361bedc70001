"""A cursor over tokens, for the statements that are not queries."""

from __future__ import annotations

import re
from typing import ClassVar

from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType
from sqlglot.tokens import Tokenizer

from infra.local.athena.errors import malformed_query


class PlainTokenizer(Tokenizer):
    """Single words and symbols, with identifiers in double quotes (Trino) or backticks (Hive); no word is a command."""

    QUOTES: ClassVar[list[str | tuple[str, str]]] = ["'"]
    IDENTIFIERS: ClassVar[list[str | tuple[str, str]]] = ['"', "`"]
    STRING_ESCAPES: ClassVar[list[str]] = ["'"]
    COMMANDS: ClassVar[set[TokenType]] = set()
    KEYWORDS: ClassVar[dict[str, TokenType]] = {
        text: kind
        for text, kind in Tokenizer.KEYWORDS.items()
        if not text[0].isalpha() and not text.startswith(("{", "/*+"))
    }


def tokenize(sql: str) -> list[Token]:
    """The tokens of a text, comments gone.

    Raises
    ------
    ApiError
        For an unclosed string or comment.
    """
    try:
        return list(PlainTokenizer().tokenize(sql))
    except TokenError as error:
        raise malformed_query(f"line 1:1: {error}".split("\n")[0]) from error


class Cursor:
    """Reads tokens from left to right; every ``expect`` that fails is a malformed query."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.tokens = tokenize(sql)
        while self.tokens and self.tokens[-1].token_type == TokenType.SEMICOLON:
            self.tokens.pop()
        self.at = 0

    @property
    def done(self) -> bool:
        """Is everything read?"""
        return self.at >= len(self.tokens)

    @property
    def word(self) -> str:
        """The next token in upper case; empty for strings, quoted names and at the end."""
        if self.done or self.tokens[self.at].token_type in (TokenType.STRING, TokenType.IDENTIFIER):
            return ""
        return self.tokens[self.at].text.upper()

    @property
    def word_after(self) -> str:
        """The token behind the next one in upper case; empty at the end."""
        return self.tokens[self.at + 1].text.upper() if self.at + 1 < len(self.tokens) else ""

    def accept(self, *words: str) -> bool:
        """Step over these words if they are all next."""
        start = self.at
        for word in words:
            if self.word != word:
                self.at = start
                return False
            self.at += 1
        return True

    def expect(self, *words: str) -> None:
        """Step over these words."""
        if not self.accept(*words):
            raise self.mismatch(" ".join(words))

    def name(self) -> str:
        """An identifier, in lower case."""
        token = self._next("a name")
        plain = token.token_type != TokenType.STRING and (token.text[:1].isalpha() or token.text[:1] == "_")
        if not plain and token.token_type != TokenType.IDENTIFIER:
            self.at -= 1
            raise self.mismatch("a name")
        return token.text.lower()

    def string(self) -> str:
        """The text of a string literal."""
        token = self._next("a string")
        if token.token_type != TokenType.STRING:
            self.at -= 1
            raise self.mismatch("a string")
        return token.text

    def literal(self) -> str:
        """The text of a string or number."""
        token = self._next("a literal")
        if token.token_type not in (TokenType.STRING, TokenType.NUMBER):
            self.at -= 1
            raise self.mismatch("a literal")
        return token.text

    def parenthesised(self) -> str:
        """Step over ``( … )``; the text between, with as much blank before it as to keep its positions."""
        self.expect("(")
        start, depth = self.at, 1
        while depth:
            token = self._next(")")
            depth += {TokenType.L_PAREN: 1, TokenType.R_PAREN: -1}.get(token.token_type, 0)
        if self.at - 1 == start:
            return ""
        return self._placed(self.tokens[start].start, self.tokens[self.at - 2].end + 1)

    def rest(self) -> str:
        """Step over everything; the text that is left, with as much blank before it as to keep its positions."""
        if self.done:
            return ""
        start, self.at = self.at, len(self.tokens)
        return self._placed(self.tokens[start].start, self.tokens[-1].end + 1)

    def drop(self, count: int) -> None:
        """Forget the last tokens."""
        del self.tokens[len(self.tokens) - count :]

    def _placed(self, start: int, end: int) -> str:
        return re.sub(r"[^\n]", " ", self.sql[:start]) + self.sql[start:end]

    def end(self) -> None:
        """Nothing may be left."""
        if not self.done:
            raise self.mismatch("<EOF>")

    def mismatch(self, wanted: str) -> Exception:
        """The error for what is next."""
        if self.done:
            return malformed_query(f"line 1:{len(self.sql)}: mismatched input '<EOF>'. Expecting: {wanted}")
        token = self.tokens[self.at]
        column = token.col - (token.end - token.start)
        return malformed_query(f"line {token.line}:{column}: mismatched input '{token.text}'. Expecting: {wanted}")

    def _next(self, wanted: str) -> Token:
        if self.done:
            raise self.mismatch(wanted)
        self.at += 1
        return self.tokens[self.at - 1]
