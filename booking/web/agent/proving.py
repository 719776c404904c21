"""Checking a code of somebody's second factor: every try counts until one is right, and each code counts once."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app, g

from booking.core.errors import WrongCode
from booking.core.second_factor import opened, step_of, typed_code
from booking.database import read, write
from booking.usecases.journal import Actor
from booking.usecases.misses import forgive, of_proving, take_tries
from booking.usecases.second_factors import factor_of, use_code, use_step
from booking.web.security import client


def check_code(person_id: int, typed: str, actor: Actor) -> None:
    """Use up the code that was typed. Raises ``TooManyTries``, ``WrongCode``, ``CodeUsed``."""
    settings = current_app.extensions["settings"]
    pause = timedelta(minutes=settings.sign_in_pause_minutes)
    allowances = of_proving(person_id=person_id, client=client(), limit=settings.sign_in_misses, pause=pause)
    places = write(take_tries, of=allowances, now=g.now)
    factor = factor_of(read(), person_id=person_id)
    if factor is None:
        raise WrongCode
    step = step_of(opened(settings.secret_key, factor.secret), typed, now=g.now)
    if step is not None:
        write(use_step, person_id=person_id, step=step)
    elif typed_code(typed) is not None:
        write(use_code, person_id=person_id, code=typed, actor=actor, now=g.now)
    else:
        raise WrongCode
    for each, n in zip(allowances, places, strict=True):
        write(forgive, kind=each.kind, key=each.key, n=n)
