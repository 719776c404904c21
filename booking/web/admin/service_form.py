"""The form of a service: what residents read, how long it takes, fees in rows of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, RadioField, SelectField, StringField
from wtforms.validators import ValidationError

from booking.core.appointments import ServiceMode
from booking.core.checklist import Procedure, UrgentMode
from booking.core.reminders import LONGEST_HOURS, MOST_REMINDERS, USUAL_HOURS
from booking.core.seen import word_for
from booking.core.services import LONGEST_CODE, Fee, ServiceContent
from booking.core.text import folded
from booking.core.translated import LANGUAGES, OFFICIAL
from booking.core.typed import typed_cents, typed_day
from booking.models import ServiceGroup
from booking.web.admin.fee_rows import PROCEDURES, amount_of_fee, day_of_fee
from booking.web.admin.fields import (
    NumberField,
    NumbersField,
    OptionalNumberField,
    ask_for,
    is_empty,
    rows_of,
    said,
    said_in,
    spread,
    texts,
)
from booking.web.admin.service_limits import LIMITS, LimitsForm, limits_shown, weekday_choices
from booking.web.forms import choices

EMPTY_ROWS = 2
MOST_ROWS = 30
ELSEWHERE = ("link", "authority", "by_phone", "by_post")
PARAGRAPHS = ("name", "synonyms", "summary", "details", "who_comes", "urgent_text", "follow_up", *ELSEWHERE)

FIELD_WORDS = {
    "name": _l("Name"),
    "synonyms": _l("Other words for it"),
    "summary": _l("In one sentence"),
    "details": _l("More about it"),
    "who_comes": _l("Who must come?"),
    "link": _l("Link to the online form"),
    "authority": _l("Who does this instead"),
    "by_phone": _l("By phone"),
    "by_post": _l("By post"),
    "urgent_text": _l("How one comes for it"),
    "follow_up": _l("After the visit"),
    "checklist": _l("Questions and what to bring"),
    "fees": _l("Fees"),
}
MODES = (
    (ServiceMode.APPOINTMENT, _l("By appointment only")),
    (ServiceMode.BOTH, _l("With or without an appointment")),
    (ServiceMode.WALK_IN, _l("Without an appointment")),
    (ServiceMode.ONLINE, _l("Online, and in the other ways you name")),
    (ServiceMode.ELSEWHERE, _l("Elsewhere: the commune does not do this")),
)


URGENT_MODES = (
    ("", _l("There is none")),
    (UrgentMode.APPOINTMENT, _l("With an appointment")),
    (UrgentMode.WALK_IN, _l("Without an appointment")),
)


def spoken(*names: str) -> list[str]:
    """The names of the fields of texts."""
    return [f"{name}_{language}" for name in names for language in LANGUAGES]


def check_link(written: str) -> None:
    parts = urlsplit(written)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ValidationError(_l("Write an address like https://www.example.be/page."))


@texts("name", FIELD_WORDS["name"], most=120)
@texts("synonyms", FIELD_WORDS["synonyms"], most=1000, long=True)
@texts("summary", FIELD_WORDS["summary"], most=300)
@texts("details", FIELD_WORDS["details"], most=3000, long=True)
@texts("who_comes", FIELD_WORDS["who_comes"], most=300)
@texts("link", FIELD_WORDS["link"], most=300, check=check_link)
@texts("authority", FIELD_WORDS["authority"], most=300)
@texts("by_phone", FIELD_WORDS["by_phone"], most=300)
@texts("by_post", FIELD_WORDS["by_post"], most=300)
@texts("urgent_text", FIELD_WORDS["urgent_text"], most=300)
@texts("follow_up", FIELD_WORDS["follow_up"], most=300)
class ServiceForm(LimitsForm):
    """``sized`` gives it rows for fees. What residents see (``is_published``) has to be complete."""

    fees = 0
    is_published = False

    code = StringField(_l("Short name in the web address"), render_kw={"autocomplete": "off", "spellcheck": "false"})
    group = SelectField(_l("Topic"), validate_choice=False)
    mode = RadioField(
        _l("How is it done?"), choices=choices((mode.value, label) for mode, label in MODES), validate_choice=False
    )
    minutes_first = NumberField(_l("Minutes for the first person"), least=5, most=240)
    minutes_extra = NumberField(_l("Minutes for each further person"), least=0, most=120)
    minutes_beside = OptionalNumberField(_l("Minutes beside another service"), least=0, most=240)
    information_minutes = OptionalNumberField(_l("Minutes of a first appointment for information"), least=5, most=240)
    information_days = OptionalNumberField(_l("Days until the appointment for the file"), least=0, most=180)
    max_persons = NumberField(_l("Largest number of people in one appointment"), least=1, most=20)
    notice_minutes = NumberField(_l("Book at the latest so many minutes before"), least=0, most=43200)
    horizon_days = NumberField(_l("Book at the earliest so many days ahead"), least=1, most=365)
    promised_days = OptionalNumberField(_l("A free time is promised within so many days"), least=0, most=365)
    cancel_notice_minutes = NumberField(_l("Move or cancel at the latest so many minutes before"), least=0, most=43200)
    max_moves = NumberField(_l("So many times people may move an appointment themselves"), least=1, most=99)
    may_move = BooleanField(_l("People may move their appointment themselves"))
    may_cancel = BooleanField(_l("People may cancel their appointment themselves"))
    urgent_mode = RadioField(
        _l("Urgent procedure"), choices=choices((value, label) for value, label in URGENT_MODES), validate_choice=False
    )
    reminder_hours = NumbersField(
        _l("Remind so many hours before"), least=1, most=LONGEST_HOURS, how_many=MOST_REMINDERS
    )
    asks_coming = BooleanField(_l("Reminders ask the person to confirm that they are coming"))
    asks_names = BooleanField(_l("The names of the others who come can be given"))
    earlier_list = BooleanField(_l("Offer times that come free to people in the list for an earlier appointment"))
    has_priority = BooleanField(_l("Whoever comes for it without an appointment goes before the others"))
    is_sensitive = BooleanField(_l("Sensitive: messages and calendar entries do not name it"))

    def in_order(self) -> list[Field]:
        """The fields as they stand on the page, which is how their errors are listed."""
        names = [
            *spoken("name", "summary", "synonyms"),
            "code",
            "group",
            "mode",
            *spoken(*ELSEWHERE, "who_comes", "details", "follow_up"),
        ]
        for row in range(self.fees):
            names += [f"fee_{row}_from", f"fee_{row}_amount", f"fee_{row}_procedure", *spoken(f"fee_{row}_note")]
        names += ["urgent_mode", *spoken("urgent_text")]
        numbers = [*NUMBERS[:3], *OPTIONAL_NUMBERS, *NUMBERS[3:]]
        split = numbers.index("cancel_notice_minutes")
        numbers[split:split] = LIMITS
        return [self[name] for name in [*names, *numbers, "reminder_hours", *SWITCHES]]

    def is_elsewhere(self) -> bool:
        """Whether what is said of other ways than the counter has to be seen: it is needed, or not right."""
        return self.mode.data in {ServiceMode.ONLINE, ServiceMode.ELSEWHERE} or any(
            self[name].errors for name in spoken(*ELSEWHERE)
        )

    def validate_code(self, field: Field) -> None:
        if not self.word():
            raise ValidationError(_l("Write a plain word, like identity-card."))

    def validate_group(self, field: Field) -> None:
        if field.data not in {choice.value for choice in field.choices}:
            raise ValidationError(_l("Choose a topic."))

    def validate_mode(self, field: Field) -> None:
        if field.data not in {mode.value for mode in ServiceMode}:
            raise ValidationError(_l("Choose how this is done."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Everything that is not right at once: what is typed wrongly and what is missing."""
        is_right = bool(super().validate(extra_validators))
        # Without a theme and a mode nothing can be said about what else is needed.
        is_told = not (self.group.errors or self.mode.errors)
        return (not self.is_published or (is_told and self.is_complete())) and is_right

    def word(self) -> str:
        """The word in addresses: as typed, else made from the name."""
        name = said_in(self, "name")
        return "-".join(folded(said(self.code) or name.in_("en")).split())[:LONGEST_CODE].strip("-")

    def content(self) -> ServiceContent:
        """What was written. Only after the form was found valid."""
        return ServiceContent(
            group_id=int(self.group.data),
            code=self.word(),
            mode=ServiceMode(self.mode.data),
            **{name: said_in(self, name) for name in PARAGRAPHS},
            **{name: self[name].number() for name in NUMBERS},
            **self.optional_numbers(),
            **self.limits(),
            reminder_hours=self.reminder_hours.numbers(),
            **{name: self[name].data for name in SWITCHES},
            urgent_mode=UrgentMode(self.urgent_mode.data) if self.urgent_mode.data in set(UrgentMode) else None,
            fees=tuple(sorted((fee for _, fee in self.fee_rows()), key=lambda fee: (fee.valid_from, fee.procedure))),
        )

    def optional_numbers(self) -> dict[str, int | None]:
        """Days count only from a first appointment; without a number it is the same day."""
        given: dict[str, int | None] = {name: self[name].given() for name in OPTIONAL_NUMBERS}
        days = given["information_days"] or 0
        return given | {"information_days": None if given["information_minutes"] is None else days}

    def fee_rows(self) -> Iterable[tuple[int, Fee]]:
        for row in range(self.fees):
            if not self.is_empty_fee(row):
                day, cents = typed_day(said(self[f"fee_{row}_from"])), typed_cents(said(self[f"fee_{row}_amount"]))
                if day is not None and cents is not None:
                    note = said_in(self, f"fee_{row}_note")
                    yield row, Fee(day, cents, note, self.procedure_of(row))

    def procedure_of(self, row: int) -> Procedure:
        is_urgent = self[f"fee_{row}_procedure"].data == Procedure.URGENT
        return Procedure.URGENT if is_urgent else Procedure.NORMAL

    def is_empty_fee(self, row: int) -> bool:
        names = (f"fee_{row}_from", f"fee_{row}_amount", *(f"fee_{row}_note_{language}" for language in LANGUAGES))
        return is_empty(self, names)

    def is_complete(self) -> bool:
        """Put a sentence at each text without which residents may not read this; false when there is one."""
        content = self.content()
        for gap in content.gaps():
            if gap.field in PARAGRAPHS:
                ask_for(self, gap.field, [gap.language])
        rows = [(f"fee_{row}_note", fee.note) for row, fee in self.fee_rows() if fee.note]
        for name, text in rows:
            ask_for(self, name, text.missing(OFFICIAL))
        return not content.gaps()


