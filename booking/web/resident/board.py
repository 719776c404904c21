"""The board of the day, public: the wait without an appointment, the next free appointment, the last ticket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from booking.core.references import digest
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.core.waits import Range
from booking.database import read
from booking.usecases.board import OfficeToday, TopicToday, board_of
from booking.web.frame import what_is_down
from booking.web.guard import open_to
from booking.web.kept import Kept
from booking.web.staff import is_polling

SECONDS = 5
"""So old an answer may be: a hall full of phones asks for it once."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/board", "board", board)
    blueprint.add_url_rule("/board.json", "board_data", board_data)


@open_to(Role.RESIDENT)
def board() -> ResponseReturnValue:
    offices = board_now()
    answer, shown_at = make_response(), g.now.astimezone(g.commune.zone).time()
    if is_polling():
        answer.set_etag(digest(repr(offices), f"{shown_at:%H:%M}", g.language, str(g.notices)), weak=True)
        if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
            answer.status_code = 304
            return answer
    template = "resident/board_now.html" if is_polling() else "resident/board.html"
    answer.set_data(render_template(template, offices=offices, now=shown_at))
    return answer


@open_to(Role.RESIDENT)
def board_data() -> Response:
    """The same for other programs; moments are ISO 8601 with their offset, waits in minutes."""
    told = {
        "commune": texts(g.commune.name),
        "at": moment(g.now.astimezone(g.commune.zone)),
        "notices": [texts(text) for text in (*what_is_down(), *g.notices)],
        "offices": [office_data(one) for one in board_now()],
    }
    answer = jsonify(told)
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    answer.add_etag()
    return answer.make_conditional(request)


def board_now() -> tuple[OfficeToday, ...]:
    kept: Kept[tuple[OfficeToday, ...]] = current_app.extensions.setdefault("board", Kept(SECONDS))
    return kept.get(g.commune.id, g.now, lambda: board_of(read(), commune_id=g.commune.id, now=g.now))


def office_data(office: OfficeToday) -> dict[str, Any]:
    moments = {name: getattr(office, name) for name in ("opens_at", "closes_at", "last_ticket", "appointment")}
    return {
        "code": office.code,
        "name": texts(office.name),
        "is_open": office.closes_at is not None,
        **{name: moment(at.astimezone(office.zone) if at else None) for name, at in moments.items()},
        "topics": [topic_data(topic, office) for topic in office.topics],
    }


def topic_data(topic: TopicToday, office: OfficeToday) -> dict[str, Any]:
    moments = {"since": topic.since, "appointment": topic.appointment}
    return {
        "code": topic.code,
        "name": texts(topic.name),
        "without_appointment": topic.door.value,
        "wait_minutes": minutes(topic.wait),
        "paused": [texts(name) for name in topic.paused],
        **{name: moment(at.astimezone(office.zone) if at else None) for name, at in moments.items()},
    }


def texts(text: Translated) -> dict[str, str]:
    return dict(text.texts)


def moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None


def minutes(wait: Range | None) -> dict[str, int] | None:
    return {"at_least": wait.low, "at_most": wait.high} if wait else None
