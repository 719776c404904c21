"""Visits and contact data on a page: the journal says who has seen them, in a unit of its own after the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Response, after_this_request, g, make_response
from sqlalchemy.exc import DBAPIError

from booking.database import write
from booking.usecases.looks import note_looks, note_opening
from booking.web.agent.desk import actor
from booking.web.faults import database_fault


def phones_seen(appointment_ids: Iterable[int]) -> None:
    """Note that the reader of this page sees the phone numbers of these visits, or nobody sees them."""
    noted(note_looks, appointment_ids=list(appointment_ids), fields=("phone",))


def contact_seen(appointment_id: int, *, at: int) -> None:
    """Note that the reader of this page sees the contact of this visit of the office ``at``, or nobody sees it."""
    noted(note_looks, appointment_ids=[appointment_id], at=at, fields=("email", "phone"))


def visit_seen(appointment_id: int, *, at: int) -> None:
    """Note that the reader of this page has opened this visit of the office ``at``, unless they did so a moment ago."""
    noted(note_opening, appointment_ids=[appointment_id], at=at)


def visits_seen(appointment_ids: Iterable[int]) -> None:
    """Note that the reader of this page has opened each of these visits, unless they did so a moment ago."""
    noted(note_opening, appointment_ids=list(appointment_ids))


def noted(usecase: Callable[..., None], *, appointment_ids: list[int], at: int | None = None, **facts: object) -> None:
    who, moment, commune_id = actor(at), g.now, g.commune.id

    @after_this_request
    def journalled(answer: Response) -> Response:
        if not appointment_ids:
            return answer
        looks = {"commune_id": commune_id, "appointment_ids": appointment_ids, **facts}
        try:
            write(usecase, **looks, actor=who, now=moment)
        except DBAPIError as fault:
            # Answered here: a fault that left this function would lead to the page of faults, and from there back here.
            return make_response(database_fault(fault))
        return answer
