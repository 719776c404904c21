"""What somebody on the telephone or at the desk wishes, as the forms of staff carry it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import g, session

from booking.core.appointments import Channel
from booking.core.availability import STAFF, Asked
from booking.core.checklist import Checklist, Question, Resolution, Told, asked, given, resolve
from booking.core.errors import NoCounterForAll, NotBookable, Unknown
from booking.core.needs import Need, known_needs
from booking.database import read
from booking.models import Office, Service
from booking.usecases.baskets import Basket
from booking.usecases.checklists import NO_LIST, Version, newest
from booking.usecases.overbooking import OVERBOOKED
from booking.usecases.times_by_staff import FreeStart
from booking.web.agent.desk import office_here, offices
from booking.web.formatting import as_sent
from booking.web.resident.answers import comes_without_appointment
from booking.web.resident.baskets import Typed, as_lines, typed_basket, typed_lines
from booking.web.resident.times import in_steps, typed_start, where_taken

ANYWHERE = "any"


@dataclass(frozen=True)
class AskedOf:
    """What is asked about one service: whose answers change the length of the visit or lead elsewhere.

    At the desk nobody has to answer. ``answers`` are what was answered so far, ``resolution`` where that leads.
    """

    service: Service
    version: Version
    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    resolution: Resolution

    @property
    def leads_elsewhere(self) -> bool:
        """Whether the answers lead to something else than an appointment."""
        return self.resolution.outcome is not None or comes_without_appointment(self.service, self.resolution)

    @property
    def told(self) -> Told:
        return Told(self.version.number, tuple(sorted(self.answers.items())), self.resolution.procedure)

    def named(self, code: str) -> str:
        """The field of a question: two services may ask the same."""
        return field_about(self.service, code)


@dataclass(frozen=True)
class PhoneWish:
    """A basket, the ``offices`` that take it and the one that is wished (``None``: any of them).

    ``about`` is what is asked of each service. Of a service in steps ``first`` is when one is informed, once that is
    chosen: the basket is then that of the file. ``overbooks``: for what is chosen now an extra lane will do, and
    ``first_overbooks`` for the information.
    """

    basket: Basket
    offices: tuple[Office, ...]
    office: Office | None
    channel: Channel
    needs: frozenset[Need]
    about: tuple[AskedOf, ...]
    first: FreeStart | None = None
    overbooks: bool = False
    first_overbooks: bool = False

    @property
    def wanted(self) -> tuple[Office, ...]:
        """The offices whose times are shown."""
        return (self.office,) if self.office else self.offices

    @property
    def elsewhere(self) -> tuple[AskedOf, ...]:
        """The services for which the answers lead to something else than an appointment."""
        return tuple(one for one in self.about if one.leads_elsewhere)

    @property
    def has_questions(self) -> bool:
        return any(one.questions for one in self.about)

    @property
    def is_answered(self) -> bool:
        return any(one.answers for one in self.about)

    @property
    def address(self) -> dict[str, Any]:
        """What is wished, as ``url_for`` takes it: answers and needs never stand in an address."""
        where = self.office.code if self.office else ANYWHERE
        return {"line": as_lines(self.basket), "office": where, "first": sent(self.first) if self.first else None}

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The whole wish as hidden fields of the next form."""
        plain = [("line", line) for line in as_lines(self.basket)]
        plain += [("channel", self.channel.value), ("office", self.office.code if self.office else ANYWHERE)]
        plain += [("first", sent(self.first))] if self.first else []
        plain += [("first_overbook", "1")] if self.first and self.first_overbooks else []
        answers = [(one.named(code), answer) for one in self.about for code, answer in one.answers.items()]
        return [*plain, *(("needs", need.value) for need in Need if need in self.needs), *answers]

    @property
    def first_asked(self) -> Asked:
        """What is asked for the information."""
        return OVERBOOKED if self.first_overbooks else STAFF

    def as_held(self) -> dict[str, Any]:
        """The wish as ``hold_for_caller`` takes it."""
        return {
            "lines": self.basket.wished,
            "needs": self.needs,
            "channel": self.channel,
            "first": self.first.start if self.first else None,
            "apart": self.basket.apart,
            "asked": OVERBOOKED if self.overbooks else STAFF,
            "first_asked": self.first_asked,
        }


