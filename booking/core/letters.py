"""The facts a letter is made of. Words and layout are the business of whoever writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from booking.core.alerts import AlertLetter
from booking.core.letter_facts import NOTHING, CommuneFacts, LetterLine, OfficeFacts, fees_together
from booking.core.list_letters import ListLetter
from booking.core.message_texts import AS_EVERYWHERE, Wording
from booking.core.needs import Need
from booking.core.roles import Role
from booking.core.translated import Translated

OLD_SHEET = timedelta(minutes=90)
"""A sheet is made again every hour; one that is older than this was forgotten."""

TO_HAND_OVER = timedelta(minutes=5)
"""So long a mail server may take, from the first word to the end of a letter, or it is tried again later."""

TO_BE_TAKEN = timedelta(minutes=10)
"""So long it may take to say whether it has the letter (RFC 5321, 4.5.3.2.6)."""


class LetterKind(StrEnum):
    """What a letter about a visit has to say."""

    CONFIRMATION = "confirmation"
    MOVED = "moved"
    RESTORED = "restored"
    CANCELLATION = "cancellation"
    CANCELLED_BY_COMMUNE = "cancelled-by-us"
    REMINDER = "reminder"
    PAUSED = "paused"
    REBOOKING = "rebooking"

    @property
    def nature(self) -> Nature:
        return NATURES[self]

    @property
    def ends_the_visit(self) -> bool:
        """Whether the visit no longer takes place."""
        return self.nature.ends_the_visit


@dataclass(frozen=True)
class Nature:
    """What is done with letters of a kind, whatever they say.

    With ``ends_the_visit`` the visit no longer takes place. With ``has_calendar`` the letter changes the calendar of
    whoever reads it. With ``is_rung`` somebody of the office rings a person to whom nothing can be sent. With
    ``is_owed`` they are told even when they have left no number, by a letter on paper.
    """

    ends_the_visit: bool = False
    has_calendar: bool = True
    is_rung: bool = False
    is_owed: bool = False


NATURES = {
    LetterKind.CONFIRMATION: Nature(),
    LetterKind.MOVED: Nature(),
    LetterKind.RESTORED: Nature(),
    LetterKind.CANCELLATION: Nature(ends_the_visit=True),
    LetterKind.CANCELLED_BY_COMMUNE: Nature(ends_the_visit=True, is_rung=True, is_owed=True),
    LetterKind.REMINDER: Nature(has_calendar=False, is_rung=True),
    LetterKind.PAUSED: Nature(has_calendar=False, is_rung=True),
    LetterKind.REBOOKING: Nature(has_calendar=False, is_rung=True, is_owed=True),
}


@dataclass(frozen=True)
class OtherVisit:
    """What belongs to a visit: when and where its other half is, the reference it has of its own, and its ``lines``."""

    day: date
    wall: time
    office: Translated
    services: tuple[Translated, ...]
    reference: str
    is_cancelled: bool = False
    lines: tuple[LetterLine, ...] = ()


@dataclass(frozen=True)
class PartyVisit:
    """One of the visits of a party, as whoever booked them all is told of it."""

    day: date
    wall: time
    name: str
    reference: str
    is_cancelled: bool = False


@dataclass(frozen=True)
class Proposal:
    """Another time that is held for a person whose visit cannot take place as agreed, and ``reason``, if one was given.

    ``day`` and ``wall`` are what the clock of ``office`` shows, and so is ``until``. ``is_cancelled_after``: without an
    answer by then the visit is cancelled. The addresses open the answer, the choice of another time, and the end.
    """

    day: date
    wall: time
    office: OfficeFacts
    until: datetime
    is_cancelled_after: bool
    reason: Translated = NOTHING
    accept_url: Translated = NOTHING
    choose_url: Translated = NOTHING
    cancel_url: Translated = NOTHING


@dataclass(frozen=True)
class VisitLetter:
    """One letter to one person about one visit, in the commune's own ``wording`` where it has any.

    An ``is_sample`` is about no visit: it shows an administrator how such letters read.

    ``day`` and ``wall`` are what the office's clock shows; ``start``, ``end`` and the three stamps are
    UTC. ``uid`` and ``sequence`` are those of the appointment after what the letter tells, ``stamped_at``
    the moment of this letter. ``manage_url`` opens the appointment, an address per language;
    ``short_url`` does, too, where room is scarce.
    ``party`` are all the visits of a party, this one too, told to who booked them.
    ``helper_name`` is who booked for them, and ``is_for_helper`` whether this letter goes there.
    ``kept_until`` is the last day on which the contact data exist. ``message_id`` has its angle brackets.
    ``recipient`` is an e-mail address, ``phone`` E.164; either is empty when it was not given. With
    ``asks_coming`` the person is asked to say that they are coming, at ``coming_url``. ``proposal`` is the time they
    are asked to take instead; without one, what the letter says of another time is that somebody rings.
    """

    kind: LetterKind
    message_id: str
    language: str
    help_language: str | None
    recipient: str
    name: str
    commune: CommuneFacts
    office: OfficeFacts
    day: date
    wall: time
    start: datetime
    end: datetime
    zone: str
    lines: tuple[LetterLine, ...]
    reference: str
    manage_url: Translated
    uid: str
    sequence: int
    stamped_at: datetime
    created_at: datetime
    changed_at: datetime
    kept_until: date
    is_sensitive: bool = False
    reason: Translated = NOTHING
    others: tuple[OtherVisit, ...] = ()
    party: tuple[PartyVisit, ...] = ()
    phone: str = ""
    asks_coming: bool = False
    coming_url: Translated = NOTHING
    short_url: Translated = NOTHING
    helper_name: str = ""
    is_for_helper: bool = False
    needs: frozenset[Need] = frozenset()
    moved_from: datetime | None = None
    proposal: Proposal | None = None
    wording: Wording = AS_EVERYWHERE
    is_sample: bool = False

    @property
    def addressee(self) -> str:
        """Whose mailbox it goes to."""
        return self.helper_name if self.is_for_helper else self.name

    @property
    def fees_together(self) -> int | None:
        return fees_together(self.lines)

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True)
class StaffLetter:
    """A new password for a member of staff, or an invitation to a role: ``url`` works once, until ``expires_at``.

    ``wall_until`` is that moment on the clocks of the commune.
    """

    message_id: str
    language: str
    recipient: str
    name: str
    commune: CommuneFacts
    url: str
    expires_at: datetime
    stamped_at: datetime
    invited_as: Role | None = None
    wall_until: datetime | None = None

    @property
    def addressee(self) -> str:
        return self.name

    @property
    def expires_minutes(self) -> int:
        """The minutes that are left, a begun one counted whole."""
        return -((self.stamped_at - self.expires_at) // timedelta(minutes=1))


@dataclass(frozen=True)
class SheetLetter:
    """The sheet of a day for an office, at its internal address, in both official languages; not after ``expires_at``.

    ``html`` is the sheet as a page, ``pdf`` as a file, or ``None`` where none can be made, both of ``made_at``.
    """

    message_id: str
    language: str
    help_language: str
    recipient: str
    addressee: str
    commune: CommuneFacts
    office: Translated
    day: date
    html: str
    pdf: bytes | None
    made_at: datetime
    stamped_at: datetime
    expires_at: datetime

    @property
    def is_stale(self) -> bool:
        """Whether the sheet is so old that nobody has looked after it."""
        return self.stamped_at - self.made_at > OLD_SHEET


Letter = VisitLetter | StaffLetter | ListLetter | SheetLetter | AlertLetter
