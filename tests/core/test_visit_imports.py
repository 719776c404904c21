"""A table of visits is read as spreadsheets write it, and each line says what it means or what is wrong with it."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.core.errors import FileMissing, FileTooLarge, FileUnreadable, NoLines, TableTooLong
from booking.core.tables import MOST_BYTES, MOST_LINES, Row, Sheet, sheet_of
from booking.core.visit_imports import Column, Line, Refused, WhyNot, guessed, line_of

COLUMNS = {Column.DAY: 0, Column.TIME: 1, Column.NAME: 2, Column.SERVICE: 3}
ALL = {column: place for place, column in enumerate(Column)}


def mail(text: str) -> str:
    if "@" not in text:
        raise ValueError(text)
    return text


def read(*cells: str, **columns: int) -> Line | Refused:
    return line_of(Row(2, cells), {**COLUMNS, **{Column(k): v for k, v in columns.items()}}, email=mail, phone=str)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_table_reads_the_same_however_it_was_saved(encoding: str, separator: str) -> None:
    text = separator.join(("Date", "Prénom et nom")) + "\r\n" + separator.join(("7/5/2027", "Zoé Lœuvre"))

    assert sheet_of(text.encode(encoding)) == Sheet(("Date", "Prénom et nom"), (Row(2, ("7/5/2027", "Zoé Lœuvre")),))


def test_lines_are_numbered_as_an_editor_counts_them() -> None:
    sheet = sheet_of(b'\n"Date";"Nom"\n\n1/2/2027;"Ana\nPeeters"\n\n;\n2/2/2027;Bo\n')

    assert sheet.headings == ("Date", "Nom")
    assert [(row.number, row.cells[1]) for row in sheet.rows] == [(4, "Ana Peeters"), (8, "Bo")]


def test_a_heading_may_hold_what_separates_others() -> None:
    assert sheet_of(b'"Nom, prenom";Date\nx;y').headings == ("Nom, prenom", "Date")


def test_short_lines_are_filled_and_what_stands_beyond_the_headings_is_nothing() -> None:
    assert [row.cells for row in sheet_of(b"a;b;;\n1\n1;2;3;4").rows] == [("1", ""), ("1", "2")]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileMissing),
        (b" \r\n", FileMissing),
        (b"PK\x03\x04\x00\x00", FileUnreadable),
        (b"Date;Nom\xff\x81\n1;2", FileUnreadable),
        (b"only one column\nis no table", FileUnreadable),
        (b"Date;Nom\r\n", NoLines),
        (b"a;b\n" * (MOST_LINES + 2), TableTooLong),
        (b"a;b\n" + b"x" * MOST_BYTES, FileTooLarge),
        (b"a;b\n" + b'"' + b"x" * 140_000 + b'"', FileUnreadable),
    ],
)
def test_what_is_no_table_says_why(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        sheet_of(content)


@given(st.binary(max_size=300))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    try:
        sheet = sheet_of(b"Date;Nom\n" + content)
    except (FileUnreadable, NoLines):
        return
    assert all(len(row.cells) == 2 for row in sheet.rows)


def test_columns_are_guessed_from_what_they_are_called() -> None:
    headings = ("N°", "Datum", "Uur", "Naam", "Dienst", "E-mailadres", "GSM", "Taal", "Opmerking")

    assert guessed(headings) == {
        Column.DAY: 1,
        Column.TIME: 2,
        Column.NAME: 3,
        Column.SERVICE: 4,
        Column.EMAIL: 5,
        Column.PHONE: 6,
        Column.LANGUAGE: 7,
    }


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("7/5/2027", "9:00"),
        ("07-05-2027", "9h"),
        ("2027-05-07", "09:00:00"),
        ("7.5.27", "9.00 uur"),
        ("2027-05-07T09:00:00", ""),
        ("07/05/2027 09:00", ""),
        ("07/05/2027 00:00:00", "9 h"),
    ],
)
def test_a_moment_is_read_as_other_systems_write_it(day: str, at: str) -> None:
    found = read(day, at, "Ana Peeters", "Passeport")

    assert isinstance(found, Line)
    assert (found.day, found.at, found.persons) == (date(2027, 5, 7), time(9), 1)


def test_all_that_a_line_can_say() -> None:
    row = Row(9, ("7/5/2027", "9:00", "Ana", "Passport", "Noord", "B3", "a@b.be", "02", "anglais", "2", "0:25"))
    found = line_of(row, ALL, email=mail, phone=str)

    assert found == Line(
        number=9,
        day=date(2027, 5, 7),
        at=time(9),
        name="Ana",
        service="Passport",
        office="Noord",
        counter="B3",
        email="a@b.be",
        phone="02",
        language=None,
        help_language="en",
        persons=2,
        minutes=25,
    )


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (("31/2/2027", "9:00", "Ana", "P"), WhyNot.NO_DAY),
        (("", "9:00", "Ana", "P"), WhyNot.NO_DAY),
        (("7/5/2027", "25:00", "Ana", "P"), WhyNot.NO_TIME),
        (("7/5/2027", "", "Ana", "P"), WhyNot.NO_TIME),
        (("7/5/2027", "9:07", "Ana", "P"), WhyNot.OFF_GRID),
        (("7/5/2027", "9:00", "–", "P"), WhyNot.NO_NAME),
        (("7/5/2027", "9:00", "Ana 85073003328", "P"), WhyNot.NATIONAL_NUMBER),
        (("7/5/2027", "9:00", "Ana", ""), WhyNot.NO_SERVICE),
    ],
)
def test_the_first_thing_that_cannot_be_read_is_named(cells: tuple[str, ...], why: WhyNot) -> None:
    assert read(*cells) == Refused(2, why)


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("email", "ana", WhyNot.BAD_EMAIL),
        ("persons", "0", WhyNot.BAD_PERSONS),
        ("persons", "deux", WhyNot.BAD_PERSONS),
        ("minutes", "12", WhyNot.BAD_MINUTES),
        ("minutes", "long", WhyNot.BAD_MINUTES),
    ],
)
def test_what_may_be_left_out_is_right_when_it_is_there(column: str, cell: str, why: WhyNot) -> None:
    assert read("7/5/2027", "9:00", "Ana", "P", cell, **{column: 4}) == Refused(2, why)
    assert isinstance(read("7/5/2027", "9:00", "Ana", "P", "", **{column: 4}), Line)
