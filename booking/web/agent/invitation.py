"""An invitation to work for a commune: opened, and accepted with a new account or with the one that is there."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import AnotherAccount, LinkOver
from booking.core.references import nonce_of
from booking.core.roles import Role
from booking.database import read, write
from booking.passwords import hash_password
from booking.usecases.invitations import Invited, accept, come, invitation
from booking.usecases.journal import Actor
from booking.web.agent.forms import ComingForm
from booking.web.agent.sign_in import INVITATION, begin_anew, home_of
from booking.web.answers import answer
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.security import client
from booking.web.staff import signed_in


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/invitation/open/<token>", "open_invitation", open_invitation)
    blueprint.add_url_rule("/invitation", "invitation", invitation_page, methods=["GET", "POST"])


@open_to(Role.RESIDENT)
def open_invitation(token: str) -> ResponseReturnValue:
    """The landing of the link: its token moves into the signed cookie, out of the address."""
    nonce = nonce_of(current_app.config["SECRET_KEY"], INVITATION, token)
    if nonce is None:
        raise LinkOver
    session[INVITATION] = nonce
    return redirect(url_for(".invitation"))


@open_to(Role.RESIDENT)
def invitation_page() -> ResponseReturnValue:
    nonce = session.get(INVITATION, "")
    try:
        invited = invitation(read(), nonce=nonce, now=g.now)
        if invited.commune_id != g.commune.id:
            raise LinkOver
        return with_account(invited, nonce) if invited.has_account else without_account(invited, nonce)
    except LinkOver as refusal:
        session.pop(INVITATION, None)
        return answer(refusal, "agent/invitation_over.html")
    except AnotherAccount as refusal:
        return answer(refusal, "agent/invitation.html", invited=invited, form=Form(None), is_another=True)


def without_account(invited: Invited, nonce: str) -> ResponseReturnValue:
    """Name, language, password: that makes the account, and its first session."""
    form = ComingForm(name=invited.name, language=invited.language)
    if not form.validate_on_submit():
        page = render_template("agent/invitation.html", invited=invited, form=form)
        return page, 422 if form.errors else 200
    facts = {"name": form.own_name(), "language": form.language.data, "password_hash": hash_password(form.typed())}
    by = Actor(invited.role, invited.person_id, client())
    return sit_down(write(come, nonce=nonce, **facts, actor=by, now=g.now))


def with_account(invited: Invited, nonce: str) -> ResponseReturnValue:
    """Whoever has an account signs in with it, and says yes."""
    somebody = signed_in(g.now)
    if somebody is not None and somebody.id != invited.person_id:
        raise AnotherAccount
    form = Form()
    if somebody is None or not form.validate_on_submit():
        return render_template("agent/invitation.html", invited=invited, form=form, is_known=somebody is not None)
    by = Actor(invited.role, somebody.id, client())
    return sit_down(write(accept, nonce=nonce, person_id=somebody.id, actor=by, now=g.now))


def sit_down(token: str) -> ResponseReturnValue:
    somebody = begin_anew(token)
    flash(_("Welcome. You work here from now on."))
    return redirect(home_of(somebody), 303)
