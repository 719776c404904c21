"""The figures of a period to take away: as lines of a file, as a workbook, and for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g
from flask_babel import gettext as _

from booking.core.figures import Sums, Way, at_share
from booking.database import read
from booking.usecases.figures import Report, figure_rows, first_free_rows
from booking.web.admin.figures_shown import LANGUAGES, MIDDLE, MOST
from booking.web.admin.figures_wish import Wish
from booking.web.tables import Cell, Table
from booking.words.formatting import day_of_week


def numbers_of(sums: Sums) -> dict[str, int | None]:
    """Every number of some sums by its name in files for programs, in the order of the columns."""
    came, missed = sum(sums.came.values()), sum(sums.missed.values())
    ways = {f"{way}_{language}": sums.ways.get(f"{way} {language}", 0) for way in Way for language in LANGUAGES}
    return {
        "appointments": sums.booked,
        "walk_ins": sums.walk_ins,
        "served": sums.served,
        "came": came,
        "missed": missed,
        "not_said": sums.booked - came - missed,
        "cancelled": sums.cancelled,
        "cancelled_by_commune": sums.cancelled_by_commune,
        "taken_again": sums.refilled,
        "walk_ins_served": sums.served_walk_ins,
        "walk_ins_left": sums.gone,
        "tickets_served": sums.handled,
        "papers_incomplete": sums.incomplete,
        "wait_median": at_share(sums.waits, MIDDLE),
        "wait_90": at_share(sums.waits, MOST),
        "walk_in_wait_median": at_share(sums.walk_in_waits, MIDDLE),
        "walk_in_wait_90": at_share(sums.walk_in_waits, MOST),
        "serving_median": at_share(sums.serving, MIDDLE),
        "serving_90": at_share(sums.serving, MOST),
        "minutes_planned": sums.planned_minutes,
        "minutes_used": sums.used_minutes,
        "list_freed": sums.freed,
        "list_offered": sums.offered,
        "list_taken": sums.taken,
        "list_days_gained": sums.gained_days,
        **ways,
    }


def column_words() -> dict[str, str]:
    """The names of the columns; those of the ways are in ``way_words``."""
    return {
        "appointments": _("Appointments"),
        "walk_ins": _("Without an appointment"),
        "served": _("Served"),
        "came": _("Appointments that took place"),
        "missed": _("Did not come"),
        "not_said": _("Not marked"),
        "cancelled": _("Cancelled"),
        "cancelled_by_commune": _("Cancelled by the commune"),
        "taken_again": _("Cancelled, taken by somebody else"),
        "walk_ins_served": _("Served without an appointment"),
        "walk_ins_left": _("Left without being served"),
        "tickets_served": _("Tickets served"),
        "papers_incomplete": _("Papers incomplete"),
        "wait_median": _("Wait with an appointment, middle (minutes)"),
        "wait_90": _("Wait with an appointment, 9 of 10 (minutes)"),
        "walk_in_wait_median": _("Wait without an appointment, middle (minutes)"),
        "walk_in_wait_90": _("Wait without an appointment, 9 of 10 (minutes)"),
        "serving_median": _("At the counter, middle (minutes)"),
        "serving_90": _("At the counter, 9 of 10 (minutes)"),
        "minutes_planned": _("Minutes planned"),
        "minutes_used": _("Minutes used"),
        "list_freed": _("Times that came free"),
        "list_offered": _("Times offered to the list"),
        "list_taken": _("Times taken from the list"),
        "list_days_gained": _("Days gained"),
    }


def way_words() -> dict[str, str]:
    ways = {
        Way.ONLINE: _("Made online"),
        Way.PHONE: _("Made by telephone"),
        Way.DESK: _("Made at the desk"),
        Way.WALK_IN: _("Without an appointment"),
        Way.BACK: _("Back with papers"),
    }
    languages = {"fr": _("French"), "nl": _("Dutch"), "both": _("language not known")}
    return {f"{way}_{language}": f"{ways[way]}, {languages[language]}" for way in Way for language in LANGUAGES}


def headings() -> list[str]:
    words = column_words() | way_words()
    return [words[name] for name in numbers_of(Sums())]


def names_of(wish: Wish) -> tuple[Mapping[int, str], Mapping[int, str]]:
    """What offices and services are called in the reader's language, by their ids."""
    return (
        {one.id: one.name.joined(g.language) for one in wish.offices},
        {one.id: one.name.joined(g.language) for one in wish.services},
    )


def days_table(wish: Wish) -> Table:
    """A line for each day, office and service, with in how many days it was free on the day itself."""
    offices, services = names_of(wish)
    free = {(row.day, row.office_id, row.service_id): row.days for row in first_free_rows(read(), wish.chosen)}
    sums = {row[:3]: row.sums for row in figure_rows(read(), wish.chosen)}
    rows: list[list[Cell]] = [
        [key[0], offices[key[1]], services[key[2]], free.get(key), *numbers_of(sums.get(key, Sums())).values()]
        for key in sorted(free.keys() | sums.keys())
    ]
    first = [_("Day"), _("Office"), _("Service"), _("Days to the first free time")]
    return Table(_("Days"), [*first, *headings()], rows)


def services_table(wish: Wish, report: Report) -> Table:
    _offices, services = names_of(wish)
    found = {**{services[key]: sums for key, sums in report.services.items()}, _("All services"): report.total}
    rows: list[list[Cell]] = [[name, *numbers_of(sums).values()] for name, sums in found.items()]
    return Table(_("Services"), [_("Service"), *headings()], rows)


def hours_table(wish: Wish, report: Report) -> Table:
    monday = wish.first.fromordinal(1)
    columns = [
        _("Weekday"),
        _("Hour"),
        _("Minutes planned for appointments"),
        _("Minutes planned without appointments"),
    ]
    columns += [_("Minutes given to appointments"), _("Minutes used")]
    rows: list[list[Cell]] = [
        [day_of_week(monday.replace(day=1 + weekday), g.language), hour, *minutes]
        for (weekday, hour), minutes in report.hours.items()
    ]
    return Table(_("Hours"), columns, rows)


def for_programs(wish: Wish, report: Report) -> dict[str, Any]:
    """All of it with plain names; days are ISO 8601, weekdays count from 1, Monday, durations are minutes."""
    office_codes = {one.id: one.code for one in wish.offices}
    codes = {one.id: one.code for one in wish.services}
    return {
        "commune": dict(g.commune.name.texts),
        "from": wish.first.isoformat(),
        "until": wish.last.isoformat(),
        "office": wish.office.code if wish.office else None,
        "service": wish.service.code if wish.service else None,
        "total": numbers_of(report.total),
        "services": [{"service": codes[key], **numbers_of(sums)} for key, sums in report.services.items()],
        "offices": [{"office": office_codes[key], **numbers_of(sums)} for key, sums in report.offices.items()],
        "days": [
            {"day": day.isoformat(), "office": office_codes[office], "service": codes[service], **numbers_of(sums)}
            for day, office, service, sums in figure_rows(read(), wish.chosen)
        ],
        "hours": [
            {"weekday": weekday + 1, "hour": hour, **minutes._asdict()}
            for (weekday, hour), minutes in report.hours.items()
        ],
        "first_free": [
            {
                "day": row.day.isoformat(),
                "office": office_codes[row.office_id],
                "service": codes[row.service_id],
                "days": row.days,
            }
            for row in first_free_rows(read(), wish.chosen)
        ],
    }
