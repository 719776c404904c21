"""A commune comes to the installation: with its first office, its themes, and somebody invited to administer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.usecases.invitations import invite
from booking.usecases.journal import Actor
from booking.usecases.offices import OfficeFacts
from booking.usecases.starting import start_commune


@dataclass(frozen=True)
class FirstAdministrator:
    """Who is invited to set up everything else."""

    name: str
    email: str
    language: str


def welcome(
    session: Session,
    *,
    office: OfficeFacts,
    administrator: FirstAdministrator,
    actor: Actor,
    now: datetime,
    **commune: Any,
) -> int:
    """Start a commune (``commune`` is what ``create_commune`` is told) and invite its administrator; gives its id.

    Raises what ``create_commune`` and ``invite`` raise: then there is no commune either.
    """
    commune_id = start_commune(session, office=office, now=now, **commune)
    invite(
        session,
        commune_id=commune_id,
        **vars(administrator),
        role=Role.ADMINISTRATOR,
        office_ids=(),
        actor=actor,
        now=now,
    )
    return commune_id