NUMBERS = (
    "minutes_first", "minutes_extra", "max_persons", "notice_minutes", "horizon_days", "cancel_notice_minutes",
    "max_moves",
)  # fmt: skip
SWITCHES = ("may_move", "may_cancel", "asks_coming", "asks_names", "earlier_list", "has_priority", "is_sensitive")
OPTIONAL_NUMBERS = ("minutes_beside", "information_minutes", "information_days", "promised_days")


def sized(fees: int) -> type[ServiceForm]:
    """The form with so many rows for fees."""

    class Sized(ServiceForm):
        pass

    Sized.fees = fees
    for row in range(fees):
        fee = _l("Fee %(number)s", number=row + 1)
        texts(f"fee_{row}_note", _l("What to add to it"), most=200)(Sized)
        setattr(Sized, f"fee_{row}_from", StringField(_l("From"), validators=[day_of_fee], description=fee))
        marks = {"inputmode": "decimal"}
        amount = StringField(_l("Amount in euros"), validators=[amount_of_fee], description=fee, render_kw=marks)
        setattr(Sized, f"fee_{row}_amount", amount)
        setattr(Sized, f"fee_{row}_procedure", SelectField(_l("Procedure"), choices=choices(PROCEDURES)))
    return Sized


def service_form(groups: Sequence[ServiceGroup], content: ServiceContent | None, language: str) -> ServiceForm:
    """The form as it was sent, or as ``content`` fills it, with a few empty rows for fees at the end."""
    form = sized(rows_of("fee", (len(content.fees) if content else 0) + EMPTY_ROWS, most=MOST_ROWS))(
        data=shown(content), seen=word_for(content) if content else None
    )
    form.release_weekday.choices = weekday_choices()
    form.group.choices = choices((str(group.id), group.name.joined(language)) for group in groups)
    return form


def listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def shown(content: ServiceContent | None) -> dict[str, Any]:
    """A service as its fields show it."""
    if content is None:
        return {"minutes_first": "15", "minutes_extra": "0", "max_persons": "1", "mode": ServiceMode.APPOINTMENT} | {
            "notice_minutes": "120",
            "cancel_notice_minutes": "120",
            "horizon_days": "60",
            "max_moves": "5",
            "may_move": True,
            "may_cancel": True,
            "urgent_mode": "",
            "reminder_hours": listed(USUAL_HOURS),
        }
    data: dict[str, Any] = {name: str(getattr(content, name)) for name in NUMBERS}
    data |= {name: str(number) for name in OPTIONAL_NUMBERS if (number := getattr(content, name)) is not None}
    data |= {"code": content.code, "group": str(content.group_id), "mode": content.mode.value}
    data |= {name: getattr(content, name) for name in SWITCHES} | limits_shown(content)
    data |= {"urgent_mode": content.urgent_mode or ""}
    data["reminder_hours"] = listed(content.reminder_hours)
    for name in PARAGRAPHS:
        data |= spread(name, getattr(content, name))
    for row, fee in enumerate(content.fees):
        euro, cents = divmod(fee.cents, 100)
        data |= {f"fee_{row}_from": f"{fee.valid_from:%d/%m/%Y}", f"fee_{row}_amount": f"{euro},{cents:02}"}
        data[f"fee_{row}_procedure"] = fee.procedure.value
        data |= spread(f"fee_{row}_note", fee.note)
    return data
