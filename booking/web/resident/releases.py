"""When the next times come out, for whoever looks at those that are out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from booking.core.releases import WEEK
from booking.core.timespan import local_date, wall_clock
from booking.models import Office
from booking.usecases.baskets import Basket


@dataclass(frozen=True)
class ComingOut:
    """The next release on the office's wall, the last day that can be booked from then on, and how long it is until
    then.
    """

    wall: datetime
    last: date
    left: timedelta


def coming_out(basket: Basket, office: Office, now: datetime) -> ComingOut | None:
    """The next times of a basket, ``None`` where all are out as far ahead as one may book."""
    window, zone = basket.window, office.zone
    release = window.release(now, zone)
    if release is None:
        return None
    opens = release.next_at(now, zone)
    out_until = release.closed_from(now, zone) + WEEK - timedelta(days=1)
    last = min(out_until, local_date(window.latest(opens), zone))
    return ComingOut(wall_clock(opens, zone), last, opens - now)
