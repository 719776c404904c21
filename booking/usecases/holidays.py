"""Days that are proposed to be closed in a year: the legal holidays, those that communes keep beside them, the bridge.

Movable feasts are computed. What is taken up is a closure like any other; a day that is shut is not proposed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

import holidays
from sqlalchemy.orm import Session

from booking.core.opening import ClosureRule
from booking.core.translated import Translated
from booking.usecases.schedules import closures_of

NOON = time(12)
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


class HolidayKind(StrEnum):
    """Why a day is proposed: the law has it, communes keep it, it bridges, or it ends at noon."""

    LEGAL = "legal"
    LOCAL = "local"
    BRIDGE = "bridge"
    EVE = "eve"


@dataclass(frozen=True)
class Holiday:
    """A day that is proposed to be closed, from ``start`` on or all of it."""

    day: date
    name: Translated
    kind: HolidayKind
    start: time | None = None

    @property
    def is_usual(self) -> bool:
        """Whether everybody keeps it; the others are for those who do."""
        return self.kind == HolidayKind.LEGAL


def holidays_of(year: int) -> list[Holiday]:
    """What is proposed for a year, by date. Where two meet on a day, the legal one is named."""
    legal = {day: Holiday(day, name, HolidayKind.LEGAL) for day, name in legal_holidays(year).items()}
    kept = {
        date(year, *place): Holiday(date(year, *place), name, HolidayKind.LOCAL) for place, name in LOCAL_DAYS.items()
    }
    eves = {
        date(year, *place): Holiday(date(year, *place), name, HolidayKind.EVE, NOON) for place, name in EVES.items()
    }
    bridge = bridge_of(year)
    found = {bridge: Holiday(bridge, BRIDGE, HolidayKind.BRIDGE)} | eves | kept | legal
    return [found[day] for day in sorted(found)]


def legal_holidays(year: int) -> dict[date, Translated]:
    """The ten legal holidays of a year; where two fall on one day, it has the name of the later of the two here."""
    return {day: LEGAL_HOLIDAYS[name] for day, name in named_holidays(year) if name in LEGAL_HOLIDAYS}


def bridge_of(year: int) -> date:
    """The Friday after Ascension."""
    ascension = next(day for day, name in named_holidays(year) if name == ASCENSION)
    return ascension + timedelta(days=1)


def named_holidays(year: int) -> list[tuple[date, str]]:
    """The calendar's days with their English names; two feasts on one day come as two."""
    calendar = holidays.country_holidays("BE", years=year, language="en_US")
    return [(day, name) for day in sorted(calendar) for name in calendar.get_list(day)]


def shut_already(
    session: Session,
    found: Iterable[Holiday],
    *,
    commune_id: int,
    office_id: int | None,
    counters: frozenset[int] | None = None,
) -> frozenset[date]:
    """Those of the days proposed that are shut: for the whole commune, an office, or all of some of its counters."""
    offices = [] if office_id is None else [office_id]
    closures = [
        rule
        for owner, commune, rule in closures_of(session, offices, [commune_id])
        if owner in {None, office_id} and commune == commune_id
    ]
    return frozenset(one.day for one in found if any(covers(rule, one, counters) for rule in closures))


def covers(rule: ClosureRule, holiday: Holiday, counters: frozenset[int] | None) -> bool:
    """Whether a closure shuts all that is proposed of a day."""
    whole = rule.counters is None or (counters is not None and counters <= rule.counters)
    begins = rule.start is None or (holiday.start is not None and rule.start <= holiday.start)
    return whole and rule.first <= holiday.day <= rule.last and begins and rule.end is None


def closures_for(
    found: Iterable[Holiday], counters: frozenset[int] | None = None
) -> Iterator[tuple[ClosureRule, Translated]]:
    """The closures that days taken up become, each with its reason."""
    for one in found:
        yield ClosureRule(id=0, first=one.day, last=one.day, start=one.start, counters=counters), one.name
