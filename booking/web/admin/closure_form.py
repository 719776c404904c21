"""The form of a closure: days or hours on which something is shut."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from booking.core.changes import NEW, AddClosure
from booking.core.opening import ClosureRule
from booking.models import Counter, Office
from booking.web.admin.fields import Asked, DayField, OptionalDay, OptionalTime, UntilTime, said_in, texts
from booking.web.admin.opening_form import ENDS_FIRST, DaysForm, check_order, chosen
from booking.web.admin.told import place_told
from booking.web.forms import choices


@texts("reason", _l("Reason, as everybody may read it"), most=200, asked=Asked.ALWAYS)
class ClosureForm(DaysForm):
    """Days or hours on which something is shut, with its reason."""

    scope = RadioField(_l("What is closed?"), default="office")
    counters = SelectMultipleField(_l("Only these counters"), coerce=str, validate_choice=False)
    first = DayField(_l("First day"))
    last = OptionalDay(_l("Last day"))
    start = OptionalTime(_l("From what time?"), render_kw={"inputmode": "numeric", "autocomplete": "off"})
    end = UntilTime(_l("Until what time?"), render_kw={"inputmode": "numeric", "autocomplete": "off"})

    def offer(self, office: Office, counters: list[Counter], language: str, *, whole_commune: bool) -> None:
        """Give the form its choices; the whole commune is closed by those alone who work in all of it."""
        offer_scopes(self, office, counters, language, whole_commune=whole_commune)

    def validate_first(self, field: DayField) -> None:
        if self.last.typed() is None:
            self.check_not_over(field.typed())

    def validate_last(self, field: OptionalDay) -> None:
        first, last = self.first.typed(), field.typed()
        if first and last and last < first:
            raise ValidationError(ENDS_FIRST)
        self.check_not_over(last)

    def validate_end(self, field: OptionalTime) -> None:
        check_order(self.start.typed(), field.typed())

    def validate_counters(self, field: SelectMultipleField) -> None:
        if self.scope.data == "counters" and not chosen(field):
            raise ValidationError(_l("Choose at least one counter."))

    def place(self) -> str:
        """What is to be closed, in the reader's words. Only after the form was found valid."""
        names = {choice.value: str(choice.label) for choice in self.scope.choices or ()}
        closed = chosen(self.counters) if self.scope.data == "counters" else ()
        labels = [str(choice.label) for choice in self.counters.choices or () if int(choice.value) in closed]
        return place_told(None if self.scope.data == "commune" else names["office"], labels)

    def change(self, office: Office) -> AddClosure:
        """The change that was written. Only after the form was found valid."""
        first = self.first.day()
        rule = ClosureRule(
            id=NEW,
            first=first,
            last=self.last.typed() or first,
            start=self.start.typed(),
            end=self.end.typed(),
            counters=chosen(self.counters) if self.scope.data == "counters" else None,
        )
        return AddClosure(None if self.scope.data == "commune" else office.id, rule, said_in(self, "reason"))


def offer_scopes(form: Any, office: Office, counters: list[Counter], language: str, *, whole_commune: bool) -> None:
    """Give a form its choices of what is to be closed; the whole commune is for those alone who work in all of it."""
    scopes = [("office", office.name.joined(language))]
    if whole_commune:
        scopes.append(("commune", _l("The whole commune, every office")))
    if counters:
        scopes.append(("counters", _l("Only some counters of this office")))
    form.scope.choices = choices(scopes)
    form.counters.choices = choices((str(counter.id), counter.label) for counter in counters)
