"""Staff cancel a visit: because the person asks for it, or because the commune has to, and then it says why."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, RadioField, StringField
from wtforms.validators import Length, ValidationError

from booking.core.appointments import AppointmentState
from booking.core.errors import BookingError, ReasonMissing
from booking.core.marks import Standing
from booking.core.roles import Role
from booking.core.text import clean
from booking.core.translated import OFFICIAL, Translated
from booking.core.typed import typed_number
from booking.database import read, write
from booking.usecases.cancellations import cancel
from booking.usecases.groups import others_of
from booking.usecases.visits_found import visit
from booking.web.agent.desk import actor
from booking.web.agent.visits import scope
from booking.web.answers import answer, sentence_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to

ASKED, COMMUNE = "asked", "commune"
LONGEST_REASON = Length(max=300, message=_l("Write at most 300 characters."))


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/visits/<row:number>/cancel", "cancel", cancel_visit, methods=["GET", "POST"])


class CancelForm(Form):
    """Who wants it; the commune gives its reason in both languages, for it goes into the message."""

    version = HiddenField()
    by = RadioField(
        _l("Why is the visit cancelled?"),
        choices=choices([(ASKED, _l("The person asks for it")), (COMMUNE, _l("The commune has to cancel"))]),
        validate_choice=False,
    )
    reason_fr = StringField(_l("French"), validators=[LONGEST_REASON], render_kw={"lang": "fr", "autocomplete": "off"})
    reason_nl = StringField(_l("Dutch"), validators=[LONGEST_REASON], render_kw={"lang": "nl", "autocomplete": "off"})

    def validate_by(self, field: Field) -> None:
        if field.data not in {ASKED, COMMUNE}:
            raise ValidationError(_l("Choose one of the answers."))

    def validate_reason_fr(self, field: Field) -> None:
        if self.by.data == COMMUNE and not clean(field.data or ""):
            raise ValidationError(sentence_of(ReasonMissing()))

    validate_reason_nl = validate_reason_fr

    def reason(self) -> Translated | None:
        """The commune's; ``None`` when the person asks for it."""
        if self.by.data != COMMUNE:
            return None
        return Translated({language: clean(self[f"reason_{language}"].data or "") for language in OFFICIAL})


@open_to(Role.RECEPTIONIST)
def cancel_visit(number: int) -> ResponseReturnValue:
    """A question first, then the act; whoever was quicker is shown on the visit itself.

    What belongs to the visit is cancelled with it wherever it is: the person asks for both, once.
    """
    found = visit(read(), **scope(), appointment_id=number, now=g.now)
    if found.standing != Standing.EXPECTED:
        return redirect(url_for(".visit", number=number), 303)
    form = CancelForm(by=ASKED, version=found.version)
    if not form.validate_on_submit():
        page = render_template("agent/cancel.html", form=form, visit=found, others=still_booked(number))
        return page, 422 if form.errors else 200
    try:
        write(
            cancel,
            commune_id=g.commune.id,
            appointment_id=number,
            version=typed_number(form.version.data or "") or 0,
            reason=form.reason(),
            both=bool(request.form.get("both")),
            terms=current_app.extensions["settings"].offers,
            actor=actor(found.office_id),
            now=g.now,
        )
    except BookingError as refusal:
        found = visit(read(), **scope(), appointment_id=number, now=g.now)
        form.version.data = str(found.version)
        return answer(refusal, "agent/cancel.html", form=form, visit=found, others=still_booked(number))
    flash(
        _("The visit is cancelled. A message goes to the person; whom we cannot write to is on the call list.")
        if form.reason()
        else _("The visit is cancelled. If we have an e-mail address, a message confirms it.")
    )
    return redirect(url_for(".visit", number=number), 303)


def still_booked(number: int) -> list[Any]:
    """What belongs to the visit and is still to take place."""
    others = others_of(read(), commune_id=g.commune.id, appointment_id=number)
    return [one for one in others if one.state == AppointmentState.BOOKED]
