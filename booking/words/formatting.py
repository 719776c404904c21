"""Dates, times, money and numbers as each language writes them.

Every function is pure and takes the reader's language: ``fr``, ``nl``, ``de`` or ``en``. Days and
times are those of the office's wall; nothing here crosses time zones. Spaces that must not break
are U+00A0, and U+202F inside a French time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, parse

NBSP: Final = "\u00a0"
NARROW: Final = "\u202f"

LOCALES: Final = {
    "fr": Locale("fr", "BE"),
    "nl": Locale("nl", "BE"),
    "de": Locale("de", "BE"),
    "en": Locale("en", "GB"),
}

# CLDR's own patterns are not the house's: it writes "15 h 30 min 00 s" in French and "3 dec" in Dutch.
DAY_AND_MONTH: Final = {"fr": f"d{NBSP}MMMM", "nl": f"d{NBSP}MMMM", "de": f"d'.'{NBSP}MMMM", "en": f"d{NBSP}MMMM"}
WEEKDAY_BEFORE: Final = {"fr": "EEEE ", "nl": "EEEE ", "de": "EEEE, ", "en": "EEEE "}
NARROW_DATE: Final = {
    "fr": f"EEEEEE'.' d{NBSP}MMM",
    "nl": f"EEEEEE'.' d{NBSP}MMM'.'",
    "de": "EEEEEE, dd.MM.y",
    "en": f"EEE d{NBSP}MMM",
}
MOMENT: Final = {"fr": "{day} à {time}", "nl": "{day} om {time}", "de": "{day}, um {time}", "en": "{day} at {time}"}
SPAN: Final = {
    "fr": "de {start} à {end}",
    "nl": "van {start} tot {end}",
    "de": "von {start} bis {end}",
    "en": "{start} to {end}",
}
O_CLOCK: Final = {"nl": f"{NBSP}uur", "de": f"{NBSP}Uhr"}
FREE: Final = {"fr": "gratuit", "nl": "gratis", "de": "kostenlos", "en": "free"}
MINUTE: Final = {
    "fr": ("minute", "minutes"),
    "nl": ("minuut", "minuten"),
    "de": ("Minute", "Minuten"),
    "en": ("minute", "minutes"),
}
IN: Final = {"fr": "dans {time}", "nl": "over {time}", "de": "in {time}", "en": "in {time}"}
# As they stand after *in*: German days are bent there.
UNITS: Final = {
    "fr": (("jour", "jours"), ("heure", "heures"), ("minute", "minutes")),
    "nl": (("dag", "dagen"), ("uur", "uur"), ("minuut", "minuten")),
    "de": (("Tag", "Tagen"), ("Stunde", "Stunden"), ("Minute", "Minuten")),
    "en": (("day", "days"), ("hour", "hours"), ("minute", "minutes")),
}
BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9]) (?=[0-9])")


# Dates


def date_sentence(day: date, language: str) -> str:
    """jeudi 3 décembre 2026 · Donnerstag, 3. Dezember 2026."""
    return dated(day, WEEKDAY_BEFORE[language] + DAY_AND_MONTH[language] + " y", language)


def date_without_year(day: date, language: str) -> str:
    """jeudi 3 décembre · Donnerstag, 3. Dezember."""
    return dated(day, WEEKDAY_BEFORE[language] + DAY_AND_MONTH[language], language)


def date_without_weekday(day: date, language: str) -> str:
    """3 décembre 2026 · 3. Dezember 2026."""
    return dated(day, DAY_AND_MONTH[language] + " y", language)


def date_narrow(day: date, language: str) -> str:
    """je. 3 déc. · do. 3 dec. · Do., 03.12.2026 · Thu 3 Dec: one language only, *ma* is two different days."""
    return dated(day, NARROW_DATE[language], language).replace("mei.", "mei")


def date_numeric(day: date, language: str) -> str:
    """03/12/2026 · 03.12.2026."""
    return dated(day, "dd.MM.y" if language == "de" else "dd/MM/y", language)


def day_of_week(day: date, language: str) -> str:
    """jeudi · donderdag · Donnerstag · Thursday."""
    return dated(day, "EEEE", language)


def day_of_week_short(day: date, language: str) -> str:
    """je · do · Do · Thu, for the head of a calendar."""
    return dated(day, "EEE" if language == "en" else "EEEEEE", language).rstrip(".")


def month_name(month: int, language: str) -> str:
    """décembre, as it stands in a sentence. ``month`` is 1 to 12."""
    return dated(date(2000, month, 1), "LLLL", language)


def month_sentence(year: int, month: int, language: str) -> str:
    """décembre 2026 · Dezember 2026, as it stands in a sentence."""
    return dated(date(year, month, 1), "LLLL y", language)


def month_title(year: int, month: int, language: str) -> str:
    """Décembre 2026, as it stands over a calendar."""
    title = month_sentence(year, month, language)
    return title[0].upper() + title[1:]


@lru_cache(maxsize=8192)
def dated(day: date, pattern: str, language: str) -> str:
    """``day`` through a pattern of CLDR; the first of a French month is *1er*."""
    if language == "fr" and day.day == 1:
        pattern = pattern.replace(f"d{NBSP}", f"d'er'{NBSP}")
    return format_date(day, pattern, locale=LOCALES[language])


# Times


def time_sentence(wall: time, language: str) -> str:
    """8 h 30 · 9 h · 8.30 uur · 9 uur · 8.30 Uhr · 8:30, as it stands after *à*, *om*, *um* or *at*."""
    return clock(wall, language) + O_CLOCK.get(language, "")


def time_short(wall: time, language: str) -> str:
    """8 h 30 · 8.30 · 8:30, for tiles and tables; a whole hour is *9 h* in French and *9.00* elsewhere."""
    if language in O_CLOCK:
        return f"{wall.hour}.{wall.minute:02}"
    return clock(wall, language)


def time_plain(wall: time) -> str:
    """08:30, where French and Dutch share one clock."""
    return f"{wall:%H:%M}"


def moment_sentence(day: date, wall: time, language: str) -> str:
    """jeudi 3 décembre 2026 à 8 h 30 · donderdag 3 december 2026 om 8.30 uur."""
    return MOMENT[language].format(day=date_sentence(day, language), time=time_sentence(wall, language))


def moment_without_year(day: date, wall: time, language: str) -> str:
    """jeudi 3 décembre à 8 h 30 · donderdag 3 december om 8.30 uur."""
    return MOMENT[language].format(day=date_without_year(day, language), time=time_sentence(wall, language))


def span_sentence(start: time, end: time, language: str) -> str:
    """de 8 h 30 à 12 h 30 · van 8.30 tot 12.30 uur."""
    return SPAN[language].format(start=clock(start, language), end=time_sentence(end, language))


def clock(wall: time, language: str) -> str:
    """The hour and, when there are any, the minutes; English always writes both."""
    if language == "fr":
        return f"{wall.hour}{NARROW}h" + (f"{NARROW}{wall.minute:02}" if wall.minute else "")
    if language == "en":
        return f"{wall.hour}:{wall.minute:02}"
    return f"{wall.hour}.{wall.minute:02}" if wall.minute else str(wall.hour)


def minutes(number: int, language: str) -> str:
    """15 minutes · 15 minuten · 15 Minuten."""
    one, many = MINUTE[language]
    is_one = number == 1 or (number == 0 and language == "fr")  # French counts none as one: 0 minute
    return f"{number}{NBSP}{one if is_one else many}"


def countdown(left: timedelta, language: str) -> str:
    """dans 2 jours et 3 heures · over 2 dagen en 3 uur · in 2 Tagen und 3 Stunden: never later than it is."""
    days, rest = divmod(max(left, timedelta(minutes=1)), timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    counted = zip((days, hours, 0 if days else rest // timedelta(minutes=1)), UNITS[language], strict=True)
    said = [f"{number}{NBSP}{one if number == 1 else many}" for number, (one, many) in counted if number]
    return IN[language].format(time=listing(said, language))


# Everything else


def money(cents: int, language: str) -> str:
    """25 € · 6,40 € · €6.40; nothing to pay is a word."""
    if cents == 0:
        return FREE[language]
    pattern = "#,##0" if cents % 100 == 0 else "#,##0.00"
    amount = format_decimal(cents / 100, pattern, locale=LOCALES[language])
    return f"€{amount}" if language == "en" else f"{amount}{NBSP}€"


@lru_cache(maxsize=64)
def phone_shown(e164: str, language: str) -> str:
    """02 123 45 67 for a Belgian number (+32 2 123 45 67 in English), the international form for another.

    What cannot be read as a number is shown as it is.
    """
    try:
        number = parse(e164)
    except NumberParseException:
        return e164
    at_home = number.country_code == 32 and language != "en"
    shown = format_number(number, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL)
    return shown.replace(" ", NBSP)


def numbers_whole(text: str) -> str:
    """A text of somebody's whose numbers, of telephones above all, are not broken between two lines."""
    return BETWEEN_DIGITS.sub(NBSP, text)


def reference_shown(reference: str) -> str:
    """K7F2 9MXD: in groups of four, which can be spoken and typed."""
    return NBSP.join(reference[start : start + 4] for start in range(0, len(reference), 4))


def ordinal(number: int, language: str) -> str:
    """``4`` as a place in a row: 4e (French and Dutch), 4. (German), 4th."""
    if language == "fr":
        return "1re" if number == 1 else f"{number}e"
    if language == "nl":
        return f"{number}e"
    if language == "de":
        return f"{number}."
    last = 0 if number % 100 in {11, 12, 13} else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def listing(items: Sequence[str], language: str) -> str:
    """a, b et c · a, b en c · a, b und c · a, b and c."""
    return format_list(items, locale=LOCALES[language])
