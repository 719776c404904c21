"""Tables as files that a spreadsheet opens: what is in a cell stays text, whatever it begins with."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

LIVE = frozenset("=+-@\t\r\n＝＋－＠")  # noqa: RUF001 - the wide forms count as well
"""What makes a formula of a cell that begins with it, also after what is not seen before it."""

UNSEEN = " \u00a0\u202f\"';,"
"""Blanks, quotes, and signs between columns."""


def still(cell: str) -> str:
    """The cell with an apostrophe before it where a spreadsheet would compute it."""
    return f"'{cell}" if cell[:1] in LIVE or cell.lstrip(UNSEEN)[:1] in LIVE else cell


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as a file with semicolons, which a spreadsheet here expects, and a mark that says it is UTF-8."""
    written = StringIO()
    csv.writer(written, delimiter=";", lineterminator="\r\n").writerows([still(cell) for cell in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")
