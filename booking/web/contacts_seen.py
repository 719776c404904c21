"""Contact data on a page: the journal says who has seen it, in a unit of its own after the answer."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, after_this_request, g

from booking.database import write
from booking.usecases.looks import note_looks
from booking.web.agent.desk import actor


def phones_seen(appointment_ids: Iterable[int]) -> None:
    """Note that the reader of this page sees the phone numbers of these visits."""
    seen = list(appointment_ids)
    who, moment, commune_id = actor(), g.now, g.commune.id

    @after_this_request
    def journalled(answer: Response) -> Response:
        if seen:
            looks = {"commune_id": commune_id, "appointment_ids": seen, "fields": ("phone",)}
            write(note_looks, **looks, actor=who, now=moment)
        return answer
