"""The tests' calendar: a fixed Monday instead of today, and a clock that only the test moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = date(2027, 1, 4)


def at(day: date, wall: str, zone: ZoneInfo = BRUSSELS) -> datetime:
    """The UTC moment at which the office clock shows ``wall`` (``"09:00"``) on ``day``."""
    return datetime.combine(day, time.fromisoformat(wall), tzinfo=zone).astimezone(UTC)


EARLY = at(MONDAY, "08:00")
"""When every test begins: Monday 4 January 2027, 8 o'clock in Brussels, 7 o'clock UTC."""


class Clock:
    """What ``create_app`` is handed; ``now`` is an aware UTC moment and may be set."""

    def __init__(self, now: datetime = EARLY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        """Let time pass: ``clock.forward(minutes=11)``."""
        self.now += timedelta(**delta)
