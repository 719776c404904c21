"""The end of a season: all its hours are over from a day on, in one change."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from booking.core.changes import EndSession, Several
from booking.core.errors import BookingError, ChangedMeanwhile, Unknown
from booking.core.opening import SessionRule
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.database import read
from booking.models import Office
from booking.usecases.opening_rules import sessions_of
from booking.web.admin.effect import Proposal, consider, is_proposed
from booking.web.admin.opening import back_to
from booking.web.admin.opening_form import EndForm, season_of
from booking.web.admin.told import season_in_words, told
from booking.web.admin.workplace import names_in, own_office, today_at
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.words.formatting import date_numeric, date_sentence


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        "/hours/<office>/season/<first>/<last>/end", "end_season", end_season, methods=["GET", "POST"]
    )


@open_to(Role.ADMINISTRATOR)
def end_season(office: str, first: str, last: str) -> ResponseReturnValue:
    """The hours of a season end together; a season that has no hours is not found."""
    here, season = own_office(office), season_of(first, last)
    today = today_at(here)
    rules = of_season(here, season)
    if season is None or not rules:
        raise Unknown
    names = names_in(here)
    sentences = [str(told(rule, names, today=today)) for rule in rules]
    form = EndForm(since=date_numeric(today, "fr"), seen=word_for(rules))
    page = {"form": form, "here": here, "heading": _("End all hours of this season"), "told": season_in_words(season)}
    page["sentences"] = sentences
    if not is_proposed(form):
        return render_template("admin/end_session.html", **page), 422 if form.errors else 200
    since = max(form.since.day(), today)
    day = _("First day without these hours: %(day)s.", day=date_sentence(since, g.language))
    change = Several(tuple(EndSession(here.id, rule.id, since) for rule in rules))
    heading = str(page["heading"])
    proposal = Proposal(change, heading, [day, *sentences], back_to(here), seen=form.seen.data, former=rules)
    return consider(proposal, lambda refusal: refused(refusal, page, rules))


def of_season(office: Office, season: object) -> tuple[SessionRule, ...]:
    """The sessions of a season that are not over."""
    found = sessions_of(read(), commune_id=g.commune.id, office_id=office.id, since=today_at(office))
    return tuple(rule for rule in found if season and rule.season == season)


def refused(refusal: BookingError, page: dict[str, object], rules: tuple[SessionRule, ...]) -> ResponseReturnValue:
    if isinstance(refusal, ChangedMeanwhile):
        page["form"].show_again(rules)  # type: ignore[attr-defined]
    return answer(refusal, "admin/end_session.html", **page)
