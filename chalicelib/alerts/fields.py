"""Fields of a JSON object, read one by one: whatever is wrong is told all at once. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, TypeVar

from chalicelib.domain.faults import Fault, fault, unknown_names
from chalicelib.domain.nearest import one_of

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_DURATION: Final = re.compile(
    r"P(?=.)(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,8})S)?)?"
)
_UNITS: Final = (("D", 86_400), ("H", 3_600), ("M", 60), ("S", 1))
_DIGITS: Final = 30


class Fields:
    """An object whose fields are read; ``errors`` collects what is wrong, by the field's path.

    Examples
    --------
    >>> fields = Fields({"side": "hihg"}, ("side",), "condition.")
    >>> fields.read("side", "low", lambda given: one_of(given, ("high", "low"), "side"))
    'low'
    >>> fields.errors[0]["parameter"], fields.errors[0]["suggestion"]
    ('condition.side', 'high')
    """

    def __init__(self, given: Mapping[str, Any], known: Collection[str], path: str = "") -> None:
        self._given, self._path = given, path
        unknown = unknown_names((name for name in given if isinstance(name, str)), known)
        self.errors: list[Fault] = [{**one, "parameter": f"{path}{one['parameter']}"} for one in unknown]

    def read(self, name: str, default: T, reader: Callable[[Any], T]) -> T:
        """Read one field; null and absent are the default. What is wrong is noted, and the default answered."""
        given = self._given.get(name)
        return default if given is None else self._tried(name, default, lambda: reader(given))

    def need(self, name: str, otherwise: T, reader: Callable[[Any], T]) -> T:
        """Read a field that has to be there."""
        given = self._given.get(name)
        if given is None:
            self.wrong(name, "This field is needed.")
            return otherwise
        return self._tried(name, otherwise, lambda: reader(given))

    def wrong(self, name: str, detail: str) -> None:
        """Note that a field is wrong."""
        self.errors.append({"parameter": f"{self._path}{name}", "detail": detail})

    def _tried(self, name: str, otherwise: T, read: Callable[[], T]) -> T:
        try:
            return read()
        except ValueError as error:
            self.errors.append(fault(f"{self._path}{name}", error))
            return otherwise


def text(most: int, least: int = 1) -> Callable[[Any], str]:
    """Read a line of text."""

    def read(given: Any) -> str:
        if not isinstance(given, str) or not least <= len(given.strip()) <= most or not given.isprintable():
            raise ValueError(f"{least} to {most} printable characters are needed.")
        return given.strip()

    return read


def named(pattern: re.Pattern[str], said: str) -> Callable[[Any], str]:
    """Read a name of a form; ``said`` tells the form."""

    def read(given: Any) -> str:
        if not isinstance(given, str) or not pattern.fullmatch(given):
            raise ValueError(said)
        return given

    return read


def chosen(kinds: type[E], what: str) -> Callable[[Any], E]:
    """Read one word of several."""
    return lambda given: kinds(one_of(given if isinstance(given, str) else str(given), list(kinds), what))


def several(each: Callable[[Any], T], most: int, least: int = 0) -> Callable[[Any], tuple[T, ...]]:
    """Read a list; nothing twice."""

    def read(given: Any) -> tuple[T, ...]:
        if not isinstance(given, list) or not least <= len(given) <= most:
            raise ValueError(f"A list of {least} to {most} is needed.")
        return tuple(dict.fromkeys(each(one) for one in given))

    return read


def truth(given: Any) -> bool:
    """Read true or false."""
    if not isinstance(given, bool):
        raise ValueError("true or false is needed.")
    return given


def whole(least: int, most: int) -> Callable[[Any], int]:
    """Read a whole number."""

    def read(given: Any) -> int:
        if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
            raise ValueError(f"A whole number from {least} to {most} is needed.")
        return given

    return read


def decimal(given: Any) -> Decimal:
    """Read a number, or a text that is one, exactly as it is written.

    >>> decimal(0.1), decimal("-12.50")
    (Decimal('0.1'), Decimal('-12.50'))
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str) or len(str(given)) > 2 * _DIGITS:
        raise ValueError("A number is needed, such as 100 or '0.25'.")
    try:
        found = Decimal(str(given).strip())
    except InvalidOperation:
        raise ValueError("A number is needed, such as 100 or '0.25'.") from None
    if not found.is_finite() or not -_DIGITS <= found.adjusted() <= _DIGITS:
        raise ValueError("A number that can be counted to is needed.")
    return found


def duration(most: timedelta, least: timedelta = timedelta()) -> Callable[[Any], timedelta]:
    """Read an ISO 8601 duration of weeks, days, hours, minutes and seconds: those whose length is always the same.

    >>> duration(timedelta(days=9))("P1DT2H")
    datetime.timedelta(days=1, seconds=7200)
    """

    def read(given: Any) -> timedelta:
        match = _DURATION.fullmatch(given) if isinstance(given, str) else None
        if match is None:
            raise ValueError("An ISO 8601 duration is needed, such as PT30M, PT2H or P1D.")
        found = timedelta(**{unit: int(count) for unit, count in match.groupdict().items() if count})
        if not least <= found <= most:
            raise ValueError(f"It is from {write_duration(least)} to {write_duration(most)}.")
        return found

    return read


def write_duration(length: timedelta) -> str:
    """Write a duration so that :func:`duration` reads the same; it has whole seconds.

    >>> write_duration(timedelta(hours=26)), write_duration(timedelta())
    ('P1DT2H', 'PT0S')
    """
    left, parts = int(length.total_seconds()), dict[str, str]()
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        parts[unit] = f"{count}{unit}" if count else ""
    days, clock = parts.pop("D"), "".join(parts.values())
    return f"P{days}{'T' if clock else ''}{clock}" if days or clock else "PT0S"
