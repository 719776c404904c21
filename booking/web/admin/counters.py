"""Counters: which there are in each office and what they serve; adding, changing, taking away and bringing back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, Field, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from booking.core.changes import Retire, ServeOtherwise
from booking.core.errors import BookingError, ChangedMeanwhile, CodeTaken, HasAppointments, Unknown
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.translated import LANGUAGES
from booking.database import read, write
from booking.models import Office, Service
from booking.models.offices import CounterKind
from booking.usecases.counter_changes import serve_otherwise
from booking.usecases.counters import (
    CounterFacts,
    Staffed,
    add_counter,
    change_counter,
    counter_of,
    counters_of,
    deactivate_counter,
    reactivate_counter,
)
from booking.usecases.offices import in_the_way
from booking.usecases.services import services_written
from booking.web.admin.effect import Proposal, consider, retiring, step, touches
from booking.web.admin.fields import (
    Asked,
    OptionalNumberField,
    SeenForm,
    at_most,
    needed,
    page_of,
    said,
    said_in,
    spread,
    texts,
)
from booking.web.admin.workplace import (
    administered,
    administers_everywhere,
    closed_down,
    last_day_of,
    own_office,
    today_at,
)
from booking.web.agent.desk import actor
from booking.web.answers import answer, sentence_of, status_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.words.formatting import listing

LONGEST_LABEL = 20
VERBS = {"deactivate": deactivate_counter, "reactivate": reactivate_counter}


@texts("note", _l("What agents should know about this counter"), most=200, asked=Asked.TOGETHER)
class CounterForm(SeenForm):
    label = StringField(_l("Number or name"), validators=[at_most(LONGEST_LABEL)], render_kw={"autocomplete": "off"})
    services = SelectMultipleField(_l("What can it serve?"), coerce=str, validate_choice=False)
    max_persons = OptionalNumberField(_l("Room for so many people at once"), least=1, most=99)
    extra = BooleanField(_l("Extra counter: only staff can give appointments here"))

    def in_order(self) -> list[Field]:
        notes = [self[f"note_{language}"] for language in LANGUAGES]
        return [self.label, self.services, self.max_persons, self.extra, *notes]

    def validate_label(self, field: Field) -> None:
        needed(field, _l("Give the counter a number or a name."))

    def validate_services(self, field: Field) -> None:
        known = {choice.value for choice in field.choices}
        if not set(field.data or ()) <= known:
            raise ValidationError(_l("Choose from this list."))

    def facts(self) -> CounterFacts:
        """What was written. Only after the form was found valid."""
        return CounterFacts(
            label=said(self.label),
            note=said_in(self, "note"),
            max_persons=self.max_persons.given(),
            kind=CounterKind.EXTRA if self.extra.data else CounterKind.NORMAL,
            service_ids=frozenset(int(value) for value in self.services.data or ()),
        )


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/counters", "counters", counters)
    blueprint.add_url_rule("/counters/new/<office>", "new_counter", new_counter, methods=["GET", "POST"])
    blueprint.add_url_rule("/counters/<row:number>", "counter", counter, methods=["GET", "POST"])
    steps = ",".join(VERBS)
    blueprint.add_url_rule(
        f"/counters/<row:number>/<any({steps}):step>", "counter_step", counter_step, methods=["GET", "POST"]
    )


@open_to(Role.ADMINISTRATOR)
def counters() -> ResponseReturnValue:
    mine = administered()
    by_office = [(office, counters_of(read(), commune_id=g.commune.id, office_id=office.id)) for office in mine]
    return render_template(
        "admin/counters.html", by_office=by_office, closed=closed_down(), may_add_office=administers_everywhere()
    )


@open_to(Role.ADMINISTRATOR)
def new_counter(office: str) -> ResponseReturnValue:
    here = own_office(office)
    form = with_services(CounterForm())
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "office_id": here.id}
        try:
            write(add_counter, **own, facts=form.facts(), actor=actor(), now=g.now)
        except CodeTaken as refusal:
            form.label.errors = [sentence_of(refusal)]
        else:
            flash(_l("Counter %(label)s is added. It opens once it has opening hours.", label=form.facts().label))
            return redirect(url_for(".counters"), 303)
    return filled(form, here, None)


@open_to(Role.ADMINISTRATOR)
def counter(number: int) -> ResponseReturnValue:
    found, here = counter_here(number)
    form = with_services(CounterForm(data=shown(found), seen=word_for(found.facts)), kept=found.services)
    if step() != "form" and form.validate():
        proposal = taking_away(found, here, form)
        if proposal is not None and touches(proposal):
            return consider(proposal, lambda refusal: shown_again(form, number, refusal))
    if form.validate_on_submit():
        own = {"commune_id": g.commune.id, "counter_id": number}
        try:
            staying = write(change_counter, **own, facts=form.facts(), seen=form.seen.data, actor=actor(), now=g.now)
        except CodeTaken as refusal:
            form.label.errors = [sentence_of(refusal)]
        except ChangedMeanwhile as refusal:
            return shown_again(form, number, refusal)
        except HasAppointments as refusal:
            form.extra.errors = [busy_until(refusal, here)]
            return filled(form, here, found)[0], status_of(refusal)
        else:
            flash(_l("Counter %(label)s is saved.", label=form.facts().label))
            if staying:
                flash(stays(staying))
            return redirect(url_for(".counters"), 303)
    return filled(form, here, found)


def shown_again(form: CounterForm, number: int, refusal: BookingError) -> ResponseReturnValue:
    """The form as it was typed, beside what is true now."""
    found, here = counter_here(number)
    if isinstance(refusal, CodeTaken):
        form.label.errors = [sentence_of(refusal)]
        return filled(form, here, found)
    if isinstance(refusal, HasAppointments):
        form.extra.errors = [busy_until(refusal, here)]
        return filled(form, here, found)[0], status_of(refusal)
    form.show_again(found.facts)
    return filled(form, here, found, refusal)


def taking_away(found: Staffed, here: Office, form: CounterForm) -> Proposal | None:
    """The change that takes services from a counter, to be seen first; ``None`` when it takes none away."""
    facts, before = form.facts(), found.facts
    gone = before.service_ids - facts.service_ids
    if not gone or facts.kind != before.kind:
        return None
    change = ServeOtherwise(here.id, found.counter.id, facts.service_ids, today_at(here))
    names = listing([one.name.joined(g.language) for one in found.services if one.id in gone], g.language)
    return Proposal(
        change,
        _("Counter %(label)s", label=found.counter.label),
        [_("It no longer serves: %(services)s.", services=names)],
        url_for(".counters"),
        seen=form.seen.data,
        former=before,
        verb=partial(serve_otherwise, facts=facts),
    )


def stays(number: int) -> str:
    return ngettext(
        "%(num)s appointment already made for what this counter no longer serves stays there.",
        "%(num)s appointments already made for what this counter no longer serves stay there.",
        number,
    )


@open_to(Role.ADMINISTRATOR)
def counter_step(number: int, step: str) -> ResponseReturnValue:
    found, here = counter_here(number)
    refusal: HasAppointments | None = None
    form = Form()
    if step == "deactivate" and request.method == "POST":
        question = _("Deactivate counter %(label)s?", label=found.counter.label)
        proposal = retiring(Retire(here.id, number, today_at(here)), question, url_for(".counters"))
        if touches(proposal):
            return consider(proposal, lambda refused: answer(refused, "admin/counter_step.html", **about(here, found)))
    if form.validate_on_submit():
        try:
            write(VERBS[step], commune_id=g.commune.id, counter_id=number, actor=actor(), now=g.now)
        except HasAppointments as fault:
            refusal = fault
        else:
            label = found.counter.label
            done = {
                "deactivate": _l("Counter %(label)s is deactivated.", label=label),
                "reactivate": _l("Counter %(label)s is in use again.", label=label),
            }
            flash(done[step])
            return redirect(url_for(".counters"), 303)
    page = render_template("admin/counter_step.html", **about(here, found, step, form))
    return page, status_of(refusal) if refusal else 200


def about(here: Office, found: Staffed, step: str = "deactivate", form: Form | None = None) -> dict[str, object]:
    """What the page before a step shows, and what stands in its way."""
    own = {"commune_id": g.commune.id, "office_id": here.id, "counter_id": found.counter.id}
    standing = in_the_way(read(), **own, now=g.now) if step == "deactivate" else None
    return {
        "form": form or Form(),
        "office": here,
        "counter": found.counter,
        "step": step,
        "standing": standing,
    }


def busy_until(refusal: HasAppointments, office: Office) -> str:
    """Until which day there are appointments, and what can be done."""
    said = (
        _("There are appointments at this counter until %(day)s.", day=last_day_of(refusal, office)),
        _("Only those that are over or cancelled make way: a closure of the counter lets you cancel them."),
    )
    return " ".join(said)


def filled(
    form: CounterForm, office: Office, found: Staffed | None, refusal: BookingError | None = None
) -> tuple[str, int]:
    return page_of(form, "admin/counter.html", refusal=refusal, office=office, found=found)


def with_services(form: CounterForm, kept: Sequence[Service] = ()) -> CounterForm:
    """The form with the services there are, and those the counter serves although they were deactivated."""
    served = {service.id for service in kept}
    form.services.choices = choices(
        (str(one.service.id), one.service.name.joined(g.language))
        for one in services_written(read(), commune_id=g.commune.id)
        if one.service.deactivated_at is None or one.service.id in served
    )
    return form


def shown(found: Staffed) -> dict[str, object]:
    """A counter as its fields show it."""
    return {
        "label": found.counter.label,
        "services": [str(service.id) for service in found.services],
        "max_persons": "" if found.counter.max_persons is None else str(found.counter.max_persons),
        "extra": found.counter.kind == CounterKind.EXTRA,
        **spread("note", found.counter.note),
    }


def counter_here(number: int) -> tuple[Staffed, Office]:
    """A counter in one of this administrator's offices, and that office. Raises ``Unknown``."""
    found = counter_of(read(), commune_id=g.commune.id, counter_id=number)
    here = next((office for office in administered() if office.id == found.counter.office_id), None)
    if here is None:
        raise Unknown
    return found, here
