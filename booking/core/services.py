"""What a commune says about a service, and what is still missing before residents may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from booking.core.appointments import ServiceMode
from booking.core.checklist import Checklist, Procedure, UrgentMode
from booking.core.errors import NotReachable, TextMissing
from booking.core.reminders import USUAL_HOURS
from booking.core.translated import OFFICIAL, Translated

NOTHING = Translated({})
LONGEST_CODE = 60
ALWAYS_NEEDED = ("name", "summary")
NEVER_SHOWN = ("synonyms",)
BESIDE_ONLINE = ("link", "by_phone", "by_post")
NEEDED = {ServiceMode.ONLINE: BESIDE_ONLINE, ServiceMode.ELSEWHERE: ("authority",)}


@dataclass(frozen=True)
class Fee:
    """A fee in euro cents from a day on, until the next one of the same procedure begins."""

    valid_from: date
    cents: int
    note: Translated = NOTHING
    procedure: Procedure = Procedure.NORMAL


@dataclass(frozen=True)
class Gap:
    """A text that is not written in an official language yet. ``field`` is the column, or the list it stands in."""

    field: str
    language: str


@dataclass(frozen=True, kw_only=True)
class ServiceContent:
    """Everything an administrator writes about a service but its checklist, which has versions of its own.

    ``reminder_hours`` are those before a visit, the earliest reminder first.
    ``synonyms`` are for searching alone: one a line or after a comma, in whatever language people think of them.
    """

    group_id: int
    code: str
    mode: ServiceMode
    name: Translated
    synonyms: Translated = NOTHING
    summary: Translated = NOTHING
    details: Translated = NOTHING
    who_comes: Translated = NOTHING
    link: Translated = NOTHING
    authority: Translated = NOTHING
    by_phone: Translated = NOTHING
    by_post: Translated = NOTHING
    minutes_first: int = 15
    minutes_extra: int = 0
    minutes_beside: int | None = None
    information_minutes: int | None = None
    information_days: int | None = None
    max_persons: int = 1
    notice_minutes: int = 120
    cancel_notice_minutes: int = 120
    may_move: bool = True
    may_cancel: bool = True
    max_moves: int = 5
    horizon_days: int = 60
    promised_days: int | None = None
    is_sensitive: bool = False
    urgent_mode: UrgentMode | None = None
    urgent_text: Translated = NOTHING
    earlier_list: bool = False
    has_priority: bool = False
    reminder_hours: tuple[int, ...] = USUAL_HOURS
    asks_coming: bool = False
    asks_names: bool = False
    fees: tuple[Fee, ...] = ()

    def gaps(self) -> tuple[Gap, ...]:
        """What keeps the service from being published: French and Dutch wherever anything is said at all.

        A name and a summary are always said; an online service says its link, telephone and post too, and
        what is done elsewhere says by whom.
        """
        needed = {*ALWAYS_NEEDED, *NEEDED.get(self.mode, ())}
        return tuple(
            dict.fromkeys(
                Gap(field, language)
                for field, text in self.texts()
                if field not in NEVER_SHOWN and (text or field in needed)
                for language in text.missing(OFFICIAL)
            )
        )

    def texts(self) -> Iterator[tuple[str, Translated]]:
        """Every text with the name of its column, notes on fees with that of their list."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Translated):
                yield field.name, value
        yield from (("fees", fee.note) for fee in self.fees)

    def check_publishable(self, also: tuple[Gap, ...] = ()) -> None:
        """Raises ``NotReachable`` (an online service without link, telephone or post) or ``TextMissing``.

        ``also`` are the gaps of its checklist.
        """
        gaps = self.gaps() + also
        if self.mode == ServiceMode.ONLINE and any(gap.field in BESIDE_ONLINE for gap in gaps):
            raise NotReachable
        if gaps:
            raise TextMissing(languages=tuple(sorted({gap.language for gap in gaps})))


def gaps_of(checklist: Checklist) -> tuple[Gap, ...]:
    """What of a checklist is not written in an official language yet."""
    texts = (text for _, _, text in checklist.texts())
    return tuple(dict.fromkeys(Gap("checklist", language) for text in texts for language in text.missing(OFFICIAL)))


def changed_fields(before: ServiceContent, after: ServiceContent) -> tuple[str, ...]:
    """The names of what differs."""
    return tuple(field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name))
