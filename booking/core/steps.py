"""The two visits of a service in steps: when the one leaves room for the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from booking.core.appointments import Step, file_from
from booking.core.timespan import TICK, Span, day_span, local_date


@dataclass(frozen=True)
class OtherStep:
    """The other visit of a service in two steps: which it is, when, and how many days lie between the two."""

    step: Step
    span: Span
    days: int
    zone: ZoneInfo

    def allows(self, span: Span) -> bool:
        """Whether the file still comes after the information, and late enough, when this visit has another time."""
        information, file = (self.span, span) if self.step == Step.INFORMATION else (span, self.span)
        return file_from(information.end, days=self.days, zone=self.zone) <= file.start

    @property
    def not_before(self) -> datetime | None:
        """From when on (UTC) the file can be brought, when the other visit is the information."""
        if self.step != Step.INFORMATION:
            return None
        return file_from(self.span.end, days=self.days, zone=self.zone)

    @property
    def over_by(self) -> datetime | None:
        """When (UTC) the information must be over at the latest, when the other visit is the file."""
        if self.step != Step.FILE:
            return None
        day = local_date(self.span.start, self.zone) - timedelta(days=self.days)
        # What ends at midnight ends on the next day.
        return min(self.span.start, day_span(day, self.zone).end - TICK)
