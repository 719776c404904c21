"""Opening hours, their ends and closures told as sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from difflib import SequenceMatcher
from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.core.changes import AddClosure
from booking.core.opening import LAST, Mode, Season, SessionRule
from booking.web.languages import current_language
from booking.words.formatting import date_sentence, day_of_week, listing, month_name, span_sentence, time_sentence

A_MONDAY = date(2027, 1, 4)
WORDS = re.compile(r"[^ ,]+|[ ,]")
KEPT = 512
RUN = 3
"""From how many days in a row on one says "Monday to Friday"."""
BETWEEN = " · "
"""Stands between names that may have commas of their own."""


@dataclass(frozen=True)
class Names:
    """How the counters of an office are labelled and the services of its commune are called, by their ids."""

    counters: Mapping[int, str]
    services: Mapping[int, str]


@dataclass(frozen=True)
class Told:
    """An opening session in sentences: when, how and where; what limits it; and its time of the year, if any."""

    hours: str
    limits: tuple[str, ...]
    season: str

    def __str__(self) -> str:
        return " ".join(filter(None, (self.hours, *self.limits, self.season)))


@dataclass
class Group:
    """Sessions of one time of the year, each with its sentences."""

    heading: str
    season: Season | None = None
    sessions: list[tuple[SessionRule, Told]] = field(default_factory=list)

    @property
    def word(self) -> tuple[str, str]:
        """The two ends of its season as addresses carry them."""
        return words_of(self.season) if self.season else ("", "")


def told(rule: SessionRule, names: Names, *, today: date) -> Told:
    """A session as one would say it; the day from which it holds is said while that is still to come."""
    counters, lanes = (
        tuple(names.counters[one] for one in sorted(some) if one in names.counters)
        for some in (rule.counters, rule.lanes)
    )
    services = tuple(names.services[one] for one in sorted(rule.services) if one in names.services)
    return sentences(rule, counters, lanes, services, rule.valid_from > today, current_language())


@lru_cache(maxsize=KEPT)
def sentences(
    rule: SessionRule,
    counters: tuple[str, ...],
    lanes: tuple[str, ...],
    services: tuple[str, ...],
    is_to_come: bool,
    language: str,
) -> Told:
    """The sentences in the reader's ``language``, kept because most hours are the same for years."""
    when = {"days": days_of(rule), "hours": span_sentence(rule.start, rule.end, language)}
    how = {"mode": mode_in_words(rule.mode), "counters": listing(counters, language)}
    hours = (
        ngettext(
            "%(days)s, %(hours)s, %(mode)s, counter %(counters)s",
            "%(days)s, %(hours)s, %(mode)s, counters %(counters)s",
            len(counters),
            **when,
            **how,
        )
        if counters
        else _("%(days)s, %(hours)s, %(mode)s: no counter in use", **when, mode=how["mode"])
    )
    limits = []
    if rule.services:
        limits.append(_("Only for: %(services)s.", services=BETWEEN.join(services)))
    if rule.last_entry:
        limits.append(_("Last ticket at %(time)s.", time=time_sentence(rule.last_entry, language)))
    limits += shares_of(rule, lanes)
    if not is_single_day(rule):
        if is_to_come:
            limits.append(_("From %(day)s.", day=date_sentence(rule.valid_from, language)))
        if rule.valid_until:
            limits.append(_("Until %(day)s.", day=date_sentence(rule.valid_until, language)))
    return Told(capital(hours) + ".", tuple(limits), season_in_words(rule.season) if rule.season else "")


def shares_of(rule: SessionRule, lanes: Sequence[str]) -> Iterator[str]:
    """What of a session is kept for some, and where staff may give more than there is."""
    if rule.walk_in_minutes:
        yield _(
            "The first %(number)s minutes of each hour, counted from the opening, are kept for people without an "
            "appointment.",
            number=rule.walk_in_minutes,
        )
    if rule.staff_minutes:
        yield _(
            "The last %(number)s minutes of each hour, counted from the opening, are kept for appointments that "
            "staff make.",
            number=rule.staff_minutes,
        )
    if rule.most_walk_ins is not None:
        yield ngettext(
            "At most %(number)s ticket without an appointment.",
            "At most %(number)s tickets without an appointment.",
            rule.most_walk_ins,
            number=rule.most_walk_ins,
        )
    if lanes:
        yield _("Extra counters for overbooking: %(counters)s.", counters=listing(lanes, current_language()))


@dataclass(frozen=True)
class Part:
    """Some words of a sentence, and whether the other sentence has different ones there."""

    words: str
    differs: bool


def differences(before: str, after: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Two sentences word by word, so that the eye finds what is different between them."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return (
        tuple(Part("".join(old[i:j]), step != "equal") for step, i, j, _, _ in steps if i < j),
        tuple(Part("".join(new[i:j]), step != "equal") for step, _, _, i, j in steps if i < j),
    )


def is_single_day(rule: SessionRule) -> bool:
    return rule.valid_from == rule.valid_until


