"""Refusals to whoever changes an appointment, or waits for an earlier one."""

from __future__ import annotations

from datetime import time
from enum import StrEnum

from booking.core.errors.refusal import BookingError, Unknown


class ForbiddenMove(BookingError):
    """The life-cycle does not lead from here to there. Facts: ``current``, ``target``."""

    def __init__(self, *, current: StrEnum, target: StrEnum) -> None:
        super().__init__(current=current, target=target)


class TooLateToCancel(BookingError):
    """The visit is nearer than the notice for cancelling."""


class TooLateToMove(BookingError):
    """The visit is nearer than the notice for moving."""


class CallToCancel(BookingError):
    """An appointment for this service is cancelled by telephone only."""


class CallToMove(BookingError):
    """An appointment for this service is moved by telephone only."""


class TooManyMoves(BookingError):
    """The appointment was moved as often as it may be by the person. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class TooLateToUndo(BookingError):
    """The minutes are over in which a cancellation could be undone, or it was not the person who cancelled."""


class OneTimeGone(BookingError):
    """Of two appointments that would come back together, the time of one is gone: neither comes back."""


class OfferedMeanwhile(BookingError):
    """The time of a cancelled visit is kept for somebody in the list, who has not taken it yet.

    ``until``: what the office's clock shows when the cancellation is for good.
    """

    def __init__(self, *, until: time) -> None:
        super().__init__(until=until)


class HasArrived(BookingError):
    """The person is there: the visit is no longer moved."""


class StepsOutOfOrder(BookingError):
    """The file would come before the information, or fewer than ``days`` days after it."""

    def __init__(self, *, days: int) -> None:
        super().__init__(days=days)


class AlreadyTrusted(BookingError):
    """This contact is trusted already, however it is written."""


class NameIsFixed(BookingError):
    """The name is another one: a time is not passed on."""


class NameCorrected(BookingError):
    """The name was corrected once already."""


class LateNotice(BookingError):
    """Being late is said on the day of the visit, before one has arrived."""


class VisitBegun(BookingError):
    """The visit has begun, and a letter about it would come too late."""


class NoSuchAppointment(Unknown):
    """No appointment has this reference and this contact; which of the two is wrong is not told."""


class OutOfDate(BookingError):
    """The page was older than the appointment it wanted to change."""


class TooManyTries(BookingError):
    """Too many misses: a pause. Facts: ``minutes``."""

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes=minutes)


class TooManyCopies(BookingError):
    """The message was sent again as often as it may be."""


class NoEarlierList(BookingError):
    """The commune keeps no list for this service, or this visit can be made no earlier by it."""


class AlreadyWaiting(BookingError):
    """This contact stands in the list for the same service already."""


class AddressMissing(BookingError):
    """A time that comes free is told by e-mail: without an address nobody would learn of it."""


class OfferOver(BookingError):
    """The time that was offered is no longer kept for this person: too late, turned down, or gone with its hours."""
