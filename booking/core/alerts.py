"""What administrators are told when it does not go well: a promise that is not kept, post that does not leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from booking.core.letter_facts import CommuneFacts
from booking.core.translated import Translated

LATE = timedelta(minutes=30)
"""A message that should have left so long ago is late, and not just the next in the row."""


class Cause(StrEnum):
    """``PROMISE``: a service has its first free time later than is promised. ``POST``: messages leave late."""

    PROMISE = "promise"
    POST = "post"


@dataclass(frozen=True)
class Broken:
    """A service whose first free time is in so many ``days``, ``None`` when nothing is free, and not as promised."""

    code: str
    service: Translated
    promised: int
    days: int | None


@dataclass(frozen=True)
class Alerts:
    """What does not go well at this moment: broken promises, and since when messages wait that should have left."""

    broken: tuple[Broken, ...] = ()
    late_minutes: int = 0

    def __bool__(self) -> bool:
        return bool(self.broken or self.late_minutes)

    @property
    def causes(self) -> tuple[Cause, ...]:
        return (*([Cause.PROMISE] if self.broken else []), *([Cause.POST] if self.late_minutes else []))


@dataclass(frozen=True)
class AlertLetter:
    """What does not go well on a day, to an administrator. ``url`` shows it as it is now."""

    cause: Cause
    message_id: str
    language: str
    recipient: str
    name: str
    commune: CommuneFacts
    day: date
    broken: tuple[Broken, ...]
    url: str
    stamped_at: datetime
    expires_at: datetime

    @property
    def addressee(self) -> str:
        return self.name


def is_broken(promised: int | None, days: int | None) -> bool:
    """Whether a first free time in so many days, or none at all, is later than is promised."""
    return promised is not None and (days is None or days > promised)
