"""What a commune says about a service, and what is still missing before residents may read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, time

from booking.core.appointments import ServiceMode
from booking.core.checklist import Checklist, Procedure, UrgentMode
from booking.core.errors import NotReachable, TextMissing
from booking.core.quotas import QuotaPer
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
    """What is not there yet: a text in an official language, or, without a language, something to be set up.

    ``field`` is the column, or the list it stands in.
    """

    field: str
    language: str = ""


NO_COUNTER = Gap("counter")


@dataclass(frozen=True, kw_only=True)
class ServiceContent:
    """Everything an administrator writes about a service but its checklist, which has versions of its own.

    ``reminder_hours`` are those before a visit, the earliest reminder first.
    ``synonyms`` are for searching alone: one a line or after a comma, in whatever language people think of them.
    ``follow_up`` says what happens after the visit: ready in about three weeks, no appointment to collect it.
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
    release_weekday: int | None = None
    release_time: time | None = None
    release_weeks: int | None = None
    buffer_minutes: int = 0
    freed_minutes: int = 0
    quota: int | None = None
    quota_per: QuotaPer | None = None
    is_sensitive: bool = False
    urgent_mode: UrgentMode | None = None
    urgent_text: Translated = NOTHING
    follow_up: Translated = NOTHING
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
        """Raises ``NotReachable`` (an online service without link, counter, telephone or post) or ``TextMissing``.

        ``also`` are the gaps of what stands beside it: its checklist and its counters.
        """
        gaps = self.gaps() + also
        if self.mode == ServiceMode.ONLINE and any(gap.field in (*BESIDE_ONLINE, NO_COUNTER.field) for gap in gaps):
            raise NotReachable
        if gaps:
            raise TextMissing(languages=tuple(sorted({gap.language for gap in gaps})))


def gaps_of(checklist: Checklist) -> tuple[Gap, ...]:
    """What of a checklist is not written in an official language yet."""
    texts = (text for _, _, text in checklist.texts())
    return tuple(dict.fromkeys(Gap("checklist", language) for text in texts for language in text.missing(OFFICIAL)))


def gaps_of_counters(mode: ServiceMode, counters: int) -> tuple[Gap, ...]:
    """What can be done online has to be possible at a counter too: at least one serves it."""
    return (NO_COUNTER,) if mode == ServiceMode.ONLINE and not counters else ()


def changed_fields(before: ServiceContent, after: ServiceContent) -> tuple[str, ...]:
    """The names of what differs."""
    return tuple(field.name for field in fields(after) if getattr(before, field.name) != getattr(after, field.name))
