"""A service for some time: copied from one that is there, with hours of its own, on one page."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.core.changes import OpenTemporary, SaveSession
from booking.core.errors import BookingError, CodeTaken
from booking.core.opening import SessionRule
from booking.core.roles import Role
from booking.core.services import LONGEST_CODE
from booking.core.text import folded
from booking.core.typed import typed_number
from booking.models import Counter, Office, Service
from booking.web.admin.effect import Proposal, consider, is_proposed
from booking.web.admin.fields import Asked, DayField, at_the_field, said_in, texts
from booking.web.admin.opening import FIELDS, back_to, other_hours
from booking.web.admin.opening_form import A_MONDAY, ENDS_FIRST, CountersForm, DaysForm, chosen
from booking.web.admin.told import told
from booking.web.admin.workplace import counters_in, names_in, own_office, services_here, today_at
from booking.web.answers import answer, status_of
from booking.web.forms import choices
from booking.web.guard import open_to
from booking.words.formatting import date_numeric, date_sentence, day_of_week


@texts("name", _l("What is it called?"), most=100, asked=Asked.ALWAYS)
class TemporaryForm(CountersForm, DaysForm):
    """The template, the name, and hours on some days of the week until a last day."""

    template = SelectField(_l("Like which service?"))
    weekdays = SelectMultipleField(_l("On which days?"), coerce=str, validate_choice=False)
    since = DayField(_l("First day"))
    until = DayField(_l("Last day"))

    def offer(self, counters: list[Counter], services: list[Service], language: str) -> None:
        super().offer(counters, [], language)
        days = [A_MONDAY + timedelta(days=number) for number in range(7)]
        self.weekdays.choices = choices((str(day.weekday()), day_of_week(day, language)) for day in days)
        ready = (one for one in services if one.published_at is not None and one.mode.at_the_counter is not None)
        self.template.choices = choices((str(one.id), one.name.joined(language)) for one in ready)

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        if not chosen(field):
            raise ValidationError(_l("Choose at least one day of the week."))

    def validate_since(self, field: DayField) -> None:
        self.check_not_over(field.typed())

    def validate_until(self, field: DayField) -> None:
        since, until = self.since.typed(), field.typed()
        if since and until and until < since:
            raise ValidationError(ENDS_FIRST)

    def change(self, office: Office) -> OpenTemporary:
        """The service and its hours. Only after the form was found valid."""
        since, name = self.since.day(), said_in(self, "name")
        rule = SessionRule(
            **self.common(), weekdays=chosen(self.weekdays), valid_from=since, valid_until=self.until.day()
        )
        return OpenTemporary(
            SaveSession(office.id, rule, since),
            typed_number(self.template.data) or 0,
            word_of(name.in_("fr"), since),
            name,
        )


def word_of(name: str, since: date) -> str:
    """Its word in addresses: the same name may come back another time."""
    end = f"-{since.isoformat()}"
    return ("-".join(folded(name).split())[: LONGEST_CODE - len(end)].strip("-") + end).strip("-")


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/hours/<office>/temporary", "temporary_service", temporary_service, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def temporary_service(office: str) -> ResponseReturnValue:
    """A campaign, a move of a register, the weeks before an election: a service that ends by itself."""
    here = own_office(office)
    form = TemporaryForm(since=date_numeric(today_at(here), "fr"))
    form.today = today_at(here)
    form.offer(counters_in(here), services_here(), g.language)
    page = {"here": here, "heading": _("A service for some time"), "form": form}
    if not is_proposed(form):
        return render_template("admin/temporary.html", **page), 422 if form.errors else 200
    change = form.change(here)
    like = next(str(one.label) for one in form.template.choices if one.value == form.template.data)
    first = _("%(name)s, like %(template)s.", name=change.name.joined(g.language), template=like)
    hours = str(told(change.hours.new_rule, names_in(here), today=form.today))
    ends = _("After %(day)s it ends by itself.", day=date_sentence(change.last_day, g.language))
    proposal = Proposal(change, str(page["heading"]), [first, hours, ends], back_to(here))
    return consider(proposal, lambda refusal: refused(refusal, page))


def refused(refusal: BookingError, page: dict[str, Any]) -> ResponseReturnValue:
    """The form with what was typed, and the sentence at its field; what the template lacks is told by its own page."""
    fields = FIELDS | {CodeTaken: "name_fr"}
    if at_the_field(page["form"], refusal, fields, more=other_hours(refusal, page["here"])):
        return render_template("admin/temporary.html", **page), status_of(refusal)
    return answer(refusal, "admin/temporary.html", **page)
