"""What administrators add and change alike: a row under a name of its own, its place in a list, its journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking.core.errors import BookingError, CodeTaken, TextMissing
from booking.core.translated import OFFICIAL, Translated
from booking.models import Base
from booking.models.base import violates


@contextmanager
def refusing(session: Session, refusal: type[BookingError], *, on: str) -> Iterator[None]:
    """What is written inside raises ``refusal`` when it violates the constraint ``on``; the unit can go on."""
    with ending(refusal, on=on), session.begin_nested():
        yield


@contextmanager
def ending(refusal: type[BookingError], *, on: str) -> Iterator[None]:
    """The same where the refusal ends the unit: nobody pays for a savepoint."""
    try:
        yield
    except IntegrityError as error:
        if violates(error, on):
            raise refusal from error
        raise


def add_row(session: Session, model: Any, *, unique: str, **columns: Any) -> int:
    """A new row and its id. Raises ``CodeTaken`` when its name is not its own under ``unique``."""
    with refusing(session, CodeTaken, on=unique):
        return int(session.scalars(insert(model).values(**columns).returning(model.id)).one())


def next_position(session: Session, model: Any, **owner: int) -> int:
    """The place after the last one of its owner."""
    last = session.scalar(select(func.max(model.position)).filter_by(**owner))
    return (last or 0) + 1


def refuse_half_written(*texts: Translated) -> None:
    """Raises ``TextMissing`` when one of them lacks French or Dutch."""
    languages = {language for text in texts for language in text.missing(OFFICIAL)}
    if languages:
        raise TextMissing(languages=tuple(sorted(languages)))


def differing(row: Base, columns: dict[str, Any]) -> tuple[str, ...]:
    """The names of the columns that would change."""
    return tuple(name for name, value in columns.items() if getattr(row, name) != value)
