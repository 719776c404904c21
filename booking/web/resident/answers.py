"""What this browser has answered about a service: kept in its signed cookie, never in an address."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, redirect, request, session, url_for

from booking.core.checklist import Procedure, Resolution, Told, UrgentMode, given, resolve
from booking.database import read
from booking.models import Service
from booking.usecases.baskets import BasketLine
from booking.usecases.checklists import Version, newest_of

CARRIED = ("persons", "office", "with", "main")
"""What an address says of a wish, and the pages about questions carry on."""

MOST_SERVICES = 6
"""Of so many services a cookie keeps the answers: those asked first are asked again."""


def carried() -> dict[str, list[str]]:
    return {name: request.args.getlist(name) for name in CARRIED if name in request.args}


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


def line_for(service: Service, persons: int) -> BasketLine:
    """A line of a basket with what was answered. Who has not answered yet, or needs no appointment, is sent there."""
    version = newest_of(read(), service=service)
    answers = answers_to(service, version)
    resolution = resolve(version.content, answers)
    if resolution.unanswered:
        abort(redirect(url_for(".questions", service=service.code, **carried()), 303))
    if resolution.outcome or comes_without_appointment(service, resolution):
        abort(redirect(url_for(".result", service=service.code, **carried()), 303))
    told = Told(version.number, tuple(sorted(answers.items())), resolution.procedure)
    return BasketLine(service, persons, resolution.added_minutes, told)
