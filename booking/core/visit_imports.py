"""Visits of another system, in a table of text: in which columns what stands, and what each line says."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from booking.core.errors import BookingError, LooksLikeNationalNumber
from booking.core.tables import Row
from booking.core.text import clean_name, folded
from booking.core.timespan import TICK_MINUTES
from booking.core.translated import OFFICIAL
from booking.core.typed import typed_day, typed_number, typed_time

MOST_PERSONS = 20
LONGEST_VISIT = 480
SECONDS = re.compile(r"(:[0-9]{2}):[0-9]{2}(\.0+)?$")


class Column(StrEnum):
    """What a line may say of a visit. The first four are needed."""

    DAY = "day"
    TIME = "time"
    NAME = "name"
    SERVICE = "service"
    OFFICE = "office"
    COUNTER = "counter"
    EMAIL = "email"
    PHONE = "phone"
    LANGUAGE = "language"
    PERSONS = "persons"
    MINUTES = "minutes"


NEEDED = (Column.DAY, Column.TIME, Column.NAME, Column.SERVICE)

Columns = Mapping[Column, int]
"""In which column of the table each thing stands, from 0; a day and its time may stand in one."""

HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.DAY: ("date", "datum", "jour", "dag", "day", "tag", "date du rendez vous", "datum afspraak"),
    Column.TIME: ("heure", "uur", "time", "uhrzeit", "tijd", "tijdstip", "heure du rendez vous", "start", "debut"),
    Column.NAME: ("nom", "naam", "name", "nom et prenom", "nom prenom", "citoyen", "burger", "person"),
    Column.SERVICE: ("service", "dienst", "produit", "product", "demarche", "motif", "dienstleistung", "reden"),
    Column.OFFICE: ("lieu", "bureau", "site", "office", "plaats", "locatie", "kantoor", "ort", "adresse", "adres"),
    Column.COUNTER: ("guichet", "loket", "counter", "schalter", "agenda"),
    Column.EMAIL: ("e mail", "email", "courriel", "mail", "adresse e mail", "e mailadres", "e mail adresse"),
    Column.PHONE: ("telephone", "telefoon", "tel", "gsm", "phone", "telefon", "mobile", "numero de telephone"),
    Column.LANGUAGE: ("langue", "taal", "language", "sprache"),
    Column.PERSONS: ("personnes", "personen", "persons", "nombre de personnes", "aantal personen", "aantal"),
    Column.MINUTES: ("duree", "duur", "minutes", "minuten", "duration", "dauer"),
}
"""What such columns are called, as ``folded`` writes it."""


class ImportState(StrEnum):
    """What is kept is looked at and its columns are named; then it is booked, piece by piece; then it is over."""

    OPEN = "open"
    BOOKING = "booking"
    DONE = "done"


class WhyNot(StrEnum):
    """Why a line is not booked."""

    NO_DAY = "no_day"
    NO_TIME = "no_time"
    OFF_GRID = "off_grid"
    PAST = "past"
    NO_NAME = "no_name"
    NATIONAL_NUMBER = "national_number"
    NO_SERVICE = "no_service"
    NOT_BOOKABLE = "not_bookable"
    NO_OFFICE = "no_office"
    NO_COUNTER = "no_counter"
    BAD_EMAIL = "bad_email"
    BAD_PHONE = "bad_phone"
    BAD_PERSONS = "bad_persons"
    BAD_MINUTES = "bad_minutes"
    TOO_MANY_PERSONS = "too_many_persons"
    CLOSED = "closed"
    TAKEN = "taken"
    TWICE = "twice"


@dataclass(frozen=True)
class Line:
    """What one line says of a visit. ``office`` and ``counter`` are words, ``None`` where the table has none."""

    number: int
    day: date
    at: time
    name: str
    service: str
    office: str | None
    counter: str | None
    email: str | None
    phone: str | None
    language: str | None
    help_language: str | None
    persons: int
    minutes: int | None


@dataclass(frozen=True)
class Refused:
    """A line that is not booked, and why."""

    number: int
    why: WhyNot


Reader = Callable[[str], str | None]
"""A contact as it can be written to, ``None`` for nothing; it raises ``ValueError`` for what cannot be."""


def guessed(headings: Sequence[str]) -> dict[Column, int]:
    """In which columns things probably stand, by what these are called; each thing in the first that fits."""
    words = [folded(heading) for heading in headings]
    return {
        column: place
        for column, known in HEADINGS.items()
        if (place := next((words.index(one) for one in known if one in words), None)) is not None
    }


def missing_columns(columns: Columns) -> tuple[Column, ...]:
    return tuple(column for column in NEEDED if column not in columns)


def line_of(row: Row, columns: Columns, *, email: Reader, phone: Reader) -> Line | Refused:
    """What a line says, or the first thing in it that cannot be read."""

    def said(column: Column) -> str:
        return row.cells[columns[column]] if column in columns else ""

    try:
        day, at = moment_in(said(Column.DAY), said(Column.TIME))
        language, help_language = languages_in(said(Column.LANGUAGE))
        return Line(
            number=row.number,
            day=day,
            at=at,
            name=name_in(said(Column.NAME)),
            service=said(Column.SERVICE) or unread(WhyNot.NO_SERVICE),
            office=said(Column.OFFICE) if Column.OFFICE in columns else None,
            counter=said(Column.COUNTER) or None,
            email=contact_in(said(Column.EMAIL), email, WhyNot.BAD_EMAIL),
            phone=contact_in(said(Column.PHONE), phone, WhyNot.BAD_PHONE),
            language=language,
            help_language=help_language,
            persons=number_in(said(Column.PERSONS), MOST_PERSONS, WhyNot.BAD_PERSONS) or 1,
            minutes=minutes_in(said(Column.MINUTES)),
        )
    except Unread as fault:
        return Refused(row.number, fault.why)


class Unread(Exception):
    """Something in a line that cannot be read."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why = why


