"""The sections of a configuration: which keys each has, what they are read into, and what they must not say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from booking.core.checklist import Checklist, PhotoRule, Procedure
from booking.core.colours import is_colour, too_faint
from booking.core.configuration.kinds import Key, Kind, Many, Optional, Record, Text, Texts, unlike
from booking.core.configuration.scalars import Among, Choice, Day, Euro, Number, OneOf, Shaped, Word, Zone
from booking.core.configuration.tree import Branch, FaultKind, Faults
from booking.core.needs import MOST_MINUTES, Need, NeedTimes
from booking.core.opening import SessionRule
from booking.core.quotas import MOST_QUOTA
from booking.core.releases import MOST_WEEKS
from booking.core.reminders import LONGEST_HOURS, MOST_REMINDERS
from booking.core.services import LONGEST_CODE, Fee, ServiceContent, gaps_of
from booking.core.tickets import LETTERS
from booking.core.translated import LANGUAGES, OFFICIAL, Translated
from booking.models.offices import CounterKind
from booking.usecases.commune_words import CommuneWords
from booking.usecases.communes import Theme
from booking.usecases.configuration.checklists import EMPTY_LIST, check_list
from booking.usecases.configuration.derived import keys_of
from booking.usecases.configuration.hours import MOST_NAMES, NamedClosure
from booking.usecases.offices import OfficeFacts
from booking.usecases.queue_rules import QueueRules

NOTHING = Translated({})
NEW = 0
"""Stands for the number of a row in what a file says: it names things by their words."""

ADDRESS = Shaped(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+", FaultKind.ADDRESS)
PHONE = Shaped(r"\+[1-9][0-9]{7,14}", FaultKind.PHONE, 20)
POSTCODE = Shaped("[1-9][0-9]{3}", FaultKind.POSTCODE)
LINK = (r"https?://[^\s<>\"]+", FaultKind.LINK)


class Colour(Shaped):
    """A colour, written #1d4f91."""

    def __init__(self) -> None:
        super().__init__("#[0-9a-fA-F]{6}", FaultKind.COLOUR)


# The commune


def check_theme(theme: Theme, node: Branch, faults: Faults) -> None:
    if all(is_colour(one) for one in vars(theme).values()):
        for name in too_faint(theme.brand, theme.strong, theme.soft):
            faults.note(node.lines.get(name, node.line), FaultKind.CONTRAST, name)


THEME = Record({name: Key(Colour()) for name in ("brand", "strong", "soft")}, Theme, check_theme, taken=vars)
SLUGS = Record({one: Key(Word(60)) if one in OFFICIAL else Key(Word(60), "") for one in LANGUAGES})
NEEDS = Record(
    {need.value: Key(Number(0, MOST_MINUTES, 5), 0) for need in Need},
    lambda **minutes: NeedTimes.of({Need(name): number for name, number in minutes.items()}),
    taken=lambda times: {need.value: dict(times.minutes).get(need, 0) for need in Need},
)
WORDS: Mapping[str, Kind] = {"data_officer": Optional(ADDRESS), "need_minutes": NEEDS}
COMMUNE_KEYS = {
    "name": Key(Texts(120)),
    "first_language": Key(OneOf(OFFICIAL)),
    "slugs": Key(SLUGS),
    "zone_key": Key(Zone(), "Europe/Brussels"),
    "postcodes": Key(Many(POSTCODE, 30, unlike(str))),
    "phone": Key(PHONE),
    "email": Key(ADDRESS),
    "sender_address": Key(ADDRESS),
    "post_address": Key(Texts(300)),
    "theme": Key(THEME, Theme()),
    "contact_days": Key(Number(1, 90), 30),
    "name_months": Key(Number(1, 12), 12),
    **keys_of(CommuneWords, WORDS),
}


def commune_of(**facts: Any) -> dict[str, Any]:
    """A language without a word of its own is reached by that of the commune's first language."""
    slugs = facts["slugs"]
    words = {language: word or slugs[facts["first_language"]] for language, word in slugs.items()}
    return facts | {"slugs": words, "postcodes": tuple(sorted(facts["postcodes"]))}


COMMUNE = Record(COMMUNE_KEYS, commune_of)


# Services


@dataclass(frozen=True)
class GroupSection:
    code: str
    name: Translated
    icon: str
    letter: str


GROUP = Record(
    {"code": Key(Word(40)), "letter": Key(OneOf(LETTERS)), "icon": Key(Word(20)), "name": Key(Texts(120))},
    GroupSection,
    taken=vars,
)


class ServiceState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class ServiceSection:
    """A service: ``content`` with no group of its own, for that is named by its word."""

    group: str
    state: ServiceState
    content: ServiceContent
    checklist: Checklist
    last_day: date | None = None

    @property
    def code(self) -> str:
        return self.content.code


FEE = Record(
    {
        "valid_from": Key(Day()),
        "euro": Key(Euro()),
        "procedure": Key(Choice(Procedure), Procedure.NORMAL),
        "note": Key(Texts(200, both=False), NOTHING),
    },
    lambda euro, **said: Fee(cents=euro, **said),
    taken=lambda fee: vars(fee) | {"euro": fee.cents},
)
MINUTES = Number(0, 43_200)
CONTENT_KINDS: Mapping[str, Kind] = {
    "name": Texts(120, both=False),
    "synonyms": Texts(1_000, long=True, both=False),
    "summary": Texts(300, both=False),
    "details": Texts(3_000, long=True, both=False),
    "link": Texts(300, both=False, shape=LINK),
    **{name: Texts(300, both=False) for name in ("who_comes", "authority", "by_phone", "by_post", "urgent_text")},
    "minutes_first": Number(5, 240),
    "minutes_extra": Number(0, 120),
    "minutes_beside": Optional(Number(0, 240)),
    "information_minutes": Optional(Number(5, 240)),
    "information_days": Optional(Number(0, 180)),
    "max_persons": Number(1, 20),
    "notice_minutes": MINUTES,
    "cancel_notice_minutes": MINUTES,
    "max_moves": Number(1, 99),
    "horizon_days": Number(1, 365),
    "promised_days": Optional(Number(0, 365)),
    "release_weekday": Optional(Number(0, 6)),
    "release_weeks": Optional(Number(1, MOST_WEEKS)),
    "buffer_minutes": Number(0, 120),
    "freed_minutes": Number(0, 1_440),
    "quota": Optional(Number(1, MOST_QUOTA)),
    "reminder_hours": Many(Number(1, LONGEST_HOURS), MOST_REMINDERS, unlike(int)),
    "fees": Many(FEE, 30, unlike(lambda fee: (fee.valid_from, fee.procedure.value))),
}

