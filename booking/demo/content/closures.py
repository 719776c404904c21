"""The days on which the communes are shut, by the rule behind each, for any year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

import holidays

from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.demo.content.communes import MOULIN, VAL
from booking.demo.content.offices import CARDS, TOWN_HALL
from booking.demo.content.shapes import DemoClosure, DemoSession

FRIDAY, SATURDAY = 4, 5
NOON = time(12)
ONE_DAY = timedelta(days=1)

ASCENSION = "Ascension Day"
# The ten legal holidays, by the English name of the calendar that computes them. Easter Sunday and
# Whit Sunday stand in that calendar too, but are not legal holidays.
LEGAL_HOLIDAYS = {
    "New Year's Day": Translated.of(fr="Nouvel An", nl="Nieuwjaar", en="New Year’s Day", de="Neujahr"),
    "Easter Monday": Translated.of(fr="Lundi de Pâques", nl="Paasmaandag", en="Easter Monday", de="Ostermontag"),
    "Labor Day": Translated.of(fr="Fête du Travail", nl="Dag van de Arbeid", en="Labour Day", de="Tag der Arbeit"),
    ASCENSION: Translated.of(
        fr="Ascension", nl="Onze-Lieve-Heer-Hemelvaart", en="Ascension Day", de="Christi Himmelfahrt"
    ),
    "Pentecost Monday": Translated.of(
        fr="Lundi de Pentecôte", nl="Pinkstermaandag", en="Whit Monday", de="Pfingstmontag"
    ),
    "National Day": Translated.of(
        fr="Fête nationale", nl="Nationale feestdag", en="National Day", de="Nationalfeiertag"
    ),
    "Assumption Day": Translated.of(
        fr="Assomption", nl="Onze-Lieve-Vrouw-Hemelvaart", en="Assumption Day", de="Mariä Himmelfahrt"
    ),
    "All Saints' Day": Translated.of(fr="Toussaint", nl="Allerheiligen", en="All Saints’ Day", de="Allerheiligen"),
    "Armistice Day": Translated.of(fr="Armistice", nl="Wapenstilstand", en="Armistice Day", de="Waffenstillstand"),
    "Christmas Day": Translated.of(fr="Noël", nl="Kerstmis", en="Christmas Day", de="Weihnachten"),
}

LOCAL_DAYS = {
    (1, 2): Translated.of(
        fr="Lendemain du Nouvel An", nl="Dag na Nieuwjaar", en="Day after New Year", de="Tag nach Neujahr"
    ),
    (5, 8): Translated.of(fr="Fête de l’Iris", nl="Irisfeest", en="Iris Day", de="Irisfest"),
    (11, 2): Translated.of(fr="Jour des Morts", nl="Allerzielen", en="All Souls’ Day", de="Allerseelen"),
    (11, 15): Translated.of(fr="Fête du Roi", nl="Koningsfeest", en="King’s Day", de="Tag des Königs"),
    (12, 26): Translated.of(
        fr="Lendemain de Noël", nl="Tweede kerstdag", en="Day after Christmas", de="Zweiter Weihnachtstag"
    ),
}
EVES = {
    (12, 24): Translated.of(fr="Veille de Noël", nl="Kerstavond", en="Christmas Eve", de="Heiligabend"),
    (12, 31): Translated.of(fr="Veille du Nouvel An", nl="Oudejaarsavond", en="New Year’s Eve", de="Silvester"),
}
BRIDGE = Translated.of(
    fr="Pont de l’Ascension",
    nl="Brugdag na Hemelvaart",
    en="Bridge day after Ascension",
    de="Brückentag nach Christi Himmelfahrt",
)
STAFF = Translated.of(
    fr="Après-midi du personnel", nl="Namiddag van het personeel", en="Staff afternoon", de="Nachmittag des Personals"
)
REPAIR = Translated.of(
    fr="Travaux au guichet A3", nl="Werken aan loket A3", en="Repair of counter A3", de="Reparatur am Schalter A3"
)


def closures_for(commune: str, first_day: date, last_day: date) -> tuple[DemoClosure, ...]:
    """What shuts ``commune`` from ``first_day`` to ``last_day``, both included, by date."""
    every = (
        closure for year in range(first_day.year, last_day.year + 1) for closure in closures_of_year(commune, year)
    )
    within = (closure for closure in every if closure.last >= first_day and closure.first <= last_day)
    return tuple(sorted(within, key=lambda closure: (closure.first, closure.last)))


def closures_of_year(commune: str, year: int) -> Iterator[DemoClosure]:
    for day, reason in shut_days(commune, year).items():
        yield DemoClosure(first=day, last=day, reason=reason)
    for (month, number), reason in EVES.items():
        yield afternoon(date(year, month, number), reason)
    if commune == VAL:
        yield afternoon(nth(FRIDAY, 3, year, 12), STAFF)
        yield repair_of(year)
    if commune == MOULIN:
        yield afternoon(nth(FRIDAY, 4, year, 6), STAFF)


def shut_days(commune: str, year: int) -> dict[date, Translated]:
    """Every day shut from morning to evening, with one reason each."""
    local = {date(year, *place): reason for place, reason in LOCAL_DAYS.items()}
    legal = legal_holidays(year)
    bridge = {day + ONE_DAY: BRIDGE for day, name in named_holidays(year) if name == ASCENSION and commune == VAL}
    return bridge | local | legal


def legal_holidays(year: int) -> dict[date, Translated]:
    return {day: LEGAL_HOLIDAYS[name] for day, name in named_holidays(year) if name in LEGAL_HOLIDAYS}


def named_holidays(year: int) -> list[tuple[date, str]]:
    """The calendar's days with their English names; two feasts on one day come as two."""
    calendar = holidays.country_holidays("BE", years=year, language="en_US")
    return [(day, name) for day in sorted(calendar) for name in calendar.get_list(day)]


def afternoon(day: date, reason: Translated) -> DemoClosure:
    return DemoClosure(first=day, last=day, start=NOON, reason=reason)


def repair_of(year: int) -> DemoClosure:
    """Counter A3 is out for the first full working week of January: the first from Monday on that has no feast."""
    monday = next(day for day in (date(year, 1, 3 + ahead) for ahead in range(7)) if day.weekday() == 0)
    return DemoClosure(first=monday, last=monday + timedelta(days=4), reason=REPAIR, office=TOWN_HALL, counters=("A3",))


def nth(weekday: int, number: int, year: int, month: int) -> date:
    """The first, second … such weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def extra_openings_for(commune: str, first_day: date, last_day: date) -> tuple[DemoSession, ...]:
    """Where the first Saturday of January is a day shut, the Saturday after it makes up for it."""
    if commune != VAL:
        return ()
    years = range(first_day.year, last_day.year + 1)
    lost = (day for day in (nth(SATURDAY, 1, year, 1) for year in years) if day in shut_days(commune, day.year))
    days = (day + timedelta(days=7) for day in lost)
    return tuple(extra_saturday(day) for day in days if first_day <= day <= last_day)


def extra_saturday(day: date) -> DemoSession:
    return DemoSession(
        commune=VAL,
        office=TOWN_HALL,
        weekdays=frozenset({SATURDAY}),
        start=time(9),
        end=NOON,
        counters=("A2", "A3"),
        mode=Mode.APPOINTMENT,
        services=CARDS,
        valid_from=day,
        valid_until=day,
    )
