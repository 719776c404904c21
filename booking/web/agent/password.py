"""One's password: another one for whoever knows it; forgotten, a link that is asked for, opened, and used."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from booking.core.errors import LinkOver, TooManyTries, WrongPassword
from booking.core.references import nonce_of
from booking.core.roles import Role
from booking.database import read, write
from booking.passwords import hash_password
from booking.usecases.journal import Actor
from booking.usecases.misses import take_try
from booking.usecases.passwords import ask_for_reset, change_password, person_to_reset, set_password
from booking.web.agent.forms import AddressForm, NewPasswordForm, OwnPasswordForm
from booking.web.agent.second_factor import own_actor
from booking.web.agent.sign_in import begin_anew, checked
from booking.web.answers import answer, sentence_of, status_of
from booking.web.guard import open_to
from booking.web.security import client

RESET = "reset"


def add_own_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/account/password", "own_password", own_password, methods=["GET", "POST"])


def add_to(blueprint: Blueprint) -> None:
    add_own_to(blueprint)
    blueprint.add_url_rule("/password", "forgotten_password", forgotten, methods=["GET", "POST"])
    blueprint.add_url_rule("/password/open/<token>", "open_reset", open_reset)
    blueprint.add_url_rule("/password/new", "new_password", new_password, methods=["GET", "POST"])


@open_to(Role.RECEPTIONIST, Role.AUDITOR, Role.PLATFORM, before_second_factor=True)
def own_password() -> ResponseReturnValue:
    """Another password for whoever knows the present one. Every other device is signed out."""
    form = OwnPasswordForm()
    status = 200
    if form.validate_on_submit():
        try:
            account = checked(g.staff.person.email, form.typed_current())
        except WrongPassword:
            form.current.errors, status = [_("This is not your present password.")], 422
        except TooManyTries as refusal:
            form.current.errors, status = [sentence_of(refusal)], status_of(refusal)
        else:
            facts = {"before": account.password_hash, "password_hash": hash_password(form.typed())}
            begin_anew(write(change_password, person_id=account.id, **facts, actor=own_actor(), now=g.now))
            flash(_("Your new password is set. Every other device is signed out."))
            return redirect(url_for(".account" if g.commune else ".home"), 303)
    page = render_template("agent/own_password.html", form=form)
    return page, 422 if form.errors and status == 200 else status


@open_to(Role.RESIDENT)
def forgotten() -> ResponseReturnValue:
    """The same page whoever's address it was, or nobody's. Asking is counted, and never given back."""
    form = AddressForm()
    if not form.validate_on_submit():
        return render_template("agent/forgotten.html", form=form), 422 if form.errors else 200
    settings = current_app.extensions["settings"]
    pause = timedelta(minutes=settings.sign_in_pause_minutes)
    try:
        write(take_try, kind=RESET, key=client(), limit=settings.sign_in_misses, pause=pause, now=g.now)
    except TooManyTries as refusal:
        return answer(refusal, "agent/forgotten.html", form=form)
    write(ask_for_reset, email=form.address(), commune_id=g.commune.id, now=g.now)
    return render_template("agent/reset_sent.html")


@open_to(Role.RESIDENT)
def open_reset(token: str) -> ResponseReturnValue:
    """The landing of the link: its token moves into the signed cookie, out of the address."""
    nonce = nonce_of(current_app.config["SECRET_KEY"], RESET, token)
    if nonce is None:
        raise LinkOver
    session[RESET] = nonce
    return redirect(url_for(".new_password"))


@open_to(Role.RESIDENT)
def new_password() -> ResponseReturnValue:
    nonce = session.get(RESET, "")
    try:
        email = person_to_reset(read(), nonce=nonce, now=g.now)
        form = NewPasswordForm()
        if not form.validate_on_submit():
            page = render_template("agent/new_password.html", form=form, email=email)
            return page, 422 if form.errors else 200
        kept = hash_password(form.typed())
        write(set_password, nonce=nonce, password_hash=kept, actor=Actor(client=client()), now=g.now)
    except LinkOver as refusal:
        session.pop(RESET, None)
        return answer(refusal, "agent/link_over.html")
    session.pop(RESET)
    logout_user()
    flash(_("Your new password is set. You can sign in with it."))
    return redirect(url_for(".sign_in"), 303)
