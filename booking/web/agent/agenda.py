"""The day of an office: as a list, as a grid by counter, and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from booking.core.roles import Role
from booking.core.timespan import local_date
from booking.core.typed import typed_day_near, typed_number
from booking.database import read
from booking.models import Office
from booking.usecases.agenda import agenda_of, freshness
from booking.usecases.moves_by_staff import counters_of
from booking.usecases.out_today import out_today
from booking.usecases.sheets import kept_sheets
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
    """What an address of the agenda asks for; ``unread`` is what was typed for a day and is none."""

    day: date
    view: str
    choice: Choice
    unread: str

    @property
    def where(self) -> dict[str, object]:
        """The same wish as the query of an address, without what goes without saying."""
        return {"day": self.day} | self.how

    @property
    def how(self) -> dict[str, object]:
        """The part of it that goes for every day."""
        asked = {"view": self.view, "counter": self.choice.counter_id, "service": self.choice.service_id}
        return {name: value for name, value in asked.items() if value is not None and value != "list"}


def wished(here: Office, day: date | None = None) -> Wish:
    """What the query of this address says of the agenda, and of which day it is when that is not of ``day``."""
    typed, today = request.args.get("day", "").strip(), local_date(g.now, here.zone)
    found = day or typed_day_near(typed, today)
    is_known = found is not None and EARLIEST <= found <= LATEST
    return Wish(
        day=found if found is not None and is_known else today,
        view="grid" if request.args.get("view") == "grid" else "list",
        choice=Choice(typed_number(request.args.get("counter", "")), typed_number(request.args.get("service", ""))),
        unread="" if is_known else typed,
    )


@open_to(Role.RECEPTIONIST)
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
    stored = () if is_polling() else kept_sheets(read(), office=here, now=g.now)
    answer.set_data(render_template(template, **shown(here, wish), stored=stored))
    answer.status_code = 422 if wish.unread else 200
    return answer


def shown(here: Office, wish: Wish) -> dict[str, object]:
    found = agenda_of(read(), office=here, day=wish.day, choice=wish.choice, now=g.now)
    is_now_shown = found.grid.now_row is not None if wish.view == "grid" else found.next_start is not None
    return {
        "office": here,
        "agenda": found,
        "anchor": "now" if is_now_shown else None,
        "out": out_on(here, wish),
        "day_lines": day_lines,
        "wish": wish,
        "previous": max(wish.day - timedelta(days=1), EARLIEST),
        "next": min(wish.day + timedelta(days=1), LATEST),
        "now": g.now.astimezone(here.zone).time(),
    }


def out_on(here: Office, wish: Wish) -> list[str]:
    """The counters that are out today, when it is today that is shown."""
    if wish.day != local_date(g.now, here.zone):
        return []
    out = out_today(read(), office=here, now=g.now)
    return [one.label for one in counters_of(read(), office=here) if one.id in out] if out else []


@open_to(Role.RECEPTIONIST)
def sheet() -> ResponseReturnValue:
    """The day on A4: what is on the screen of an agent when there is no screen."""
    here = office()
    return render_template("agent/sheet.html", **shown(here, wished(here)))
