"""What is taken away in a file stays what it is: numbers, days, and texts that are never run."""

from __future__ import annotations

import csv
import re
from datetime import date
from html import unescape
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from booking.core.spreadsheets import still
from booking.web.tables import Table, as_csv, as_workbook
from tests.moments import MONDAY

AT_ONCE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1", "＋1", "－1", "＠x"]
LIVE = [*AT_ONCE, " =1", "'=1", '"=1', ";=1", "\u00a0=1"]
PLAIN = ["Carte d’identité", "1 + 1", "a=b", "ana@example.org", "", "12-15"]


def cells(workbook: bytes, sheet: int = 1) -> list[list[tuple[str, str]]]:
    """What a workbook holds, row by row: each cell's kind (``s`` for a text, ``n`` for a number) and what is in it."""
    with ZipFile(BytesIO(workbook)) as file:
        shared = file.read("xl/sharedStrings.xml").decode()
        lines = file.read(f"xl/worksheets/sheet{sheet}.xml").decode()
    texts = [unescape(text) for text in re.findall(r"<si><t[^>]*>(.*?)</t></si>", shared, re.DOTALL)]
    assert "<f>" not in lines, "a formula"
    found = []
    for row in re.findall("<row .*?</row>", lines):
        filled = re.findall(r"<c ([^>]*)><v>(.*?)</v></c>", row)
        found.append([("s", texts[int(value)]) if 't="s"' in marks else ("n", value) for marks, value in filled])
    return found


@pytest.mark.parametrize("text", LIVE)
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    table = Table("x", ["column", text], [[1, text]])

    assert still(text) == "'" + text
    assert still("\r=1") == "'\r=1", "a workbook writes it in another way"
    ((_, head), (_, cell)) = csv.reader(StringIO(as_csv(table).decode("utf-8-sig"), newline=""), delimiter=";")
    assert head == cell == "'" + text
    assert cells(as_workbook([table]))[1][1] == ("s", "'" + text)


@pytest.mark.parametrize("text", PLAIN)
def test_any_other_text_stays_as_it_was(text: str) -> None:
    assert still(text) == text


def test_numbers_are_numbers_and_days_are_days() -> None:
    table = Table("Days", ["Day", "Number", "Share", "Nothing"], [[MONDAY, 12, 0.5, None]])

    assert as_csv(table).decode() == "\ufeffDay;Number;Share;Nothing\r\n2027-01-04;12;0.5;\r\n"
    (_, row) = cells(as_workbook([table]))
    day = str((MONDAY - date(1899, 12, 30)).days)
    assert row == [("n", day), ("n", "12"), ("n", "0.5")]


def test_a_sheet_is_named_as_the_table_as_far_as_a_workbook_lets_it() -> None:
    tables = [Table("Jours / Dagen: [tout]", ["a"], []), Table("x" * 60, ["b"], [])]
    with ZipFile(BytesIO(as_workbook(tables))) as file:
        names = re.findall('<sheet name="(.*?)"', file.read("xl/workbook.xml").decode())

    assert [name.split() for name in names] == [["Jours", "Dagen", "tout"], ["x" * 31]]
