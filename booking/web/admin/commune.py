"""The commune as a whole: its words about privacy, who answers for the site, and the minutes that needs take."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field
from wtforms.validators import ValidationError

from booking.core.errors import ChangedMeanwhile
from booking.core.needs import MOST_MINUTES, Need, NeedTimes
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.translated import LANGUAGES
from booking.database import read, write
from booking.models import Commune
from booking.usecases.commune_words import CommuneWords, change_words, words_of
from booking.web.admin.fields import Asked, NumberField, SeenForm, page_of, said_in, spread, texts
from booking.web.agent.desk import actor
from booking.web.guard import open_to
from booking.web.needs import NEED_WORDS
from booking.web.resident.forms import email_of

TEXTS = ("privacy_text", "legal_text")
LONGEST = 4000


def minutes_field(need: Need) -> str:
    return f"minutes_{need.value}"


@texts("legal_text", _l("Legal notice"), most=LONGEST, long=True, asked=Asked.TOGETHER)
@texts("privacy_text", _l("Privacy, in the words of the commune"), most=LONGEST, long=True, asked=Asked.TOGETHER)
class CommuneForm(SeenForm):
    data_officer = EmailField(
        _l("E-mail address of the data protection officer"),
        description=_l("E-mail address of the data protection officer"),
        render_kw={"autocomplete": "off"},
    )

    shows_figures = BooleanField(_l("Everybody may read how long one waits"))

    def in_order(self) -> list[Field]:
        spoken = [self[f"{name}_{language}"] for name in TEXTS for language in LANGUAGES]
        return [self.data_officer, *spoken, *self.need_fields(), self.shows_figures]

    def need_fields(self) -> list[Field]:
        return [self[minutes_field(need)] for need in Need]

    def validate_data_officer(self, field: Field) -> None:
        email_of(field.data or "")

    def words(self) -> CommuneWords:
        """What was written. Only after the form was found valid."""
        minutes = {need: self[minutes_field(need)].number() for need in Need}
        return CommuneWords(
            privacy_text=said_in(self, "privacy_text"),
            legal_text=said_in(self, "legal_text"),
            data_officer=email_of(self.data_officer.data or ""),
            need_minutes=NeedTimes.of(minutes),
            shows_figures=self.shows_figures.data,
        )


class Minutes(NumberField):
    """A number of minutes by which a visit grows: whole ticks, like every visit."""

    def pre_validate(self, form: object) -> None:
        super().pre_validate(form)
        if self.number() % 5:
            raise ValidationError(_l("Write a multiple of five, like 10 or 15."))


for need in Need:
    setattr(CommuneForm, minutes_field(need), Minutes(NEED_WORDS[need], least=0, most=MOST_MINUTES, default="0"))


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/commune", "commune", commune_page, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def commune_page() -> ResponseReturnValue:
    here = read().get_one(Commune, g.commune.id)
    form = CommuneForm(data=shown(here), seen=word_for(words_of(here)))
    if form.validate_on_submit():
        own = {"commune_id": here.id, "words": form.words(), "seen": form.seen.data}
        try:
            write(change_words, **own, actor=actor(), now=g.now)
        except ChangedMeanwhile as refusal:
            form.show_again(words_of(read().get_one(Commune, here.id)))
            return page_of(form, "admin/commune.html", refusal=refusal)
        flash(_l("The page of the commune is saved."))
        return redirect(url_for(".commune"), 303)
    return page_of(form, "admin/commune.html")


def shown(here: Commune) -> dict[str, object]:
    """What the commune says, as its fields show it."""
    minutes = dict(here.need_minutes.minutes)
    numbers = {minutes_field(need): str(minutes.get(need, 0)) for need in Need}
    spoken = {name: said for text in TEXTS for name, said in spread(text, getattr(here, text)).items()}
    return {"data_officer": here.data_officer or "", "shows_figures": here.shows_figures, **numbers, **spoken}
