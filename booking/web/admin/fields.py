"""What administrators' forms share: texts in four languages, numbers, days and times typed freely."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from enum import Enum, auto
from typing import Any, TypeVar

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from booking.core.errors import BookingError, TextTooLong
from booking.core.seen import word_for
from booking.core.text import clean
from booking.core.translated import LANGUAGES, OFFICIAL, Translated
from booking.core.typed import is_end_of_day, typed_day, typed_number, typed_numbers, typed_time
from booking.web.answers import sentence_of, status_of
from booking.web.forms import Form

FormClass = TypeVar("FormClass", bound=type[Form])

MISSING = {"fr": _l("The French text is missing."), "nl": _l("The Dutch text is missing.")}
LANGUAGE_LABELS = {"fr": _l("French"), "nl": _l("Dutch"), "en": _l("English"), "de": _l("German")}


class Asked(Enum):
    """When a text has to be there in French and in Dutch: never, as soon as it is there at all, or always."""

    NEVER = auto()
    TOGETHER = auto()
    ALWAYS = auto()


def texts(
    name: str,
    legend: Any,
    *,
    most: int,
    long: bool = False,
    check: Callable[[str], None] | None = None,
    asked: Asked = Asked.NEVER,
) -> Any:
    """Give a form a text in four languages: the fields ``name_fr``, ``name_nl``, ``name_en`` and ``name_de``.

    ``legend`` is what all four say; each carries it as its ``description``, for the summary of what is not right.
    """

    def speaking(form: FormClass) -> FormClass:
        for language in LANGUAGES:
            kind = TextAreaField if long else StringField
            validators = [at_most(most), *([checked(check)] if check else [])]
            if language in OFFICIAL and asked != Asked.NEVER:
                validators.append(in_both(name, MISSING[language], always=asked == Asked.ALWAYS))
            label, marks = LANGUAGE_LABELS[language], {"lang": language}
            setattr(form, f"{name}_{language}", kind(label, validators=validators, description=legend, render_kw=marks))
        return form

    return speaking


def in_both(name: str, sentence: Any, *, always: bool) -> Callable[[Form, Field], None]:
    def validate(form: Form, field: Field) -> None:
        if always or said_in(form, name):
            needed(field, sentence)

    return validate


def at_most(most: int) -> Callable[[Form, Field], None]:
    def validate(form: Form, field: Field) -> None:
        if len(field.data or "") > most:
            raise ValidationError(sentence_of(TextTooLong(limit=most)))

    return validate


def checked(check: Callable[[str], None]) -> Callable[[Form, Field], None]:
    def validate(form: Form, field: Field) -> None:
        if written := said(field):
            check(written)

    return validate


def needed(field: Field, sentence: Any) -> None:
    """Ask for a field that was left empty."""
    if not said(field):
        raise ValidationError(sentence)


def said(field: Field) -> str:
    """What was typed, without what nobody sees; lines stay lines in a long text."""
    typed = field.data or ""
    if field.type != "TextAreaField":
        return clean(typed)
    lines = [clean(line) for line in typed.splitlines()]
    return "\n".join(lines).strip()


def said_in(form: Form, name: str) -> Translated:
    """The text ``name`` as it was typed in each language."""
    return Translated({language: said(form[f"{name}_{language}"]) for language in LANGUAGES})


def spread(name: str, text: Translated) -> dict[str, str]:
    """The fields that show the text ``name``."""
    return {f"{name}_{language}": text.texts.get(language, "") for language in LANGUAGES}


class SeenForm(Form):
    """A form of something that is there already: it remembers what it showed."""

    seen = HiddenField()

    def show_again(self, facts: object) -> None:
        """Take note of what is there now: whoever sends the form again has been told of it."""
        self.seen.data = word_for(facts)


def page_of(form: Form, template: str, *, refusal: BookingError | None = None, **context: Any) -> tuple[str, int]:
    """A form as it was typed, with what is not right about it or why it was refused, and the status of that."""
    said_no = sentence_of(refusal) if refusal else None
    page = render_template(template, form=form, refusal=said_no, **context)
    return page, status_of(refusal) if refusal else 422 if form.errors else 200


def is_empty(form: Form, names: Iterable[str]) -> bool:
    """Whether nothing was typed in any of these fields."""
    return not any(said(form[name]) for name in names)


def ask_for(form: Form, name: str, languages: Iterable[str]) -> None:
    """Put a sentence at each language in which a text is missing."""
    for language in languages:
        field = form[f"{name}_{language}"]
        field.errors = [*field.errors, str(MISSING[language])]


def at_the_field(
    form: Form, refusal: BookingError, fields: Mapping[type[BookingError], str], *, more: str = ""
) -> bool:
    """Put the sentence of a refusal at the field that it is about, if there is one; gives whether there was."""
    name = fields.get(type(refusal))
    if name is None or name not in form:
        return False
    form[name].errors = [f"{sentence_of(refusal)} {more}".strip()]
    return True


class TypedField(StringField):
    """What is written in a form of its own. Its errors say how; the summary of a page says which field it is."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, **{"description": label, **options})


