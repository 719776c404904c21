"""Refusals to whoever chooses a time."""

from __future__ import annotations

from datetime import date, time

from booking.core.errors.refusal import BookingError


class SlotTaken(BookingError):
    """Somebody else has this time. Facts: ``times``, two when two visits were wished together."""

    def __init__(self, *, times: int = 1) -> None:
        super().__init__(times=times)


class HoldLapsed(BookingError):
    """The minutes of the hold are over, and the time was not kept. Facts: ``times``, as above."""

    def __init__(self, *, times: int = 1) -> None:
        super().__init__(times=times)


class HoldGone(BookingError):
    """The held time no longer exists: the hours changed, or it was given back. Facts: ``times``, as above."""

    def __init__(self, *, times: int = 1) -> None:
        super().__init__(times=times)


class OutsideHours(BookingError):
    """No counter serves this at that time."""


class NotBookable(BookingError):
    """The service needs no appointment, or is not published."""


class TooSoon(BookingError):
    """The start lies in the past or inside the notice period."""


class TooFarAhead(BookingError):
    """The start lies beyond the horizon."""


class NotYetReleased(BookingError):
    """The times of that day have not come out yet. Facts: ``day`` and ``at``, when they do by the office's clock."""

    def __init__(self, *, day: date, at: time) -> None:
        super().__init__(day=day, at=at)


class QuotaReached(BookingError):
    """One of the services has as many appointments in that day or week as it takes."""


class WrongPartySize(BookingError):
    """A party is more than one person, and not more than are booked at once. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class TooManyPersons(BookingError):
    """More (or fewer) persons than the service takes in one visit. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class TooManyServices(BookingError):
    """More services than one visit is for. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class NotTogether(BookingError):
    """A service in two steps has its own two appointments, and nothing beside."""


class NoCounterForAll(BookingError):
    """No counter takes all that one visit would be for."""


class TooManyHolds(BookingError):
    """This client already holds as many times as it may. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class NoMoreExtensions(BookingError):
    """The hold was extended as often as it may be, and lasts so much longer. Facts: ``minutes``."""

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes=minutes)


class TooManyAppointments(BookingError):
    """The contact already has as many appointments to come as it may. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class NoRoomForNeeds(BookingError):
    """What was said to be needed makes the visit longer than there is room for at its time."""


class AlreadyBooked(BookingError):
    """This person already has an appointment to come for this service."""
