"""Refusals to administrators."""

from __future__ import annotations

from datetime import date, datetime

from booking.core.errors.refusal import BookingError


class EndsBeforeStart(BookingError):
    """A span of hours or days that ends before it starts, or at once."""


class NoWeekday(BookingError):
    """An opening session without a day of the week."""


class NoCounter(BookingError):
    """An opening session without a counter."""


class NeverOpen(BookingError):
    """Hours that fall on no day at all: their days of the week are not among the days they are for."""


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


class TooFaint(BookingError):
    """Colours that cannot be read where they are used. Facts: ``colours``, each with the contrast it would have."""

    def __init__(self, *, colours: object) -> None:
        super().__init__(colours=colours)


class NoPicture(BookingError):
    """What was sent is not a picture of a kind that is taken, or it is damaged."""


class PictureTooHeavy(BookingError):
    """A picture of too many bytes. Facts: ``limit`` in megabytes."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class TooManyPixels(BookingError):
    """A picture of too many pixels. Facts: ``limit`` in millions of them."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


class UnknownBlanks(BookingError):
    """A text with blanks that no message can fill. Facts: ``blanks``, as they were written, and those ``known``."""

    def __init__(self, *, blanks: object, known: object) -> None:
        super().__init__(blanks=blanks, known=known)


class NothingToSend(BookingError):
    """What a message said is no longer so, or it cannot reach anybody any more."""


class SentEnough(BookingError):
    """So many copies have gone out within a day. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)


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


class OtherName(BookingError):
    """What was typed to confirm is not the name of the commune that is to go."""


class VisitsToCome(BookingError):
    """A commune goes only when nobody is expected there any more, or when that is said. Facts: ``number``."""

    def __init__(self, *, number: int) -> None:
        super().__init__(number=number)