def unread(why: WhyNot) -> str:
    raise Unread(why)


def moment_in(day: str, at: str) -> tuple[date, time]:
    """The day and the time, which may stand together: ``7/5/2027 9:00`` or ``2027-05-07T09:00:00``."""
    first, _, rest = day.replace("T", " ").partition(" ")
    found = typed_day(first) or typed_day(day)
    if found is None:
        raise Unread(WhyNot.NO_DAY)
    wall = next((wall for text in (at, at.rpartition(" ")[2], rest) if (wall := wall_in(text)) is not None), None)
    if wall is None:
        raise Unread(WhyNot.NO_TIME)
    if wall.minute % TICK_MINUTES:
        raise Unread(WhyNot.OFF_GRID)
    return found, wall


def wall_in(text: str) -> time | None:
    return typed_time(SECONDS.sub(r"\1", text.rpartition("T")[2].strip()))


def name_in(text: str) -> str:
    try:
        return clean_name(text)
    except LooksLikeNationalNumber as refusal:
        raise Unread(WhyNot.NATIONAL_NUMBER) from refusal
    except BookingError as refusal:
        raise Unread(WhyNot.NO_NAME) from refusal


def contact_in(text: str, read: Reader, why: WhyNot) -> str | None:
    try:
        return read(text) if text else None
    except ValueError as fault:
        raise Unread(why) from fault


def number_in(text: str, most: int, why: WhyNot) -> int | None:
    if not text:
        return None
    number = typed_number(text)
    if number is None or not 1 <= number <= most:
        raise Unread(why)
    return number


def minutes_in(text: str) -> int | None:
    """A length in whole ticks: ``20``, ``20 min`` or ``0:20``."""
    if not text:
        return None
    hours, colon, rest = text.partition(":")
    is_clock = bool(colon) and hours.isdecimal() and rest[:2].isdecimal()
    plain = str(60 * int(hours) + int(rest[:2])) if is_clock else text
    minutes = number_in(re.sub(r"\s*(min|minutes|minuten)\.?$", "", plain), LONGEST_VISIT, WhyNot.BAD_MINUTES)
    if minutes is not None and minutes % TICK_MINUTES:
        raise Unread(WhyNot.BAD_MINUTES)
    return minutes


def languages_in(text: str) -> tuple[str | None, str | None]:
    """The language of the counter and the one to help in: ``FR``, ``néerlandais``, ``English``; else neither."""
    word = folded(text)
    known = next((language for language, words in LANGUAGE_WORDS.items() if word in words), None)
    if known in OFFICIAL:
        return known, None
    return None, known


LANGUAGE_WORDS: Mapping[str, frozenset[str]] = {
    "fr": frozenset({"fr", "f", "francais", "frans", "french", "franzosisch", "fr be"}),
    "nl": frozenset({"nl", "n", "neerlandais", "nederlands", "dutch", "niederlandisch", "nl be"}),
    "en": frozenset({"en", "e", "anglais", "engels", "english", "englisch"}),
    "de": frozenset({"de", "d", "allemand", "duits", "german", "deutsch"}),
}
