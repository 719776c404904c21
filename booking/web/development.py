"""Pages that exist in development only: the messages that were not sent."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from booking import mailbox
from booking.core.roles import Role
from booking.web.guard import open_to

ZONE = ZoneInfo("Europe/Brussels")
"""Whoever develops compares the hour of a message with their own clock and with that of the demonstration."""

development = Blueprint("development", __name__)


def opened(name: str) -> EmailMessage:
    message = mailbox.opened(current_app.extensions["settings"].mailbox, name)
    return message or abort(404)


@development.app_context_processor
def in_every_page() -> dict[str, Any]:
    return {"mailbox_url": mailbox_url}


def mailbox_url() -> str:
    """Where the kept messages are read, in the language of the page that leads there."""
    return url_for("development.mail")


@development.get("/dev/mail")
@development.get("/<lang:lang>/dev/mail")
@open_to(Role.RESIDENT)
def mail() -> ResponseReturnValue:
    folder = current_app.extensions["settings"].mailbox
    return render_template("development/mail.html", messages=mailbox.listing(folder), zone=ZONE)


@development.get("/dev/mail/<name>")
@development.get("/<lang:lang>/dev/mail/<name>")
@open_to(Role.RESIDENT)
def letter(name: str) -> ResponseReturnValue:
    """One kept message: its text, the way to see it as HTML, and its calendar file to download."""
    message = opened(name)
    body = message.get_body(("plain",))
    return render_template(
        "development/letter.html",
        name=name,
        message=message,
        text=body.get_content() if body else "",
        has_html=message.get_body(("html",)) is not None,
        attachments=[part.get_filename() for part in message.iter_attachments()],
    )


@development.get("/dev/mail/<name>/html")
@open_to(Role.RESIDENT)
def letter_in_html(name: str) -> ResponseReturnValue:
    """The HTML of a kept message as it was written, with the styles inside that mail needs, and nothing that runs."""
    body = opened(name).get_body(("html",)) or abort(404)
    answer = current_app.response_class(body.get_content(), mimetype="text/html")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return answer


@development.get("/dev/mail/<name>/<attachment>")
@open_to(Role.RESIDENT)
def attachment(name: str, attachment: str) -> ResponseReturnValue:
    parts = opened(name).iter_attachments()
    wanted = next((part for part in parts if part.get_filename() == attachment), None) or abort(404)
    answer = current_app.response_class(wanted.get_payload(decode=True), mimetype="text/calendar")
    answer.headers.set("Content-Disposition", "attachment", filename=attachment)
    return answer
