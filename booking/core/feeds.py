"""The visits of an office or a counter as a calendar to subscribe to: when and what for, never who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple

from booking.core.translated import Translated

DAYS = 14
"""So many days from today on are in a feed."""

EVERY = timedelta(minutes=15)
"""How often calendars are asked to look again."""


class FeedVisit(NamedTuple):
    """A visit of a feed. ``wall`` is its time at the office; ``ticket`` its number once there is one.

    ``services`` is empty for a service whose name is not for everybody.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    stamped_at: datetime
    wall: time
    counter: str
    ticket: str | None
    services: tuple[Translated, ...]


@dataclass(frozen=True)
class Feed:
    """A calendar as it is written: of one ``counter`` (its label), or of a whole office.

    ``languages`` are the two official ones, in the commune's own order.
    """

    office: Translated
    counter: str | None
    zone: str
    languages: tuple[str, ...]
    visits: tuple[FeedVisit, ...]
