"""Functions that neither DuckDB has nor a macro can say."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from urllib.parse import parse_qs, quote_plus, unquote_plus, urlsplit

from infra.local.athena.values import double_varchar


def _url(part: str) -> Callable[[str], str | None]:
    def extract(url: str) -> str | None:
        try:
            value = getattr(urlsplit(url), part)
        except ValueError:
            return None
        return None if value is None else str(value)

    return extract


def _port(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        return None


def _parameter(url: str, name: str) -> str | None:
    try:
        found = parse_qs(urlsplit(url).query, keep_blank_values=True).get(name)
    except ValueError:
        return None
    return found[0] if found else None


def _decimal_divide(dividend: str, divisor: str, scale: int) -> str:
    """Exact, rounded half up (away from zero) to ``scale``, as Trino divides decimals."""
    below = Decimal(divisor)
    if not below:
        raise ZeroDivisionError("DIVISION_BY_ZERO: Division by zero")
    with localcontext() as context:
        context.prec = 80
        return format((Decimal(dividend) / below).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP), "f")


class _Digits(str):
    """A number of JSON as it is written."""


def _json_canonical(text: str) -> str:
    """JSON as Trino keeps it: the fields of objects in order, nothing between, numbers as they are written."""

    def refuse(word: str) -> None:
        raise ValueError(word)

    def write(value: object) -> str:
        if isinstance(value, _Digits):
            return value
        if isinstance(value, dict):
            fields = (f"{json.dumps(name, ensure_ascii=False)}:{write(value[name])}" for name in sorted(value))
            return "{" + ",".join(fields) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(write, value)) + "]"
        return json.dumps(value, ensure_ascii=False)

    try:
        return write(json.loads(text, parse_float=_Digits, parse_int=_Digits, parse_constant=refuse))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: Cannot convert value to JSON: '{text[:100]}'") from error


def _strpos_nth(text: str, part: str, nth: int) -> int:
    """Where a part stands the nth time, from one; 0 where it does not."""
    if nth < 1:
        raise ValueError("NOT_SUPPORTED: strpos from the end")
    at = -1
    for _ in range(nth):
        at = text.find(part, at + 1)
        if at < 0:
            return 0
    return at + 1


def _from_base(text: str, radix: int) -> int:
    try:
        return int(text, radix)
    except ValueError as error:
        raise ValueError(f"INVALID_FUNCTION_ARGUMENT: Not a valid base-{radix} number: {text}") from error


_SOUNDS = {letter: digit for letters, digit in (
    ("BFPV", "1"), ("CGJKQSXZ", "2"), ("DT", "3"), ("L", "4"), ("MN", "5"), ("R", "6")
) for letter in letters}  # fmt: skip


def _soundex(text: str) -> str:
    """American Soundex: letters that sound alike next to each other, or with an H or W between them, count once."""
    letters = [letter for letter in text.upper() if letter.isascii() and letter.isalpha()]
    if not letters:
        return ""
    code, last = letters[0], _SOUNDS.get(letters[0], "")
    for letter in letters[1:]:
        sound = _SOUNDS.get(letter, "")
        if sound and sound != last:
            code += sound
        if letter not in "HW":
            last = sound
    return code[:4].ljust(4, "0")


def _human_seconds(seconds: float) -> str:
    """Seconds as a person says them, down to the second."""
    left, parts = abs(round(seconds)), []
    for name, size in (("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ("-" if seconds < 0 else "") + (", ".join(parts) or "0 seconds")


def _luhn(digits: str) -> bool:
    """The check of card numbers: every second digit from the right counts double."""
    if not digits.isascii() or not digits.isdigit():
        raise ValueError("INVALID_FUNCTION_ARGUMENT: The argument must have digits only")
    doubled = (int(d) * (1 + at % 2) for at, d in enumerate(reversed(digits)))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


#: name: the function, the types of its arguments, the type of its result
FUNCTIONS: dict[str, tuple[Callable[..., str | int | None], list[str], str]] = {
    "tr_double_varchar": (double_varchar, ["DOUBLE"], "VARCHAR"),
    "tr_strpos_nth": (_strpos_nth, ["VARCHAR", "VARCHAR", "BIGINT"], "BIGINT"),
    "tr_from_base": (_from_base, ["VARCHAR", "BIGINT"], "BIGINT"),
    "tr_human_seconds": (_human_seconds, ["DOUBLE"], "VARCHAR"),
    "tr_luhn": (_luhn, ["VARCHAR"], "BOOLEAN"),
    "tr_soundex": (_soundex, ["VARCHAR"], "VARCHAR"),
    "tr_url_encode": (lambda text: quote_plus(text, safe="*-._"), ["VARCHAR"], "VARCHAR"),
    "tr_json_canonical": (_json_canonical, ["VARCHAR"], "VARCHAR"),
    "tr_decimal_divide": (_decimal_divide, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
    "tr_url_host": (_url("hostname"), ["VARCHAR"], "VARCHAR"),
    "tr_url_path": (_url("path"), ["VARCHAR"], "VARCHAR"),
    "tr_url_query": (_url("query"), ["VARCHAR"], "VARCHAR"),
    "tr_url_fragment": (_url("fragment"), ["VARCHAR"], "VARCHAR"),
    "tr_url_protocol": (_url("scheme"), ["VARCHAR"], "VARCHAR"),
    "tr_url_port": (_port, ["VARCHAR"], "BIGINT"),
    "tr_url_parameter": (_parameter, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    "tr_url_decode": (lambda text: unquote_plus(text), ["VARCHAR"], "VARCHAR"),
}
