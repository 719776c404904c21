"""Why there is no time: the reasons one after the other, what each costs, and where it is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import RadioField, SelectField

from booking.core.errors import TooManyPersons, Unknown
from booking.core.roles import Role
from booking.core.why import Cost, Reason
from booking.database import read
from booking.models import Office, Service
from booking.usecases.possibilities import reasons_of
from booking.usecases.schedules import schedule_of
from booking.usecases.services import services_written
from booking.usecases.why import Explained, why_no_time
from booking.web.admin.fields import DayField, NumberField
from booking.web.admin.told import told
from booking.web.admin.why_words import About, sentence_for
from booking.web.admin.workplace import administered, names_in
from booking.web.agent.desk import office_here, offices
from booking.web.answers import sentence_of
from booking.web.forms import Form, choices
from booking.web.guard import open_to
from booking.words.formatting import date_numeric

RESIDENTS, STAFF = "residents", "staff"
WHO = ((RESIDENTS, _l("residents")), (STAFF, _l("staff")))
OF_SERVICE = (Reason.NOTICE, Reason.HORIZON, Reason.NOT_RELEASED, Reason.QUOTA)
OF_DAY = (Reason.ABSENT, Reason.TAKEN, Reason.HELD, Reason.TOO_SHORT)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/why", "why", why)


class WhyForm(Form):
    """It is sent with the address, and changes nothing."""

    service = SelectField(_l("Service"), validate_choice=False)
    persons = NumberField(_l("People"), least=1, most=20)
    office = SelectField(_l("Office"), validate_choice=False)
    day = DayField(_l("Day"))
    who = RadioField(_l("For whom"), choices=choices(WHO), validate_choice=False)


@dataclass(frozen=True)
class Told:
    """A reason in words: what it takes, what is ``left`` after it, ``more`` about it, and where it is changed."""

    sentence: str
    cost: Cost
    left: int
    more: Sequence[str]
    links: Sequence[tuple[str, str]]


@open_to(Role.RECEPTIONIST)
def why() -> ResponseReturnValue:
    """The chain of reasons, also for those who cannot change any of them: they have to explain it."""
    services = [one.service for one in services_written(read(), commune_id=g.commune.id)]
    bookable = [one for one in services if one.mode.is_bookable and one.deactivated_at is None]
    here = office_here()
    if here is None or not bookable:
        return render_template("admin/why.html", form=None, explained=None)
    form, found = why_form(bookable, here), {"explained": None}
    if "service" in request.args and form.validate():
        try:
            found = answered(form, chosen(offices(), form.office.data), chosen(bookable, form.service.data))
        except TooManyPersons as refusal:
            form.persons.errors = [sentence_of(refusal)]
    return render_template("admin/why.html", form=form, **found), 422 if form.errors else 200


def why_form(services: Sequence[Service], here: Office) -> WhyForm:
    today = date_numeric(g.now.astimezone(here.zone).date(), "fr")
    usual = {"persons": "1", "office": here.code, "day": today, "who": RESIDENTS}
    # A link from elsewhere names what it knows, and the rest is as usual.
    form = WhyForm(CombinedMultiDict([request.args, MultiDict(usual)]), meta={"csrf": False})
    form.service.choices = choices((one.code, one.name.joined(g.language)) for one in services)
    form.office.choices = choices((one.code, one.name.joined(g.language)) for one in offices())
    return form


def chosen(among: Sequence[Any], code: str | None) -> Any:
    """What has this word in addresses. Raises ``Unknown``."""
    found = next((one for one in among if one.code == code), None)
    if found is None:
        raise Unknown
    return found


def answered(form: WhyForm, office: Office, service: Service) -> dict[str, Any]:
    """What the page tells of an answer. Raises ``TooManyPersons``."""
    day, for_staff = form.day.day(), form.who.data == STAFF
    wish = {"office": office, "service": service, "persons": form.persons.number(), "day": day, "now": g.now}
    explained = why_no_time(read(), **wish, for_staff=for_staff)
    form.day.data = date_numeric(day, "fr")
    about = About(office, service, explained.minutes, day, for_staff, g.now)
    return wish | {
        "explained": explained,
        "for_staff": for_staff,
        "reasons": [*in_words(explained, about)],
        "beside": [sentence_for(reason, about) for reason in explained.why.beside],
        "walls": [start.astimezone(office.zone).time() for start in explained.starts],
    }


def in_words(explained: Explained, about: About) -> Iterator[Told]:
    left, may_change = explained.why.minutes, about.office in administered()
    for cost in explained.why.costs:
        left -= cost.minutes
        links = [*where_changed(cost, about)] if may_change else []
        yield Told(sentence_for(cost.reason, about), cost, left, more_about(cost, about), links)


def more_about(cost: Cost, about: About) -> list[str]:
    """Why closures are, and sessions as sentences."""
    if cost.reason in {Reason.CLOSED, Reason.COUNTER_CLOSED}:
        return [reason.joined(g.language) for reason in reasons_of(read(), cost.rules)]
    names = names_in(about.office) if cost.rules else None
    rules = [rule for rule in schedule_of(read(), about.office).rules if rule.id in cost.rules]
    return [str(told(rule, names, today=about.day)) for rule in rules] if names else []


def where_changed(cost: Cost, about: About) -> Iterator[tuple[str, str]]:
    """The pages on which a reason is changed, each with what it is called."""
    office, reason = about.office.code, cost.reason
    if reason in {Reason.CLOSED, Reason.COUNTER_CLOSED}:
        yield url_for(".closures"), _("Closures")
    elif reason in OF_SERVICE:
        yield url_for(".service", service=about.service.code, _anchor="appointments"), _("Change this service")
    elif reason == Reason.NOT_SERVED:
        yield url_for(".counters"), _("What each counter does")
    elif reason == Reason.PAUSED:
        yield url_for("agent.outage"), _("System failure")
    elif reason in OF_DAY:
        if about.office == office_here():
            yield url_for("agent.agenda", day=about.day.isoformat()), _("Agenda of the day")
    else:
        for number in cost.rules:
            yield url_for(".session", office=office, number=number), _("Change these hours")
        yield url_for(".hours", office=office, week=about.day.isoformat()), _("Hours of the week")
