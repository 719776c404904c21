"""The days on which the communes are shut, by the rule behind each, for any year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

from booking.core.opening import Mode
from booking.core.translated import Translated
from booking.demo.content.communes import MOULIN, VAL
from booking.demo.content.offices import CARDS, TOWN_HALL
from booking.demo.content.shapes import DemoClosure, DemoSession
from booking.usecases.holidays import BRIDGE, EVES, LOCAL_DAYS, bridge_of, legal_holidays

FRIDAY, SATURDAY = 4, 5
NOON = time(12)

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
    bridge = {bridge_of(year): BRIDGE} if commune == VAL else {}
    return bridge | local | legal


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
