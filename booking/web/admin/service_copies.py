"""A service taken over from another commune: the catalogue of all communes, what is copied, and the draft."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import Field, SelectField
from wtforms.validators import ValidationError

from booking.core.errors import CodeTaken
from booking.core.roles import Role
from booking.database import read, write
from booking.usecases.service_copies import copy_service, elsewhere, original
from booking.usecases.services import groups_of
from booking.web.admin.fields import page_of
from booking.web.agent.desk import actor
from booking.web.forms import Form, choices
from booking.web.guard import open_to


class CopyForm(Form):
    group = SelectField(_l("Topic"), validate_choice=False, description=_l("Topic"))

    def validate_group(self, field: Field) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_l("Choose a topic."))


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/services/copy", "catalogue", catalogue)
    blueprint.add_url_rule("/services/copy/<row:number>", "copy_service", copy_page, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def catalogue() -> ResponseReturnValue:
    found = elsewhere(read(), commune_id=g.commune.id, language=g.language)
    return render_template("admin/catalogue.html", communes=found)


@open_to(Role.ADMINISTRATOR)
def copy_page(number: int) -> ResponseReturnValue:
    found = original(read(), commune_id=g.commune.id, service_id=number)
    groups = groups_of(read(), commune_id=g.commune.id)
    same = next((str(group.id) for group in groups if group.code == found.group_code), None)
    form = CopyForm(data={"group": same})
    form.group.choices = choices((str(group.id), group.name.joined(g.language)) for group in groups)
    refusal = None
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "service_id": number, "group_id": int(form.group.data)}
        try:
            copied = write(copy_service, **own, actor=actor(), now=g.now)
        except CodeTaken as fault:
            refusal = fault
        else:
            flash(_l("%(service)s is saved as a draft.", service=found.content.name.joined(g.language)))
            if copied.lost:
                flash(lost_told(copied.lost), "warn")
            return redirect(url_for(".service", service=copied.code), 303)
    return page_of(form, "admin/copy_service.html", refusal=refusal, found=found)


def lost_told(number: int) -> str:
    return ngettext(
        "One answer led to a service that you do not have: see its questions before you publish it.",
        "%(num)s answers led to services that you do not have: see its questions before you publish it.",
        number,
    )
