"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from booking.core.errors import TooManyTries, WrongPassword
from booking.core.roles import Role
from booking.database import read, write
from booking.passwords import hash_password, is_outdated, matches
from booking.usecases.misses import forgive, of_signing_in, take_tries
from booking.usecases.people import Account, account_for, communes_of, end_session, open_session
from booking.web.addresses import page_of_this_commune
from booking.web.agent.forms import SignInForm
from booking.web.answers import answer
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.security import client
from booking.web.staff import load, signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])


@open_to(Role.RESIDENT)
def sign_in() -> ResponseReturnValue:
    somebody = signed_in(g.now)
    if request.method == "GET" and somebody is not None and somebody.roles_in(g.commune.id):
        return redirect(url_for(".agenda"))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("agent/sign_in.html", form=form), 422 if form.errors else 200
    try:
        account = checked(form.address(), form.typed_password())
    except (TooManyTries, WrongPassword) as refusal:
        return answer(refusal, "agent/sign_in.html", form=form)
    better = hash_password(form.typed_password()) if is_outdated(account.password_hash) else None
    token = write(open_session, person_id=account.id, now=g.now, better_hash=better)
    return redirect(welcome(token, account), 303)


def checked(email: str, password: str) -> Account:
    """The account these open. Every try counts, for the account and for the client, until it succeeds."""
    settings = current_app.extensions["settings"]
    pause = timedelta(minutes=settings.sign_in_pause_minutes)
    allowances = of_signing_in(email=email, client=client(), limit=settings.sign_in_misses, pause=pause)
    places = write(take_tries, of=allowances, now=g.now)
    account = account_for(read(), email)
    if not matches(account.password_hash if account else None, password) or account is None:
        raise WrongPassword
    for each, n in zip(allowances, places, strict=True):
        write(forgive, kind=each.kind, key=each.key, n=n)
    return account


def welcome(token: str, account: Account) -> str:
    """Begin anew with nothing of whoever sat here before, and say where to go: the page that was wanted, or the agenda.

    Somebody who only works for another commune is sent there.
    """
    wanted = session.pop("wanted", None)
    session.clear()
    login_user(load(token))
    language = account.language
    homes = communes_of(read(), person_id=account.id)
    if homes and g.commune.id not in {home.commune_id for home in homes}:
        return url_for("agent.agenda", lang=language, commune=homes[0].slug_in(language))
    return page_of_this_commune(wanted, language) or url_for(
        ".agenda", lang=language, commune=g.slugs[language], _anchor="now"
    )


@open_to(Role.RESIDENT)
def sign_out() -> ResponseReturnValue:
    """Open to everyone: whoever is signed out already has what they asked for."""
    somebody = signed_in(g.now)
    if somebody is not None and Form().validate_on_submit():
        write(end_session, token=somebody.get_id())
        logout_user()
        session.clear()
        flash(_("You are signed out."))
    return redirect(url_for(".sign_in"), 303)
