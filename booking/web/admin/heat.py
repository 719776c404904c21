"""Heat-wave hours: some days begin early and are over at noon, in one change."""

from __future__ import annotations

from datetime import date, time

from flask import Blueprint, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from booking.core.changes import NEW, AddClosure, SaveSession, Several
from booking.core.heat import brought_forward
from booking.core.opening import ClosureRule
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.database import read
from booking.models import Office
from booking.usecases.schedules import load
from booking.web.admin.effect import Proposal, consider, is_proposed
from booking.web.admin.fields import Asked, DayField, OptionalDay, TimeField, said_in, spread, texts
from booking.web.admin.opening_form import ENDS_FIRST, DaysForm, check_order
from booking.web.admin.told import closure_told, told
from booking.web.admin.workplace import names_in, own_office, today_at
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.words.formatting import time_plain

STARTS, ENDS = time(7), time(13)
MOST_DAYS = 31
TIME = {"inputmode": "numeric", "autocomplete": "off"}
HEAT = Translated.of(
    fr="Horaire de canicule", nl="Uren bij hittegolf", en="Heat-wave hours", de="Öffnungszeiten bei Hitze"
)
STRIKE = Translated.of(fr="Grève", nl="Staking", en="Strike", de="Streik")


@texts("reason", _l("Reason, as everybody may read it"), most=200, asked=Asked.ALWAYS)
class HeatForm(DaysForm):
    """On which days, and from when to when."""

    first = DayField(_l("First day"))
    last = OptionalDay(_l("Last day"))
    start = TimeField(_l("Opens at"), render_kw=TIME)
    end = TimeField(_l("Closes at"), render_kw=TIME)

    def validate_first(self, field: DayField) -> None:
        self.check_not_over(field.typed())

    def validate_last(self, field: OptionalDay) -> None:
        first, last = self.first.typed(), field.typed()
        if first and last and last < first:
            raise ValidationError(ENDS_FIRST)
        if first and last and (last - first).days >= MOST_DAYS:
            raise ValidationError(_l("Give at most %(number)s days at once.", number=MOST_DAYS))

    def validate_end(self, field: TimeField) -> None:
        check_order(self.start.typed(), field.typed())

    def change(self, office: Office) -> Several:
        """The afternoons that are shut and the hours that are added. Only after the form was found valid."""
        first, start, end = self.first.day(), self.start.wall(), self.end.wall()
        last = self.last.typed() or first
        shut = ClosureRule(id=NEW, first=first, last=last, start=end)
        rules = load(read(), [office])[office.id].rules
        added = brought_forward(rules, first=first, last=last, start=start, end=end)
        closure = AddClosure(office.id, shut, said_in(self, "reason"))
        return Several((closure, *(SaveSession(office.id, rule, first) for rule in added)))


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/closures/heat/<office>", "heat", heat, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def heat(office: str) -> ResponseReturnValue:
    here = own_office(office)
    usual = {"start": time_plain(STARTS), "end": time_plain(ENDS), **spread("reason", HEAT)}
    form = HeatForm(data=usual)
    form.today = today_at(here)
    page = {"here": here, "heading": _("Heat-wave hours"), "form": form}
    if not is_proposed(form):
        return render_template("admin/heat.html", **page), 422 if form.errors else 200
    change = form.change(here)
    proposal = Proposal(change, page["heading"], [*sentences(change, here, form.today)], url_for(".closures"))
    return consider(proposal, lambda refusal: answer(refusal, "admin/heat.html", **page))


def sentences(change: Several, here: Office, today: date) -> list[str]:
    """What is shut, then what is open beside the usual hours."""
    names, place = names_in(here), here.name.joined(g.language)
    return [
        closure_told(one, place) if isinstance(one, AddClosure) else str(told(one.new_rule, names, today=today))
        for one in change.changes
        if isinstance(one, AddClosure | SaveSession)
    ]
