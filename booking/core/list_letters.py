"""The facts of a letter about the list for an earlier appointment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from booking.core.letter_facts import NOTHING, CommuneFacts, LetterLine, OfficeFacts, fees_together
from booking.core.message_texts import AS_EVERYWHERE, Wording
from booking.core.translated import Translated


@dataclass(frozen=True)
class OfferFacts:
    """A time kept for somebody until ``until``: ``day``, ``wall`` and ``until`` are what the office's clock shows.

    ``told_on`` is the office's day on which it is told. ``present`` is the moment of the appointment that stays until
    this one is taken, ``None`` when there is none. ``lines``: what the visit is for and what it wants brought.
    """

    office: OfficeFacts
    day: date
    wall: time
    minutes: int
    until: datetime
    told_on: date
    present: datetime | None = None
    lines: tuple[LetterLine, ...] = ()

    @property
    def fees_together(self) -> int | None:
        return fees_together(self.lines)


@dataclass(frozen=True)
class OverFacts:
    """A time is no longer kept for somebody, who stays in the list until the day ``listed_until``.

    ``present`` is the moment of the appointment that stays as it is, ``None`` when there is none.
    """

    listed_until: date
    present: datetime | None = None


@dataclass(frozen=True)
class ListLetter:
    """To somebody in the list for an earlier appointment: to prove the address, or about a time that is kept for them,
    or is ``over``.

    ``services`` are the names of what they come for. ``url`` leads to where they answer, an address per language,
    until ``expires_at``; ``short_url`` does, too, where room is scarce. ``recipient`` is an e-mail address, ``phone``
    E.164, and one of them is empty. ``helper_name`` is who booked for them, when the letter goes there. ``wording``
    and ``is_sample`` are as in a letter about a visit.
    """

    message_id: str
    language: str
    help_language: str | None
    recipient: str
    name: str
    commune: CommuneFacts
    services: tuple[Translated, ...]
    url: Translated
    stamped_at: datetime
    expires_at: datetime
    offer: OfferFacts | None = None
    over: OverFacts | None = None
    is_sensitive: bool = False
    phone: str = ""
    short_url: Translated = NOTHING
    helper_name: str = ""
    wording: Wording = AS_EVERYWHERE
    is_sample: bool = False

    @property
    def is_for_helper(self) -> bool:
        return bool(self.helper_name)

    @property
    def addressee(self) -> str:
        return self.helper_name or self.name
