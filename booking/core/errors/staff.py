"""Refusals to members of staff: their accounts, their roles, the marks of a visit."""

from __future__ import annotations

from booking.core.errors.refusal import BookingError


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


class RoleMissing(BookingError):
    """Somebody of this commune, but without the role this door asks for."""


class ForAgents(BookingError):
    """What only those do who serve at a counter."""


class WrongCode(BookingError):
    """No code of this person's telephone at this moment, and none of those on paper."""


class CodeUsed(BookingError):
    """A code counts once: this one has, or a later one has."""


class LastAdministrator(BookingError):
    """A commune would be left without anybody who administers all of it."""


class NotOneself(BookingError):
    """What a colleague does for somebody: to deactivate them, to change what they may, to reset their second factor."""


class RoleNeeded(BookingError):
    """Whoever works for a commune has at least one role there."""


class WorksHere(BookingError):
    """Somebody with this address works for this commune already, or is invited to."""


class WorksElsewhere(BookingError):
    """An account that also decides elsewhere: those who run the platform reset it."""


class AnotherAccount(BookingError):
    """An invitation is for the account it was sent to, not for the one that is signed in."""


class TooManyLines(BookingError):
    """More than one file should hold. Facts: ``limit``."""

    def __init__(self, *, limit: int) -> None:
        super().__init__(limit=limit)