TOGETHER = (
    ("information_minutes", "information_days"),
    ("release_weekday", "release_time", "release_weeks"),
    ("quota", "quota_per"),
)
"""Fields that say one thing together: all of them or none."""


def service_record(names: Names) -> Record:
    """The keys of a service, which may name the groups and the services of its file."""
    keys = {
        "code": Key(Word(LONGEST_CODE)),
        "group": Key(Among(names.groups)),
        "state": Key(Choice(ServiceState)),
        "last_day": Key(Optional(Day()), None),
        **keys_of(ServiceContent, CONTENT_KINDS, but=frozenset({"group_id", "code"})),
        "checklist": EMPTY_LIST,
    }

    def check(service: ServiceSection, node: Branch, faults: Faults) -> None:
        check_service(service, node, faults)
        listed = node.items.get("checklist")
        if isinstance(listed, Branch):
            check_list(service.checklist, listed, names.living - {service.code}, faults)

    return Record(keys, service_of, check, taken=said_of_service)


def service_of(
    *, code: str, group: str, state: ServiceState, checklist: Checklist, last_day: date | None, **said: Any
) -> ServiceSection:
    return ServiceSection(group, state, ServiceContent(group_id=NEW, code=code, **said), checklist, last_day)


def said_of_service(service: ServiceSection) -> dict[str, Any]:
    return (
        vars(service.content)
        | {name: value for name, value in vars(service).items() if name != "content"}
        | {"code": service.code}
    )


def check_service(service: ServiceSection, node: Branch, faults: Faults) -> None:
    content = service.content
    for names in TOGETHER:
        if len({getattr(content, name) is None for name in names}) > 1:
            faults.note(node.line, FaultKind.KEY_MISSING, ", ".join(names))
    if service.state == ServiceState.PUBLISHED:
        for gap in content.gaps() + gaps_of(service.checklist):
            faults.note(node.lines.get(gap.field, node.line), FaultKind.NOT_PUBLISHABLE, f"{gap.field} {gap.language}")


# Offices


@dataclass(frozen=True)
class CounterSection:
    label: str
    note: Translated = NOTHING
    kind: CounterKind = CounterKind.NORMAL
    max_persons: int | None = None
    services: frozenset[str] = frozenset()
    is_retired: bool = False


@dataclass(frozen=True)
class OfficeSection:
    facts: OfficeFacts
    rules: QueueRules
    counters: tuple[CounterSection, ...] = ()
    sessions: tuple[SessionRule, ...] = ()
    is_retired: bool = False

    @property
    def code(self) -> str:
        return self.facts.code


FACTS_KINDS: Mapping[str, Kind] = {
    "code": Word(40),
    "name": Texts(120),
    "address": Texts(300),
    **{name: Texts(400) for name in ("transport", "access", "late_rule")},
    "zone_key": Zone(),
    "start_step": Number(5, 120, 5),
    "photo_rule": Choice(PhotoRule),
    "grace_minutes": Number(0, 60),
    "sheet_by_mail": Optional(ADDRESS),
}
RULES_KINDS: Mapping[str, Kind] = {
    "language_minutes": Number(0, 60),
    "calls_needed": Number(1, 9),
    "check_in_minutes": Optional(Number(5, 240)),
    "walk_in_lead_minutes": Number(0, 180),
}
FACTS, RULES = keys_of(OfficeFacts, FACTS_KINDS), keys_of(QueueRules, RULES_KINDS)


def counter_record(services: Collection[str]) -> Record:
    kinds: dict[str, Kind] = {
        "label": Text(20),
        "note": Texts(200),
        "max_persons": Optional(Number(1, 99)),
        "services": Many(Among(services), MOST_NAMES, make=frozenset),
    }
    return Record(
        keys_of(CounterSection, kinds),
        CounterSection,
        check_label,
        taken=lambda counter: vars(counter) | {"services": sorted(counter.services) or frozenset()},
    )


def check_label(counter: CounterSection, node: Branch, faults: Faults) -> None:
    if not counter.label:
        faults.note(node.lines["label"], FaultKind.EMPTY, "label")


@dataclass(frozen=True)
class Configuration:
    """All that a file says of a commune."""

    commune: Mapping[str, Any]
    groups: tuple[GroupSection, ...] = ()
    services: tuple[ServiceSection, ...] = ()
    offices: tuple[OfficeSection, ...] = ()
    closures: tuple[NamedClosure, ...] = ()


@dataclass(frozen=True)
class Names:
    """What the parts of a file are called, so that others may name them.

    ``living`` are the services that are not deactivated; of each office its counters and its extra lanes.
    """

    groups: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    living: frozenset[str] = frozenset()
    counters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    lanes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def labels(self) -> dict[str, frozenset[str]]:
        return {office: labels | self.lanes[office] for office, labels in self.counters.items()}
