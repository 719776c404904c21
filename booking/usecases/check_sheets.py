"""What must be true of the day sheets: that somebody makes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.letters import OLD_SHEET
from booking.core.timespan import local_date
from booking.models import DaySheet, Office


def old_sheets(session: Session, *, now: datetime) -> Iterator[str]:
    """Sheets of today that no worker makes again: in an outage the office would read what is no longer so."""
    wanted = select(DaySheet.day, Office).join(Office, Office.id == DaySheet.office_id)
    wanted = wanted.where(DaySheet.made_at < now - OLD_SHEET, Office.retired_at.is_(None)).order_by(DaySheet.id)
    for day, office in session.execute(wanted):
        if day == local_date(now, office.zone):
            yield f"the sheet of today is made again every hour: office {office.id}"