def days_of(rule: SessionRule) -> str:
    language = current_language()
    if is_single_day(rule):
        return date_sentence(rule.valid_from, language)
    days = sorted(rule.weekdays)
    names = [day_of_week(A_MONDAY + timedelta(days=day), language) for day in days]
    listed = listing(names, language)
    if rule.nth_of_month is not None:
        return nth_in_words(rule.nth_of_month, listed)
    if rule.every_weeks > 1 and rule.anchor is not None:
        since = date_sentence(rule.anchor, language)
        if rule.every_weeks == 2 and len(days) == 1:
            return _("every second %(day)s, counted from %(date)s", day=listed, date=since)
        return _(
            "every %(weeks)s weeks on %(days)s, counted from %(day)s", weeks=rule.every_weeks, days=listed, day=since
        )
    if len(days) >= RUN and days[-1] - days[0] == len(days) - 1:
        return _("%(first)s to %(last)s", first=names[0], last=names[-1])
    return listed


def nth_in_words(nth: int, days: str) -> str:
    sentences = {
        1: _("the first %(days)s of the month", days=days),
        2: _("the second %(days)s of the month", days=days),
        3: _("the third %(days)s of the month", days=days),
        4: _("the fourth %(days)s of the month", days=days),
        5: _("the fifth %(days)s of the month", days=days),
        LAST: _("the last %(days)s of the month", days=days),
    }
    return sentences[nth]


def mode_in_words(mode: Mode) -> str:
    return {
        Mode.APPOINTMENT: _("by appointment"),
        Mode.WALK_IN: _("without an appointment"),
        Mode.BOTH: _("with or without an appointment"),
    }[mode]


def season_in_words(season: Season) -> str:
    first, last = (day_of_year(*end, current_language()) for end in (season.first, season.last))
    return _("Every year from %(first)s to %(last)s.", first=first, last=last)


def words_of(season: Season) -> tuple[str, str]:
    """The two ends of a season as one would type them: 1-7, 15-8."""
    (first_month, first_day), (last_month, last_day) = season.first, season.last
    return f"{first_day}-{first_month}", f"{last_day}-{last_month}"


def day_of_year(month: int, day: int, language: str) -> str:
    number = "1er" if language == "fr" and day == 1 else str(day)
    return f"{number}\u00a0{month_name(month, language)}"


def by_season(rules: Iterable[SessionRule], tell: Callable[[SessionRule], Told]) -> list[Group]:
    """Sessions of the whole year first, then those of each season, those that have an end, and single days."""
    whole_year, single_days = Group(_("All year")), Group(_("Extra openings"))
    for_some_time = Group(_("For some time"))
    seasons: dict[Season, Group] = {}
    for rule in rules:
        if is_single_day(rule):
            group = single_days
        elif rule.season:
            group = seasons.setdefault(rule.season, Group(season_in_words(rule.season).rstrip("."), rule.season))
        elif rule.valid_until:
            group = for_some_time
        else:
            group = whole_year
        group.sessions.append((rule, tell(rule)))
    return [group for group in (whole_year, *seasons.values(), for_some_time, single_days) if group.sessions]


def kind_in_words(kind: str) -> str:
    """How a day stands, as the calendar of a year says it."""
    return {
        "none": _("no opening hours"),
        "open": _("open"),
        "exceptional": _("extra opening"),
        "partly": _("partly closed"),
        "closed": _("closed"),
        "holiday": _("closed, public holiday"),
    }[kind]


# Closures


def days_in_words(first: date, last: date) -> str:
    language = current_language()
    if first == last:
        return date_sentence(first, language)
    return _("%(first)s to %(last)s", first=date_sentence(first, language), last=date_sentence(last, language))


def part_of_day(start: time | None, end: time | None) -> str:
    """The part of a day that is meant; empty for all of it."""
    language = current_language()
    if start and end:
        return span_sentence(start, end, language)
    if start:
        return _("from %(time)s", time=time_sentence(start, language))
    return _("until %(time)s", time=time_sentence(end, language)) if end else ""


def place_told(office: str | None, counters: Sequence[str] = ()) -> str:
    """What is shut: the whole commune (no office), an office, or some of its counters."""
    if office is None:
        return _("The whole commune, every office")
    if not counters:
        return office
    return ngettext(
        "%(office)s, counter %(counters)s",
        "%(office)s, counters %(counters)s",
        len(counters),
        office=office,
        counters=listing(counters, current_language()),
    )


def closure_told(change: AddClosure, place: str) -> str:
    """A closure as one would say it; ``place`` is what is shut."""
    when = days_in_words(change.rule.first, change.rule.last)
    part = part_of_day(change.rule.start, change.rule.end)
    reason = change.reason.joined(current_language())
    return _(
        "%(place)s: closed %(when)s – %(reason)s",
        place=capital(place),
        when=f"{when}, {part}" if part else when,
        reason=reason,
    )


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
