"""Notices to everybody: writing one in both languages, and from when until when it stands on every page."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any, NamedTuple

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from wtforms import Field

from booking.core.errors import BookingError, ChangedMeanwhile, EndsBeforeStart, Unknown
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.timespan import local_date
from booking.database import read, write
from booking.models import Banner
from booking.usecases.banners import Notice, add_banner, banner, banners_of, change_banner, facts_of, remove_banner
from booking.web.admin.fields import Asked, DayField, OptionalTime, SeenForm, UntilTime, page_of, said_in, spread, texts
from booking.web.agent.desk import actor
from booking.web.answers import sentence_of
from booking.web.forms import Form
from booking.web.guard import open_to
from booking.web.languages import current_language
from booking.words.formatting import date_sentence, moment_sentence


@texts("text", _l("What everybody should know"), most=400, long=True, asked=Asked.ALWAYS)
class BannerForm(SeenForm):
    from_day = DayField(_l("First day"))
    from_wall = OptionalTime(_l("From what time?"))
    until_day = DayField(_l("Last day"))
    until_wall = UntilTime(_l("Until what time?"))

    def in_order(self) -> list[Field]:
        spoken = [self.text_fr, self.text_nl, self.text_en, self.text_de]
        return [*spoken, self.from_day, self.from_wall, self.until_day, self.until_wall]

    def notice(self) -> Notice:
        """What was written. Only after the form was found valid."""
        return Notice(
            text=said_in(self, "text"),
            from_day=self.from_day.day(),
            from_wall=self.from_wall.typed(),
            until_day=self.until_day.day(),
            until_wall=self.until_wall.typed(),
        )


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/banners", "banners", banners)
    blueprint.add_url_rule("/banners/new", "new_banner", new_banner, methods=["GET", "POST"])
    blueprint.add_url_rule("/banners/<row:number>", "banner", change, methods=["GET", "POST"])
    blueprint.add_url_rule("/banners/<row:number>/remove", "remove_banner", remove, methods=["GET", "POST"])


@open_to(Role.ADMINISTRATOR)
def banners() -> ResponseReturnValue:
    notices = [(one, *walls_of(one)) for one in banners_of(read(), commune_id=g.commune.id)]
    return render_template("admin/banners.html", notices=notices)


@open_to(Role.ADMINISTRATOR)
def new_banner() -> ResponseReturnValue:
    today = f"{local_date(g.now, g.commune.zone):%d/%m/%Y}"
    form = BannerForm(data={"from_day": today, "until_day": today})
    return saved(form) or filled(form, None)


@open_to(Role.ADMINISTRATOR)
def change(number: int) -> ResponseReturnValue:
    """Write a notice anew; what was typed about one that somebody has removed meanwhile may be saved as a new one."""
    try:
        return changed(number)
    except Unknown:
        if request.method != "POST":
            raise
        return filled(BannerForm(), None, ChangedMeanwhile())


def changed(number: int) -> ResponseReturnValue:
    found = banner(read(), commune_id=g.commune.id, banner_id=number)
    form = BannerForm(data=shown(found), seen=word_for(facts_of(found)))
    try:
        return saved(form, number) or filled(form, found)
    except ChangedMeanwhile as refusal:
        found = banner(read(), commune_id=g.commune.id, banner_id=number)
        form.show_again(facts_of(found))
        return filled(form, found, refusal)


def saved(form: BannerForm, number: int | None = None) -> ResponseReturnValue | None:
    """Save a notice that is in order and go back to the list; ``None`` when the form has to be shown again."""
    if not form.validate_on_submit():
        return None
    own: dict[str, Any] = {"commune_id": g.commune.id, "notice": form.notice(), "actor": actor(), "now": g.now}
    try:
        if number is None:
            write(add_banner, **own)
        else:
            write(change_banner, **own, banner_id=number, seen=form.seen.data)
    except EndsBeforeStart as refusal:
        form.until_day.errors = [sentence_of(refusal)]
        return None
    flash(_l("The notice is saved."))
    return redirect(url_for(".banners"), 303)


@open_to(Role.ADMINISTRATOR)
def remove(number: int) -> ResponseReturnValue:
    found = banner(read(), commune_id=g.commune.id, banner_id=number)
    form = Form()
    if form.validate_on_submit():
        write(remove_banner, commune_id=g.commune.id, banner_id=number, actor=actor(), now=g.now)
        flash(_l("The notice is removed."))
        return redirect(url_for(".banners"), 303)
    return render_template("admin/banner_remove.html", form=form, notice=found)


def filled(form: BannerForm, found: Banner | None, refusal: BookingError | None = None) -> ResponseReturnValue:
    return page_of(form, "admin/banner.html", refusal=refusal, notice=found)


def shown(found: Banner) -> dict[str, str]:
    """A notice as its fields show it, on the commune's clock; what begins or ends with a day has no time."""
    first, last = walls_of(found)
    return {
        **spread("text", found.text),
        "from_day": f"{first.day:%d/%m/%Y}",
        "from_wall": f"{first.wall:%H:%M}" if first.wall else "",
        "until_day": f"{last.day:%d/%m/%Y}",
        "until_wall": f"{last.wall:%H:%M}" if last.wall else "",
    }


class End(NamedTuple):
    """One end of a notice: its day, and the time unless it is the day's own beginning or end."""

    day: date
    wall: time | None

    @property
    def told(self) -> str:
        language = current_language()
        return moment_sentence(self.day, self.wall, language) if self.wall else date_sentence(self.day, language)


def walls_of(found: Banner) -> tuple[End, End]:
    """From when until when a notice is read, on the commune's clock."""
    zone = g.commune.zone
    first, last = found.shown_from.astimezone(zone), found.shown_until.astimezone(zone)
    is_whole = last.time() == time.min
    until = End(last.date() - timedelta(days=1), None) if is_whole else End(last.date(), last.time())
    return End(first.date(), None if first.time() == time.min else first.time()), until
