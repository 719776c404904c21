"""The appointments that a file must not strand: those that stand in the way of what goes, and those that lose hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from booking.core.appointments import AppointmentState
from booking.core.effects import Hours, Visit, shortens
from booking.core.opening import shut_on
from booking.core.schedules import Schedule
from booking.models import Appointment, Office
from booking.usecases.configuration.effect import Work
from booking.usecases.effects import Agreed, agreed
from booking.usecases.holds import are_for, end_holds
from booking.usecases.offices import to_come
from booking.usecases.schedules import load
from booking.usecases.settling import take_back_in
from booking.usecases.touched import still_to_come


@dataclass(frozen=True)
class Before:
    """What was true before a file was applied: the offices in use, their hours, and the visits to come in them."""

    offices: Sequence[Office]
    hours: Mapping[int, Hours]
    visits: Sequence[Agreed]


def visits_for(work: Work, *, service_id: int) -> set[int]:
    """The visits to come for a service."""
    offices = select(Office.id).where(Office.commune_id == work.commune_id)
    return visits_at(work, Appointment.office_id.in_(offices), are_for([service_id]))


def visits_at(work: Work, *where: ColumnElement[bool]) -> set[int]:
    """The visits to come somewhere, those that take place now included."""
    wanted = select(Appointment.id).where(Appointment.commune_id == work.commune_id, *where, *to_come(work.now))
    return set(work.session.scalars(wanted))


def seen_before(work: Work) -> Before:
    in_use = select(Office).where(Office.commune_id == work.commune_id, Office.retired_at.is_(None))
    offices = work.session.scalars(in_use.order_by(Office.id).execution_options(populate_existing=True)).all()
    hours = {number: Hours(schedule) for number, schedule in load(work.session, offices).items()}
    coming = still_to_come(offices, now=work.now)
    return Before(offices, hours, agreed(work.session, *coming, Appointment.state == AppointmentState.BOOKED))


def hours_now(work: Work, offices: Sequence[Office]) -> dict[int, Hours]:
    return {number: Hours(schedule) for number, schedule in load(work.session, offices).items()}


def stranded(before: Before, after: Mapping[int, Hours]) -> set[int]:
    """Those that lose hours they had, fall into a closure they were outside of, or stand outside where less is left."""
    return {one.id for one in before.visits if loses(one.visit, before.hours[one.office_id], after[one.office_id])}


def loses(visit: Visit, before: Hours, after: Hours) -> bool:
    return (
        (before.serve(visit) and not after.serve(visit))
        or (before.staff(visit) and not after.staff(visit))
        or (is_shut(after.schedule, visit) and not is_shut(before.schedule, visit))
        or (visit.is_kept_outside and shortens(before.staffed(visit), after.staffed(visit)))
    )


def is_shut(schedule: Schedule, visit: Visit) -> bool:
    shut = shut_on(schedule.closures, visit.day, schedule.zone)
    return any(closure.shuts(visit.counter) and hole.overlaps(visit.span) for closure, hole in shut)


def settle_others(work: Work, before: Before, after: Mapping[int, Hours]) -> None:
    """Holds that hours no longer allow end; whoever stood outside and fits again loses the flag."""
    held = agreed(
        work.session, *still_to_come(before.offices, now=work.now), Appointment.state == AppointmentState.HELD
    )
    outside = [one.id for one in held if not after[one.office_id].serve(one.visit)]
    if outside:
        end_holds(work.session, Appointment.id.in_(outside))
    flagged: Iterable[Agreed] = [one for one in before.visits if one.visit.is_kept_outside]
    take_back_in(work.session, flagged, hours=after, **work.named)
