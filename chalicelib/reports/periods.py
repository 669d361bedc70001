"""The period of a question as people say it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from chalicelib.exports import words
from chalicelib.metrics.question import Question


def spoken(question: Question) -> str:
    """Answer the period of a question in words; its last day is in it."""
    if not words.in_days(question):
        return words.period(question)
    last = question.end - timedelta(microseconds=1)
    return days(question.start.astimezone(question.zone).date(), last.astimezone(question.zone).date())


def days(first: date, last: date) -> str:
    """Answer days in words, what they share being said once.

    >>> days(date(2026, 11, 16), date(2026, 11, 22)), days(date(2026, 11, 25), date(2026, 11, 25))
    ('16 to 22 November 2026', '25 November 2026')
    >>> days(date(2026, 9, 28), date(2026, 10, 4)), days(date(2026, 11, 1), date(2026, 11, 30))
    ('28 September to 4 October 2026', 'November 2026')
    >>> days(date(2025, 12, 29), date(2026, 1, 4)), days(date(2026, 1, 1), date(2026, 12, 31))
    ('29 December 2025 to 4 January 2026', '2026')
    """
    following = last + timedelta(days=1)
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.day, first.month, following.day, following.month) == (1, 1, 1, 1) and first.year == last.year:
        return str(first.year)
    if first.year != last.year:
        return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"
    if first.month != last.month:
        return f"{first.day} {first:%B} to {last.day} {last:%B %Y}"
    return f"{first:%B %Y}" if first.day == following.day == 1 else f"{first.day} to {last.day} {last:%B %Y}"


def first(periods: Iterable[str]) -> str:
    """Answer the period of the first part that has one: what the whole is about."""
    return next(filter(None, periods), "")
