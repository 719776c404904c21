"""A basket as addresses and forms write it: the first service, and ``with=<service>:<persons>`` for each other one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import abort, g
from werkzeug.datastructures import MultiDict

from booking.core.appointments import MOST_SERVICES
from booking.core.errors import (
    NoCounterForAll,
    NoService,
    NotBookable,
    NotTogether,
    TooManyPersons,
    TooManyServices,
    Unknown,
)
from booking.core.typed import typed_number
from booking.database import read
from booking.models import Office, Service
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.catalogue import public_service, public_services

Typed = MultiDict[str, str]

REFUSED = (NotBookable, NotTogether, NoCounterForAll, TooManyServices, TooManyPersons, NoService)
"""Why what was chosen cannot be had in one visit."""


def typed_basket(code: str, typed: Typed) -> Basket:
    """Read what is wished from an address or a form; who says no number comes alone.

    A service named twice is one line for all its persons. Raises ``Unknown``, ``NotBookable``,
    ``NotTogether`` or ``TooManyServices``.
    """
    main = public_service(read(), commune_id=g.commune.id, code=code)
    if not main.mode.is_bookable:
        raise NotBookable
    persons = {main: persons_of(typed.get("persons", ""))}
    for service, number in further(typed):
        persons[service] = persons.get(service, 0) + number
    if len(persons) > 1 and any(service.in_steps for service in persons):
        raise NotTogether
    if len(persons) > MOST_SERVICES:
        raise TooManyServices(limit=MOST_SERVICES)
    return Basket(tuple(BasketLine(service, number) for service, number in persons.items()))


def typed_lines(lines: list[str], agreed: Basket | None = None) -> Basket:
    """What was chosen on a page of changes: services with their persons, without those that are no longer needed.

    Of a visit that is ``agreed`` already, a service may have been withdrawn since. Raises ``Unknown``, ``NotBookable``,
    ``NotTogether``, ``TooManyServices``, or ``NoService`` when nothing is needed any more.
    """
    if not lines:
        abort(400)
    wanted = [line for line in lines if line and not line.endswith(":0")]
    if not wanted:
        raise NoService
    named = {line.partition(":")[0] for line in wanted}
    if agreed and any(service.code in named and not service.is_public for service in agreed.services):
        raise NotBookable
    code, _, persons = wanted[0].partition(":")
    return typed_basket(code, MultiDict([("persons", persons), *(("with", line) for line in wanted[1:])]))


def further(typed: Typed) -> Iterator[tuple[Service, int]]:
    """The services beside the first, each for so many persons, that can be booked."""
    for service, persons in named_beside(typed):
        if not service.mode.is_bookable:
            raise NotBookable
        yield service, persons


def named_beside(typed: Typed) -> Iterator[tuple[Service, int]]:
    """The services that are named, however they are had, each for so many persons. One statement reads them all."""
    named = [one.partition(":") for one in typed.getlist("with") if one]
    known = {one.code: one for one in public_services(read(), commune_id=g.commune.id)} if named else {}
    for code, _, persons in named:
        if code not in known:
            raise Unknown
        yield known[code], persons_of(persons)


def persons_of(text: str) -> int:
    """How many come; 0, which no service takes, for what is no number."""
    return (typed_number(text) or 0) if text else 1


def in_address(basket: Basket, office: Office | None = None) -> dict[str, Any]:
    """A wish as ``url_for`` takes it."""
    return {
        "service": basket.main.code,
        "office": office.code if office else None,
        "persons": basket.persons if basket.persons > 1 or office else None,
        "with": in_form(basket) or None,
    }


def in_form(basket: Basket) -> list[str]:
    """The services beside the first, as an address or a hidden field names each."""
    return as_lines(basket)[1:]


def as_lines(basket: Basket) -> list[str]:
    """All services of a basket, as a page of changes names each."""
    return as_named(basket.chosen)


def as_named(chosen: Iterable[tuple[Service, int]]) -> list[str]:
    """Services with their persons, as ``named_beside`` and ``typed_lines`` read them."""
    return [f"{service.code}:{persons}" for service, persons in chosen]
