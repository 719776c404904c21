"""A commune's configuration as a file: written, brought along, its effect seen, and applied."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField

from booking import yamlfile
from booking.core.configuration.tree import Fault, Unreadable
from booking.core.errors import BookingError, ChangedMeanwhile, ImportTouches
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.text import clean
from booking.core.timespan import local_date
from booking.database import read, write
from booking.usecases.configuration.applying import apply_file, effect_of_file, shown
from booking.usecases.configuration.current import configuration_of
from booking.usecases.configuration.effect import Effect
from booking.usecases.configuration.files import content_of, drop, keep, kept_file
from booking.usecases.configuration.reading import read_configuration, written
from booking.usecases.configuration.sections import Configuration
from booking.usecases.touched import people_in
from booking.web.answers import sentence_of, status_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.platform.door import actor, commune_here
from booking.web.platform.effect_words import by_act
from booking.words.faults import fault_told

ABOUT = "The configuration of a commune, without persons and appointments."


class FileForm(Form):
    file = FileField(_l("File"), description=_l("File"))

    def content(self) -> bytes:
        sent = self.file.data
        if not isinstance(sent, FileStorage):
            return b""
        with sent.stream as opened:
            content: bytes = opened.read()
        return content

    def filename(self) -> str:
        return clean(getattr(self.file.data, "filename", "") or "") or "YAML"


class ApplyForm(Form):
    """``shown`` is the word for the effect that was seen: another one is not applied."""

    shown = HiddenField()


def add_to(blueprint: Blueprint) -> None:
    one = "/configuration/<row:number>"
    blueprint.add_url_rule("/configuration", "configuration", bring, methods=["GET", "POST"])
    blueprint.add_url_rule(one, "configuration_effect", look)
    blueprint.add_url_rule(f"{one}/apply", "configuration_apply", apply, methods=["POST"])
    blueprint.add_url_rule("/communes/<row:number>/configuration.yaml", "configuration_file", file)


@open_to(Role.PLATFORM)
def file(number: int) -> ResponseReturnValue:
    """The file of a commune as it is now."""
    commune = commune_here(number)
    since = local_date(g.now, commune.zone)
    text = yamlfile.write(written(configuration_of(read(), commune_id=commune.id, since=since)), about=ABOUT)
    answer: Response = current_app.response_class(text, mimetype="application/yaml")
    answer.headers["Content-Disposition"] = f"attachment; filename=configuration-{commune.id}-{since}.yaml"
    return answer


@open_to(Role.PLATFORM)
def bring() -> ResponseReturnValue:
    """Bring a file along; what is wrong with it is named line by line, and then it is not kept."""
    form = FileForm()
    faults: tuple[Fault, ...] = ()
    if form.validate_on_submit():
        content = form.content()
        configuration, faults = understood(content)
        if configuration is not None:
            number = write(keep, content=content, filename=form.filename(), person_id=g.staff.id, now=g.now)
            return redirect(url_for(".configuration_effect", number=number), 303)
    told = [(fault.line, fault_told(fault, g.language)) for fault in faults]
    page = render_template("platform/configuration.html", form=form, faults=told, filename=form.filename())
    return page, 422 if faults else 200


def understood(content: bytes) -> tuple[Configuration | None, tuple[Fault, ...]]:
    try:
        return read_configuration(yamlfile.read(content))
    except Unreadable as unreadable:
        return None, (unreadable.fault,)


@open_to(Role.PLATFORM)
def look(number: int) -> ResponseReturnValue:
    return effect_page(number)


@open_to(Role.PLATFORM)
def apply(number: int) -> ResponseReturnValue:
    """Apply the file if its effect is still the one that was seen."""
    form = ApplyForm()
    if not form.validate_on_submit():
        return effect_page(number)
    try:
        effect = write(
            apply_file, configuration=configuration_in(number), seen=form.shown.data, actor=actor(), now=g.now
        )
    except (ImportTouches, ChangedMeanwhile) as refusal:
        return effect_page(number, refusal)
    write(drop, number=number, person_id=g.staff.id)
    flash(_("The commune is added.") if effect.is_new else _("The configuration is applied."))
    return redirect(url_for(".home"), 303)


def configuration_in(number: int) -> Configuration:
    """What a kept file says: it was in order when it was brought."""
    configuration, _faults = understood(content_of(kept_file(read(), number=number, person_id=g.staff.id)))
    if configuration is None:
        raise ChangedMeanwhile
    return configuration


def effect_page(number: int, refusal: BookingError | None = None) -> ResponseReturnValue:
    found, configuration = kept_file(read(), number=number, person_id=g.staff.id), configuration_in(number)
    try:
        effect = write(effect_of_file, configuration=configuration, actor=actor(), now=g.now)
    except BookingError as never:
        refusal, effect = never, Effect(None, is_new=False, items=(), touched=())
    page = render_template(
        "platform/effect.html",
        form=ApplyForm(formdata=None, shown=word_for(shown(effect))),
        filename=found.filename,
        number=number,
        name=configuration.commune["name"],
        effect=effect,
        acts=by_act(effect, configuration, today=local_date(g.now, ZoneInfo(configuration.commune["zone_key"]))),
        touched=people_in(read(), effect.touched),
        refusal=sentence_of(refusal) if refusal else None,
    )
    return page, status_of(refusal) if refusal else 200
