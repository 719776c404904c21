"""A table of text as spreadsheets write it: its headings, and its lines with the numbers an editor gives them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from booking.core.errors import FileMissing, FileTooLarge, FileUnreadable, NoLines, TableTooLong
from booking.core.text import clean

MEGABYTE = 1_000_000
MOST_MEGABYTES = 2
MOST_BYTES = MOST_MEGABYTES * MEGABYTE
MOST_LINES = 5_000
MOST_COLUMNS = 60
LONGEST_CELL = 400

CALCULATES = frozenset("=+-@\t\r＝＋－＠")  # noqa: RUF001 - the wide signs count as well
"""A spreadsheet takes a cell for a formula that begins with one of these, unless an apostrophe stands before it."""

ENCODINGS = ("utf-8-sig", "cp1252")
"""What spreadsheets of Brussels write; nearly anything can be read as the second, so it comes last."""

SEPARATORS = (";", ",", "\t")


@dataclass(frozen=True)
class Row:
    """A line of the table: its number in the file, as an editor counts, and what stands in its columns."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table of text: what its columns are called, and its lines."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def sheet_of(content: bytes) -> Sheet:
    """The table in a file. Raises ``FileMissing``, ``FileTooLarge``, ``FileUnreadable``, ``NoLines``, ``TableTooLong``.

    Empty lines are passed over, and so are columns without a heading at the end of a line.
    """
    if not content.strip():
        raise FileMissing
    if len(content) > MOST_BYTES:
        raise FileTooLarge(limit=MOST_MEGABYTES)
    text = decoded(content)
    try:
        filled = (row for row in rows_in(text, separator_in(text)) if any(row.cells))
        headed = list(islice(filled, MOST_LINES + 2))
    except csv.Error as fault:
        raise FileUnreadable from fault
    if len(headed) < 2:
        raise NoLines
    first, *rows = headed
    headings = without_empty_end(first.cells)
    if not 2 <= len(headings) <= MOST_COLUMNS:
        raise FileUnreadable
    if len(rows) > MOST_LINES:
        raise TableTooLong(limit=MOST_LINES)
    return Sheet(headings, tuple(Row(row.number, fitted(row.cells, len(headings))) for row in rows))


def decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise FileUnreadable
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileUnreadable


def separator_in(text: str) -> str:
    """Whatever stands most often between the headings, outside of quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    return max(SEPARATORS, key=bare.count)


def rows_in(text: str, separator: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    number = 1
    for cells in lines:
        yield Row(number, tuple(unguarded(clean(cell)[:LONGEST_CELL]) for cell in cells))
        number = lines.line_num + 1


def guarded(cell: str) -> str:
    """A cell as no spreadsheet calculates it."""
    return f"'{cell}" if cell and cell[0] in CALCULATES else cell


def unguarded(cell: str) -> str:
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in CALCULATES else cell


def without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    used = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:used]


def fitted(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    return (*cells[:width], *[""] * (width - len(cells)))


def only(sheet: Sheet, numbers: Iterable[int]) -> Sheet:
    """The table with some of its lines."""
    wanted = set(numbers)
    return Sheet(sheet.headings, tuple(row for row in sheet.rows if row.number in wanted))
