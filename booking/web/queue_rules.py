"""The rule of an office's queue in words, written once: for its hall, for those who wait, for whoever chooses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask_babel import lazy_gettext as _l

from booking.core.turns import QueuePolicy
from booking.web.languages import current_language
from booking.words.formatting import minutes, time_sentence


@dataclass(frozen=True)
class Rule:
    """A policy as it is named, told in a sentence, explained to who sees a later number go first, and shown."""

    name: Any
    sentence: Any
    why: Any
    example: Any


RULES: Mapping[QueuePolicy, Rule] = {
    QueuePolicy.PROMISED: Rule(
        name=_l("By the time each was told"),
        sentence=_l("We call in the order of the times people were told, with or without an appointment."),
        why=_l(
            "Everybody has a time: that of their appointment or, without one, the time told when the ticket was taken. "
            "The earlier time goes first, whatever the number."
        ),
        example=_l(
            "Ben comes without an appointment at %(first)s and is told to wait about half an hour: his time is "
            "%(later)s. Ana has an appointment at %(second)s: she is called before him."
        ),
    ),
    QueuePolicy.APPOINTMENTS_FIRST: Rule(
        name=_l("Appointments first"),
        sentence=_l("From its time on, an appointment goes before those who come without one."),
        why=_l(
            "From its time on, an appointment goes before those who come without one. "
            "These are called in the order in which they came."
        ),
        example=_l(
            "Ben comes without an appointment at %(first)s, Ana has one at %(second)s. Until %(second)s Ben is called "
            "first; from then on it is Ana."
        ),
    ),
    QueuePolicy.ARRIVAL: Rule(
        name=_l("In the order of arrival"),
        sentence=_l("We call in the order of arrival, with or without an appointment."),
        why=_l("Whoever came first goes first, with or without an appointment."),
        example=_l(
            "Ben comes without an appointment at %(first)s, Ana a little later for hers at %(second)s: "
            "Ben is called first."
        ),
    ),
}

EXAMPLE = {"first": time(8, 50), "second": time(9, 10), "later": time(9, 20)}


def sentence_of_rule(policy: QueuePolicy) -> str:
    """The rule in one sentence, in the language that is spoken now."""
    return str(RULES[policy].sentence)


def example_of(policy: QueuePolicy) -> str:
    """The rule shown on two people, in the language that is spoken now."""
    language = current_language()
    return str(RULES[policy].example) % {name: time_sentence(wall, language) for name, wall in EXAMPLE.items()}


def reasons_of_order(policy: QueuePolicy, *, grace_minutes: int, language_minutes: int) -> Iterator[str]:
    """Why a later number may be called first, sentence by sentence, in the language that is spoken now."""
    language = current_language()
    yield str(RULES[policy].why)
    if policy != QueuePolicy.ARRIVAL and grace_minutes:
        late = _l("Whoever comes more than %(minutes)s after the time of an appointment waits like those without one.")
        yield str(late) % {"minutes": minutes(grace_minutes, language)}
    yield str(_l("Each counter calls the people it can help: not all of them do everything."))
    if language_minutes:
        spoken = _l("Whoever needs another language may go up to %(minutes)s earlier at a counter where it is spoken.")
        yield str(spoken) % {"minutes": minutes(language_minutes, language)}
    yield str(_l("Some people have priority. We do not say why."))
