"""The figures of a period as a page shows them: charts with their numbers, the week as a map, tables of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low
from typing import Any, NamedTuple

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking.core.figures import BOOKED_WAYS, Lead, Sums, Told, Way, at_share, share
from booking.core.opening import monday_of
from booking.core.timespan import days_between
from booking.core.translated import Translated
from booking.usecases.figures import Counted, Minutes, Report, Waiting
from booking.web.admin.figures_wish import Wish
from booking.web.charts import Chart, bars, line
from booking.words.formatting import date_narrow, date_sentence, month_title

BY_DAY, BY_WEEK = timedelta(days=34), timedelta(days=190)
"""The longest periods that are drawn day by day, and week by week."""

MIDDLE, MOST = 50, 90
SATURDAY = 5
WARMER_FROM = (25, 50, 70, 85)
"""So many of a hundred minutes make an hour look warmer by a step."""

LANGUAGES = ("fr", "nl", "both")

WAY_WORDS = {
    Way.ONLINE: _l("Appointment, made online"),
    Way.PHONE: _l("Appointment, made by telephone"),
    Way.DESK: _l("Appointment, made at the desk"),
    Way.WALK_IN: _l("Without an appointment"),
    Way.BACK: _l("Back with the papers that were missing"),
}
LEAD_WORDS = {
    Lead.SAME_DAY: _l("on the same day"),
    Lead.TO_3: _l("1 to 3 days before"),
    Lead.TO_7: _l("4 to 7 days before"),
    Lead.TO_14: _l("8 to 14 days before"),
    Lead.TO_30: _l("15 to 30 days before"),
    Lead.LONGER: _l("more than 30 days before"),
}
LANGUAGE_WORDS = {"fr": _l("French"), "nl": _l("Dutch"), "both": _l("not known")}


class Spread(NamedTuple):
    """Minutes that the middle one took, and those that nine of ten took at most."""

    middle: int | None
    most: int | None


class SumsLine(NamedTuple):
    """A line of the table of services or offices."""

    name: Translated
    sums: Sums
    missed: int | None
    incomplete: int | None
    waits: Spread
    walk_in_waits: Spread
    serving: Spread
    planned: int | None
    used: int | None


class Missed(NamedTuple):
    """How many did not come, of how many of whom it is known, and how many of a hundred that is."""

    number: int
    whole: int
    share: int | None


class Drawn(NamedTuple):
    """A chart and the lines of its table: what each is called, and its numbers."""

    chart: Chart
    lines: list[tuple[str, tuple[int | None, ...]]]


class Warmth(NamedTuple):
    """An hour of a weekday: of its counters' minutes how many of a hundred were given, and used; how warm it looks."""

    given: int | None
    used: int | None
    warmth: int


@dataclass(frozen=True)
class WeekMap:
    weekdays: Sequence[date]
    lines: Sequence[tuple[int, Sequence[Warmth | None]]]


def spread_of(minutes: Mapping[int, int]) -> Spread:
    return Spread(at_share(minutes, MIDDLE), at_share(minutes, MOST))


def line_of(name: Translated, sums: Sums) -> SumsLine:
    measured = sum(sums.serving.values())
    return SumsLine(
        name=name,
        sums=sums,
        missed=share(sum(sums.missed.values()), sums.marked),
        incomplete=share(sums.incomplete, sums.handled),
        waits=spread_of(sums.waits),
        walk_in_waits=spread_of(sums.walk_in_waits),
        serving=spread_of(sums.serving),
        planned=round(sums.planned_minutes / measured) if measured else None,
        used=round(sums.used_minutes / measured) if measured else None,
    )


def lines_of(sums: Mapping[int, Sums], known: Iterable[Any]) -> list[SumsLine]:
    """The lines of services or offices, in their own order."""
    return [line_of(one.name, sums[one.id]) for one in known if one.id in sums]


def waits_of(report: Report, wish: Wish) -> list[tuple[Translated, Translated, Waiting]]:
    """How long one waited for a free time: by service and, within it, by office."""
    return [
        (service.name, office.name, report.waiting[office.id, service.id])
        for service in wish.services
        for office in wish.offices
        if (office.id, service.id) in report.waiting
    ]


def ways_of(sums: Sums) -> list[tuple[str, tuple[int, ...]]]:
    """How people came to be there, by the language they were to be served in; lines that stay empty are left out."""
    numbers = {way: tuple(sums.ways.get(f"{way} {language}", 0) for language in LANGUAGES) for way in Way}
    return [(str(WAY_WORDS[way]), found) for way, found in numbers.items() if any(found)]


