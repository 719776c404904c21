"""What the public kiosk of an office may do, and how often: it knows nobody, and tells nothing of anybody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.models import Office
from booking.usecases.catalogue import offices_of
from booking.usecases.misses import check_tries, forgive, take_try

MISSES, MISSES_PAUSE = 20, timedelta(minutes=15)
"""So many references that lead to nothing a whole hall may type; guessing one of them would take centuries."""

TICKETS, TICKETS_PAUSE = 20, timedelta(minutes=5)
"""More than a kiosk hands out, and too few to fill a queue from afar at once."""

STATUS_MISSES = 60
"""So many addresses of tickets that there are not: links grow old, and many phones of a hall share one line."""

MISS, TICKET, STATUS = "kiosk", "kiosk-ticket", "ticket-status"


def office_coded(session: Session, *, commune_id: int, code: str) -> Office:
    """An office in use by its word in addresses. Raises ``Unknown``."""
    found = next((one for one in offices_of(session, commune_id=commune_id) if one.code == code), None)
    if found is None:
        raise Unknown
    return found


def try_reference(session: Session, *, client: str, now: datetime) -> int:
    """Take a try, to be given back when it was right. Raises ``TooManyTries``."""
    return take_try(session, kind=MISS, key=client, limit=MISSES, pause=MISSES_PAUSE, now=now)


def was_right(session: Session, *, client: str, n: int) -> None:
    forgive(session, kind=MISS, key=client, n=n)


def check_reference_tries(session: Session, *, client: str, now: datetime) -> None:
    """Raises ``TooManyTries`` while one would."""
    check_tries(session, kind=MISS, key=client, limit=MISSES, pause=MISSES_PAUSE, now=now)


def count_ticket(session: Session, *, client: str, now: datetime) -> None:
    """Raises ``TooManyTries`` when a client has taken as many tickets as a kiosk hands out."""
    take_try(session, kind=TICKET, key=client, limit=TICKETS, pause=TICKETS_PAUSE, now=now)


def count_unknown_ticket(session: Session, *, client: str, now: datetime) -> None:
    """Raises ``TooManyTries`` when a client has asked for too many tickets that there are not."""
    take_try(session, kind=STATUS, key=client, limit=STATUS_MISSES, pause=MISSES_PAUSE, now=now)
