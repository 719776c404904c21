"""Tables to take away: one file of lines for any program, or a workbook with true numbers and days.

What somebody once typed may stand in a cell. Read by a spreadsheet it stays a text, whatever sign it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import xlsxwriter
from flask import Response, current_app

from booking.core.spreadsheets import csv_file, still

Cell = str | int | float | date | None

WIDEST = 40
LONGEST_NAME = 31
NOT_IN_A_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """Lines under the names of their columns. A cell is a text, a number, a day, or nothing."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def as_csv(table: Table) -> bytes:
    """The lines as ``csv_file`` writes them; days as 2027-01-04."""
    return csv_file([table.columns, *([in_text(cell) for cell in row] for row in table.rows)])


def in_text(cell: Cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def as_workbook(tables: Iterable[Table]) -> bytes:
    """One sheet for each table: numbers are numbers, days are days, and every text is one."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "dd/mm/yyyy"})
        for table in tables:
            sheet = book.add_worksheet(table.name.translate(NOT_IN_A_NAME)[:LONGEST_NAME].strip())
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(table.columns):
                sheet.write_string(0, column, still(name), head)
                sheet.set_column(column, column, width_of(table, column))
            for place, row in enumerate(table.rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(place, column, still(cell))
                    elif isinstance(cell, date):
                        sheet.write_datetime(place, column, cell, day)
                    elif cell is not None:
                        sheet.write_number(place, column, cell)
    return file.getvalue()


def width_of(table: Table, column: int) -> int:
    longest = max((len(str(row[column])) for row in table.rows if row[column] is not None), default=0)
    return min(max(longest, len(table.columns[column])) + 2, WIDEST)


def to_take_away(content: bytes, name: str, kind: str) -> Response:
    """A file that is saved, not shown: what it holds is nobody's but the reader's."""
    answer = current_app.response_class(content, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