class NumberField(TypedField):
    """A whole number between two bounds, typed in plain digits."""

    def __init__(self, label: Any, *, least: int, most: int, **options: Any) -> None:
        super().__init__(label, render_kw={"inputmode": "numeric", "autocomplete": "off"}, **options)
        self.least, self.most = least, most

    def pre_validate(self, form: Any) -> None:
        number = typed_number(self.data or "")
        if number is None or not self.least <= number <= self.most:
            raise ValidationError(
                _l("Write a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )

    def number(self) -> int:
        return typed_number(self.data or "") or 0


class OptionalNumberField(NumberField):
    """A whole number between two bounds, or nothing."""

    def pre_validate(self, form: Any) -> None:
        if said(self):
            super().pre_validate(form)

    def given(self) -> int | None:
        """The number, ``None`` when nothing was typed. Only after the form was found valid."""
        return typed_number(self.data or "")


class NumbersField(TypedField):
    """A few whole numbers between two bounds, with commas between them, or none. Twice the same counts once."""

    def __init__(self, label: Any, *, least: int, most: int, how_many: int, **options: Any) -> None:
        super().__init__(label, render_kw={"autocomplete": "off"}, **options)
        self.least, self.most, self.how_many = least, most, how_many

    def pre_validate(self, form: Any) -> None:
        found = typed_numbers(self.data or "")
        if found is None or len(set(found)) > self.how_many or any(not self.least <= n <= self.most for n in found):
            bounds = {"least": self.least, "most": self.most}
            raise ValidationError(
                _l(
                    "Write at most %(number)s whole numbers from %(least)s to %(most)s, with commas between them.",
                    number=self.how_many,
                    **bounds,
                )
            )

    def numbers(self) -> tuple[int, ...]:
        """What was typed, the largest first. Only after the form was found valid."""
        return tuple(sorted(set(typed_numbers(self.data or "") or ()), reverse=True))


class OptionalDay(TypedField):
    """A day, written like 7/5/2027, or nothing."""

    def pre_validate(self, form: Any) -> None:
        if said(self) and typed_day(self.data or "") is None:
            raise ValidationError(_l("Write a date like 31/12/2027."))

    def typed(self) -> date | None:
        """What was typed, as far as it is a day."""
        return typed_day(self.data or "")


class DayField(OptionalDay):
    """A day that is needed."""

    def pre_validate(self, form: Any) -> None:
        if self.typed() is None:
            raise ValidationError(_l("Write a date like 31/12/2027."))

    def day(self) -> date:
        """What was typed. Only after the form was found valid."""
        found = self.typed()
        if found is None:
            raise ValueError(self.data)
        return found


class OptionalTime(TypedField):
    """A time on the wall clock, written like 8:30, 8h30 or 830, or nothing."""

    def pre_validate(self, form: Any) -> None:
        if said(self) and self.typed() is None:
            raise ValidationError(_l("Write a time like 8:30, 8h30 or 830."))

    def typed(self) -> time | None:
        """What was typed, as far as it is a time."""
        return typed_time(self.data or "")


class UntilTime(OptionalTime):
    """A time until which something lasts; nothing and 24:00 are the end of the day, for which there is no time."""

    def pre_validate(self, form: Any) -> None:
        if not is_end_of_day(self.data or ""):
            super().pre_validate(form)


class TimeField(OptionalTime):
    """A time that is needed."""

    def pre_validate(self, form: Any) -> None:
        if self.typed() is None:
            raise ValidationError(_l("Write a time like 8:30, 8h30 or 830."))

    def wall(self) -> time:
        """What was typed. Only after the form was found valid."""
        found = self.typed()
        if found is None:
            raise ValueError(self.data)
        return found


def rows_of(kind: str, wanted: int, *, most: int) -> int:
    """How many rows of a kind a form has, ``most`` at most: those that were sent, else so many."""
    sent = [int(found[1]) + 1 for name in request.form if (found := re.match(rf"{kind}_([0-9]{{1,2}})_", name))]
    return min(max(sent) if sent else wanted, most)
