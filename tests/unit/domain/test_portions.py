"""Shares add up to the whole exactly, and none is a unit of its last digit away from the exact one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.portions import portions

parts = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=3),
    st.integers(0, 10**12).map(lambda n: Decimal(n) / 1_000_000_000) | st.sampled_from([Decimal(0), Decimal(1)]),
    min_size=1,
    max_size=9,
)


@given(parts, st.integers(0, 4))
def test_they_add_up_and_are_near(given_parts: dict[str, Decimal], decimals: int) -> None:
    total = sum(given_parts.values(), Decimal(0))
    shared = portions(given_parts, decimals)

    if not total:
        assert shared is None
        return
    assert shared is not None
    assert sum(shared.values()) == 100
    assert list(shared) == list(given_parts)
    for name, share in shared.items():
        exact = Fraction(given_parts[name]) * 100 / Fraction(total)
        assert abs(Fraction(share) - exact) < Fraction(1, 10**decimals)
        assert -int(share.as_tuple().exponent) == decimals


@given(parts)
def test_more_is_never_less(given_parts: dict[str, Decimal]) -> None:
    shared = portions(given_parts) or dict.fromkeys(given_parts, Decimal(0))

    pairs = ((a, b) for a in given_parts for b in given_parts if given_parts[a] < given_parts[b])
    assert all(shared[less] <= shared[more] for less, more in pairs)


def test_four_equal_brands_have_a_quarter_each() -> None:
    brands = dict.fromkeys(("cask", "informatica", "talend", "snaplogic"), Decimal("0.285"))

    assert portions(brands) == dict.fromkeys(brands, Decimal(25))
