"""The holidays of a year, proposed to be closed: each with one press, or those that are ticked together."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.core.changes import AddClosure, Change, Several, Single
from booking.core.errors import AlreadyClosed, Unknown
from booking.core.roles import Role
from booking.core.typed import CENTURY
from booking.database import read
from booking.models import Counter, Office
from booking.usecases.holidays import Holiday, HolidayKind, closures_for, holidays_of, shut_already
from booking.web.admin.closure_form import offer_scopes
from booking.web.admin.effect import Proposal, consider, is_proposed
from booking.web.admin.opening_form import DaysForm, chosen
from booking.web.admin.told import closure_told, place_told
from booking.web.admin.workplace import administers_everywhere, counters_in, own_office, today_at
from booking.web.answers import answer, sentence_of
from booking.web.guard import open_to

DECEMBER = 12
KIND_WORDS = {
    HolidayKind.LEGAL: _l("public holiday"),
    HolidayKind.LOCAL: _l("closed in many communes"),
    HolidayKind.BRIDGE: _l("bridge day"),
    HolidayKind.EVE: _l("from noon"),
}


class HolidaysForm(DaysForm):
    """Which of the days that are proposed are taken up, and for what. ``only`` is one of them, pressed by itself."""

    scope = RadioField(_l("What is closed?"), default="office", validate_choice=False)
    counters = SelectMultipleField(_l("Only these counters"), coerce=str, validate_choice=False)
    days = SelectMultipleField(_l("Days"), coerce=str, validate_choice=False)
    only = HiddenField()

    def offer(self, office: Office, counters: list[Counter], language: str) -> None:
        offer_scopes(self, office, counters, language, whole_commune=administers_everywhere())
        if self.scope.data not in {choice.value for choice in self.scope.choices or ()}:
            self.scope.data = "office"

    def counters_chosen(self) -> frozenset[int] | None:
        return chosen(self.counters) if self.scope.data == "counters" else None

    def wanted(self, proposed: list[Holiday]) -> list[Holiday]:
        """The days that were ticked, or the one whose button was pressed."""
        words = {self.only.data} if self.only.data else set(self.days.data or ())
        return [one for one in proposed if one.day.isoformat() in words]

    def validate_counters(self, field: SelectMultipleField) -> None:
        if self.scope.data == "counters" and not chosen(field):
            raise ValidationError(_l("Choose at least one counter."))

    def validate_days(self, field: SelectMultipleField) -> None:
        if not self.only.data and not field.data:
            raise ValidationError(_l("Choose at least one day."))

    def place(self, office: Office) -> str:
        if self.scope.data == "commune":
            return place_told(None)
        picked = self.counters_chosen() or ()
        labels = [str(choice.label) for choice in self.counters.choices or () if int(choice.value) in picked]
        return place_told(office.name.joined(g.language), labels)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/closures/holidays/<office>", "holidays_here", holidays_here)
    blueprint.add_url_rule("/closures/holidays/<office>/<int:number>", "holidays", holidays, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def holidays_here(office: str) -> ResponseReturnValue:
    """Those of the year in which most of what is closed now lies: from December on, of the next one."""
    today = today_at(own_office(office))
    return redirect(url_for(".holidays", office=office, number=today.year + (today.month == DECEMBER)))


@open_to(Role.ADMINISTRATOR)
def holidays(office: str, number: int) -> ResponseReturnValue:
    """The days of a year that are proposed. What is taken up is a closure; its effect comes first."""
    here, today = own_office(office), today_at(own_office(office))
    if number not in CENTURY:
        raise Unknown
    form = HolidaysForm(data={"scope": "commune" if administers_everywhere() else "office"})
    form.offer(here, counters_in(here), g.language)
    office_id = None if form.scope.data == "commune" else here.id
    found = holidays_of(number)
    own = {"commune_id": g.commune.id, "office_id": office_id, "counters": form.counters_chosen()}
    shut = shut_already(read(), found, **own)
    open_ = [one for one in found if one.day not in shut and one.day >= today]
    page = {
        "here": here,
        "heading": _("Holidays of %(year)s", year=number),
        "form": form,
        "number": number,
        "found": found,
        "shut": shut,
        "today": today,
        "century": CENTURY,
        "ticked": set(form.days.data or ()) or {one.day.isoformat() for one in open_ if one.is_usual},
        "kind_words": KIND_WORDS,
    }
    if not is_proposed(form):
        return render_template("admin/holidays.html", **page), 422 if form.errors else 200
    wanted = form.wanted(open_)
    back = url_for(".holidays", office=here.code, number=number)
    if not wanted:
        # A button pressed twice, or somebody else was quicker: what was wanted is done.
        flash(sentence_of(AlreadyClosed()))
        return redirect(back, 303)
    closures = [AddClosure(office_id, rule, reason) for rule, reason in closures_for(wanted, form.counters_chosen())]
    told = [closure_told(one, form.place(here)) for one in closures]
    proposal = Proposal(as_one(closures), str(page["heading"]), told, back)
    return consider(proposal, lambda refusal: answer(refusal, "admin/holidays.html", **page))


def as_one(changes: Sequence[Single]) -> Change:
    return changes[0] if len(changes) == 1 else Several(tuple(changes))
