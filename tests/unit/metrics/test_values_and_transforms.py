"""Values are exact until they are told; transforms add up what was added up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.metrics.metric import Kind, Metric
from chalicelib.metrics.transforms import Series, Transform, parse_transform, refusal, unit
from chalicelib.metrics.values import Cell, change, empty, exact, number, plain

DAY = timedelta(days=1)


def metric(kind: Kind = Kind.COUNTER, divisor: int = 1) -> Metric:
    return Metric("m", "M", "leads", kind, "c", "m", "s", ("d",), "…", denominator="d", divisor=divisor)


def made(transform: str | None, cells: list[Cell], kind: Kind = Kind.COUNTER, **options: Any) -> list[Any]:
    series = Series(metric(kind), None if transform is None else parse_transform(transform))
    return [series.value((), cell, options.get("long", DAY), options.get("total")) for cell in cells]


def test_a_ratio_is_divided_last_and_over_nothing_is_none() -> None:
    assert exact(metric(Kind.RATIO, 1000), (3_000, 4)) == Fraction(3, 4)
    assert exact(metric(Kind.RATIO), (0, 0)) is None
    assert exact(metric(Kind.COUNTER, 1000), (1_500,)) == Fraction(3, 2)
    assert exact(metric(Kind.GAUGE), empty(metric(Kind.GAUGE))) is None
    assert exact(metric(Kind.UNIQUE), empty(metric(Kind.UNIQUE))) == 0


NUMBERS = [
    (3, 3),
    (None, None),
    (0.25, 0.25),
    (Decimal("0.1"), 0.1),
    (Decimal("1E+3"), 1000),
    (Decimal("-0.000000001"), -1e-9),
    (Decimal("9007199254740993"), "9007199254740993"),
    (Decimal("9007199254740992"), 9007199254740992),
    (Decimal("12345678901234567.89"), "12345678901234567.89"),
]


@pytest.mark.parametrize(("value", "told"), NUMBERS)
def test_money_is_a_number_where_a_double_holds_it(value: Any, told: Any) -> None:
    assert number(value) == told
    assert type(number(value)) is type(told)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**12), max_value=10**12))
def test_money_is_told_to_its_last_digit(value: Decimal) -> None:
    told = number(plain(value))

    assert Decimal(told if isinstance(told, str) else repr(told)) == value


def test_a_change_from_zero_has_no_share_and_one_from_below_zero_has_its_own_sign() -> None:
    assert change(5, 0) == (5, None)
    assert change(0, 5) == (-5, -1)
    assert change(Decimal("1.5"), Decimal("1.0")) == (Decimal("0.5"), Fraction(1, 2))
    assert change(Fraction(1, 10), Fraction(-1, 5)) == (Fraction(3, 10), Fraction(3, 2))
    assert change(5, None) == change(None, 5) == (None, None)


def test_sums_so_far_and_moving_averages() -> None:
    counted: list[Cell] = [(1,), (2,), (6,), None]

    assert made("cumulative", counted) == [1, 3, 9, None]
    assert made("moving_average:2", counted) == [None, Fraction(3, 2), 4, None]
    assert made("cumulative", [(1, 2), (0, 0), (1, 2)], Kind.RATIO) == [Fraction(1, 2)] * 3
    assert made("moving_average:2", [(1, 2), (0, 0), (0, 0)], Kind.RATIO) == [None, Fraction(1, 2), None]
    assert made("moving_average:2", [(4,), None, (6,), (8,)], Kind.GAUGE) == [None, None, None, 7]
    assert made("cumulative", [(Decimal("0.1"),), (Decimal("0.2"),)]) == [Decimal("0.1"), Decimal("0.3")]


def test_rates_and_shares() -> None:
    assert made("rate:hour", [(46,)], long=timedelta(hours=23)) == [2]
    assert made("rate:second", [(1,)]) == [Fraction(1, 86_400)]
    assert made("share_of_total", [(1,), (0,), None], total=4) == [Fraction(1, 4), 0, None]
    assert made("share_of_total", [(0,)], total=0) == [None]


def test_money_of_as_many_digits_as_the_lake_holds_loses_none() -> None:
    large = Decimal("12345678901234567890123456789.123456789")

    assert plain(large) == large
    assert change(large, Decimal("0.000000001"))[0] == Decimal("12345678901234567890123456789.123456788")
    assert made("cumulative", [(large,), (Decimal(1),)])[1] == Decimal("12345678901234567890123456790.123456789")


@given(st.lists(st.lists(st.integers(-9, 9), min_size=2, max_size=2), max_size=12), st.integers(2, 4))
def test_groups_are_kept_apart(rows: list[list[int]], buckets: int) -> None:
    together = Series(metric(), Transform(parse_transform("moving_average:2").makes, buckets))

    found = [[together.value(group, (value,), DAY, None) for group, value in enumerate(row)] for row in rows]

    for group in (0, 1):
        alone = made(f"moving_average:{buckets}", [(row[group],) for row in rows])
        assert [row[group] for row in found] == alone
        expected = [
            None if i + 1 < buckets else Fraction(sum(r[group] for r in rows[i + 1 - buckets : i + 1]), buckets)
            for i in range(len(rows))
        ]
        assert alone == expected


REFUSED = [
    ("cumulative", Kind.GAUGE, True, "last value"),
    ("cumulative", Kind.UNIQUE, True, "some of them again"),
    ("rate:day", Kind.RATIO, True, "no counter"),
    ("share_of_total", Kind.UNIQUE, True, "in common"),
    ("share_of_total", Kind.RATIO, True, "do not add up"),
    ("share_of_total", Kind.COUNTER, False, "group_by"),
]


@pytest.mark.parametrize(("transform", "kind", "grouped", "said"), REFUSED)
def test_what_means_nothing_is_refused(transform: str, kind: Kind, grouped: bool, said: str) -> None:
    assert said in (refusal(parse_transform(transform), metric(kind), grouped) or "")
    assert refusal(parse_transform(transform), metric(Kind.COUNTER), True) is None


@pytest.mark.parametrize(
    "text", ["", "cumulative:2", "moving_average", "moving_average:1", "moving_average:1001", "rate", "rate:week"]
)
def test_what_is_no_transform_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_transform(text)


def test_units_follow_the_transform() -> None:
    assert unit(parse_transform("rate:hour"), metric()) == "leads per hour"
    assert unit(parse_transform("share_of_total"), metric()) == "share"
    assert unit(None, metric()) == unit(parse_transform("cumulative"), metric()) == "leads"
