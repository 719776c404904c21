"""The weekly hours of an office: seen as a picture and as sentences, added, changed, ended."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from booking.core.changes import EndSession, SaveSession
from booking.core.errors import (
    BookingError,
    ChangedMeanwhile,
    ClosedAllTheSame,
    NeverOpen,
    NoCounter,
    RemovedMeanwhile,
    SessionsClash,
    Unknown,
)
from booking.core.opening import SessionRule
from booking.core.roles import Role
from booking.core.seen import word_for
from booking.core.translated import Translated
from booking.core.typed import typed_day
from booking.database import read
from booking.models import Office
from booking.usecases.calls import number_to_call
from booking.usecases.opening import closures_since
from booking.usecases.opening_rules import in_order_of_the_week, is_over, session_rule, sessions_of
from booking.usecases.schedules import load, schedule_of
from booking.web.admin.effect import Proposal, consider, is_proposed
from booking.web.admin.fields import at_the_field
from booking.web.admin.opening_form import EndForm, ExtraForm, SessionForm, written
from booking.web.admin.told import by_season, differences, is_single_day, season_in_words, told
from booking.web.admin.week import KEPT, Week, week_of, why_shut
from booking.web.admin.workplace import (
    administered,
    closed_down,
    counters_in,
    first_office,
    names_in,
    own_office,
    services_here,
    today_at,
)
from booking.web.answers import answer, status_of
from booking.web.guard import open_to
from booking.words.formatting import date_numeric, date_sentence

BOTH = ["GET", "POST"]
FIELDS = {SessionsClash: "start", ClosedAllTheSame: "start", NeverOpen: "weekdays", NoCounter: "counters"}
"""Where what is refused of hours is said."""
WEEK = timedelta(days=7)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/hours", "hours_here", hours_here)
    blueprint.add_url_rule("/hours/<office>", "hours", hours)
    blueprint.add_url_rule("/hours/<office>/new", "new_session", new_session, methods=BOTH)
    blueprint.add_url_rule("/hours/<office>/extra", "extra_opening", extra_opening, methods=BOTH)
    blueprint.add_url_rule("/hours/<office>/<row:number>", "session", change_session, methods=BOTH)
    blueprint.add_url_rule("/hours/<office>/<row:number>/end", "end_session", end_session, methods=BOTH)


def back_to(office: Office) -> str:
    return url_for(".hours", office=office.code)


@open_to(Role.ADMINISTRATOR)
def hours_here() -> ResponseReturnValue:
    return redirect(url_for(".hours", office=first_office().code))


@open_to(Role.ADMINISTRATOR)
def hours(office: str) -> ResponseReturnValue:
    """One week as a picture, and every session that is not over as sentences."""
    here = own_office(office)
    today = today_at(here)
    shown = typed_day(request.args.get("week", "")) or today
    monday = shown - timedelta(days=shown.weekday())
    schedule = schedule_of(read(), here)
    rules = in_order_of_the_week(rule for rule in schedule.rules if not is_over(rule, today))
    names = names_in(here, rules)
    shut = closures_since(read(), commune_id=g.commune.id, since=monday)
    reasons = {one.closure.id: one.closure.reason for one in shut}
    week = week_of(schedule, names.counters.items(), monday, reasons)
    return render_template(
        "admin/hours.html",
        here=here,
        offices=administered(),
        groups=by_season(rules, lambda rule: told(rule, names, today=today)),
        season_in_words=season_in_words,
        week=week,
        picture=picture_of(week, back_to(here) + "/", today, g.language),
        previous_week=(monday - WEEK).isoformat(),
        next_week=(monday + WEEK).isoformat(),
        today=today,
        to_call=number_to_call(read(), offices=[*administered(), *closed_down()], now=g.now),
    )


@lru_cache(maxsize=KEPT)
def picture_of(week: Week, there: str, today: date, language: str) -> Markup:
    """The picture as the page carries it in the reader's ``language``; kept as long as the week is what it is."""
    return Markup(render_template("admin/week.html", week=week, there=there, today=today))  # noqa: S704 - ours, escaped


