"""The shapes in which the demonstration is written down.

Things name one another by code: a session its office, counters and services, a service its group and papers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from booking.core.appointments import ServiceMode
from booking.core.checklist import PhotoRule, UrgentMode
from booking.core.needs import Need
from booking.core.opening import Mode, Season
from booking.core.reminders import USUAL_HOURS
from booking.core.roles import Role
from booking.core.services import Fee
from booking.core.translated import Translated
from booking.core.turns import QueuePolicy
from booking.usecases.appointments import Helper

NOTHING = Translated({})
OPEN_SINCE = date(2026, 1, 1)


def filled(text: Translated, **blanks: Translated) -> Translated:
    """``text`` with its ``{blanks}`` filled in, each language from its own."""
    return Translated(
        {
            language: said.format(**{name: blank.in_(language) for name, blank in blanks.items()})
            for language, said in text
        }
    )


@dataclass(frozen=True, kw_only=True)
class DemoCommune:
    """A commune. ``phone`` is E.164; ``phone_shown`` and ``undertakers`` are numbers as a sentence writes them.

    ``modes`` and ``sensitive`` are its own choices about the services that both communes offer.
    """

    code: str
    name: Translated
    slugs: Mapping[str, str]
    first_language: str
    zone: str
    postcodes: tuple[str, ...]
    brand: str
    brand_strong: str
    brand_soft: str
    phone: str
    phone_shown: Translated
    undertakers: Translated
    email: str
    sender: str
    post_address: Translated
    modes: Mapping[str, ServiceMode]
    sensitive: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class DemoCounter:
    """A counter and what it can serve."""

    label: str
    services: tuple[str, ...]
    note: Translated = NOTHING


@dataclass(frozen=True, kw_only=True)
class DemoOffice:
    """A building, its counters in their order, and the minutes between offered starts.

    ``grace_minutes`` and ``late_rule`` are what it does with latecomers, ``photo_rule`` where photos come from,
    ``queue_policy`` the rule by which it calls.
    ``lanes`` are its extra counters.
    """

    commune: str
    code: str
    name: Translated
    address: Translated
    transport: Translated
    access: Translated
    counters: tuple[DemoCounter, ...]
    start_step: int = 15
    photo_rule: PhotoRule = PhotoRule.BRING
    grace_minutes: int = 15
    late_rule: Translated = NOTHING
    queue_policy: QueuePolicy = QueuePolicy.PROMISED
    lanes: tuple[DemoCounter, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DemoSession:
    """Recurring hours. ``weekdays`` count from Monday, 0; without services it is all that the counters serve.

    Of each hour the first ``walk_in_minutes`` are kept for people without an appointment; ``lanes`` are extra counters.
    """

    commune: str
    office: str
    weekdays: frozenset[int]
    start: time
    end: time
    counters: tuple[str, ...]
    mode: Mode
    services: tuple[str, ...] = ()
    last_entry: time | None = None
    season: Season | None = None
    nth_of_month: int | None = None
    every_weeks: int = 1
    anchor: date | None = None
    valid_from: date = OPEN_SINCE
    valid_until: date | None = None
    walk_in_minutes: int = 0
    lanes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DailyBreak:
    """The part of a counter's day that nobody can book, on the days when the counter is open then."""

    commune: str
    office: str
    counter: str
    weekdays: frozenset[int]
    start: time
    end: time


@dataclass(frozen=True, kw_only=True)
class DemoClosure:
    """Days shut: a whole commune, or some counters of an office. Wall times limit it to a part of each day."""

    first: date
    last: date
    reason: Translated
    start: time | None = None
    end: time | None = None
    office: str | None = None
    counters: tuple[str, ...] = ()


@dataclass(frozen=True)
class DemoGroup:
    """A theme of services and the name of its icon."""

    code: str
    icon: str
    name: Translated


@dataclass(frozen=True, kw_only=True)
class DemoService:
    """A service as both communes offer it; ``{phone}``, ``{undertakers}`` and ``{post}`` are the commune's.

    ``papers`` is the plain list of a service that asks nothing.
    """

    code: str
    group: str
    mode: ServiceMode
    name: Translated
    summary: Translated
    details: Translated
    who_comes: Translated = NOTHING
    papers: tuple[str, ...] = ()
    fees: tuple[Fee, ...] = ()
    link: Translated = NOTHING
    authority: Translated = NOTHING
    by_phone: Translated = NOTHING
    by_post: Translated = NOTHING
    minutes_first: int = 10
    minutes_extra: int = 0
    minutes_beside: int | None = None
    information_minutes: int | None = None
    information_days: int | None = None
    max_persons: int = 1
    notice_minutes: int = 120
    cancel_notice_minutes: int = 60
    horizon_days: int = 60
    reminder_hours: tuple[int, ...] = USUAL_HOURS
    asks_coming: bool = False
    is_sensitive: bool = False
    urgent_mode: UrgentMode | None = None
    urgent_text: Translated = NOTHING


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who comes: ``phone`` in E.164, the language at the counter, and another that would help.

    ``is_unreached``: the mail server sends the confirmation back. ``helper`` booked it for them.
    """

    name: str
    email: str | None
    phone: str | None
    language: str
    help_language: str | None = None
    is_unreached: bool = False
    helper: Helper | None = None
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True, kw_only=True)
class DemoStaff:
    """What somebody is to a commune, with the language of their screens. One address is one account everywhere."""

    commune: str
    name: str
    email: str
    language: str
    role: Role
