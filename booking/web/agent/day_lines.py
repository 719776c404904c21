"""The lines of a day, ready to be written: a full day has hundreds, and most say what another has said before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from markupsafe import Markup, escape

from booking.core.marks import Mark, Standing
from booking.usecases.agenda import Agenda, Entry
from booking.usecases.counter_days import Kind, Stretch
from booking.usecases.visits import Visit
from booking.web.patterns import Pattern
from booking.words.formatting import reference_shown

Macro = Callable[..., Markup]

IN_A_ROW = ("number", "version", "time", "counter", "name", "services", "languages", "reference", "flags")
IN_A_TIME = ("counter", "time")
BETWEEN = Markup(" · ")


class Words(NamedTuple):
    """The macros of a day that lines are made of; each is asked once for what is alike."""

    row: Macro
    times: Macro
    time_at: Macro
    walls: Macro
    services: Macro
    languages: Macro
    flags: Macro


def day_lines(agenda: Agenda, erased: str, **macros: Macro) -> Iterator[tuple[Entry, bool, Markup | None]]:
    """Each entry of a day, whether it is the first still to come, and its words: a booked visit's row, an hour's times.

    ``macros`` are those of ``Words``; ``erased`` stands where a name was. Held and closed times have no words yet.
    """
    words = Words(**macros)
    walls, services, languages = cache(words.walls), cache(words.services), cache(words.languages)
    time_at = Pattern(words.time_at, blanks=IN_A_TIME)

    @cache
    def row(standing: Standing, marks: tuple[Mark, ...]) -> Pattern:
        return Pattern(words.row, standing, marks, blanks=IN_A_ROW)

    @cache
    def times(kind: Kind) -> Pattern:
        return Pattern(words.times, kind, blanks=("times",))

    def row_of(visit: Visit) -> Markup:
        return row(visit.standing, visit.marks).filled(
            number=visit.id,
            version=visit.version,
            time=walls(visit.wall, visit.wall_end),
            counter=escape(visit.counter),
            name=escape(visit.name or erased),
            services=services(visit.lines),
            languages=languages(visit.language, visit.help_language),
            reference=escape(reference_shown(visit.reference or "")),
            flags=words.flags(visit) if visit.has_flags else Markup(),
        )

    def times_of(kind: Kind, stretches: Sequence[Stretch]) -> Markup:
        said = (time_at.filled(counter=escape(one.counter), time=walls(one.wall, one.wall_end)) for one in stretches)
        return times(kind).filled(times=BETWEEN.join(said))

    coming = agenda.next_start
    for entry in agenda.entries:
        is_now = coming is not None and entry.start >= coming
        coming = None if is_now else coming
        if entry.visit and not entry.visit.is_held:
            yield entry, is_now, row_of(entry.visit)
        else:
            yield entry, is_now, Markup("\n").join(times_of(*one) for one in entry.times) or None
