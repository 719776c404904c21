"""What this browser has answered about a service: kept in its signed cookie, never in an address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import abort, redirect, request, session, url_for

from booking.core.checklist import Procedure, Resolution, Told, UrgentMode, given, resolve
from booking.database import read
from booking.models import Service
from booking.usecases.baskets import Basket, BasketLine
from booking.usecases.checklists import NO_LIST, Version, newest

CARRIED = ("persons", "office", "with", "main", "line")
"""What an address says of a wish, or of the change of an appointment, and the pages about questions carry on."""

MOST_SERVICES = 6
"""Of so many services a cookie keeps the answers: those asked first are asked again."""


def carried() -> dict[str, list[str]]:
    return {name: kept for name in CARRIED if (kept := [one for one in request.values.getlist(name) if one])}


def answers_to(service: Service, version: Version) -> dict[str, str]:
    """The answers given to this very version; another one asks again."""
    kept = session.get("answers", {}).get(str(service.id), {})
    return given(version.content, kept.get("given", {})) if kept.get("version") == version.number else {}


def keep_answers(service: Service, version: Version, answers: Mapping[str, str]) -> None:
    others = {key: kept for key, kept in session.get("answers", {}).items() if key != str(service.id)}
    newest = dict(list(others.items())[-(MOST_SERVICES - 1) :])
    session["answers"] = {**newest, str(service.id): {"version": version.number, "given": dict(answers)}}


def forget_answers() -> None:
    """They are the appointment's from now on: the next one begins anew."""
    session.pop("answers", None)


def comes_without_appointment(service: Service, resolution: Resolution) -> bool:
    """Whether it is urgent, and the urgent procedure of the service takes no appointments."""
    return resolution.procedure == Procedure.URGENT and service.urgent_mode == UrgentMode.WALK_IN


def answered(basket: Basket, kept: Mapping[Service, BasketLine]) -> Basket:
    """A basket with what was answered about each of its services; those ``kept`` have their answers.

    Whoever has not answered yet, or needs no appointment for one of them, is sent to the page that says so.
    """
    resolved = resolutions(basket)
    for service, (_, resolution) in zip(basket.services, resolved, strict=True):
        if service in kept:
            continue
        if resolution.unanswered:
            abort(redirect(address_about("questions", service, basket.main), 303))
        if resolution.outcome or comes_without_appointment(service, resolution):
            abort(redirect(address_about("result", service, basket.main), 303))
    lines = with_answers(basket, resolved).lines
    return replace(basket, lines=tuple(as_kept(line, kept.get(line.service)) for line in lines))


def as_kept(line: BasketLine, kept: BasketLine | None) -> BasketLine:
    return replace(line, added_minutes=kept.added_minutes, told=kept.told) if kept else line


def known(basket: Basket) -> Basket:
    """A basket with what was answered so far: its length is that of the visit, as far as it is known."""
    return with_answers(basket, resolutions(basket))


def resolutions(basket: Basket) -> list[tuple[Told, Resolution]]:
    """What was answered about each service, to the newest list of it, and where that leads. One statement."""
    ids = [service.id for service in basket.services]
    lists = newest(read(), commune_id=basket.main.commune_id, service_ids=ids)
    return [told_and_resolved(service, lists.get(service.id, NO_LIST)) for service in basket.services]


def told_and_resolved(service: Service, version: Version) -> tuple[Told, Resolution]:
    answers = answers_to(service, version)
    found = resolve(version.content, answers)
    return Told(version.number, tuple(sorted(answers.items())), found.procedure), found


def with_answers(basket: Basket, resolved: list[tuple[Told, Resolution]]) -> Basket:
    lines = (
        replace(line, added_minutes=found.added_minutes, told=told)
        for line, (told, found) in zip(basket.lines, resolved, strict=True)
    )
    return replace(basket, lines=tuple(lines))


def address_about(page: str, service: Service, main: Service) -> str:
    """A page about one service of a wish; ``main`` is that at whose address the wish goes on."""
    wish = carried() | ({"main": [main.code]} if main is not service else {})
    return url_for(f".{page}", service=service.code, **wish)
