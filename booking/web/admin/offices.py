"""Offices: where they are, how one gets there and in, how far apart times are offered, and whether they are in use."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from booking.core.changes import Retire
from booking.core.checklist import PhotoRule
from booking.core.errors import BookingError, ChangedMeanwhile, CodeTaken, HasAppointments, Unknown
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.text import folded
from booking.core.translated import LANGUAGES
from booking.database import read, write
from booking.models import Office
from booking.usecases.offices import (
    OfficeFacts,
    add_office,
    change_office,
    deactivate_office,
    facts_of,
    in_the_way,
    reactivate_office,
)
from booking.web.admin.effect import consider, retiring, touches
from booking.web.admin.fields import Asked, NumberField, SeenForm, page_of, said, said_in, spread, texts
from booking.web.admin.workplace import administered, administers_everywhere, closed_down, today_at
from booking.web.agent.desk import actor
from booking.web.answers import answer, sentence_of, status_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.web.resident.forms import email_of

TEXTS = ("name", "address", "transport", "access", "late_rule")
MOST_GRACE = 60
STEPS = ("5", "10", "15", "20", "30", "60")
LONGEST_CODE = 40
PHOTO_RULES = (
    (PhotoRule.AT_COUNTER, _l("We take it at the counter")),
    (PhotoRule.BRING, _l("People bring one")),
)
VERBS = {"deactivate": deactivate_office, "reactivate": reactivate_office}


@texts("late_rule", _l("What happens after that"), most=400, asked=Asked.TOGETHER)
@texts("access", _l("Access without steps"), most=400, asked=Asked.TOGETHER)
@texts("transport", _l("Tram, bus and train"), most=400, asked=Asked.TOGETHER)
@texts("address", _l("Address"), most=300, asked=Asked.ALWAYS)
@texts("name", _l("Name"), most=120, asked=Asked.ALWAYS)
class OfficeForm(SeenForm):
    code = StringField(_l("Short name in the web address"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    start_step = SelectField(
        _l("A time is offered every so many minutes"), choices=choices((step, step) for step in STEPS), default="15"
    )
    grace_minutes = NumberField(
        _l("So many minutes we wait for somebody who is late"), least=0, most=MOST_GRACE, default="15"
    )

    photo_rule = RadioField(
        _l("Photo for a card or a passport"), choices=choices(PHOTO_RULES), default=PhotoRule.BRING.value
    )

    sheet_by_mail = EmailField(
        _l("Send the day sheet every morning to"),
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )

    def in_order(self) -> list[Field]:
        spoken = [self[f"{name}_{language}"] for name in TEXTS for language in LANGUAGES]
        return [*spoken, self.code, self.start_step, self.photo_rule, self.grace_minutes, self.sheet_by_mail]

    def validate_code(self, field: Field) -> None:
        if not self.word():
            raise ValidationError(_l("Write a plain word, like town-hall."))

    def validate_sheet_by_mail(self, field: Field) -> None:
        email_of(field.data or "")

    def word(self) -> str:
        """The word in addresses: as typed, else made from the name."""
        written = said(self.code) or said_in(self, "name").in_("en")
        return "-".join(folded(written).split())[:LONGEST_CODE].strip("-")

    def facts(self, *, code: str, zone_key: str) -> OfficeFacts:
        """What was written. Only after the form was found valid."""
        spoken = {name: said_in(self, name) for name in TEXTS}
        rules = {"start_step": int(self.start_step.data), "photo_rule": PhotoRule(self.photo_rule.data)}
        grace = self.grace_minutes.number()
        rules["sheet_by_mail"] = email_of(self.sheet_by_mail.data or "")
        return OfficeFacts(code=code, zone_key=zone_key, grace_minutes=grace, **rules, **spoken)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/offices/new", "new_office", new_office, methods=["GET", "POST"])
    blueprint.add_url_rule("/offices/<office>", "office", office, methods=["GET", "POST"])
    steps = ",".join(VERBS)
    blueprint.add_url_rule(
        f"/offices/<office>/<any({steps}):step>", "office_step", office_step, methods=["GET", "POST"]
    )


@open_to(Role.ADMINISTRATOR)
def new_office() -> ResponseReturnValue:
    """For whoever administers all of them: nobody else would reach the office they have just added."""
    if not administers_everywhere():
        raise Unknown
    form = OfficeForm()
    if form.validate_on_submit():
        facts = form.facts(code=form.word(), zone_key=g.commune.zone_key)
        try:
            write(add_office, commune_id=g.commune.id, facts=facts, actor=actor(), now=g.now)
        except CodeTaken as refusal:
            form.code.errors = [sentence_of(refusal)]
        else:
            return saved(facts)
    return filled(form, None)


@open_to(Role.ADMINISTRATOR)
def office(office: str) -> ResponseReturnValue:
    here = office_here(office)
    form = OfficeForm(data=shown(here), seen=word_for(facts_of(here)))
    if form.validate_on_submit():
        facts = form.facts(code=here.code, zone_key=here.zone_key)
        own = {"commune_id": g.commune.id, "office_id": here.id}
        try:
            write(change_office, **own, facts=facts, seen=form.seen.data, actor=actor(), now=g.now)
        except ChangedMeanwhile as refusal:
            here = office_here(here.code)
            form.show_again(facts_of(here))
            return filled(form, here, refusal)
        return saved(facts)
    return filled(form, here)


def office_here(code: str) -> Office:
    """One of this administrator's offices by its word, in use or not. Raises ``Unknown``."""
    found = next((one for one in (*administered(), *closed_down()) if one.code == code), None)
    if found is None:
        raise Unknown
    return found


