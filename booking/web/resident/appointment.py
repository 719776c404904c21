"""An appointment seen by the person it belongs to: confirmed, looked at, corrected, cancelled."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from booking.core.appointments import AppointmentState, has_begun
from booking.core.errors import BookingError, PapersMissing, VisitBegun
from booking.core.references import nonce_of, wish_key
from booking.core.retention import contact_kept_until
from booking.core.roles import Role
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Appointment
from booking.usecases.appointments import send_again, with_nonce
from booking.usecases.coming import is_asked
from booking.usecases.contacts import correct_contact
from booking.usecases.groups import other_of
from booking.usecases.journal import Actor
from booking.usecases.lateness import STEPS, lateness_of
from booking.usecases.letters import visit_letter
from booking.usecases.messages import came_back, copies_sent
from booking.usecases.paused import what_pauses_of
from booking.usecases.proposal_answers import other_time
from booking.usecases.reminders import days_of_reminders
from booking.usecases.returns import awaited_until
from booking.usecases.self_service import allowed
from booking.usecases.steps import other_step
from booking.usecases.undoing import cancelled_with, may_be_undone, until_undone
from booking.web.answers import answer, sentence_of
from booking.web.guard import open_to
from booking.web.resident.forms import ContactForm, StepForm
from booking.web.security import client
from booking.web.slips import qr_code, slip_of
from booking.words.calendar import FILE_NAMES, cancellation, publication
from booking.words.formatting import phone_shown


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/booked", "booked", booked)
    blueprint.add_url_rule("/appointment", "appointment", appointment)
    blueprint.add_url_rule("/appointment/open/<token>", "open_link", open_link)
    blueprint.add_url_rule("/appointment/contact", "contact", contact, methods=["GET", "POST"])
    blueprint.add_url_rule("/appointment/send-again", "send_again", again, methods=["POST"])
    blueprint.add_url_rule("/appointment/calendar.ics", "calendar_file", calendar_file)
    blueprint.add_url_rule("/appointment/slip", "slip", slip)
    blueprint.add_url_rule("/appointment/forget", "forget_device", forget_device, methods=["POST"])


def actor() -> Actor:
    return Actor(role=Role.RESIDENT, client=client())


def mine() -> Appointment:
    """The appointment this browser knows, or the page that says where to find it again."""
    known = with_nonce(read(), commune_id=g.commune.id, nonce=session.get("appointment", ""))
    return known or abort(redirect(url_for(".find"), 303))


def facts(appointment: Appointment) -> dict[str, object]:
    """What every page about an appointment shows."""
    letter = visit_letter(read(), appointment=appointment, base_url=current_app.extensions["settings"].base_url)
    other, with_it = other_of(read(), appointment=appointment), cancelled_with(read(), appointment=appointment)
    late = lateness_of(read(), appointment=appointment, now=g.now)
    letters = copies_sent(read(), appointment_id=appointment.id)
    may = allowed(read(), appointment=appointment, now=g.now)
    is_booked, is_here = appointment.state == AppointmentState.BOOKED, appointment.arrived_at is not None
    return {
        "appointment": appointment,
        "letter": letter,
        "other": other,
        "other_step": other_step(read(), commune_id=g.commune.id, appointment_id=appointment.id) if other else None,
        "can_cancel_other": other is not None and allowed(read(), appointment=other, now=g.now).to_cancel is None,
        "kept_until": contact_kept_until(appointment.local_date, g.commune.contact_days),
        "can_move": may.to_move is None,
        "can_cancel": may.to_cancel is None,
        "why_not": [sentence_of(refusal) for refusal in (may.to_move, may.to_cancel) if refusal],
        "can_undo": all(may_be_undone(one, g.now) for one in (appointment, *with_it)),
        "undone_with": with_it,
        "undone_until": until_undone(appointment).astimezone(g.commune.zone) if appointment.cancelled_at else None,
        "has_begun": has_begun(appointment.start, g.now),
        "papers_missing": papers_missing(appointment),
        "is_booked": is_booked,
        "is_awaited": is_booked and not is_here and (appointment.start > g.now or late.can_say),
        "is_here": is_here,
        "paused": what_pauses_of(read(), appointment=appointment, now=g.now) if g.has_pauses else (),
        "other_time": other_time(read(), appointment=appointment, now=g.now),
        "came_back": came_back(read(), appointment=appointment),
        "is_asked": is_asked(read(), appointment=appointment, now=g.now),
        "lateness": late,
        "late_steps": STEPS,
        # What is true now, whatever the form said that was sent.
        "form": StepForm(None, version=appointment.version, letters=len(letters)),
    }


def papers_missing(appointment: Appointment) -> str | None:
    """What somebody does whose papers were incomplete, as long as they are awaited with them."""
    today = g.now.astimezone(g.commune.zone).date()
    until = awaited_until(read(), appointment=appointment, today=today)
    return sentence_of(PapersMissing(until=until)) if until else None


@open_to(Role.RESIDENT)
def open_link(token: str) -> ResponseReturnValue:
    """The landing of a link from a mail."""
    remember(token)
    return redirect(url_for(".appointment"), 303)


def remember(token: str) -> None:
    """Let the token of a link become a signed cookie; it then leaves the address. One of no appointment answers 404."""
    nonce = nonce_of(current_app.config["SECRET_KEY"], "appointment", token)
    if nonce is None or with_nonce(read(), commune_id=g.commune.id, nonce=nonce) is None:
        abort(404)
    session["appointment"] = nonce


@open_to(Role.RESIDENT)
def booked() -> ResponseReturnValue:
    """What follows a confirmation; a visit that was cancelled since is not told as made."""
    known = mine()
    if known.state != AppointmentState.BOOKED:
        return redirect(url_for(".appointment"), 303)
    told = {"texted": texted_to(known), "reminded_on": days_of_reminders(read(), appointment=known)}
    return render_template("resident/booked.html", code=qr_code(known.reference or ""), **told, **facts(known))


def texted_to(appointment: Appointment) -> list[str]:
    """The telephones a text message goes to, when no address was given and there is a gateway."""
    if appointment.email or appointment.helper_email or not current_app.extensions["settings"].sms_url:
        return []
    return [*dict.fromkeys(filter(None, (appointment.phone, appointment.helper_phone)))]


@open_to(Role.RESIDENT)
def appointment() -> ResponseReturnValue:
    return render_template("resident/appointment.html", **facts(mine()))


@open_to(Role.RESIDENT)
def contact() -> ResponseReturnValue:
    """Write another contact; the confirmation goes there. What was typed on an old page stays, beside what is true."""
    if request.method == "POST" and is_pressed_again(ContactForm()):
        return redirect(url_for(".appointment"), 303)
    known = mine()
    helper = {"helper_email": known.helper_email, "helper_phone": shown(known.helper_phone)}
    form = ContactForm(email=known.email, phone=shown(known.phone), version=known.version, **helper)
    form.for_other = known.helper_name is not None
    if known.state != AppointmentState.BOOKED or (request.method != "POST" and has_begun(known.start, g.now)):
        return redirect(url_for(".appointment"), 303)
    if form.validate_on_submit():
        right, helpers = form.contact(), form.helpers_contact()
        by_text = current_app.extensions["settings"].offers.by_text
        try:
            session["appointment"] = write(
                correct_contact,
                commune_id=g.commune.id,
                appointment_id=known.id,
                version=seen(form.version),
                email=right.email,
                phone=right.phone,
                helper_email=helpers.email,
                helper_phone=helpers.phone,
                nonce=nonce_after(form),
                by_text=by_text,
                per_contact=current_app.extensions["settings"].appointments_per_contact,
                per_helper=current_app.extensions["settings"].appointments_per_helper,
                limit=current_app.extensions["settings"].copies_per_message,
                actor=actor(),
                now=g.now,
            )
        except VisitBegun as refusal:
            g.page = "resident.appointment"
            return answer(refusal, "resident/appointment.html", **facts(mine()))
        except BookingError as refusal:
            form.version.data = str(mine().version)
            return answer(refusal, "resident/contact.html", contact_form=form, **facts(mine()))
        flash(corrected(bool(right.email or helpers.email or by_text)))
        return redirect(url_for(".appointment"), 303)
    page = render_template("resident/contact.html", contact_form=form, **facts(known))
    return page, 422 if form.is_refused() else 200


def shown(phone: str | None) -> str | None:
    return phone_shown(phone, g.language) if phone else None


def corrected(is_written_to: bool) -> str:
    """What has been done with a contact; a letter only follows to an address."""
    if is_written_to:
        return _("The contact is corrected. The confirmation is on its way.")
    return _("The contact is corrected. Without an e-mail address nothing is sent.")


def nonce_after(form: ContactForm) -> str:
    """What opens the appointment once its address or number is another: the same for a button that is pressed twice."""
    contacts = (form.email, form.phone, form.helper_email, form.helper_phone)
    typed = (form.version.data, *(field.data for field in contacts))
    known = (session.get("csrf_token"), session.get("appointment"), *typed)
    return wish_key(current_app.config["SECRET_KEY"], "contact", *(one or "" for one in known))


def is_pressed_again(form: ContactForm) -> bool:
    """Whether this browser has just sent this correction: its cookie then still opens what no longer is."""
    nonce = nonce_after(form)
    if with_nonce(read(), commune_id=g.commune.id, nonce=nonce) is None:
        return False
    session["appointment"] = nonce
    return True


@open_to(Role.RESIDENT)
def again() -> ResponseReturnValue:
    known, form = mine(), StepForm()
    try:
        write(
            send_again,
            commune_id=g.commune.id,
            appointment_id=known.id,
            version=seen(form.version),
            seen=seen(form.letters),
            limit=current_app.extensions["settings"].copies_per_message,
            now=g.now,
        )
    except BookingError as refusal:
        g.page = "resident.appointment"
        return answer(refusal, "resident/appointment.html", **facts(mine()))
    flash(_("The confirmation is on its way again."))
    return redirect(url_for(".appointment"), 303)


def seen(field: Field) -> int:
    """A number that the page knew when it was sent; -1, which nothing has, for what no page of ours sends."""
    number = typed_number(field.data or "")
    return -1 if number is None else number


@open_to(Role.RESIDENT)
def calendar_file() -> ResponseReturnValue:
    """The entry for one's own calendar. Of a cancelled visit it takes that out again, as the mail does."""
    known = mine()
    is_cancelled = known.state == AppointmentState.CANCELLED
    if known.state != AppointmentState.BOOKED and not is_cancelled:
        return redirect(url_for(".appointment"), 303)
    base_url = current_app.extensions["settings"].base_url
    letter = visit_letter(read(), appointment=known, base_url=base_url, now=known.cancelled_at)
    answer_ = make_response(cancellation(letter) if is_cancelled else publication(letter))
    answer_.mimetype = "text/calendar"
    answer_.headers.set("Content-Disposition", "attachment", filename=FILE_NAMES[letter.language])
    return answer_


@open_to(Role.RESIDENT)
def slip() -> ResponseReturnValue:
    known = mine()
    if known.state != AppointmentState.BOOKED:
        return redirect(url_for(".appointment"), 303)
    return slip_of(known, url_for(".appointment"))


@open_to(Role.RESIDENT)
def forget_device() -> ResponseReturnValue:
    session.clear()
    return redirect(url_for(".services"), 303)
