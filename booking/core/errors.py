"""Every refusal of the product: what can be said no to, and the facts the sentence needs.

The floors above raise these; ``web/answers.py`` gives each its status and its sentence.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum

from booking.core.translated import Translated


class BookingError(Exception):
    """A refusal a person is told about. ``facts`` are the blanks of its sentence; a class asks for those it has."""

    def __init__(self, **facts: object) -> None:
        super().__init__(type(self).__name__, facts)
        self.facts = facts


class Unknown(BookingError):
    """There is no such thing here, or it belongs to somebody else: the two are told alike."""


# Choosing a time


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
    """The hold was extended as often as it may be."""


class TooManyAppointments(BookingError):
    """The contact already has as many appointments to come as it may. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class NoRoomForNeeds(BookingError):
    """What was said to be needed makes the visit longer than there is room for at its time."""


class AlreadyBooked(BookingError):
    """This person already has an appointment to come for this service."""


# What a person typed


class NameMissing(BookingError):
    """A name has at least one letter, of any script."""


class TextTooLong(BookingError):
    """Facts: ``limit`` in characters."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class LooksLikeNationalNumber(BookingError):
    """A national register number is neither asked nor stored."""


class ContactMissing(BookingError):
    """Neither an e-mail address nor a phone number."""


# Changing an appointment


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


# Staff


class WrongPassword(BookingError):
    """The address and the password do not belong together; nothing tells which of the two."""


class PasswordTooShort(BookingError):
    """Facts: ``limit`` in characters."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class PasswordTooCommon(BookingError):
    """A password everybody tries first."""


class LinkOver(BookingError):
    """A link for one use that was used, replaced or is too old."""


class TooEarlyToMark(BookingError):
    """A visit of another day cannot be marked as come and gone before its day."""


class NotMissedYet(BookingError):
    """Nobody is missing before the time they were asked to come."""


class TooLateToArrive(BookingError):
    """Nobody arrives any more for a visit of a day gone by: it took place, or it did not."""


# Administration


class EndsBeforeStart(BookingError):
    """A span of hours or days that ends before it starts, or at once."""


class NoWeekday(BookingError):
    """An opening session without a day of the week."""


class NoCounter(BookingError):
    """An opening session without a counter."""


class NothingLeft(BookingError):
    """More of each hour is kept than may be: nothing would be left to book."""


class AnchorMissing(BookingError):
    """Every n weeks, but counted from when?"""


class SessionsClash(BookingError):
    """Two sessions share a counter and a mode at the same hour. Facts: ``day``, ``other``."""

    def __init__(self, *, day: date, other: int) -> None:
        super().__init__(day=day, other=other)


class ClosedAllTheSame(BookingError):
    """Hours of a day that other hours open already, and that a closure keeps shut. Facts: ``day``, ``reason``."""

    def __init__(self, *, day: date, reason: str) -> None:
        super().__init__(day=day, reason=reason)


class AlreadyClosed(BookingError):
    """The very closure that is to be added is there: removing one of the two would open nothing."""


class Undecided(BookingError):
    """Appointments would fall outside, and nobody has said what becomes of them. Facts: ``appointments`` (ids)."""

    def __init__(self, *, appointments: tuple[int, ...]) -> None:
        super().__init__(appointments=appointments)
        self.appointments = appointments


class ReasonMissing(BookingError):
    """A cancellation by the commune gives its reason in French and in Dutch."""


class TextMissing(BookingError):
    """A text is needed in French and in Dutch. Facts: ``languages`` that are missing."""

    def __init__(self, *, languages: tuple[str, ...]) -> None:
        super().__init__(languages=languages)


class CodeTaken(BookingError):
    """Another one of this commune already has this short name."""


class SlugTaken(BookingError):
    """Another commune already has this address."""


class AddressTaken(BookingError):
    """There is already an account with this e-mail address."""


class ChecklistInconsistent(BookingError):
    """Questions and rules that do not hold together. Facts: ``problems``, which ``core.checklist_problems`` found."""

    def __init__(self, *, problems: object) -> None:
        super().__init__(problems=problems)
        self.problems = problems


class NotReachable(BookingError):
    """An online service cannot be published without counter, telephone and post beside it."""


class UnknownZone(BookingError):
    """Not the name of a time zone."""


class NotInProduction(BookingError):
    """Only for a demonstration or for development."""


class ChangedMeanwhile(BookingError):
    """Somebody else has saved a change since the form was opened."""


class RemovedMeanwhile(BookingError):
    """The hours that a form would end were removed or replaced since it was opened."""


class HasAppointments(BookingError):
    """Something that appointments point to is deactivated, never deleted. Facts: ``until``."""

    def __init__(self, *, until: datetime | None = None) -> None:
        super().__init__(until=until)


# The list for an earlier appointment


class NoEarlierList(BookingError):
    """The commune keeps no list for this service, or this visit can be made no earlier by it."""


class AlreadyWaiting(BookingError):
    """This contact stands in the list for the same service already."""


class AddressMissing(BookingError):
    """A time that comes free is told by e-mail: without an address nobody would learn of it."""


class OfferOver(BookingError):
    """The time that was offered is no longer kept for this person: too late, turned down, or gone with its hours."""


class RoleMissing(BookingError):
    """Somebody of this commune, but without the role this door asks for."""


class ForAgents(BookingError):
    """What only those do who serve at a counter."""


# The queue


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
    """The appointment is on another day. Facts: ``day``."""

    def __init__(self, *, day: date) -> None:
        super().__init__(day=day)


class TooEarlyToCheckIn(BookingError):
    """One can check in by oneself from a time on only. Facts: ``at``, on the wall."""

    def __init__(self, *, at: time) -> None:
        super().__init__(at=at)


class NoWalkIns(BookingError):
    """Nobody is served without an appointment now: the hours, the last ticket, or the share of them is used up."""


class AtAnotherOffice(BookingError):
    """The appointment is at another office of the commune. Facts: ``office``."""

    def __init__(self, *, office: Translated) -> None:
        super().__init__(office=office)


class VisitCancelled(BookingError):
    """The appointment was cancelled: nobody is checked in for it."""


class VisitOver(BookingError):
    """The appointment of today is noted as over."""


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
