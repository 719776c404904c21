"""The log of messages: to whom, what kind, in which language, with what result; and sending one again."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from booking.core.errors import NothingToSend, SentEnough
from booking.core.message_texts import TextKind
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models.messages import MessageKind, MessageState
from booking.usecases.message_log import Wanted, logged, send_again
from booking.web.admin.message_texts import KIND_WORDS
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.words.catalogues import OWN_NAMES

KINDS = {
    **{MessageKind(kind.value): word for kind, word in KIND_WORDS.items() if kind != TextKind.REMINDER},
    MessageKind.REMINDER_1: _l("First reminder"),
    MessageKind.REMINDER_2: _l("Second reminder"),
    MessageKind.REMINDER_3: _l("Third reminder"),
    MessageKind.PASSWORD_RESET: _l("New password"),
    MessageKind.INVITATION: _l("Invitation to work here"),
    MessageKind.DAY_SHEET: _l("Day sheet"),
    MessageKind.TEXT_TEST: _l("Test of a text"),
    MessageKind.ALERT_PROMISE: _l("A first free time is later than promised"),
    MessageKind.REBOOKING: _l("Another time is proposed"),
    MessageKind.ALERT_POST: _l("Messages to residents leave late"),
}
RESULTS = {
    MessageState.QUEUED: _l("waiting"),
    MessageState.LEASED: _l("on its way"),
    MessageState.SENT: _l("sent"),
    MessageState.REFUSED: _l("came back"),
    MessageState.DROPPED: _l("no longer needed"),
    MessageState.TO_RING: _l("to be rung"),
    MessageState.RUNG: _l("rung"),
}
LOOKS = {
    MessageState.SENT: "done",
    MessageState.RUNG: "done",
    MessageState.REFUSED: "missed",
    MessageState.TO_RING: "held",
    MessageState.DROPPED: "cancelled",
}
"""How a result is coloured; what is not named is still to come."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/messages", "message_log", message_log)
    blueprint.add_url_rule("/messages/<row:number>/again", "message_again", message_again, methods=["POST"])


@open_to(Role.ADMINISTRATOR)
def message_log() -> ResponseReturnValue:
    found, more = logged(read(), commune_id=g.commune.id, wanted=wanted())
    kept = {name: value for name in ("kind", "result", "language") if (value := request.args.get(name))}
    return render_template(
        "admin/message_log.html",
        log=found,
        more=url_for(".message_log", **kept, before=more) if more else None,
        kinds=KINDS,
        results=RESULTS,
        looks=LOOKS,
        form=Form(None),
        chosen=kept,
    )


def wanted() -> Wanted:
    """What the address asks for; a word that is none of ours asks for everything."""
    asked = request.args
    return Wanted(
        kind=next((one for one in KINDS if one == asked.get("kind")), None),
        state=next((one for one in RESULTS if one == asked.get("result")), None),
        language=next((one for one in OWN_NAMES if one == asked.get("language")), None),
        before=typed_number(asked.get("before", "")),
    )


@open_to(Role.ADMINISTRATOR)
def message_again(number: int) -> ResponseReturnValue:
    if Form().validate_on_submit():
        limit = current_app.extensions["settings"].copies_per_message
        try:
            own = {"commune_id": g.commune.id, "message_id": number, "limit": limit}
            write(send_again, **own, actor=actor(), now=g.now)
        except (NothingToSend, SentEnough) as refusal:
            flash(sentence_of(refusal), "warn")
        else:
            flash(_l("A copy is on its way. It says what is true now."))
    return redirect(url_for(".message_log"), 303)
