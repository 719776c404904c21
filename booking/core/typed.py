"""What clerks type into a form: times, days, amounts and numbers, in the ways people really write them.

Each function gives the value, or ``None`` for what it cannot be; an empty field is never a value.
"""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, time

DIGITS = "0123456789"
TIME = re.compile(r"([0-9]{1,2})\s*(?:[:.hHuU]\s*([0-9]{2})?\s*(?:u|h|uur)?)?|([0-9]{1,2})([0-9]{2})")
DAY = re.compile(r"([0-9]{1,2})\s*[/.\- ]\s*([0-9]{1,2})\s*[/.\- ]\s*([0-9]{4}|[0-9]{2})")
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
AMOUNT = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")
DAY_OF_YEAR = re.compile(r"([0-9]{1,2})\s*[/.\- ]\s*([0-9]{1,2})")
LEAP_YEAR, LEAP_DAY = 2024, (2, 29)
YEARS_TO_A_LEAP_DAY = 8
CENTURY = range(2000, 2100)
"""The years in which a day can be meant: nothing that is computed from one then leaves the calendar."""
MOST_DIGITS = 9


def typed_time(text: str) -> time | None:
    """A wall time: ``8:30``, ``8.30``, ``8h30``, ``8 h``, ``830``, ``0830`` or ``8``."""
    found = TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute = found[1] or found[3], found[2] or found[4] or "0"
    try:
        return time(int(hour), int(minute))
    except ValueError:
        return None


def is_end_of_day(text: str) -> bool:
    """Whether it is the midnight after a day that is meant: ``24:00``, ``24h`` or ``2400``."""
    found = TIME.fullmatch(text.strip())
    return found is not None and (found[1] or found[3]) == "24" and int(found[2] or found[4] or "0") == 0


def typed_day(text: str) -> date | None:
    """A day of this century as it is written here, ``7/5/2027`` or ``07.05.27``, or in addresses, ``2027-05-07``."""
    text = text.strip()
    european, iso = DAY.fullmatch(text), ISO_DAY.fullmatch(text)
    if european:
        day, month, year = european.groups()
    elif iso:
        year, month, day = iso.groups()
    else:
        return None
    try:
        found = date(int(year) if len(year) == 4 else CENTURY.start + int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in CENTURY else None


def typed_day_near(text: str, today: date) -> date | None:
    """A day as ``typed_day`` reads it, or ``26/11`` without its year: then the nearest such day to ``today``."""
    found, of_year = typed_day(text), typed_day_of_year(text)
    if found or not of_year:
        return found
    years = (year for year in CENTURY if abs(year - today.year) <= YEARS_TO_A_LEAP_DAY)
    days = (date(year, *of_year) for year in years if of_year != LEAP_DAY or isleap(year))
    return min(days, key=lambda day: abs(day - today), default=None)


def typed_cents(text: str) -> int | None:
    """An amount in euro as cents: ``25``, ``11,50``, ``11.5``, ``€ 25`` or ``25 €``."""
    found = AMOUNT.fullmatch(text.replace("€", "").strip().removesuffix("euro").strip())
    if not found:
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def typed_number(text: str) -> int | None:
    """A whole number from 0 on, in plain digits."""
    text = text.strip()
    return int(text) if text and len(text) <= MOST_DIGITS and all(sign in DIGITS for sign in text) else None


def typed_day_of_year(text: str) -> tuple[int, int] | None:
    """A day that comes back every year, ``1/7`` or ``15-8``, as ``(month, day)``; 29 February counts."""
    found = DAY_OF_YEAR.fullmatch(text.strip())
    if not found:
        return None
    day, month = int(found[1]), int(found[2])
    try:
        date(LEAP_YEAR, month, day)
    except ValueError:
        return None
    return month, day


def typed_numbers(text: str) -> tuple[int, ...] | None:
    """Whole numbers with commas, semicolons or spaces between them: ``168, 24``. None at all are no numbers."""
    found = [typed_number(part) for part in re.split(r"[,;\s]+", text.strip()) if part]
    numbers = tuple(number for number in found if number is not None)
    return numbers if len(numbers) == len(found) else None
