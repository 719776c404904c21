"""How long what is known of a person is kept: the letter promises it, the sweep keeps the promise."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

UNPROVED = timedelta(days=1)
"""A place in the list for an earlier appointment waits so long for its address to be proved."""

ASKED = timedelta(days=2)
"""Whoever was offered an earlier time is counted for that day, wherever the office's clock stands."""

DAY_SHEETS = timedelta(days=2)
"""The sheet of a day outlives it by the day after, for whatever was noted on paper."""

LAPSED_HOLDS = timedelta(hours=24)
MISSES = timedelta(hours=24)
UNSEEN = timedelta(hours=24)
"""A session of staff that nobody used for so long is over, whatever the settings."""

IMPORTS = timedelta(hours=24)
"""So long a file with visits of another system is kept at most, booked or not."""

STAFF_FAULTS = timedelta(days=30)
JOURNAL_CLIENTS = timedelta(days=30)
"""So long the journal knows from where somebody acted, as a digest; it is asked soon or never."""

JOURNAL_MONTHS = 12

INVITATIONS = timedelta(days=30)
"""An invitation that nobody accepted stands so long among the people after its link has lapsed, to be sent again."""


def contact_kept_until(visit: date, days: int) -> date:
    """The last local day on which the contact data of a visit exist."""
    return visit + timedelta(days=days)


def first_visit_with_contact(today: date, days: int) -> date:
    """The earliest day of a visit whose contact data may still exist today."""
    return today - timedelta(days=days)


def name_kept_until(visit: date, months: int) -> date:
    """The last local day on which the name behind a visit exists: the same day, so many months later."""
    return months_from(visit, months)


def first_visit_with_name(today: date, months: int) -> date:
    """The earliest day of a visit whose name may still exist today."""
    visit = months_from(today, -months)
    # Months differ in length: 28 February a month before 30 March is already over.
    while name_kept_until(visit, months) < today:
        visit += timedelta(days=1)
    return visit


def months_from(day: date, months: int) -> date:
    """The same day of another month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
