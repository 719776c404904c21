"""Hours copied: a week or a day of it, from this office or another one, onto other days, from a date on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.core.changes import EndSession, SaveSession, Several
from booking.core.copies import Wish, copied
from booking.core.opening import SessionRule, monday_of
from booking.core.roles import Role
from booking.core.typed import typed_day, typed_number
from booking.database import read
from booking.models import Counter, Office
from booking.usecases.opening_rules import sessions_of
from booking.web.admin.effect import Proposal, consider, is_proposed
from booking.web.admin.fields import DayField, OptionalDay
from booking.web.admin.opening import back_to
from booking.web.admin.opening_form import A_MONDAY, ENDS_FIRST, DaysForm, chosen
from booking.web.admin.told import told
from booking.web.admin.workplace import administered, counters_in, names_in, own_office, today_at
from booking.web.answers import answer
from booking.web.forms import choices
from booking.web.guard import open_to
from booking.words.formatting import date_numeric, date_sentence, day_of_week

SAME, NONE = "same", "0"
MODELS = "counter_"


class CopyForm(DaysForm):
    """Which days of which week are copied, onto which, from when on."""

    week = DayField(_l("A day of the week to copy"))
    weekdays = SelectMultipleField(_l("Which days of that week?"), coerce=str, validate_choice=False)
    onto = SelectField(_l("Onto which day?"), validate_choice=False)
    since = DayField(_l("From which day?"))
    until = OptionalDay(_l("Until which day?"))
    former = RadioField(
        _l("The hours that are there now"),
        choices=choices(
            (("keep", _l("stay beside the new ones")), ("end", _l("end the day before the new ones begin")))
        ),
        default="keep",
    )

    def offer(self, language: str) -> None:
        days = [A_MONDAY + timedelta(days=number) for number in range(7)]
        named = [(str(day.weekday()), day_of_week(day, language)) for day in days]
        self.weekdays.choices = choices(named)
        self.onto.choices = choices(((SAME, _l("the same days")), *named))

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        if not chosen(field):
            raise ValidationError(_l("Choose at least one day of the week."))

    def validate_onto(self, field: SelectField) -> None:
        if field.data != SAME and len(chosen(self.weekdays)) > 1:
            raise ValidationError(_l("Only a single day is copied onto another one: choose one day of that week."))

    def validate_since(self, field: DayField) -> None:
        self.check_not_over(field.typed())

    def validate_until(self, field: OptionalDay) -> None:
        since, until = self.since.typed(), field.typed()
        if since and until and until < since:
            raise ValidationError(ENDS_FIRST)

    def wish(self, counters: Mapping[int, int]) -> Wish:
        """What is to be copied. Only after the form was found valid."""
        return Wish(
            monday=monday_of(self.week.day()),
            weekdays=chosen(self.weekdays),
            since=self.since.day(),
            until=self.until.typed(),
            onto=None if self.onto.data == SAME else typed_number(self.onto.data or ""),
            counters=counters,
        )


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/hours/<office>/copy", "copy_hours", copy_hours, methods=["GET", "POST"])
    blueprint.add_url_rule("/hours/<office>/copy/<source>", "copy_from", copy_from, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def copy_hours(office: str) -> ResponseReturnValue:
    here = own_office(office)
    return copy_page(here, here)


@open_to(Role.ADMINISTRATOR)
def copy_from(office: str, source: str) -> ResponseReturnValue:
    """The hours of another office, whose counters stand for some of this one's."""
    return copy_page(own_office(office), own_office(source))


def copy_page(here: Office, source: Office) -> ResponseReturnValue:
    shown = typed_day(request.args.get("week", "")) or today_at(source)
    form = CopyForm(data={"week": date_numeric(shown, "fr"), "weekdays": [str(day) for day in range(7)], "onto": SAME})
    form.today = today_at(here)
    form.offer(g.language)
    theirs, ours = counters_in(source), counters_in(here)
    models = counters_meant(source, here, theirs, ours)
    page = {"here": here, "source": source, "form": form, "heading": _("Copy opening hours"), "offices": administered()}
    page |= {"theirs": theirs, "ours": ours, "models": models, "prefix": MODELS}
    if not is_proposed(form):
        return render_template("admin/copy.html", **page), 422 if form.errors else 200
    wish = form.wish(models)
    found = sessions_of(read(), commune_id=g.commune.id, office_id=source.id, since=monday_of(wish.monday))
    rules = [*copied(found, wish)]
    if not rules:
        form.week.errors = [_("Nothing is open on these days of that week at the counters chosen.")]
        return render_template("admin/copy.html", **page), 422
    change = change_of(here, rules, wish.since, ends=form.former.data == "end")
    proposal = Proposal(change, str(page["heading"]), sentences(here, rules, change, wish.since), back_to(here))
    return consider(proposal, lambda refusal: answer(refusal, "admin/copy.html", **page))


def counters_meant(source: Office, here: Office, theirs: Sequence[Counter], ours: Sequence[Counter]) -> dict[int, int]:
    """Which counter here stands for each of the source: itself, what was chosen, or the one in the same place."""
    if source.id == here.id:
        return {counter.id: counter.id for counter in ours}
    own = {counter.id: counter for counter in ours}
    meant = {}
    for place, counter in enumerate(theirs):
        usual = ours[place] if place < len(ours) and ours[place].kind == counter.kind else None
        sent = request.form.get(f"{MODELS}{counter.id}")
        picked = own.get(typed_number(sent) or 0) if sent is not None else usual
        if picked is not None and picked.kind == counter.kind:
            meant[counter.id] = picked.id
    return meant


def change_of(here: Office, rules: Sequence[SessionRule], since: date, *, ends: bool) -> Several:
    """The hours that are there end first, if they shall; then the copies begin."""
    there = sessions_of(read(), commune_id=g.commune.id, office_id=here.id, since=since) if ends else ()
    ended = (EndSession(here.id, rule.id, since) for rule in there)
    return Several((*ended, *(SaveSession(here.id, rule, since) for rule in rules)))


def sentences(here: Office, rules: Sequence[SessionRule], change: Several, since: date) -> list[str]:
    names, today = names_in(here), today_at(here)
    ended = any(isinstance(one, EndSession) for one in change.changes)
    first = (
        [_("All hours that are there now end before %(day)s.", day=date_sentence(since, g.language))] if ended else []
    )
    return [*first, *(str(told(rule, names, today=today)) for rule in rules)]
