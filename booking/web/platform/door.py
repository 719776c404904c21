"""Who stands at the platform, and which commune they look at: none of its residents, only the commune itself."""

from __future__ import annotations

from flask import g

from booking.core.errors import Unknown
from booking.core.roles import Role
from booking.database import read
from booking.models import Commune
from booking.usecases.journal import Actor
from booking.web.security import client


def actor() -> Actor:
    """Who acts, for the journal of the commune."""
    return Actor(Role.PLATFORM, g.staff.id, client())


def commune_here(number: int) -> Commune:
    """A commune of this installation. Raises ``Unknown``."""
    found = read().get(Commune, number)
    if found is None:
        raise Unknown
    return found
