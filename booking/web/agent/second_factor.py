"""One's own second factor: set up, replaced by another telephone, taken off; and the codes on paper beside it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import CodeUsed, NotOneself, TooManyTries, WrongCode
from booking.core.roles import Role
from booking.core.second_factor import address, coming_secret, new_codes, sealed, spelled, step_of
from booking.database import read, write
from booking.usecases.journal import Actor
from booking.usecases.second_factors import Factor, factor_of, renew_codes, set_up, take_off
from booking.web.agent.desk import actor
from booking.web.agent.forms import CodeForm, NewFactorForm
from booking.web.agent.proving import check_code
from booking.web.agent.sign_in import begin_anew, home_of
from booking.web.answers import sentence_of, status_of
from booking.web.guard import open_to
from booking.web.security import client
from booking.web.slips import qr_code

ISSUER = "Guichet"
BRUSSELS = ZoneInfo("Europe/Brussels")
ANYBODY = (Role.RECEPTIONIST, Role.AUDITOR, Role.PLATFORM)


def add_to(blueprint: Blueprint) -> None:
    base = "/account/second-factor"
    blueprint.add_url_rule(base, "second_factor", second_factor, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{base}/replace", "replace_factor", replace_factor, methods=["GET", "POST"])
    blueprint.add_url_rule(f"{base}/change", "change_factor", change_factor, methods=["POST"])


@open_to(*ANYBODY, before_second_factor=True)
def second_factor() -> ResponseReturnValue:
    """What there is; while there is nothing, the way to have one."""
    factor = factor_of(read(), person_id=g.staff.id)
    return shown(CodeForm(None), factor) if factor else setting_up(None)


@open_to(*ANYBODY)
def replace_factor() -> ResponseReturnValue:
    """Another telephone: whoever has the one of today, or a code on paper, says so."""
    factor = factor_of(read(), person_id=g.staff.id)
    return setting_up(factor) if factor else redirect(url_for(".second_factor"))


@open_to(*ANYBODY)
def change_factor() -> ResponseReturnValue:
    """New codes on paper, or no second factor any more, for whoever proves that it is theirs."""
    form = CodeForm()
    factor = factor_of(read(), person_id=g.staff.id)
    if factor is None or g.switching:
        return redirect(url_for(".second_factor"), 303)
    if not form.validate_on_submit():
        return shown(form, factor), 422
    try:
        check_code(g.staff.id, form.text(), own_actor())
        if request.form.get("act") == "off":
            return taken_off()
    except (TooManyTries, WrongCode, CodeUsed, NotOneself) as refusal:
        form.code.errors = [sentence_of(refusal)]
        return shown(form, factor), status_of(refusal)
    codes = new_codes()
    write(renew_codes, person_id=g.staff.id, codes=codes, actor=own_actor(), now=g.now)
    return render_template("agent/codes.html", codes=codes, onwards=url_for(".second_factor"))


def taken_off() -> ResponseReturnValue:
    """Raises ``NotOneself`` for whoever needs one."""
    if g.staff.person.needs_second_factor:
        raise NotOneself
    write(take_off, person_id=g.staff.id, actor=own_actor(), now=g.now)
    flash(_("Your second step is taken off. Sign in with your password."))
    return redirect(url_for(".sign_in"), 303)


def shown(form: CodeForm, factor: Factor) -> str:
    since = factor.since.astimezone(g.commune.zone if g.commune else BRUSSELS).date()
    return render_template("agent/second_factor.html", form=form, factor=factor, since=since)


def setting_up(factor: Factor | None) -> ResponseReturnValue:
    """The secret as a picture and in letters; it counts from the first code that the telephone makes of it."""
    key = current_app.extensions["settings"].secret_key
    secret = coming_secret(key, g.staff.token)
    form = NewFactorForm()
    if factor is None:
        del form.present
    status = 200
    if form.validate_on_submit():
        step = step_of(secret, form.text(), now=g.now)
        try:
            if factor is not None:
                check_code(g.staff.id, form.present_text(), own_actor())
            if step is not None:
                return counted(sealed(key, secret), step, factor)
            form.code.errors, status = [sentence_of(WrongCode())], 422
        except (TooManyTries, WrongCode, CodeUsed) as refusal:
            (form.present or form.code).errors, status = [sentence_of(refusal)], status_of(refusal)
    picture = qr_code(address(secret, account=g.staff.person.email, issuer=ISSUER))
    page = render_template(
        "agent/set_up_factor.html", form=form, picture=picture, secret=spelled(secret), replaces=factor is not None
    )
    return page, 422 if form.errors and status == 200 else status


def counted(kept: str, step: int, factor: Factor | None) -> ResponseReturnValue:
    """From now on it counts. The codes on paper are in this answer and nowhere else, so none leads to it again."""
    codes = new_codes()
    better_than = factor.secret if factor else None
    facts = {"secret": kept, "step": step, "codes": codes, "better_than": better_than, "actor": own_actor()}
    g.staff = begin_anew(write(set_up, person_id=g.staff.id, **facts, now=g.now))
    return render_template("agent/codes.html", codes=codes, onwards=home_of(g.staff))


def own_actor() -> Actor:
    return actor() if g.commune else Actor(Role.PLATFORM, g.staff.id, client())