def wish_of(typed: Typed) -> PhoneWish:
    """Read the wish from an address or a form.

    Raises ``Unknown``, ``NotBookable``, ``NoCounterForAll``, ``NotTogether`` (of a service in two steps and others),
    ``TooManyServices``, ``TooManyPersons`` or ``NoService``.
    """
    lines = typed.getlist("line")
    chosen = typed_lines(lines) if lines else typed_basket(typed.get("service", ""), typed)
    about = tuple(asked_of(typed, chosen.services))
    told = (
        replace(line, added_minutes=one.resolution.added_minutes, told=one.told)
        for line, one in zip(chosen.lines, about, strict=True)
    )
    needs = known_needs(typed.getlist("needs"))
    basket, taking = where_taken(Basket(tuple(told), g.commune.need_minutes.for_(needs)))
    own = {one.id for one in offices()}
    here = tuple(one for one in taking if one.id in own)
    if not here:
        raise NoCounterForAll if len(basket.lines) > 1 else NotBookable
    where = wished_office(here, typed.get("office"))
    rest: dict[str, Any] = {"channel": channel_of(typed), "needs": needs, "about": about}
    rest |= {"overbooks": bool(typed.get("overbook")), "first_overbooks": bool(typed.get("first_overbook"))}
    if not basket.main.in_steps:
        return PhoneWish(basket, here, where, **rest)
    first = typed_place(here, typed.get("first", "")) if typed.get("first") else None
    at = str(as_sent(first.start)) if first else None
    choice = in_steps(basket, here, first.office if first else where, at)
    return PhoneWish(choice.basket, choice.offices, choice.chosen, first=first, **rest)


def asked_of(typed: Typed, services: Sequence[Service]) -> Iterable[AskedOf]:
    """What is asked about each of these, with what was answered."""
    lists = newest(read(), commune_id=g.commune.id, service_ids=[one.id for one in services])
    for service in services:
        version = lists.get(service.id, NO_LIST)
        content = version.content
        brought = {one.code: typed.get(field_about(service, one.code), "") for one in content.questions}
        answers = given(content, brought)
        yield AskedOf(service, version, that_matter(content, answers), answers, resolve(content, answers))


def field_about(service: Service, code: str) -> str:
    return f"question-{code}@{service.code}"


def wished_office(taking: Sequence[Office], code: str | None) -> Office | None:
    """The office that is asked for; where none was named, the one the reader sits in if it takes the service."""
    if code == ANYWHERE:
        return None
    here = office_here()
    named = code or (here.code if here else None)
    found = next((one for one in taking if one.code == named), None)
    if code and found is None:
        raise Unknown
    return found


def channel_of(typed: Typed) -> Channel:
    """How the person asks; whoever sits at the telephone does so all day."""
    known = {Channel.PHONE.value, Channel.DESK.value}
    said = typed.get("channel")
    if said in known:
        session["channel"] = said
    return Channel(said if said in known else session.get("channel", Channel.PHONE.value))


def that_matter(content: Checklist, answers: Mapping[str, str]) -> tuple[Question, ...]:
    """The questions on which minutes, the procedure or another way depend, with those they follow from."""
    wanted = {one.question for rule in (*content.longer, *content.urgent, *content.outcomes) for one in rule.when}
    for question in reversed(content.questions):
        if question.code in wanted:
            wanted |= {one.question for one in question.when}
    put = asked(content, answers, to_the_end=True)
    return tuple(one for one in put if one.code in wanted)


def sent(place: FreeStart) -> str:
    """A start and its office, as ``typed_place`` reads them."""
    return f"{as_sent(place.start)}@{place.office.code}"


def typed_place(taking: Sequence[Office], text: str) -> FreeStart:
    """The start and the office that were chosen. Raises ``Unknown``."""
    minutes, _, code = text.partition("@")
    office = next((one for one in taking if one.code == code), None)
    if office is None:
        raise Unknown
    return FreeStart(typed_start(minutes), office)