def misses_of(sums: Sums) -> list[tuple[str, list[Missed]]]:
    """Who did not come, by when the time was agreed: of those who were reminded, then of the others."""
    found = {lead: [missed_of(sums, lead, told) for told in Told] for lead in Lead}
    return [(str(LEAD_WORDS[lead]), each) for lead, each in found.items() if any(one.whole for one in each)]


def missed_of(sums: Sums, lead: Lead, told: Told) -> Missed:
    missed = sums.missed.get(f"{lead} {told}", 0)
    whole = missed + sums.came.get(f"{lead} {told}", 0)
    return Missed(missed, whole, share(missed, whole))


# Charts


def steps_of(first: date, last: date) -> Callable[[date], date]:
    """To which bar of a chart a day belongs, by the bar's first day."""
    if last - first <= BY_DAY:
        return lambda day: day
    return monday_of if last - first <= BY_WEEK else lambda day: day.replace(day=1)


def bar_names(wish: Wish) -> Callable[[date], tuple[str, str]]:
    """What a bar is called below the axis, and in the table."""
    length = wish.last - wish.first
    if length <= BY_DAY:
        return lambda day: (f"{day.day}/{day.month}", date_narrow(day, g.language))
    if length <= BY_WEEK:
        return lambda day: (f"{day.day}/{day.month}", _("Week of %(day)s", day=date_sentence(day, g.language)))
    return lambda day: (f"{day.month}/{day.year % 100:02}", month_title(day.year, day.month, g.language))


def bars_between(wish: Wish, found: Mapping[date, Any]) -> dict[date, list[Any]]:
    """What was found, bar by bar. Drawn day by day, a weekend on which there was nothing has no bar."""
    step = steps_of(wish.first, wish.last)
    is_by_day = wish.last - wish.first <= BY_DAY
    every: dict[date, list[Any]] = {}
    for day in days_between(wish.first, wish.last):
        if day in found or day.weekday() < SATURDAY or not is_by_day:
            every.setdefault(step(day), []).extend([found[day]] if day in found else [])
    return every


def visits_drawn(report: Report, wish: Wish) -> Drawn:
    names = bar_names(wish)
    numbers = {
        day: Counted(*map(sum, zip(*several, strict=True))) if several else Counted(0, 0, 0)
        for day, several in bars_between(wish, report.days).items()
    }
    chart = bars(
        [names(day)[0] for day in numbers],
        [("booked", [one.booked for one in numbers.values()]), ("walk-in", [one.walk_ins for one in numbers.values()])],
    )
    return Drawn(chart, [(names(day)[1], tuple(one)) for day, one in numbers.items()])


def free_drawn(report: Report, wish: Wish) -> Drawn:
    names = bar_names(wish)
    found = {
        day: median_low(known) if (known := [one for one in several if one is not None]) else None
        for day, several in bars_between(wish, report.free).items()
    }
    chart = line([names(day)[0] for day in found], list(found.values()))
    return Drawn(chart, [(names(day)[1], (days,)) for day, days in found.items()])


def week_map(report: Report) -> WeekMap:
    """The week of the counters: only hours and weekdays on which some counter was planned to be open."""
    planned = {place: minutes for place, minutes in report.hours.items() if minutes.open or minutes.walk_in}
    weekdays = sorted({weekday for weekday, _ in planned})
    hours = sorted({hour for _, hour in planned})
    monday = monday_of(date(2027, 1, 4))
    return WeekMap(
        [monday + timedelta(days=weekday) for weekday in weekdays],
        [(hour, [warmth_of(planned.get((weekday, hour))) for weekday in weekdays]) for hour in hours],
    )


def warmth_of(minutes: Minutes | None) -> Warmth | None:
    if minutes is None:
        return None
    given = share(minutes.taken, minutes.open)
    used = share(minutes.used, minutes.open + minutes.walk_in)
    fullness = (used if given is None else given) or 0
    return Warmth(given, used, sum(fullness >= step for step in WARMER_FROM))


def shown(report: Report, wish: Wish) -> dict[str, Any]:
    """All that the page of figures is made of."""
    return {
        "all": line_of(Translated({}), report.total),
        "visits": visits_drawn(report, wish),
        "free": free_drawn(report, wish),
        "map": week_map(report),
        "services": lines_of(report.services, wish.services),
        "at_offices": lines_of(report.offices, wish.offices) if wish.office is None else [],
        "waits": waits_of(report, wish),
        "ways": ways_of(report.total),
        "spoken": [str(LANGUAGE_WORDS[language]) for language in LANGUAGES],
        "misses": misses_of(report.total),
        "no_ways": not report.total.expected(*BOOKED_WAYS),
    }
