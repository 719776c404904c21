"""What somebody brings along to every counter: the languages they help in, what they have learned, their keys."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.keys import USUAL, keys_of
from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.skills import choose_keys, keys_chosen, say_skills, skills_of
from booking.web.agent.desk_forms import KeysForm, SkillsForm
from booking.web.formatting import as_text, translated
from booking.web.forms import Form
from booking.web.guard import open_to


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/skills", "skills", skills, methods=["GET", "POST"])
    blueprint.add_url_rule("/keys", "keys", keys, methods=["GET", "POST"])
    blueprint.add_url_rule("/keys/usual", "usual_keys", usual_keys, methods=["POST"])


@open_to(Role.AGENT)
def skills() -> ResponseReturnValue:
    own = {"commune_id": g.commune.id, "person_id": g.staff.id}
    known = skills_of(read(), **own)
    form = SkillsForm.about(known, {number: as_text(translated(name)) for number, name in known.services.items()})
    if form.validate_on_submit():
        write(say_skills, **own, speaks=form.speaks.data or (), learned=form.learned.data or ())
        flash(_("This counts from now on, at every counter where you sit."))
        return redirect(url_for(".skills"), 303)
    return render_template("agent/skills.html", form=form), 422 if form.errors else 200


@open_to(Role.AGENT)
def keys() -> ResponseReturnValue:
    """One's own keys; switched off, single letters do nothing anywhere."""
    chosen = keys_chosen(read(), person_id=g.staff.id)
    letters = {step.value: key.upper() for step, key in (USUAL | keys_of(chosen)).items()}
    form = KeysForm(are_on=chosen is not None, **letters)
    if form.validate_on_submit():
        write(choose_keys, person_id=g.staff.id, keys=form.chosen())
        flash(_("Your keys are saved."))
        return redirect(url_for(".keys"), 303)
    return render_template("agent/keys.html", form=form), 422 if form.errors else 200


@open_to(Role.AGENT)
def usual_keys() -> ResponseReturnValue:
    if Form().validate_on_submit():
        write(choose_keys, person_id=g.staff.id, keys={})
        flash(_("The keys are as they come."))
    return redirect(url_for(".keys"), 303)
