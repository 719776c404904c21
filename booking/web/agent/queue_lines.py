"""The lines of a queue, ready to be written: it is long when it matters, and its lines differ in little."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cache

from flask import g
from markupsafe import Markup, escape

from booking.models import Office
from booking.usecases.queue import InQueue, QueueLine
from booking.web.formatting import translated
from booking.web.languages import current_language
from booking.web.patterns import Pattern
from booking.words.formatting import minutes, time_short

Macro = Callable[..., Markup]

IN_A_LINE = ("number", "told", "name", "what", "wait")
PERSONS, NAME, AT_TIME = Markup(" × {}"), Markup("<bdi>{}</bdi>"), Markup("{} · {}")


def minutes_since(moment: datetime) -> int:
    """Whole minutes until now; none for a moment that is still to come."""
    return max(int((g.now - moment).total_seconds() // 60), 0)


def services_told(lines: tuple[QueueLine, ...]) -> Markup:
    """What somebody is here for, in a line."""
    return Markup(" + ").join(
        translated(one.service) + (PERSONS.format(one.persons) if one.persons > 1 else "") for one in lines
    )


def queue_lines(
    office: Office, counter_id: int | None, in_two: Collection[int]
) -> Callable[[Macro, str], Callable[[InQueue], Markup]]:
    """What makes the lines of those who wait, seen from a counter: of a macro for a line, and of what stands where
    somebody gave no name. ``in_two`` are the appointments whose person two colleagues receive.
    """

    def lines(line: Macro, unnamed: str) -> Callable[[InQueue], Markup]:
        told, since = cache(services_told), cache(lambda number: escape(minutes(number, current_language())))

        @cache
        def pattern(is_in_two: bool, is_preferred: bool, help_language: str | None, is_for_here: bool) -> Pattern:
            return Pattern(line, is_in_two, is_preferred, help_language, is_for_here, blanks=IN_A_LINE)

        def filled(ticket: InQueue) -> Markup:
            what = told(ticket.lines)
            if ticket.start is not None:
                start = time_short(ticket.start.astimezone(office.zone).time(), current_language())
                what = AT_TIME.format(start, what)
            is_for_here = counter_id is not None and ticket.for_counter_id == counter_id
            is_in_two = ticket.appointment_id in in_two
            return pattern(is_in_two, ticket.leads_from == 0, ticket.help_language, is_for_here).filled(
                number=ticket.id,
                told=escape(ticket.told),
                name=NAME.format(ticket.name) if ticket.name else escape(unnamed),
                what=what,
                wait=since(minutes_since(ticket.issued_at)),
            )

        return filled

    return lines
