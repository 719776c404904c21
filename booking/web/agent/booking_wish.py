"""What somebody on the telephone or at the desk wishes, as the forms of staff carry it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, session

from booking.core.appointments import Channel
from booking.core.checklist import Checklist, Question, Resolution, Told, asked, given, resolve
from booking.core.errors import NotBookable, NotTogether, Unknown
from booking.core.needs import Need, known_needs
from booking.database import read
from booking.models import Office, Service
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.catalogue import public_service
from booking.usecases.checklists import newest_of
from booking.usecases.offers import offices_for
from booking.web.agent.desk import office_here, offices
from booking.web.resident.answers import comes_without_appointment
from booking.web.resident.baskets import Typed, persons_of
from booking.web.resident.questions import field_of
from booking.web.resident.times import typed_start

ANYWHERE = "any"


@dataclass(frozen=True)
class PhoneWish:
    """A basket of one service, the ``offices`` that take it and the one that is wished (``None``: any of them).

    ``questions`` are those whose answers change the length of the visit or lead elsewhere: at the desk nobody has to
    answer them. ``answers`` are what was answered so far, ``resolution`` where that leads.
    """

    basket: Basket
    offices: tuple[Office, ...]
    office: Office | None
    channel: Channel
    needs: frozenset[Need]
    questions: tuple[Question, ...]
    answers: Mapping[str, str]
    resolution: Resolution

    @property
    def service(self) -> Service:
        return self.basket.main

    @property
    def wanted(self) -> tuple[Office, ...]:
        """The offices whose times are shown."""
        return (self.office,) if self.office else self.offices

    @property
    def leads_elsewhere(self) -> bool:
        """Whether the answers lead to something else than an appointment."""
        return self.resolution.outcome is not None or comes_without_appointment(self.service, self.resolution)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """The whole wish as hidden fields of the next form."""
        plain = {"service": self.service.code, "persons": str(self.basket.persons), "channel": self.channel.value}
        plain |= {"office": self.office.code if self.office else ANYWHERE}
        answers = [(f"question-{code}", answer) for code, answer in self.answers.items()]
        return [*plain.items(), *(("needs", need.value) for need in Need if need in self.needs), *answers]


def wish_of(typed: Typed) -> PhoneWish:
    """Read the wish from an address or a form.

    Raises ``Unknown``, ``NotBookable``, ``NotTogether`` (of a service in two steps) or ``TooManyPersons``.
    """
    service = public_service(read(), commune_id=g.commune.id, code=typed.get("service", ""))
    if not service.mode.is_bookable:
        raise NotBookable
    if service.in_steps:
        raise NotTogether
    version = newest_of(read(), service=service)
    answers = given(version.content, {one.code: typed.get(field_of(one), "") for one in version.content.questions})
    resolution = resolve(version.content, answers)
    told = Told(version.number, tuple(sorted(answers.items())), resolution.procedure)
    needs = known_needs(typed.getlist("needs"))
    line = BasketLine(service, persons_of(typed.get("persons", "")), resolution.added_minutes, told)
    basket = Basket((line,), g.commune.need_minutes.for_(needs))
    basket.check_persons()
    own = {one.id for one in offices()}
    taking = tuple(one for one in offices_for(read(), commune_id=g.commune.id, basket=basket) if one.id in own)
    if not taking:
        raise NotBookable
    where = wished_office(taking, typed.get("office"))
    questions = that_matter(version.content, answers)
    return PhoneWish(basket, taking, where, channel_of(typed), needs, questions, answers, resolution)


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


def typed_place(wish: PhoneWish, typed: Typed) -> tuple[datetime, Office]:
    """The start and the office that were chosen. Raises ``Unknown``."""
    minutes, _, code = typed.get("start", "").partition("@")
    office = next((one for one in wish.offices if one.code == code), None)
    if office is None:
        raise Unknown
    return typed_start(minutes), office


def in_lines(wish: PhoneWish) -> dict[str, Any]:
    """The wish as ``hold`` takes it."""
    return {"lines": wish.basket.wished, "needs": wish.needs, "channel": wish.channel}