@open_to(Role.ADMINISTRATOR)
def new_session(office: str) -> ResponseReturnValue:
    here = own_office(office)
    form = SessionForm(since=date_numeric(today_at(here), "fr"))
    return session_page(here, form, heading=_("New opening hours"))


@open_to(Role.ADMINISTRATOR)
def change_session(office: str, number: int) -> ResponseReturnValue:
    """Change a session from a day on; what was before stays as it was."""
    here = own_office(office)
    rule = session_at_hand(here, number)
    if rule is None:
        return to_be_new(here, SessionForm())
    since = max(today_at(here), rule.valid_from)
    form = SessionForm(**written(rule), since=date_numeric(since, "fr"), seen=word_for(rule))
    return session_page(here, form, heading=_("Change opening hours"), former=rule)


def session_at_hand(here: Office, number: int) -> SessionRule | None:
    """The session a form is about; ``None`` when it is no longer there for a form that was sent."""
    try:
        return session_rule(read(), commune_id=g.commune.id, office_id=here.id, session_id=number)
    except Unknown:
        if request.method == "POST":
            return None
        raise


def to_be_new(here: Office, form: SessionForm) -> ResponseReturnValue:
    """What was typed about a session that somebody has removed or replaced meanwhile: it may be saved as a new one."""
    form.offer(counters_in(here), services_here(), g.language)
    page = {"form": form, "here": here, "heading": _("New opening hours"), "former": None, "there": back_to(here)}
    action = url_for(".new_session", office=here.code)
    return answer(ChangedMeanwhile(), "admin/session.html", **page, action=action)


def session_page(
    here: Office, form: SessionForm, *, heading: str, former: SessionRule | None = None
) -> ResponseReturnValue:
    form.offer(counters_in(here), services_here(former.services if former else ()), g.language)
    page = {"template": "admin/session.html", "form": form, "here": here, "heading": heading, "former": former}
    if not is_proposed(form):
        return form_page(**page)
    change = form.change(here, session_id=former.id if former else None, today=today_at(here))
    return consider_hours(here, change, former=former, page=page)


@open_to(Role.ADMINISTRATOR)
def extra_opening(office: str) -> ResponseReturnValue:
    """Hours of one single day."""
    here = own_office(office)
    form = ExtraForm()
    form.today = today_at(here)
    form.offer(counters_in(here), services_here(), g.language)
    page = {"template": "admin/extra.html", "form": form, "here": here, "heading": _("Extra opening")}
    return consider_hours(here, form.change(here), page=page) if is_proposed(form) else form_page(**page)


@open_to(Role.ADMINISTRATOR)
def end_session(office: str, number: int) -> ResponseReturnValue:
    here = own_office(office)
    rule = session_at_hand(here, number)
    if rule is None:
        return nothing_to_end(here)
    today = today_at(here)
    form = EndForm(since=date_numeric(max(today, rule.valid_from), "fr"), seen=word_for(rule))
    told_ = str(told(rule, names_in(here), today=today))
    page = {"template": "admin/end_session.html", "form": form, "here": here, "told": told_}
    page["heading"] = _("End these opening hours")
    if not is_proposed(form):
        return form_page(**page)
    since = max(form.since.day(), today)
    first = _("First day without these hours: %(day)s.", day=date_sentence(since, g.language))
    change = EndSession(here.id, number, since)
    proposal = Proposal(change, page["heading"], [told_, first], back_to(here), seen=form.seen.data, former=rule)
    return consider(proposal, lambda refusal: refused(refusal, page, rule))


def nothing_to_end(here: Office) -> ResponseReturnValue:
    g.page = "admin.hours"
    page = {"form": EndForm(), "here": here, "heading": _("End these opening hours"), "there": back_to(here)}
    return answer(RemovedMeanwhile(), "admin/end_session.html", **page)


def form_page(*, template: str, status: int = 422, **page: Any) -> ResponseReturnValue:
    return render_template(template, **page), status if page["form"].errors else 200


