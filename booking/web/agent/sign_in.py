"""Signing in and out: at a commune, or at the platform, which is of none."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from booking.core.errors import CodeUsed, TooManyTries, WrongCode, WrongPassword
from booking.core.references import digest
from booking.core.roles import Role
from booking.database import read, write
from booking.passwords import hash_password, is_outdated, matches
from booking.usecases.journal import Actor
from booking.usecases.misses import forgive, of_signing_in, take_tries
from booking.usecases.people import (
    Account,
    account_for,
    account_of,
    communes_of,
    end_session,
    open_session,
    strengthen,
)
from booking.web.addresses import page_of_this_commune
from booking.web.agent.forms import CodeForm, SignInForm
from booking.web.agent.proving import check_code
from booking.web.answers import answer
from booking.web.formatting import as_sent
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.security import client
from booking.web.staff import Somebody, load, signed_in

HALF, INVITATION, WANTED = "half", "invitation", "wanted"
"""In the cookie: who has typed the right password, the invitation that was opened, the page that was wanted."""

HALF_MINUTES = 10
"""So long a right password waits for its code."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/sign-in", "sign_in", sign_in, methods=["GET", "POST"])
    blueprint.add_url_rule("/sign-in/code", "prove", prove, methods=["GET", "POST"])
    blueprint.add_url_rule("/sign-out", "sign_out", sign_out, methods=["POST"])


@open_to(Role.RESIDENT)
def sign_in() -> ResponseReturnValue:
    somebody = signed_in(g.now)
    if request.method == "GET" and somebody is not None and is_at_home(somebody):
        return redirect(home_of(somebody))
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("agent/sign_in.html", form=form), 422 if form.errors else 200
    try:
        account = checked(form.address(), form.typed_password())
    except (TooManyTries, WrongPassword) as refusal:
        return answer(refusal, "agent/sign_in.html", form=form)
    if account.has_second_factor:
        session[HALF] = [account.id, as_sent(g.now), seal_of(account)]
        return redirect(url_for(".prove"), 303)
    return redirect(welcome(write(open_session, person_id=account.id, now=g.now), account), 303)


@open_to(Role.RESIDENT)
def prove() -> ResponseReturnValue:
    """The second half: a code of their telephone, or one on paper. Only then is there a session."""
    account = half_signed_in()
    if account is None:
        return redirect(url_for(".sign_in"))
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("agent/prove.html", form=form), 422 if form.errors else 200
    try:
        check_code(account.id, form.text(), Actor(person_id=account.id, client=client()))
    except (TooManyTries, WrongCode, CodeUsed) as refusal:
        return answer(refusal, "agent/prove.html", form=form)
    return redirect(welcome(write(open_session, person_id=account.id, now=g.now), account), 303)


def checked(email: str, password: str) -> Account:
    """The account these open. Every try counts, for the account and for the client, until it succeeds.

    One that opens nothing any more is told like one that never was, unless it was invited to something.
    """
    settings = current_app.extensions["settings"]
    pause = timedelta(minutes=settings.sign_in_pause_minutes)
    allowances = of_signing_in(email=email, client=client(), limit=settings.sign_in_misses, pause=pause)
    places = write(take_tries, of=allowances, now=g.now)
    account = account_for(read(), email)
    if not matches(account.password_hash if account else None, password) or account is None:
        raise WrongPassword
    if not account.works and INVITATION not in session:
        raise WrongPassword
    for each, n in zip(allowances, places, strict=True):
        write(forgive, kind=each.kind, key=each.key, n=n)
    if is_outdated(account.password_hash):
        better = hash_password(password)
        write(strengthen, person_id=account.id, before=account.password_hash, better_hash=better)
        return replace(account, password_hash=better)
    return account


def half_signed_in() -> Account | None:
    """Whose password was right a moment ago, if it is still their password and they still have a second factor."""
    person_id, at, seal = session.get(HALF, (0, 0, ""))
    if not 0 <= as_sent(g.now) - at <= HALF_MINUTES:
        return None
    account = account_of(read(), person_id=person_id)
    return account if account and account.has_second_factor and seal_of(account) == seal else None


def seal_of(account: Account) -> str:
    return digest(HALF, account.password_hash)


def welcome(token: str, account: Account) -> str:
    """Begin anew with nothing of whoever sat here before, and say where to go: to what was wanted, or home."""
    wanted, invited = session.pop(WANTED, None), session.pop(INVITATION, None)
    somebody = begin_anew(token)
    if invited and g.commune:
        session[INVITATION] = invited
        return url_for("agent.invitation")
    wished = page_of_this_commune(wanted, account.language) if g.commune and is_at_home(somebody) else None
    return wished or home_of(somebody)


def begin_anew(token: str) -> Somebody:
    """Sit down at this browser with a session that has just begun. The token has to be one."""
    session.clear()
    somebody = load(token)
    if somebody is None:
        raise WrongPassword
    login_user(somebody)
    return somebody


def is_at_home(somebody: Somebody) -> bool:
    """Whether this house is open to them: the commune of the address, or the platform."""
    return bool(somebody.roles_in(g.commune.id) if g.commune else somebody.platform_roles)


def home_of(somebody: Somebody) -> str:
    """Where somebody's work begins: here, else in the first commune they work for, else at the platform."""
    language = somebody.language
    if g.commune is None and somebody.platform_roles:
        return url_for("platform.home", lang=language)
    if g.commune and somebody.roles_in(g.commune.id):
        return first_page(somebody, g.commune.id, lang=language, commune=g.slugs[language])
    homes = communes_of(read(), person_id=somebody.id)
    if homes:
        return first_page(somebody, homes[0].commune_id, lang=language, commune=homes[0].slug_in(language))
    return url_for("platform.home", lang=language)


def first_page(somebody: Somebody, commune_id: int, **where: str) -> str:
    """The agenda, or the journal for whoever has no agenda."""
    if somebody.may_enter_in(commune_id, Role.RECEPTIONIST):
        here = g.commune is not None and g.commune.id == commune_id
        return url_for("agent.agenda", **where, **({"_anchor": "now"} if here else {}))
    return url_for("admin.journal", **where)


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
