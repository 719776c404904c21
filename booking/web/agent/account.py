"""One's own account: language, communes, office, and signing out everywhere."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import Unknown
from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.people import communes_of, end_all_sessions, speak
from booking.web.addresses import whereabouts
from booking.web.agent.desk import same_page, sit_down
from booking.web.agent.forms import LanguageForm
from booking.web.forms import Form
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/account", "account", account, methods=["GET", "POST"])
    blueprint.add_url_rule("/account/sign-out-everywhere", "sign_out_everywhere", sign_out_everywhere, methods=["POST"])
    blueprint.add_url_rule("/office", "choose_office", choose_office, methods=["POST"])


@open_to(Role.RECEPTIONIST, Role.AUDITOR)
def account() -> ResponseReturnValue:
    """One's name, address, communes; and the language of one's own screens, which is kept."""
    form = LanguageForm(language=g.staff.language)
    if form.validate_on_submit():
        language = form.language.data
        write(speak, person_id=g.staff.id, language=language)
        return redirect(url_for(".account", lang=language, commune=g.slugs[language]), 303)
    communes = communes_of(read(), person_id=g.staff.id)
    page = render_template("agent/account.html", form=form, communes=communes)
    return page, 422 if form.errors else 200


@open_to(Role.RECEPTIONIST, Role.AUDITOR)
def sign_out_everywhere() -> ResponseReturnValue:
    if Form().validate_on_submit():
        write(end_all_sessions, person_id=g.staff.id)
        session.clear()
        flash(_("You are signed out on every device."))
    return redirect(url_for(".sign_in"), 303)


@open_to(Role.RECEPTIONIST)
def choose_office() -> ResponseReturnValue:
    """Work for another office of the same commune, on the page one was on."""
    if not Form().validate_on_submit():
        raise Unknown
    here = sit_down(request.form.get("office", ""))
    page = whereabouts(request.form.get("back"))
    return redirect((same_page(page, here) if page else None) or url_for(".agenda"), 303)
