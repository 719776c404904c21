"""Refusals in the queue: tickets, counters, and whoever sits there."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from booking.core.errors.refusal import BookingError
from booking.core.translated import Translated


class ForbiddenStep(BookingError):
    """The ticket stands elsewhere by now. Facts: ``current``."""

    def __init__(self, *, current: StrEnum) -> None:
        super().__init__(current=current)


class TicketChanged(BookingError):
    """Somebody else took a step with this ticket since it was shown."""


class NobodyWaits(BookingError):
    """Nobody is waiting whom this counter can serve."""


class CounterBusy(BookingError):
    """The counter has a visitor already."""


class CounterClosed(BookingError):
    """Nobody sits at this counter: it is opened first."""


class CallAgainFirst(BookingError):
    """Somebody counts as absent only after a number of calls. Facts: ``calls``."""

    def __init__(self, *, calls: int) -> None:
        super().__init__(calls=calls)


class TooLateToTakeBack(BookingError):
    """A step is taken back within a minute."""


class TooLateToReopen(BookingError):
    """The ticket ended too long ago to be taken up again."""


class NumbersUsedUp(BookingError):
    """A letter has no number left today."""


class LettersUsedUp(BookingError):
    """There are as many groups of services as there are letters for their tickets."""


class LetterTaken(BookingError):
    """Two groups of services cannot have one letter."""


class NumberTaken(BookingError):
    """This number was handed out already today."""


class NotToday(BookingError):
    """The appointment is on another day. Facts: ``day``, and ``at`` on the wall."""

    def __init__(self, *, day: date, at: time) -> None:
        super().__init__(day=day, at=at)


class TooEarlyToCheckIn(BookingError):
    """One can check in by oneself from a time on only. Facts: ``at``, on the wall."""

    def __init__(self, *, at: time) -> None:
        super().__init__(at=at)


class NoWalkIns(BookingError):
    """Nobody is served without an appointment now: the hours, the last ticket, or the share of them is used up."""


class OnlyByAppointment(NoWalkIns):
    """What is wanted is never had without an appointment."""


class AtAnotherOffice(BookingError):
    """The appointment is at another office of the commune. Facts: ``office``."""

    def __init__(self, *, office: Translated) -> None:
        super().__init__(office=office)


class VisitCancelled(BookingError):
    """The appointment was cancelled: nobody is checked in for it."""


class VisitOver(BookingError):
    """The appointment of today is noted as over."""


class PapersMissing(BookingError):
    """Papers were missing: the person comes back once, at the reception, until a day. Facts: ``until``."""

    def __init__(self, *, until: date) -> None:
        super().__init__(until=until)


class NothingToday(BookingError):
    """Nobody of this name comes today, and no appointment or ticket has this reference or number."""


class ReturnUsed(BookingError):
    """Whoever had papers missing has come back on this number already."""


class ReturnOver(BookingError):
    """The days in which whoever had papers missing comes back without a new wait are over."""


class PausedNow(BookingError):
    """What this needs is down at the office: nothing of today is given for it."""


class NotServedHere(BookingError):
    """No counter of this office serves all of this."""


class AlreadySeated(BookingError):
    """A counter has one agent, and an agent one counter."""


class NoService(BookingError):
    """No service was chosen."""


class CounterTaken(BookingError):
    """A counter has visits in the time that it was to be closed."""


class NotAtCounter(BookingError):
    """The person sits elsewhere by now, or a colleague has taken the counter over."""


class HandOverUnclear(BookingError):
    """A visitor is handed over to a counter, or for another service."""


class KeyUnclear(BookingError):
    """A key is one letter."""


class KeyTaken(BookingError):
    """Two steps cannot have the same key. Facts: ``key``."""

    def __init__(self, *, key: str) -> None:
        super().__init__(key=key)
