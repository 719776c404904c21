"""The communes of the installation: a page for each, and a guided one to add another."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.errors import AddressTaken, SlugTaken, WorksHere
from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.leaving import number_to_come
from booking.usecases.platform import administered
from booking.usecases.welcoming import welcome
from booking.web.admin.fields import page_of
from booking.web.answers import sentence_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.platform.commune_form import NewCommuneForm
from booking.web.platform.door import actor, commune_here


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/communes/<row:number>", "commune", commune)
    blueprint.add_url_rule("/communes/new", "new_commune", new, methods=["GET", "POST"])


@open_to(Role.PLATFORM)
def commune(number: int) -> ResponseReturnValue:
    """A commune and who administers it, its configuration, its data, and the way out."""
    here = commune_here(number)
    return render_template(
        "platform/commune.html",
        form=Form(),
        commune=here,
        known=next(one for one in administered(read()) if one.id == here.id),
        coming=number_to_come(read(), commune_id=here.id, now=g.now),
    )


@open_to(Role.PLATFORM)
def new() -> ResponseReturnValue:
    """Add a commune, with its first office, and invite who is to set up the rest."""
    form = NewCommuneForm()
    if form.validate_on_submit():
        facts: dict[str, Any] = form.facts()
        try:
            number = write(welcome, **facts, actor=actor(), now=g.now)
        except SlugTaken as refusal:
            form.slug_fr.errors = form.slug_nl.errors = [sentence_of(refusal)]
        except (AddressTaken, WorksHere) as refusal:
            form.admin_email.errors = [sentence_of(refusal)]
        else:
            flash(_("The commune is added, and its administrator is invited by e-mail."))
            return redirect(url_for(".commune", number=number), 303)
    return page_of(form, "platform/new_commune.html")
