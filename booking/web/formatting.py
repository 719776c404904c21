"""Dates, times, money and names of states, in the reader's language, as filters for the templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.web import needs
from booking.web.languages import current_language
from booking.words import formatting as words
from booking.words import roles
from booking.words.catalogues import texts
from booking.words.formatting import NBSP

WITH_LANGUAGE = (
    "date_sentence",
    "date_without_year",
    "date_without_weekday",
    "date_narrow",
    "date_numeric",
    "day_of_week",
    "day_of_week_short",
    "time_sentence",
    "time_short",
    "money",
    "minutes",
    "countdown",
    "phone_shown",
    "listing",
)
WITHOUT_LANGUAGE = ("reference_shown", "time_plain", "numbers_whole")
LONGEST_WHOLE = 16
WORDS = re.compile(r"\s+|\S+")
HOUSE_NUMBER = re.compile(r" (?=[0-9]+\w?(?:,|$))")
TWO_VALUES = ("moment_sentence", "moment_without_year", "span_sentence", "month_sentence", "month_title")


def init_app(app: Flask) -> None:
    filters = app.jinja_env.filters
    for name in WITH_LANGUAGE:
        filters[name] = in_readers_language(getattr(words, name))
    for name in TWO_VALUES:
        filters[name] = pair_in_readers_language(getattr(words, name))
    for name in WITHOUT_LANGUAGE:
        filters[name] = getattr(words, name)
    filters["as_sent"] = as_sent
    filters["ordinal_shown"] = ordinal_shown
    filters["needs_told"] = needs.told
    filters["needs_to_prepare"] = needs.to_prepare
    app.jinja_env.globals["need_choices"] = tuple(needs.NEED_WORDS.items())
    app.jinja_env.globals["role_name"] = role_name
    filters["unbroken"] = unbroken
    filters["translated"] = translated
    filters["told"] = told
    filters["as_text"] = as_text


def role_name(role: Role) -> str:
    """What a role of a commune is called, in the reader's language."""
    return texts(current_language()).gettext(roles.NAMES[role])


def ordinal_shown(number: int) -> Markup:
    """A place in a row; what French writes after the number stands above the line."""
    said = words.ordinal(number, current_language())
    if current_language() != "fr":
        return escape(said)
    return Markup("{}<sup>{}</sup>").format(number, said.removeprefix(str(number)))


def as_sent(start: datetime) -> int:
    """A start as forms send it: minutes since the epoch."""
    return int(start.timestamp()) // 60


def translated(text: Translated, form: Callable[[str], Markup] = escape) -> Markup:
    """A name or a few words in the reader's language; where it is not written, in French and in Dutch, each marked."""
    return Markup("\u00a0/ ").join(readings(text, "", form))


def told(text: Translated) -> Markup:
    """A sentence or more, like ``translated``; French and Dutch stand below one another."""
    return Markup(" ").join(readings(text, "reading", escape))


def readings(text: Translated, class_: str, form: Callable[[str], Markup]) -> Iterator[Markup]:
    own = current_language()
    for language, said in text.readings(own):
        if language == own:
            yield form(said)
        else:
            mark = Markup(' class="{}"').format(class_) if class_ else Markup()
            yield Markup('<span{} lang="{}">{}</span>').format(mark, language, form(said))


def as_text(said: str) -> str:
    """What a title, a choice in a list or an attribute can hold: the words of ``translated`` without their marks."""
    return said.striptags() if isinstance(said, Markup) else said


def unbroken(text: str | Translated) -> Markup:
    """A title, a name or an address that breaks where a careful printer would break it.

    A word with a hyphen stays whole, unless it may be wider than a phone, and a house number stays with its street.
    """
    if isinstance(text, Translated):
        return translated(text, unbroken)
    return Markup("").join(
        Markup('<span class="nowrap">{}</span>').format(part) if "-" in part and len(part) <= LONGEST_WHOLE else part
        for part in WORDS.findall(HOUSE_NUMBER.sub(NBSP, text))
    )


def in_words(fact: object) -> object:
    """A fact of a sentence as the reader says it; what is neither a text, a day nor a time stays what it is."""
    if isinstance(fact, Translated):
        return fact.joined(current_language())
    if isinstance(fact, time):
        return words.time_sentence(fact, current_language())
    return words.date_sentence(fact, current_language()) if isinstance(fact, date) else fact


def in_readers_language(form: Callable[..., str]) -> Callable[..., str]:
    def filter_(value: Any, language: str | None = None) -> str:
        return form(value, language or current_language())

    return filter_


def pair_in_readers_language(form: Callable[..., str]) -> Callable[..., str]:
    def filter_(value: Any, other: Any, language: str | None = None) -> str:
        return form(value, other, language or current_language())

    return filter_
