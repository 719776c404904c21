"""The day of an office: as a list, as a grid by counter, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.core.timespan import local_date
from booking.core.typed import typed_day, typed_number
from booking.database import read
from booking.models import Office
from booking.usecases.agenda import agenda_of, freshness
from booking.usecases.visits import Choice
from booking.web.agent.day_lines import day_lines
from booking.web.agent.desk import office, office_here
from booking.web.guard import open_to
from booking.web.staff import is_polling

EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", "agenda", agenda)
    blueprint.add_url_rule("/sheet", "sheet", sheet)


@dataclass(frozen=True)
class Wish:
    """What an address of the agenda asks for; ``is_day_unread`` when a day was typed that is none."""

    day: date
    view: str
    choice: Choice
    is_day_unread: bool

    @property
    def where(self) -> dict[str, object]:
        """The same wish as the query of an address, without what goes without saying."""
        asked = {"day": self.day, "view": self.view, "counter": self.choice.counter_id}
        asked["service"] = self.choice.service_id
        return {name: value for name, value in asked.items() if value is not None and value != "list"}


def wished(here: Office) -> Wish:
    typed = request.args.get("day", "").strip()
    day = typed_day(typed)
    is_known = day is not None and EARLIEST <= day <= LATEST
    return Wish(
        day=day if day is not None and is_known else local_date(g.now, here.zone),
        view="grid" if request.args.get("view") == "grid" else "list",
        choice=Choice(typed_number(request.args.get("counter", "")), typed_number(request.args.get("service", ""))),
        is_day_unread=bool(typed) and not is_known,
    )


@open_to(Role.AGENT)
def agenda() -> ResponseReturnValue:
    """A page that keeps itself fresh asks again and again: it is told cheaply that nothing has changed."""
    here = office_here()
    if here is None:
        return render_template("agent/no_office.html")
    wish = wished(here)
    answer = make_response()
    if is_polling():
        answer.set_etag(freshness(read(), office=here, day=wish.day, now=g.now), weak=True)
        if request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
            answer.status_code = 304
            return answer
    template = "agent/day.html" if is_polling() else "agent/agenda.html"
    answer.set_data(render_template(template, **shown(here, wish)))
    answer.status_code = 422 if wish.is_day_unread else 200
    return answer


def shown(here: Office, wish: Wish) -> dict[str, object]:
    return {
        "office": here,
        "agenda": agenda_of(read(), office=here, day=wish.day, choice=wish.choice, now=g.now),
        "day_lines": day_lines,
        "wish": wish,
        "previous": max(wish.day - timedelta(days=1), EARLIEST),
        "next": min(wish.day + timedelta(days=1), LATEST),
        "now": g.now.astimezone(here.zone).time(),
    }


@open_to(Role.AGENT)
def sheet() -> ResponseReturnValue:
    """The day on A4: what is on the screen of an agent when there is no screen."""
    here = office()
    return render_template("agent/sheet.html", **shown(here, wished(here)))
