"""The year of an office: twelve months, each day as it stands, and in words what is not as in other weeks."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from booking.core.errors import Unknown
from booking.core.opening import Season, SessionRule
from booking.core.roles import Role
from booking.core.schedules import Schedule
from booking.core.typed import CENTURY
from booking.core.year import DayKind, kind_of, seasons_in
from booking.database import read
from booking.models import Office
from booking.usecases.holidays import legal_holidays
from booking.usecases.opening import Shut, closures_since
from booking.usecases.opening_rules import sessions_of
from booking.usecases.schedules import schedule_of
from booking.web.admin.told import (
    Told,
    days_in_words,
    is_single_day,
    kind_in_words,
    part_of_day,
    season_in_words,
    told,
)
from booking.web.admin.workplace import administered, names_in, own_office, today_at
from booking.web.guard import open_to

HOLIDAY = "holiday"
KINDS = (*(kind.value for kind in DayKind), HOLIDAY)
A_MONDAY = date(2027, 1, 4)
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Cell:
    """A day of the calendar: how it stands, and whether it is in a season that is not the usual one."""

    day: date
    kind: str
    in_season: bool


@dataclass(frozen=True)
class Month:
    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/hours/<office>/year", "year_here", year_here)
    blueprint.add_url_rule("/hours/<office>/year/<int:number>", "year", year)


@open_to(Role.ADMINISTRATOR)
def year_here(office: str) -> ResponseReturnValue:
    here = own_office(office)
    return redirect(url_for(".year", office=here.code, number=today_at(here).year))


@open_to(Role.ADMINISTRATOR)
def year(office: str, number: int) -> ResponseReturnValue:
    """Every day of a year in its month, and below the seasons, the days of their own, and the closures."""
    here = own_office(office)
    if number not in CENTURY:
        raise Unknown
    schedule = schedule_of(read(), here)
    seasons = seasons_in(schedule)
    # The longest is what people call usual; the days of the others are marked.
    special, holidays = seasons[1:], legal_holidays(number)
    months = [month_of(schedule, date(number, month, 1), special, holidays) for month in MONTHS]
    return render_template(
        "admin/year.html",
        here=here,
        offices=administered(),
        number=number,
        first=CENTURY.start,
        last=CENTURY.stop - 1,
        months=months,
        today=today_at(here),
        words={kind: kind_in_words(kind) for kind in KINDS},
        weekdays=[A_MONDAY + timedelta(days=number) for number in range(7)],
        there=url_for(".hours", office=here.code, week=""),
        seasons=[season_in_words(one) for one in seasons],
        has_special=bool(special),
        extra=[*extra_in(here, number)],
        shut=shut_in(here, number),
        days_in_words=days_in_words,
        part_of_day=part_of_day,
    )


def month_of(schedule: Schedule, first: date, special: Sequence[Season], holidays: Collection[date]) -> Month:
    def cell(day: date) -> Cell | None:
        if day.month != first.month:
            return None
        kind = kind_of(schedule, day)
        is_holiday = kind == DayKind.CLOSED and day in holidays
        return Cell(day, HOLIDAY if is_holiday else kind.value, any(season.includes(day) for season in special))

    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return Month(first, tuple(tuple(cell(day) for day in week) for week in weeks))


def extra_in(office: Office, year: int) -> Iterator[tuple[SessionRule, Told]]:
    """The openings of a single day, over or to come."""
    names = names_in(office)
    found = sessions_of(read(), commune_id=g.commune.id, office_id=office.id, since=date(year, 1, 1))
    for rule in sorted(found, key=lambda rule: (rule.valid_from, rule.start)):
        if is_single_day(rule) and rule.valid_from.year == year:
            yield rule, told(rule, names, today=today_at(office))


def shut_in(office: Office, year: int) -> list[Shut]:
    """The closures of an office and of its commune that touch a year."""
    found = closures_since(read(), commune_id=g.commune.id, since=date(year, 1, 1))
    own = (one for one in found if one.closure.office_id in {None, office.id})
    return [one for one in own if one.closure.first_day.year <= year]
