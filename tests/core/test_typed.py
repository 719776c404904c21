"""What clerks type, in the ways they really write it."""

from __future__ import annotations

from datetime import date, time

import pytest

from booking.core.typed import (
    is_end_of_day,
    typed_cents,
    typed_day,
    typed_day_near,
    typed_number,
    typed_numbers,
    typed_time,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, time(8, 30)) for text in ("8:30", "08:30", "8.30", "8h30", "8 h 30", "8u30", "830", "0830", " 8:30 ")),
        *((text, time(8, 30)) for text in ("8\u202fh\u202f30", "8.30u", "8.30 uur")),
        *((text, time(9)) for text in ("9", "09", "9h", "9 u", "9:00", "900")),
        ("1600", time(16)),
        ("23:59", time(23, 59)),
        *((text, None) for text in ("", "24:00", "8:60", "8:3", "83", "8:30:00", "halb neun", "-8", "٨:٣٠", "12345")),
    ],
)
def test_a_time_is_read_however_it_is_written(text: str, expected: time | None) -> None:
    assert typed_time(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, date(2027, 5, 7)) for text in ("7/5/2027", "07/05/2027", "7.5.2027", "07-05-2027", "2027-05-07")),
        *((text, date(2027, 5, 7)) for text in ("7/5/27", "07-05-27", "7 . 5 . 27", " 7/5/2027 ")),
        ("29/2/28", date(2028, 2, 29)),
        *(
            (text, None)
            for text in ("", "31/2/2027", "29/2/27", "2027-W12-7", "tomorrow", "2027-5-7", "7/5/202", "7/5")
        ),
        *((text, None) for text in ("1/1/0000", "1/1/0001", "31/12/1999", "1/1/2100", "9999-12-31", "٧/٥/٢٠٢٧")),
    ],
)
def test_a_day_is_read_as_it_is_written_here(text: str, expected: date | None) -> None:
    assert typed_day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, 2500) for text in ("25", "25,00", "25.0", "€ 25", "25 €", "25\u00a0€", "25 euro")),
        ("11,50", 1150),
        ("6,4", 640),
        ("0", 0),
        *((text, None) for text in ("", "-1", "1.000,00", "2,505", "free", "1e3", "1234567")),
    ],
)
def test_an_amount_is_read_in_cents(text: str, expected: int | None) -> None:
    assert typed_cents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15", 15), (" 0 ", 0), *((text, None) for text in ("", "-1", "1,5", "٣", "²", "9" * 40, "1e3"))],
)
def test_a_number_is_in_plain_digits(text: str, expected: int | None) -> None:
    assert typed_number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((text, True) for text in ("24:00", "24h", "24", "2400", " 24.00 uur")),
        *((text, False) for text in ("", "0:00", "24:30", "12:00", "midnight", "124:00")),
    ],
)
def test_the_midnight_after_a_day_is_told_from_every_other_time(text: str, expected: bool) -> None:
    assert is_end_of_day(text) is expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("26/11", date(2026, 11, 26)),
        ("1-2", date(2027, 2, 1)),
        ("4.1", date(2027, 1, 4)),
        ("4/7", date(2027, 7, 4)),
        ("29/2", date(2028, 2, 29)),
        ("26/11/2029", date(2029, 11, 26)),
        ("31/4", None),
        ("demain", None),
    ],
)
def test_a_day_without_its_year_is_the_nearest(typed: str, meant: date | None) -> None:
    assert typed_day_near(typed, date(2027, 1, 4)) == meant


@pytest.mark.parametrize(
    ("text", "expected"),
    [("168, 24", (168, 24)), ("2;24 168", (2, 24, 168)), ("", ()), (" , ", ()), ("24h", None), ("-1", None)],
)
def test_numbers_are_told_apart_by_what_people_put_between_them(text: str, expected: tuple[int, ...] | None) -> None:
    assert typed_numbers(text) == expected