def saved(facts: OfficeFacts) -> ResponseReturnValue:
    flash(_l("%(office)s is saved.", office=facts.name.joined(g.language)))
    return redirect(url_for(".counters"), 303)


@open_to(Role.ADMINISTRATOR)
def office_step(office: str, step: str) -> ResponseReturnValue:
    here = office_here(office)
    refusal: HasAppointments | None = None
    form = Form()
    if step == "deactivate" and here in administered() and request.method == "POST":
        question = _("Deactivate %(office)s?", office=here.name.joined(g.language))
        proposal = retiring(Retire(here.id, None, today_at(here)), question, url_for(".counters"))
        if touches(proposal):
            return consider(proposal, lambda refused: answer(refused, "admin/office_step.html", **about(here)))
    if form.validate_on_submit():
        try:
            write(VERBS[step], commune_id=g.commune.id, office_id=here.id, actor=actor(), now=g.now)
        except HasAppointments as fault:
            refusal = fault
        else:
            name = here.name.joined(g.language)
            done = {
                "deactivate": _l("%(office)s is deactivated.", office=name),
                "reactivate": _l("%(office)s is in use again.", office=name),
            }
            flash(done[step])
            return redirect(url_for(".counters"), 303)
    page = render_template("admin/office_step.html", **about(here, step, form))
    return page, status_of(refusal) if refusal else 200


def about(here: Office, step: str = "deactivate", form: Form | None = None) -> dict[str, object]:
    """What the page before a step shows, and what stands in its way."""
    own = {"commune_id": g.commune.id, "office_id": here.id}
    standing = in_the_way(read(), **own, now=g.now) if step == "deactivate" else None
    return {"form": form or Form(), "office": here, "step": step, "standing": standing}


def filled(form: OfficeForm, here: Office | None, refusal: BookingError | None = None) -> ResponseReturnValue:
    return page_of(form, "admin/office.html", refusal=refusal, office=here)


def shown(here: Office) -> dict[str, str]:
    """An office as its fields show it."""
    texts_ = [spread(name, getattr(here, name)) for name in TEXTS]
    rules = {"photo_rule": here.photo_rule.value, "sheet_by_mail": here.sheet_by_mail or ""}
    numbers = {"start_step": str(here.start_step), "grace_minutes": str(here.grace_minutes)}
    return {"code": here.code} | rules | numbers | {name: said_ for text in texts_ for name, said_ in text.items()}
