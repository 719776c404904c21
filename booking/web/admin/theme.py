"""How the commune looks: its names and their order in the logo, its colours, and the picture beside the name."""

from __future__ import annotations

from contextlib import closing
from decimal import ROUND_DOWN, Decimal
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FileField, RadioField
from wtforms.validators import ValidationError

from booking.core.colours import is_colour
from booking.core.errors import BookingError, ChangedMeanwhile
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.translated import OFFICIAL
from booking.database import read, write
from booking.models import Commune
from booking.pictures import MOST_MEGABYTES, logo_of
from booking.usecases.themes import Look, change_look, describe_logo, look_of, remove_logo, set_logo
from booking.web.admin.fields import Asked, SeenForm, TypedField, page_of, said, said_in, spread, texts
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to

COLOURS = {"brand": "theme_brand", "strong": "theme_brand_strong", "soft": "theme_brand_soft"}
ORDERS = (("fr", _l("French, then Dutch")), ("nl", _l("Dutch, then French")))
MARKS = {"autocomplete": "off", "spellcheck": "false"}


@texts("name", _l("Name of the commune"), most=80, asked=Asked.ALWAYS)
class ThemeForm(SeenForm):
    first_language = RadioField(_l("Order of the two names"), choices=choices(ORDERS), validate_choice=False)
    brand = TypedField(_l("Colour of the commune"), render_kw=MARKS)
    strong = TypedField(_l("A stronger one, for links and small words"), render_kw=MARKS)
    soft = TypedField(_l("A soft one, for surfaces"), render_kw=MARKS)

    def in_order(self) -> list[Field]:
        names = [self[name] for name in self.data if name.startswith("name_")]
        return [*names, self.first_language, *(self[colour] for colour in COLOURS)]

    def validate_first_language(self, field: Field) -> None:
        if field.data not in OFFICIAL:
            raise ValidationError(_l("Choose which name stands first."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each colour by itself, and then whether they can be read on one another."""
        is_right = bool(super().validate(extra_validators))
        for colour in COLOURS:
            if not is_colour(said(self[colour])):
                self[colour].errors = [_("Write a colour like #0b5563: a # and six digits or letters from a to f.")]
        if any(self[colour].errors for colour in COLOURS):
            return False
        for colour, ratio in self.look().faint.items():
            self[colour].errors = [contrast_told(colour, ratio)]
            is_right = False
        return is_right

    def look(self) -> Look:
        """What was written. Its colours are colours."""
        colours = {column: said(self[colour]).lower() for colour, column in COLOURS.items()}
        return Look(name=said_in(self, "name"), first_language=self.first_language.data or "", **colours)

    def shown_colours(self) -> dict[str, str] | None:
        """The colours as a sample shows them, ``None`` while one of them is none."""
        typed = {colour: said(self[colour]).lower() for colour in COLOURS}
        return typed if all(map(is_colour, typed.values())) else None


def contrast_told(colour: str, ratio: float) -> str:
    # Cut, not rounded: 4.48 is not 4.5.
    number = format_decimal(Decimal(ratio).quantize(Decimal("0.1"), ROUND_DOWN))
    if colour == "soft":
        return _(
            "Text on this colour has a contrast of %(ratio)s to 1, and 4.5 is needed. Choose a lighter one.",
            ratio=number,
        )
    return _(
        "Against white and the soft colour this one has a contrast of %(ratio)s to 1, and 4.5 is needed. "
        "Choose a darker one.",
        ratio=number,
    )


class LogoForm(Form):
    """The file of a new picture."""

    picture = FileField(_l("File"), description=_l("Logo"))


@texts("alt", _l("What the logo shows, for whoever does not see it"), most=120, asked=Asked.TOGETHER)
class AltForm(Form):
    """What is said of the picture there is."""

    def in_order(self) -> list[Field]:
        return [field for field in self if field.name.startswith("alt_")]


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/commune/look", "theme", theme, methods=["GET", "POST"])
    blueprint.add_url_rule("/commune/logo", "logo", logo, methods=["GET", "POST"])
    blueprint.add_url_rule("/commune/logo/words", "logo_words", logo_words, methods=["POST"])
    blueprint.add_url_rule("/commune/logo/remove", "remove_logo", logo_gone, methods=["POST"])


@open_to(Role.ADMINISTRATOR)
def theme() -> ResponseReturnValue:
    here = read().get_one(Commune, g.commune.id)
    form = ThemeForm(data=shown(here), seen=word_for(look_of(here)))
    is_tried = request.form.get("step") == "try"
    if form.validate_on_submit() and not is_tried:
        own = {"commune_id": here.id, "look": form.look(), "seen": form.seen.data}
        try:
            write(change_look, **own, actor=actor(), now=g.now)
        except ChangedMeanwhile as refusal:
            form.show_again(look_of(read().get_one(Commune, here.id)))
            return page_of(form, "admin/theme.html", refusal=refusal)
        flash(_l("Names and colours are saved: every page has them from now on."))
        return redirect(url_for(".theme"), 303)
    return page_of(form, "admin/theme.html")


def shown(here: Commune) -> dict[str, str]:
    colours = {colour: getattr(here, column) for colour, column in COLOURS.items()}
    return {"first_language": here.first_language, **colours, **spread("name", here.name)}


@open_to(Role.ADMINISTRATOR)
def logo() -> ResponseReturnValue:
    form = LogoForm()
    if form.validate_on_submit():
        content = sent_file("picture")
        try:
            if not content:
                raise ValidationError(_("Choose a file."))
            # Read and made anew before anything is written: a picture may take its time.
            picture = logo_of(content)
        except ValidationError as fault:
            form.picture.errors = [str(fault)]
        except BookingError as refusal:
            form.picture.errors = [sentence_of(refusal)]
        else:
            write(set_logo, commune_id=g.commune.id, **vars(picture), actor=actor(), now=g.now)
            flash(_l("The logo is saved: it stands beside the name from now on."))
            return redirect(url_for(".logo"), 303)
    return logo_page(form, alt_form(), 422 if form.errors else 200)


def sent_file(name: str) -> bytes:
    """What a field of files brought; nothing when no file was chosen."""
    sent = request.files.get(name)
    if sent is None:
        return b""
    with closing(sent):
        return sent.read()


@open_to(Role.ADMINISTRATOR)
def logo_words() -> ResponseReturnValue:
    form = alt_form()
    if not form.validate_on_submit():
        return logo_page(LogoForm(None), form, 422 if form.errors else 200)
    write(describe_logo, commune_id=g.commune.id, alt=said_in(form, "alt"), actor=actor(), now=g.now)
    flash(_l("The words of the logo are saved."))
    return redirect(url_for(".logo"), 303)


@open_to(Role.ADMINISTRATOR)
def logo_gone() -> ResponseReturnValue:
    if Form().validate_on_submit():
        write(remove_logo, commune_id=g.commune.id, actor=actor(), now=g.now)
        flash(_l("The logo is removed: the name stands alone."))
    return redirect(url_for(".logo"), 303)


def alt_form() -> AltForm:
    return AltForm(data=spread("alt", read().get_one(Commune, g.commune.id).logo_alt))


def logo_page(form: LogoForm, alt: AltForm, status: int) -> ResponseReturnValue:
    page = render_template("admin/logo.html", form=form, alt=alt, most=MOST_MEGABYTES)
    return page, status
