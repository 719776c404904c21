"""The lines of a day, ready to be written: a full day has hundreds, and most say what another has said before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from markupsafe import Markup

from booking.usecases.agenda import Agenda, Entry
from booking.usecases.visits import Visit
from booking.words.formatting import reference_shown

NUMBER, VERSION = "{number}", "{version}"


class Line(NamedTuple):
    """A booked visit, each part in words, in the order of the columns."""

    number: int
    standing: str
    time: Markup
    counter: str
    name: str | None
    services: Markup
    languages: Markup
    reference: str
    flags: Markup | str
    buttons: Markup


def day_lines(
    agenda: Agenda,
    *,
    walls: Callable[..., Markup],
    services: Callable[..., Markup],
    languages: Callable[..., Markup],
    flags: Callable[..., Markup],
    buttons: Callable[..., Markup],
) -> Iterator[tuple[Entry, bool, Line | None, list[tuple[str, Markup]]]]:
    """Each entry of a day, whether it is the first still to come, its line if it is a booked visit, its free times.

    The arguments after the day are the macros of ``parts/visits.html``: they are asked once for what is alike.
    """
    walls, services, languages = cache(walls), cache(services), cache(languages)

    @cache
    def pattern(*standing: object) -> str:
        return str(buttons(*standing, NUMBER, VERSION, brief=True))

    def line(visit: Visit) -> Line:
        marks = pattern(visit.standing, visit.marks).replace(NUMBER, str(visit.id)).replace(VERSION, str(visit.version))
        return Line(
            number=visit.id,
            standing=visit.standing.value,
            time=walls(visit.wall, visit.wall_end),
            counter=visit.counter,
            name=visit.name,
            services=services(visit.lines),
            languages=languages(visit.language, visit.help_language),
            reference=reference_shown(visit.reference or ""),
            flags=flags(visit) if visit.is_outside_hours or visit.is_unreached else "",
            buttons=Markup(marks),  # noqa: S704 - a macro escaped it, and only two numbers were put in
        )

    coming = agenda.next_start
    for entry in agenda.entries:
        is_now = coming is not None and entry.start >= coming
        coming = None if is_now else coming
        visit = entry.visit
        free = [(one.counter, walls(one.wall, one.wall_end)) for one in entry.free]
        yield entry, is_now, line(visit) if visit and not visit.is_held else None, free
