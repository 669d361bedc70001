"""Names of tabs: whatever a metric is called, Excel takes them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.documents.tabs import tab_name


@given(st.lists(st.text(), max_size=8))
def test_excel_takes_every_name_once(titles: list[str]) -> None:
    names: list[str] = []
    for title in titles:
        names.append(tab_name(title, names))

    for name in names:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")
        assert name.lower() != "history"
    assert len({name.lower() for name in names}) == len(names)
