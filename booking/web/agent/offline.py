"""Without a connection: the script that keeps the agenda readable, and what was marked meanwhile, sent afterwards."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask import Blueprint, abort, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from booking.core.errors import ForAgents, Unknown
from booking.core.marks import CAN_WAIT, Mark
from booking.core.references import keyed_digest
from booking.core.roles import Role
from booking.core.timespan import day_span, local_date
from booking.core.typed import typed_number
from booking.database import write
from booking.models import Office
from booking.usecases.late_marks import Pressed, mark_late
from booking.web.agent.desk import actor, office_ids
from booking.web.agent.visits import refuse_what_agents_say
from booking.web.guard import open_to
from booking.web.staff import signed_in
from booking.web.staticfiles import FOLDER, static_url

SCRIPT = "js/agenda-worker.js"
MOST_AT_ONCE = 100
LONGEST_AGO = timedelta(days=7)
"""What waited longer than this is taken as pressed so long ago: no clock of a browser is believed further."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/worker-<mark>.js", "worker", worker)
    blueprint.add_url_rule("/late-marks/token", "token", token)
    blueprint.add_url_rule("/late-marks/sent", "late_marks_sent", late_marks_sent, methods=["POST"])


@cache
def version() -> str:
    """The mark of the script's content: another one is another address, which browsers then install instead."""
    return static_url(SCRIPT).split(".")[-2]


def in_every_page() -> dict[str, Any]:
    return {"worker_url": worker_url, "own_key": own_key, "seconds_to_keep": seconds_to_keep}


def worker_url() -> str:
    return url_for("agent.worker", mark=version())


def own_key() -> str:
    """A name for this person in this commune: what one of them marks is never sent in the name of another."""
    return key_of(g.staff.id)


def key_of(person_id: int) -> str:
    return keyed_digest(current_app.config["SECRET_KEY"], "marks", str(g.commune.id), str(person_id))


def seconds_to_keep(office: Office) -> int:
    """How long a browser may keep today's agenda: to the end of the day, and no longer than a session lasts."""
    hours = current_app.extensions["settings"].staff_session_hours
    end: datetime = day_span(local_date(g.now, office.zone), office.zone).end
    return int(min(end - g.now, timedelta(hours=hours)).total_seconds())


@open_to(Role.RESIDENT)
def worker(mark: str) -> ResponseReturnValue:
    """The script, for everybody: it says nothing. It stands here because it may only look after what is below it."""
    if mark != version():
        abort(404)
    answer = current_app.response_class((FOLDER / SCRIPT).read_text(), mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@open_to(Role.RESIDENT)
def token() -> ResponseReturnValue:
    """A fresh token for what waits to be sent, and whose that may be; 401 tells a browser to forget the agenda.

    Open to everybody, so that no address without a page is remembered as the one that was wanted.
    """
    somebody = signed_in(g.now)
    if somebody is None or not somebody.roles_in(g.commune.id):
        return {}, 401
    return {"token": generate_csrf(), "by": key_of(somebody.id)}


@open_to(Role.RECEPTIONIST)
def late_marks_sent() -> ResponseReturnValue:
    """Take what was marked without a connection, one after the other; how many need a decision.

    What no page of ours offers this person, or is of another office by now, is passed over: it would come again for
    ever.
    """
    conflicts = 0
    for mark, ago in zip(request.form.getlist("mark")[:MOST_AT_ONCE], request.form.getlist("ago"), strict=False):
        with suppress(Unknown, ValueError, ForAgents):
            pressed = pressed_of(mark, ago)
            at = refuse_what_agents_say(pressed.mark, pressed.appointment_id)
            own = {"commune_id": g.commune.id, "office_ids": office_ids()}
            conflicts += not write(mark_late, **own, pressed=pressed, actor=actor(at), now=g.now)
    return {"conflicts": conflicts}


def pressed_of(typed: str, ago: str) -> Pressed:
    """``done:12:3`` and how many seconds ago it was pressed. ``ValueError`` for anything else."""
    mark, number, version = typed.split(":")
    visit, seen, seconds = typed_number(number), typed_number(version), typed_number(ago)
    if Mark(mark) not in CAN_WAIT or not visit or seen is None or seconds is None:
        raise ValueError
    return Pressed(Mark(mark), visit, seen, g.now - min(timedelta(seconds=seconds), LONGEST_AGO))
