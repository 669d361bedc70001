"""Result files read back."""

from __future__ import annotations

import re

from infra.local.athena.results import Row

_CELL = re.compile(r'("((?:[^"]|"")*)")?(,|\n)')


def read_csv_rows(text: str) -> list[Row]:
    r"""The rows of a result file, header included; unlike most readers it tells null from the empty text.

    >>> read_csv_rows('"a","b"\n,""\n')
    [['a', 'b'], [None, '']]
    """
    rows: list[Row] = []
    row: list[str | None] = []
    for cell in _CELL.finditer(text):
        row.append(None if cell[1] is None else cell[2].replace('""', '"'))
        if cell[3] == "\n":
            rows.append(row)
            row = []
    return rows
