"""What the visitors of an appointment were told to bring: the list of the version and the answers it was made with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import exists, update
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState
from booking.core.checklist import EMPTY, Resolution, in_words, resolve
from booking.core.errors import ForbiddenMove, Unknown
from booking.core.translated import Translated
from booking.models import Appointment, AppointmentLine, Office, Service
from booking.usecases.appointments import lines_of
from booking.usecases.checklists import versions
from booking.usecases.statements import QUIETLY


@dataclass(frozen=True)
class LineList:
    """The list of one service of a visit. ``answers`` are questions with what was answered, ``ticked`` codes of papers.

    Once the answers are erased, it is what everybody has to bring.
    """

    line: AppointmentLine
    service: Service
    resolution: Resolution
    answers: tuple[tuple[Translated, Translated], ...]
    ticked: frozenset[str]


def lists_of(session: Session, *, appointment: Appointment) -> tuple[LineList, ...]:
    """The list of each service of a visit, in their order, for the office it takes place in."""
    own = {"commune_id": appointment.commune_id}
    lines = lines_of(session, **own, appointment_id=appointment.id)
    office = session.get_one(Office, appointment.office_id)
    wanted = {(line.service_id, line.checklist_version) for line, _ in lines if line.checklist_version is not None}
    known = versions(session, **own, wanted=wanted)
    found = []
    for line, service in lines:
        content = known.get((line.service_id, line.checklist_version or 0), EMPTY)
        answers = line.answers or {}
        resolution = resolve(content, answers, office.photo_rule)
        ready = on_list(resolution) & set(line.ticked or ())
        found.append(LineList(line, service, resolution, in_words(content, answers), ready))
    return tuple(found)


def on_list(resolution: Resolution) -> frozenset[str]:
    """The papers that can be ready."""
    return frozenset(paper.code for paper in resolution.to_bring if paper.can_be_ticked)


def tick(session: Session, *, commune_id: int, appointment_id: int, ready: Mapping[int, Collection[str]]) -> None:
    """Keep which papers are ready, by the id of the line: whatever is not on its list is left out.

    An appointment stays what it was by this: pages that are open elsewhere go on, and nobody is written to. Raises
    ``ForbiddenMove`` when the visit is no longer to come, ``Unknown`` for the appointment of somebody else.
    """
    appointment = session.get(Appointment, appointment_id)
    if appointment is None or appointment.commune_id != commune_id:
        raise Unknown
    is_booked = exists().where(Appointment.id == appointment_id, Appointment.state == AppointmentState.BOOKED)
    for one in lists_of(session, appointment=appointment):
        codes = tuple(sorted(on_list(one.resolution) & set(ready.get(one.line.id, ()))))
        ticked = update(AppointmentLine).where(AppointmentLine.id == one.line.id, is_booked)
        marked = session.execute(
            ticked.values(ticked=codes or None).returning(AppointmentLine.id), execution_options=QUIETLY
        )
        if marked.one_or_none() is None:
            raise ForbiddenMove(current=appointment.state, target=AppointmentState.BOOKED)
