"""The demonstration is read by people who look for faults: it is complete, consistent, and comes out right by date."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from itertools import combinations

import phonenumbers
import pytest

from booking.core.appointments import ServiceMode
from booking.core.checklist import PhotoRule, Procedure, UrgentMode, resolve
from booking.core.checklist_paths import paths
from booking.core.checklist_problems import problems
from booking.core.opening import ClosureRule, Mode, SessionRule, first_clash
from booking.core.roles import Role
from booking.core.text import clean_name, looks_like_national_number
from booking.core.translated import LANGUAGES, Translated
from booking.demo.content import closures, fullness, people
from booking.demo.content.closures import closures_for, extra_openings_for
from booking.demo.content.communes import COMMUNES, MOULIN, VAL
from booking.demo.content.offices import OFFICES, offices_of
from booking.demo.content.papers import PAPERS
from booking.demo.content.questions import CHECKLISTS
from booking.demo.content.services import GROUPS, SERVICES, content_of
from booking.demo.content.sessions import QUARTER, SESSIONS, daily_breaks_of, sessions_of
from booking.demo.content.shapes import DemoClosure, DemoCommune, DemoSession
from booking.usecases import holidays
from tests.moments import BRUSSELS, MONDAY

EVERYTHING = (
    COMMUNES, OFFICES, SERVICES, GROUPS, PAPERS, CHECKLISTS, holidays.LEGAL_HOLIDAYS, holidays.LOCAL_DAYS,
    holidays.EVES,
    (holidays.BRIDGE, closures.STAFF, closures.REPAIR),
)  # fmt: skip
# What is said in France, the Netherlands or Germany, and words that look down on people.
NOT_SAID = {
    "fr": r"mairie|courriel|\bportable|sécurité sociale|carte nationale d’identité|livret de famille|utilisateur"
    r"|\bRDV\b|valider|soumettre|inscrite\(|\(e\)|·",
    "nl": r"burgerzaken|\bbalie|identiteitsbewijs|achternaam|mobieltje|openingstijden|uitboeken|klant|gebruiker"
    r"|afwezig\b(?! is)|receptie|\bje\b|\bjij\b",
    "de": r"Bürgeramt|Einwohnermeldeamt|Führungszeugnis",
    "en": r"\bslot|\buser|customer|client|submit",
}
ROBUST_YEARS = range(2025, 2041)

by_code = {service.code: service for service in SERVICES}
by_commune = {commune.code: commune for commune in COMMUNES}
every_commune = pytest.mark.parametrize("commune", COMMUNES, ids=lambda commune: commune.code)


def texts_in(thing: object) -> Iterator[Translated]:
    """Every text inside a value, however deep. What is deliberately not said is no text."""
    if isinstance(thing, Translated):
        yield from [thing] if thing else []
    elif isinstance(thing, Mapping):
        for value in thing.values():
            yield from texts_in(value)
    elif isinstance(thing, tuple):
        for value in thing:
            yield from texts_in(value)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from texts_in(getattr(thing, field.name))


def said(language: str) -> list[str]:
    return [text.in_(language) for text in texts_in(EVERYTHING)]


def published(commune: DemoCommune):
    return [content_of(service, commune, group_id=1) for service in SERVICES]


def rules_of(sessions: tuple[DemoSession, ...]) -> list[SessionRule]:
    """Sessions of one office as the rules they become, with labels and codes for ids."""
    numbers: dict[str, int] = {}
    return [
        SessionRule(
            id=place,
            weekdays=session.weekdays,
            start=session.start,
            end=session.end,
            valid_from=session.valid_from,
            valid_until=session.valid_until,
            mode=session.mode,
            counters=frozenset(numbers.setdefault(label, len(numbers) + 1) for label in session.counters),
            every_weeks=session.every_weeks,
            anchor=session.anchor,
            nth_of_month=session.nth_of_month,
            season=session.season,
            last_entry=session.last_entry,
        )
        for place, session in enumerate(sessions)
    ]


def in_office(commune: str, office: str) -> tuple[DemoSession, ...]:
    return tuple(session for session in sessions_of(commune) if session.office == office)


# What is written


def test_every_text_is_written_in_the_four_languages():
    assert [text for text in texts_in(EVERYTHING) if text.missing(LANGUAGES)] == []
    assert len(list(texts_in(EVERYTHING))) > 150


def test_french_leaves_no_plain_space_before_its_high_punctuation():
    assert [text for text in said("fr") if re.search(r" [;:!?»]|« |\w[;!?]|\w: ", text)] == []


def test_no_line_ends_between_a_number_and_what_it_counts():
    counted = r"minut|jour|dag|days|tage|mois|maand|month|monat|ans|jaar|year|jahr|chaise|stoel|chair|stühle"
    parted = re.compile(rf"\d ({counted})|(annexe?|bijlage|anlage) \d", re.IGNORECASE)

    assert [text for language in LANGUAGES for text in said(language) if parted.search(text)] == []


def test_nothing_is_marked_as_unfinished_and_no_apostrophe_is_a_typewriter_s():
    for language in LANGUAGES:
        assert [text for text in said(language) if re.search(r"[†'\"]|  ", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_speaks_as_in_brussels(language):
    assert [text for text in said(language) if re.search(NOT_SAID[language], text, re.IGNORECASE)] == []


@every_commune
def test_no_blank_is_left_open_and_no_number_is_one_of_a_person(commune):
    for text in texts_in(tuple(published(commune))):
        for _, words in text:
            assert not re.search(r"[{}]", words)
            assert not looks_like_national_number(words)


def test_every_address_on_the_web_leads_nowhere():
    links = [link for service in SERVICES for _, link in service.link]
    emails = [address for commune in COMMUNES for address in (commune.email, commune.sender)]
    emails += [member.email for member in people.STAFF] + [one.email for one in people.NAMED if one.email]

    assert all(re.fullmatch(r"https://[a-z-]+\.example(/[a-z-]+)*", link) for link in links)
    assert all(re.fullmatch(r"[a-z.-]+@[a-z-]+\.example", address) for address in emails)


# Communes, offices, services


def test_the_two_communes_share_nothing_a_visitor_sees():
    val, moulin = COMMUNES

    assert not set(val.slugs.values()) & set(moulin.slugs.values())
    assert not set(val.postcodes) & set(moulin.postcodes)
    assert (val.first_language, moulin.first_language) == ("fr", "nl")
    assert len({val.brand, moulin.brand, val.phone, moulin.phone}) == 4


@every_commune
def test_a_phone_number_is_well_formed_and_shown_as_it_is_dialled(commune):
    number = phonenumbers.parse(commune.phone)

    assert phonenumbers.is_valid_number(number)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    assert commune.phone_shown.in_("nl").replace("\u00a0", " ") == shown


def test_there_are_twenty_services_each_in_a_group_with_a_name_of_its_own():
    assert len(SERVICES) == len(by_code) == 20
    assert {service.group for service in SERVICES} == {group.code for group in GROUPS}
    assert len({service.name.in_("fr") for service in SERVICES}) == 20


@every_commune
def test_every_service_can_be_published_as_it_is(commune):
    for content in published(commune):
        content.check_publishable()


@every_commune
def test_what_is_done_online_is_also_done_at_a_counter_by_phone_and_by_post(commune):
    online = [content for content in published(commune) if content.mode == ServiceMode.ONLINE]

    assert {content.code for content in online} == {"change-of-address", "certificates", "criminal-record"}
    for content in online:
        assert content.link
        assert content.by_post
        assert content.by_post.in_("nl").count(commune.post_address.in_("nl")) == 1
        assert commune.phone_shown.in_("fr") in content.by_phone.in_("fr")
        assert walk_in_sessions(commune, content.code)


@every_commune
def test_every_service_has_hours_of_the_kind_its_mode_promises(commune):
    for content in published(commune):
        booked = [s for s in sessions_of(commune.code) if s.mode.takes_appointments and content.code in s.services]
        assert bool(booked) == content.mode.is_bookable or content.code == "death", content.code
        if content.mode in {ServiceMode.WALK_IN, ServiceMode.BOTH}:
            assert walk_in_sessions(commune, content.code), content.code


def walk_in_sessions(commune: DemoCommune, code: str) -> list[DemoSession]:
    return [
        session for session in sessions_of(commune.code) if session.mode.takes_walk_ins and code in session.services
    ]


def test_what_the_region_does_says_who_and_where_and_is_served_by_no_counter():
    parking = by_code["parking-card"]

    assert parking.authority
    assert parking.link
    assert not any("parking-card" in counter.services for office in OFFICES for counter in office.counters)


def test_a_death_is_never_named_in_a_subject_line():
    assert by_code["death"].is_sensitive
    assert {c.code for c in published(by_commune[MOULIN]) if c.is_sensitive} == {"death", "marriage", "residence-card"}


def test_the_fee_of_an_identity_card_rises_with_the_new_year():
    normal = [fee for fee in by_code["identity-card"].fees if fee.procedure == Procedure.NORMAL]
    assert [(fee.valid_from, fee.cents) for fee in normal] == [
        (date(2026, 1, 1), 2600),
        (date(2027, 1, 1), 2700),
    ]
    assert [service.code for service in SERVICES if not service.fees] == ["parking-card"]


def test_the_urgent_procedure_of_cards_and_passports_says_its_price_beside_the_normal_one():
    urgent = {
        service.code: fee.cents for service in SERVICES for fee in service.fees if fee.procedure == Procedure.URGENT
    }

    assert urgent == {"identity-card": 15000, "kids-id": 11500, "passport": 28500, "child-passport": 24000}
    assert all(by_code[code].urgent_mode == UrgentMode.WALK_IN and by_code[code].urgent_text for code in urgent)


def test_a_photo_is_taken_at_one_town_hall_and_brought_to_the_other():
    rules = {office.code: office.photo_rule for office in OFFICES}
    lists = {rule: [paper.text for paper in resolve(CHECKLISTS["passport"], {}, rule).to_bring] for rule in PhotoRule}

    assert list(rules.values()).count(PhotoRule.AT_COUNTER) == 1
    assert PAPERS["photo"] in lists[PhotoRule.BRING]
    assert PAPERS["photo"] not in lists[PhotoRule.AT_COUNTER]
    assert PAPERS["no-photo"] in lists[PhotoRule.AT_COUNTER]


@pytest.mark.parametrize("code", CHECKLISTS)
def test_every_way_through_the_questions_leads_to_a_list_or_somewhere_else(code: str):
    content = CHECKLISTS[code]
    others = frozenset(by_code) - {code}
    assert problems(content, others) == ()
    for answers in paths(content):
        found = resolve(content, answers)
        assert found.unanswered == ()
        assert found.outcome or (found.to_bring and found.attending), answers


@pytest.mark.parametrize("code", CHECKLISTS)
def test_every_paper_and_every_way_is_met_on_some_path(code: str):
    content = CHECKLISTS[code]
    found = [resolve(content, answers) for answers in paths(content)]

    assert {paper.code for paper in content.papers} == {one.code for each in found for one in each.to_bring}
    assert set(content.outcomes) == {each.outcome for each in found if each.outcome}
    assert {one.text for one in content.warnings} == {text for each in found for text in each.warnings}
    assert len(content.questions) <= 4
    assert len(found) <= 200


# Hours


def test_every_session_names_counters_and_services_that_are_there():
    for session in SESSIONS:
        counters = {
            counter.label: counter
            for office in offices_of(session.commune)
            if office.code == session.office
            for counter in office.counters
        }
        assert session.services
        for label in session.counters:
            assert set(session.services) <= set(counters[label].services), (session.office, label)


def test_every_session_is_one_that_an_administrator_could_type():
    for rule in rules_of(SESSIONS):
        rule.check()


@pytest.mark.parametrize("office", OFFICES, ids=lambda office: office.code)
def test_no_two_sessions_ask_one_counter_for_the_same_hours(office):
    extra = extra_openings_for(office.commune, date(2026, 1, 1), date(2029, 12, 31))
    sessions = (*in_office(office.commune, office.code), *(one for one in extra if one.office == office.code))

    assert sessions
    assert [
        (one, other)
        for one, other in combinations(rules_of(sessions), 2)
        if first_clash(one, other, date(2026, 8, 1)) is not None
    ] == []


def test_the_second_office_of_moulin_receives_by_appointment_only():
    assert {session.mode for session in in_office(MOULIN, "canal")} == {Mode.APPOINTMENT}


def test_nobody_walks_in_while_couples_marry_on_wednesday_morning():
    assert [
        session
        for session in sessions_of(MOULIN)
        if session.mode.takes_walk_ins and 2 in session.weekdays and session.start < time(12)
    ] == []


def test_foreign_licences_at_the_station_are_counted_from_their_first_wednesday():
    (rule,) = [rule for rule in rules_of(in_office(VAL, "station")) if rule.every_weeks == 2]
    wednesdays = [date(2026, 12, 16) + timedelta(weeks=number) for number in range(5)]

    assert [day.isoformat() for day in wednesdays if rule.happens_on(day)] == ["2026-12-16", "2026-12-30", "2027-01-13"]


def test_the_registry_keeps_a_quarter_of_every_hour_and_its_longest_visits_fit_into_the_rest():
    longest = max(by_code[code].minutes_first for code in ("birth", "marriage"))
    registry = [session for session in SESSIONS if "birth" in session.services]

    assert {session.counters for session in registry} == {("A5",), ("7",)}
    assert {session.walk_in_minutes for session in registry} == {QUARTER}
    assert longest <= 60 - QUARTER


def test_the_extra_counter_of_the_town_hall_is_there_in_the_morning_and_serves_what_its_hours_are_for():
    (office,) = [one for one in offices_of(VAL) if one.lanes]
    (lane,) = office.lanes
    (session,) = [one for one in in_office(VAL, office.code) if one.lanes]

    assert session.lanes == (lane.label,)
    assert set(session.services) <= set(lane.services)


@every_commune
def test_no_two_neighbours_take_their_break_together(commune):
    breaks = [(one.office, one.start) for one in daily_breaks_of(commune.code)]

    assert len(set(breaks)) == len(breaks) == sum(len(office.counters) for office in offices_of(commune.code))


def test_counter_a1_has_its_break_first_and_a6_an_hour_and_a_quarter_later():
    breaks = {one.counter: one.start for one in daily_breaks_of(VAL)}

    assert (breaks["A1"], breaks["A6"]) == (time(10, 15), time(11, 30))


# Closures


def shut(commune: str, day: date) -> list[DemoClosure]:
    return list(closures_for(commune, day, day))


def test_val_is_shut_on_the_days_that_were_announced_for_2026_and_2027():
    whole_days = {
        closure.first.isoformat()
        for closure in closures_for(VAL, date(2026, 9, 1), date(2027, 8, 31))
        if closure.start is None and not closure.counters
    }

    assert whole_days == {
        "2026-11-01", "2026-11-02", "2026-11-11", "2026-11-15", "2026-12-25", "2026-12-26", "2027-01-01", "2027-01-02",
        "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-07", "2027-05-08", "2027-05-17", "2027-07-21", "2027-08-15",
    }  # fmt: skip


@pytest.mark.parametrize("day", [date(2026, 12, 18), date(2026, 12, 24), date(2026, 12, 31)])
def test_some_afternoons_before_the_feasts_are_free(day):
    (closure,) = shut(VAL, day)

    assert (closure.start, closure.end) == (time(12), None)


def test_counter_a3_is_repaired_in_the_first_full_week_of_the_year():
    (closure,) = shut(VAL, MONDAY)

    assert (closure.first, closure.last) == (date(2027, 1, 4), date(2027, 1, 8))
    assert (closure.office, closure.counters) == ("town-hall", ("A3",))


def test_saturday_visitors_of_january_2027_come_a_week_later_and_those_of_may_not_at_all():
    (saturday,) = [rule for rule in rules_of(in_office(VAL, "town-hall")) if rule.nth_of_month and rule.last_entry]
    extra = extra_openings_for(VAL, date(2026, 9, 1), date(2027, 8, 31))

    for lost in (date(2027, 1, 2), date(2027, 5, 1)):
        assert saturday.happens_on(lost)
        assert shut(VAL, lost)
    assert [(one.valid_from, one.valid_until, one.counters) for one in extra] == [
        (date(2027, 1, 9), date(2027, 1, 9), ("A2", "A3"))
    ]


def test_days_that_replace_a_holiday_are_left_to_the_council():
    assert shut(VAL, date(2027, 8, 16)) == []
    assert shut(VAL, date(2027, 12, 24))[0].start == time(12)


def test_moulin_keeps_its_own_calendar():
    assert shut(MOULIN, date(2027, 5, 6))
    assert shut(MOULIN, date(2027, 5, 7)) == []
    assert shut(MOULIN, date(2026, 12, 18)) == []
    assert extra_openings_for(MOULIN, date(2026, 1, 1), date(2028, 12, 31)) == ()


@pytest.mark.parametrize("year", ROBUST_YEARS)
@every_commune
def test_in_any_year_ten_holidays_are_kept_and_no_day_is_shut_twice(year, commune):
    found = closures_for(commune.code, date(year, 1, 1), date(year, 12, 31))
    whole = [closure.first for closure in found if closure.start is None and not closure.counters]

    assert len(holidays.legal_holidays(year)) == 10
    assert len(set(whole)) == len(whole)
    assert set(holidays.legal_holidays(year)) <= set(whole)
    for closure in found:
        rule = ClosureRule(id=1, first=closure.first, last=closure.last, start=closure.start, end=closure.end)
        rule.check()
        assert rule.span_on(closure.first, BRUSSELS)
        assert closure.reason


# People


def test_everybody_on_the_list_has_a_name_the_product_keeps_as_it_is_and_a_way_to_be_reached():
    for one in (*people.NAMED, *people.NAMESAKES, people.FAMILY):
        assert clean_name(one.name) == one.name
        assert one.email or one.phone or one.helper
        assert one.phone is None or phonenumbers.is_valid_number(phonenumbers.parse(one.phone))
    assert len({one.name for one in people.NAMESAKES}) == 1
    assert by_code["identity-card"].max_persons >= people.FAMILY_PERSONS


def test_the_same_day_draws_the_same_people():
    one, other = ([people.person(random.Random(seed), code) for code in by_code] for seed in ("monday", "monday"))

    assert one == other
    assert one != [people.person(random.Random("tuesday"), code) for code in by_code]


def test_the_people_who_come_are_as_mixed_as_the_town():
    dice = random.Random(2027)
    crowd = [people.person(dice) for _ in range(4000)]

    assert len({one.name for one in crowd}) > 2500
    assert share(crowd, lambda one: one.email is None) == pytest.approx(0.10, abs=0.02)
    assert share(crowd, lambda one: one.help_language) == pytest.approx(0.12, abs=0.02)
    assert 0.1 < share(crowd, lambda one: one.language == "nl") < 0.3
    assert {one.language for one in crowd} == {"fr", "nl"}
    assert all(clean_name(one.name) == one.name for one in crowd)
    assert all(re.fullmatch(r"[a-z0-9.]+@[a-z]+\.example", one.email) for one in crowd if one.email)
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(one.phone)) for one in crowd if one.phone)


def test_four_in_ten_who_renew_a_residence_card_have_no_email():
    dice = random.Random(2027)
    crowd = [people.person(dice, "residence-card") for _ in range(2000)]

    assert share(crowd, lambda one: one.email is None) == pytest.approx(0.40, abs=0.03)


def share(crowd, holds) -> float:
    return sum(bool(holds(one)) for one in crowd) / len(crowd)


@every_commune
def test_each_commune_has_an_administrator_a_reception_two_agents_and_one_who_works_in_both(commune):
    staff = [member for member in people.STAFF if member.commune == commune.code]

    roles = [Role.ADMINISTRATOR, Role.AGENT, Role.AGENT, Role.AGENT, Role.RECEPTIONIST]
    assert sorted(member.role for member in staff if member.role != Role.AUDITOR) == roles
    assert {member.language for member in staff} == {"fr", "nl"}
    elsewhere = {member.email for member in people.STAFF if member.commune != commune.code}
    assert [member.name for member in staff if member.email in elsewhere] == ["Inès Claes"]


def test_how_full_it_is_speaks_of_services_that_can_be_booked_and_within_their_horizon():
    shares = fullness.FULL_BY_WEEK

    assert list(shares) == sorted(shares, reverse=True)
    assert len(shares) == fullness.WEEKS_AHEAD
    for code, days in fullness.FIRST_FREE_AFTER_DAYS.items():
        assert by_code[code].mode.is_bookable
        assert days < min(by_code[code].horizon_days, fullness.WEEKS_AHEAD * 7)