def consider_hours(
    here: Office, change: SaveSession, *, former: SessionRule | None = None, page: dict[str, Any]
) -> ResponseReturnValue:
    """Show or make a change, said as before and after; closures that keep an extra opening shut are told."""
    names, today = names_in(here), today_at(here)
    after = str(told(change.new_rule, names, today=today))
    before = str(told(former, names, today=today)) if former else None
    sentences = [] if before else [after]
    for why in shut_all_the_same(here, change):
        sentences.append(
            _("A closure keeps some of these hours shut: %(reason)s. Remove it first.", reason=why.joined(g.language))
        )
    proposal = Proposal(
        change,
        str(page["heading"]),
        sentences,
        back_to(here),
        seen=page["form"].seen.data if former else None,
        former=former,
        compared=differences(before, after) if before else (),
    )
    return consider(proposal, lambda refusal: refused(why_really(refusal, here, change), page, former))


def why_really(refusal: BookingError, here: Office, change: SaveSession) -> BookingError:
    """Hours of a single day that others have already are no use to ask for: it is a closure that keeps them shut."""
    if isinstance(refusal, SessionsClash):
        for why in shut_all_the_same(here, change):
            return ClosedAllTheSame(day=change.new_rule.valid_from, reason=why)
    return refusal


def refused(refusal: BookingError, page: dict[str, Any], former: SessionRule | None) -> ResponseReturnValue:
    """The form with what was typed, and the sentence at its field.

    Who was not alone in changing these hours is shown what is saved now beside what they wrote.
    """
    here: Office = page["here"]
    if at_the_field(page["form"], refusal, FIELDS, more=other_hours(refusal, here)):
        return form_page(**page, status=status_of(refusal))
    if not isinstance(refusal, ChangedMeanwhile) or former is None:
        return answer(refusal, **page)
    rule = session_at_hand(here, former.id)
    if rule is None:
        return nothing_to_end(here) if isinstance(page["form"], EndForm) else to_be_new(here, page["form"])
    page["form"].show_again(rule)
    return answer(refusal, **page, **both_versions(here, rule, page["form"]), there=back_to(here))


def other_hours(refusal: BookingError, here: Office) -> str:
    """The hours that stand against those that were written, if they are the reason."""
    other = refusal.facts.get("other") if isinstance(refusal, SessionsClash) else None
    rules = sessions_of(read(), commune_id=g.commune.id, office_id=here.id, since=today_at(here)) if other else ()
    found = next((rule for rule in rules if rule.id == other), None)
    return _("The other hours: %(hours)s", hours=told(found, names_in(here), today=today_at(here))) if found else ""


def both_versions(here: Office, rule: SessionRule, form: SessionForm | EndForm) -> dict[str, Any]:
    """What is saved now and what was written, word by word; and the hours that follow those that are saved."""
    if isinstance(form, EndForm):
        return {}
    names, today = names_in(here), today_at(here)
    mine = form.change(here, session_id=rule.id, today=today).new_rule
    compared = differences(*(str(told(one, names, today=today)) for one in (rule, mine)))
    return {"compared": compared, "following": [str(told(one, names, today=today)) for one in following(here, rule)]}


def following(here: Office, rule: SessionRule) -> list[SessionRule]:
    """The sessions that begin where a session was made to end, at one of its counters on one of its days."""
    if rule.valid_until is None:
        return []
    since = rule.valid_until + timedelta(days=1)
    found = sessions_of(read(), commune_id=g.commune.id, office_id=here.id, since=since)
    starting = (one for one in found if one.valid_from == since)
    return [one for one in starting if one.counters & rule.counters and one.weekdays & rule.weekdays]


def shut_all_the_same(here: Office, change: SaveSession) -> set[Translated]:
    """Why hours of a single day would stay closed: a closure is stronger than an opening."""
    rule = change.new_rule
    if not is_single_day(rule):
        return set()
    shut = closures_since(read(), commune_id=g.commune.id, since=rule.valid_from)
    reasons = {one.closure.id: one.closure.reason for one in shut}
    after = change.applied(load(read(), [here])[here.id])
    return {*why_shut(after, rule.counters, rule.valid_from, reasons)}
