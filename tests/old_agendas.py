"""What another system hands over on the day of the change: a table of two hundred visits, seven of them unusable."""

from __future__ import annotations

from datetime import date, timedelta

from booking.core.visit_imports import WhyNot
from tests.moments import MONDAY

HEADINGS = ("Date", "Heure", "Nom", "Service", "E-mail", "Téléphone", "Langue")
CARD = "Carte d’identité"

BAD: dict[int, tuple[tuple[str, ...], WhyNot]] = {
    5: (("04/12/2026", "09:00", "Petit Nicolas", CARD, "", "", "FR"), WhyNot.PAST),
    40: (("mardi prochain", "09:00", "Zoé Lambert", CARD, "", "", "FR"), WhyNot.NO_DAY),
    77: (("11/01/2027", "10:00", "Karim Benali", "Permis de pêche", "", "", "FR"), WhyNot.NO_SERVICE),
    101: (("09/01/2027", "10:00", "Lena Claes", CARD, "", "", "NL"), WhyNot.CLOSED),
    150: (("05/01/2027", "10:00", "Noor Maes", CARD, "", "", "NL"), WhyNot.TAKEN),
    151: (("05/01/2027", "08:00", "Visiteur 000", CARD, "", "", "FR"), WhyNot.TWICE),
    200: (("12/01/2027", "11:00", "Omar Idrissi", CARD, "omar@", "", "FR"), WhyNot.BAD_EMAIL),
}
"""The seven, by their place in the table, and why none of them is booked."""


def old_agenda(how_many: int = 200) -> list[tuple[str, ...]]:
    """The lines, headings apart: two counters full from eight to twelve, day after day."""
    lines: list[tuple[str, ...]] = []
    good = 0
    for place in range(1, how_many + 1):
        if place in BAD:
            lines.append(BAD[place][0])
        else:
            lines.append(a_line(good))
            good += 1
    return lines


def a_line(number: int) -> tuple[str, ...]:
    day, place = divmod(number, 32)
    at = 8 * 60 + 15 * (place // 2)
    language = "NL" if number % 3 == 0 else "FR"
    mail = f"visiteur{number}@example.org" if number % 4 else ""
    phone = "" if mail else f"0470 12 {number // 100:02} {number % 100:02}"
    wall = f"{at // 60:02}:{at % 60:02}"
    return f"{working_day(day):%d/%m/%Y}", wall, f"Visiteur {number:03}", CARD, mail, phone, language


def working_day(number: int) -> date:
    """The days after the Monday of the tests, weekends apart."""
    weeks, day = divmod(number + 1, 5)
    return MONDAY + timedelta(days=7 * weeks + day)


def as_file(lines: list[tuple[str, ...]], *, separator: str = ";", encoding: str = "utf-8") -> bytes:
    return "\r\n".join(separator.join(line) for line in (HEADINGS, *lines)).encode(encoding)
