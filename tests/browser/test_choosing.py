"""Choosing a time: the first ones of every office, a month and a list, what is narrowed, and a month that is full."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.translated import Translated
from booking.core.waiting import USUAL_TERMS
from booking.models import Offer, Office, OpeningSession
from booking.usecases.waiting_answers import accept
from tests.browser.walker import Walker
from tests.databases import Database
from tests.factories import Working, a_counter, a_session, an_office
from tests.moments import EARLY, MONDAY
from tests.usecases.waiting import ANA, a_commune_with_a_list, a_freed_time, somebody_waits

BRANCH = {"fr": "Antenne", "nl": "Wijkkantoor"}
TIMES = "services/identity-card/times"
WEDNESDAY = MONDAY + timedelta(days=2)
FEBRUARY = date(2027, 2, 1)
LAST_YEAR = date(2026, 12, 31)
GAINED = (
    "In the last month, half of those who took such a time came at least %(num)s day earlier.",
    "In the last month, half of those who took such a time came at least %(num)s days earlier.",
)


@pytest.fixture(autouse=True)
def place(database: Database) -> Working:
    """The town hall is open in the morning, the branch on Wednesdays from noon to seven; the list is kept."""

    def rows(session: Session) -> Working:
        place = a_commune_with_a_list(session)
        branch = an_office(session, place.commune, code="branch", name=Translated.of(**BRANCH))
        counters = [a_counter(session, branch, serves=[place.service])]
        a_session(session, branch, counters, start="12:00", end="19:00", weekdays=0b0000100)
        return place

    made: Working = database.write(rows)
    return made


def narrow(ana: Walker, **chosen: str) -> None:
    """Choose among the radios; without scripts the button sends them."""
    for name, value in chosen.items():
        ana.page.locator(f"#{name}-{value}").check(force=True)
    if not ana.scripts:
        ana.press("Show these times")


def only_from(session: Session, day: date) -> None:
    """No office is open before ``day``."""
    session.execute(update(OpeningSession).values(valid_from=day))
    session.execute(update(Office).values(schedule_version=Office.schedule_version + 1))


def somebody_gained(session: Session, place: Working) -> None:
    """Bilal, who had to wait for four weeks, took a time that came free on Wednesday."""
    entry = somebody_waits(session, place, "Bilal")
    a_freed_time(session, place)
    offer = session.scalars(select(Offer)).one()
    own = {"commune_id": place.commune.id, "entry_id": entry.id, "offer_id": offer.id}
    accept(session, **own, terms=USUAL_TERMS, per_contact=4, actor=ANA, now=EARLY)


def only_at_the_branch(session: Session) -> None:
    branch = session.scalars(select(Office.id).where(Office.code == "branch")).one()
    session.execute(update(OpeningSession).where(OpeningSession.office_id != branch).values(valid_until=LAST_YEAR))
    session.execute(update(Office).values(schedule_version=Office.schedule_version + 1))


def test_the_first_three_times_of_all_offices_come_before_the_calendar(ana: Walker) -> None:
    ana.open(TIMES)
    ana.is_at("Choose a day and a time")
    soonest = ana.page.locator("button.soonest__time")
    expect(soonest).to_have_count(3)
    expect(soonest.first).to_contain_text(ana.said("date_without_year", MONDAY))
    expect(soonest.first).to_contain_text(ana.said("time_sentence", time(10)))
    day = {"day": ana.said("date_without_year", MONDAY)}
    in_words = ana.counted("%(day)s, %(num)s free time", "%(day)s, %(num)s free times", 8, **day)
    expect(ana.page.locator(f"#on-{MONDAY}")).to_contain_text(in_words)
    expect(ana.page.locator(f"#on-{WEDNESDAY}")).to_contain_text("44")


def test_the_times_are_narrowed_to_an_office_a_part_of_the_day_and_a_weekday(ana: Walker) -> None:
    ana.open(TIMES)
    narrow(ana, part="evening")
    expect(ana.page.locator("button.soonest__time").first).to_contain_text(ana.said("time_sentence", time(17)))
    expect(ana.page.locator("button.soonest__time").first).to_contain_text(BRANCH[ana.language])
    ana.looks()
    narrow(ana, part="any", office="town-hall", weekday="1")
    tuesday = ana.said("date_without_year", MONDAY + timedelta(days=1))
    expect(ana.page.locator("button.soonest__time").first).to_contain_text(tuesday)
    ana.page.locator("#view-list").click()
    expect(ana.page.locator(".day__title").nth(1)).to_have_text(
        ana.said("date_without_year", MONDAY + timedelta(days=8))
    )
    ana.looks()
    ana.page.locator("button.time").first.click()
    ana.is_at("Who is the appointment for?")
    ana.reads(ana.moment("08:00", day=MONDAY + timedelta(days=1)))


def test_a_month_leads_to_the_next_and_a_day_to_its_times(ana: Walker) -> None:
    ana.open(TIMES)
    ana.page.locator("#later").click()
    expect(ana.page.locator("#month")).to_have_text(ana.said("month_title", 2027, 2))
    ana.page.locator(f"#on-{FEBRUARY}").click()
    expect(ana.page.locator("#day-title")).to_have_text(ana.said("date_sentence", FEBRUARY))
    ana.looks()
    ana.page.locator("button.time").last.click()
    ana.is_at("Who is the appointment for?")
    ana.reads(ana.moment("11:45", day=FEBRUARY))


@pytest.mark.parametrize("width", [375, 320])
@pytest.mark.parametrize("is_full", [False, True])
def test_on_a_phone_the_whole_month_is_seen_without_scrolling_sideways(
    ana: Walker, database: Database, width: int, is_full: bool
) -> None:
    if is_full:
        database.write(only_from, FEBRUARY)
    ana.page.set_viewport_size({"width": width, "height": 800})
    ana.open(f"{TIMES}?month=2027-01")
    days = ana.page.locator(".month__day")
    boxes = [box for day in days.all() if (box := day.bounding_box())]

    assert len(boxes) == 28, "January from Monday the 4th"
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert all(min(box["width"], box["height"]) >= 24 for box in boxes)
    assert len({round(box["y"]) for box in boxes}) == 4
    assert ana.page.evaluate("document.documentElement.scrollWidth") == width
    expect(days.nth(0)).to_contain_text(ana.said("date_without_year", MONDAY) if not is_full else "4")


def test_a_full_month_leads_to_the_next_free_date_and_to_the_list(
    ana: Walker, database: Database, place: Working
) -> None:
    database.write(somebody_gained, place)
    database.write(only_from, FEBRUARY)
    ana.open(f"{TIMES}?month=2027-01")
    ana.finds("There is no free time left in %(month)s.", month=ana.said("month_sentence", 2027, 1))
    ana.reads(ana.counted(*GAINED, 26))
    expect(ana.control("link", "Tell me if something earlier comes free")).to_be_visible()
    first = ana.said("moment_without_year", FEBRUARY, time(8))
    ana.follow("First free appointment: %(moment)s", moment=first)
    expect(ana.page.locator("#day-title")).to_have_text(ana.said("date_sentence", FEBRUARY))
    ana.open(f"{TIMES}?month=2027-01")
    ana.follow("Tell me if something earlier comes free")
    ana.is_at("Tell me if something earlier comes free")


def test_an_office_without_any_time_names_the_one_that_has(ana: Walker, database: Database) -> None:
    ana.open(f"{TIMES}?office=branch&weekday=0")
    ana.finds("No time is free on the days and at the hours you asked for.")
    database.write(only_at_the_branch)
    ana.open(f"{TIMES}?office=town-hall")
    free = {"office": BRANCH[ana.language], "moment": ana.said("moment_without_year", WEDNESDAY, time(12))}
    ana.is_at("Choose a day and a time")
    ana.follow("Free at another office: %(office)s, %(moment)s", **free)
    expect(ana.page.locator("#office-branch")).to_be_checked()
