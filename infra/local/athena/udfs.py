"""Functions that neither DuckDB has nor a macro can say."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from urllib.parse import parse_qs, unquote_plus, urlsplit

from infra.local.athena.values import double_text


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


#: name: the function, the types of its arguments, the type of its result
FUNCTIONS: dict[str, tuple[Callable[..., str | int | None], list[str], str]] = {
    "tr_double_text": (double_text, ["DOUBLE"], "VARCHAR"),
    "tr_decimal_divide": (_decimal_divide, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR"),
    "tr_url_host": (_url("hostname"), ["VARCHAR"], "VARCHAR"),
    "tr_url_path": (_url("path"), ["VARCHAR"], "VARCHAR"),
    "tr_url_query": (_url("query"), ["VARCHAR"], "VARCHAR"),
    "tr_url_fragment": (_url("fragment"), ["VARCHAR"], "VARCHAR"),
    "tr_url_protocol": (_url("scheme"), ["VARCHAR"], "VARCHAR"),
    "tr_url_port": (_port, ["VARCHAR"], "BIGINT"),
    "tr_url_parameter": (_parameter, ["VARCHAR", "VARCHAR"], "VARCHAR"),
    "tr_url_decode": (unquote_plus, ["VARCHAR"], "VARCHAR"),
}
