"""The order of version names."""

from __future__ import annotations

import random

import pytest

from chalicelib.domain.versions import newest_first

ORDERS = [
    ["3.10.0", "3.9.0", "3.9", "2.10.10"],
    ["1.0.0", "1.0.0-rc.2", "1.0.0-rc.1", "1.0.0-beta.11", "1.0.0-beta.2", "1.0.0-beta", "1.0.0-alpha.1"],
    ["v2.0.0", "1.9.9", "1.9.9-SNAPSHOT"],
    ["2026.11", "2026.2", "latest", "", None],
    ["1.2.3", "1.2.3rc1", "1.2.3b2", "1.2.3b1"],
]


@pytest.mark.parametrize("order", ORDERS)
def test_versions_are_newest_first_from_any_order(order: list[str | None]) -> None:
    for seed in range(20):
        shuffled = random.Random(seed).sample(order, len(order))

        assert newest_first(shuffled) == order


@pytest.mark.parametrize("strange", ["", "-", "..", "v", "1.x", "ü", "٣.١", "1" * 5000])
def test_any_name_has_a_place(strange: str) -> None:
    assert set(newest_first([strange, "1.0.0", None])) == {strange, "1.0.0", None}
