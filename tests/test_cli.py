"""The commands: what a commune's technician types, and what is said back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.second_factor import code_at, step_at
from booking.demo.content.people import SECRET
from booking.models import (
    Appointment,
    Claim,
    Commune,
    CommuneSlug,
    Counter,
    DailyFigure,
    Membership,
    MembershipOffice,
    Office,
    Person,
    ServiceGroup,
)
from booking.passwords import matches
from tests.databases import Database, Databases
from tests.factories import a_person, a_working_commune, an_appointment
from tests.moments import EARLY, Clock

Run = Callable[..., Result]

MAIRIE_NORD = (
    "create-commune",
    *("--name-fr", "Mairie Nord", "--name-nl", "Gemeente Noord", "--slug-fr", "mairie-nord"),
    *("--slug-nl", "gemeente-noord", "--phone", "+3222000000", "--email", "info@nord.example"),
    *("--sender", "rendez-vous@nord.example", "--post-fr", "Place du Nord 1", "--post-nl", "Noordplein 1"),
    *("--postcode", "1999", "--postcode", "1998"),
)
DORA = ("create-admin", "--commune", "gemeente-noord", "--email", "Dora@nord.example", "--name", "Dora")


@pytest.fixture
def run(app: Flask) -> Run:
    runner = app.test_cli_runner()
    return lambda *words, **options: runner.invoke(args=words, **options)


def test_a_real_commune_starts_without_the_demonstration(run: Run, database: Database) -> None:
    said = run(*MAIRIE_NORD)

    assert said.exit_code == 0, said.output
    assert "/fr/mairie-nord/" in said.output
    commune = database.one(select(Commune))
    assert (commune.is_demonstration, commune.zone_key, commune.contact_days) == (False, "Europe/Brussels", 30)
    assert database.one(select(Office)).address == commune.post_address
    assert database.count(ServiceGroup) == 5
    assert database.count(Counter) == 0


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ({"--slug-nl": "gemeente-noord"}, "Another commune already has this word in its addresses."),
        ({"--zone": "Europe/Ixelles"}, "There is no time zone of this name: write one like Europe/Brussels."),
    ],
)
def test_a_commune_that_cannot_be_says_why_in_a_line(
    run: Run, database: Database, instead: dict[str, str], said: str
) -> None:
    run(*MAIRIE_NORD)
    words = [
        *MAIRIE_NORD,
        "--slug-fr",
        "autre",
        "--slug-nl",
        "ander",
        *(word for pair in instead.items() for word in pair),
    ]

    result = run(*words)

    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert database.count(Commune) == 1


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        (("--phone", "02"), "Write a telephone number like +3225550100."),
        (("--phone", "the usual one"), "Write a telephone number like +3225550100."),
        (("--postcode", "abc"), "Write a postcode of four digits, like 1190."),
        (("--slug-fr", "!"), "Write a word of letters, digits and hyphens, like val-saint-pierre."),
    ],
)
def test_a_commune_nobody_could_reach_is_not_created(
    run: Run, database: Database, instead: tuple[str, ...], sentence: str
) -> None:
    said = run(*MAIRIE_NORD, *instead)

    assert said.exit_code == 2
    assert sentence in said.output
    assert database.count(Commune) == 0


def test_a_commune_says_how_long_it_keeps_what(run: Run, database: Database) -> None:
    assert run(*MAIRIE_NORD, "--contact-days", "14", "--name-months", "3").exit_code == 0
    commune = database.one(select(Commune))
    assert (commune.contact_days, commune.name_months) == (14, 3)

    assert run(*MAIRIE_NORD, "--contact-days", "91").exit_code == 2


def test_the_addresses_that_are_said_are_those_of_the_commune(run: Run, database: Database) -> None:
    said = run(*MAIRIE_NORD, "--slug-fr", "Essai X", "--phone", "02 200 00 00")

    assert "/fr/essai-x/" in said.output
    assert "essai-x" in database.all(select(CommuneSlug.slug))
    assert database.one(select(Commune.phone)) == "+3222000000"


@pytest.mark.parametrize(
    "words", [MAIRIE_NORD, DORA, ("check",), ("forget",), ("figures",), ("demo",)], ids=lambda words: words[0]
)
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_a_database_that_was_never_upgraded_is_said_in_a_line(
    engine: str, databases: Databases, app_on: Callable[[Database], Flask], words: tuple[str, ...]
) -> None:
    app = app_on(databases.bare(engine, "never upgraded"))

    said = app.test_cli_runner().invoke(args=words)

    assert said.exit_code == 1
    assert said.output.strip().endswith("Error: The database is not up to date: run flask --app app db upgrade")


def test_an_administrator_gets_a_password_that_is_said_once(run: Run, database: Database) -> None:
    run(*MAIRIE_NORD)

    said = run(*DORA)

    password = said.output.split("password: ")[1].strip()
    dora = database.one(select(Person))
    assert dora.email == "dora@nord.example"
    assert len(password) >= 16
    assert matches(dora.password_hash, password)
    assert database.one(select(Membership.role)) == Role.ADMINISTRATOR


def test_a_password_can_be_handed_in_and_is_not_repeated(run: Run, database: Database) -> None:
    run(*MAIRIE_NORD)

    said = run(*DORA, "--password-stdin", input="nine green bottles\n")

    assert "nine green bottles" not in said.output
    assert matches(database.one(select(Person.password_hash)), "nine green bottles")


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (DORA, "short\n", "A password has at least 12 characters."),
        (
            ("create-admin", "--commune", "nowhere", "--email", "d@x.example", "--name", "D"),
            "nine green bottles\n",
            "There is no commune nowhere.",
        ),
    ],
)
def test_an_administrator_who_cannot_be_is_refused_in_a_sentence(
    run: Run, database: Database, words: tuple[str, ...], typed: str, sentence: str
) -> None:
    run(*MAIRIE_NORD)

    said = run(*words, "--password-stdin", input=typed)

    assert said.exit_code == 1
    assert said.output.strip() == f"Error: {sentence}"
    assert database.count(Person) == 0


def test_the_same_administrator_twice_is_said_and_changes_nothing(run: Run, database: Database) -> None:
    run(*MAIRIE_NORD)
    run(*DORA)

    again = run(*DORA)

    assert again.exit_code == 1
    assert "Administrator of this commune already: Dora@nord.example. Nothing was changed." in again.output
    assert database.count(Person) == database.count(Membership) == 1


def test_somebody_with_an_account_joins_a_second_commune_with_it(run: Run, database: Database) -> None:
    run(*MAIRIE_NORD)
    run(*DORA)
    database.write(lambda session: a_working_commune(session, slug="moulin", postcodes=("1997",)) and None)
    before = database.one(select(Person.password_hash))

    said = run("create-admin", "--commune", "moulin", "--email", "DORA@nord.example", "--name", "Dora P.")

    assert said.exit_code == 0, said.output
    assert "The account was there" in said.output
    assert "password:" not in said.output
    assert (database.one(select(Person.name)), database.one(select(Person.password_hash))) == ("Dora", before)
    assert database.count(Membership, Membership.role == Role.ADMINISTRATOR) == 2


BILAL = ("create-agent", "--commune", "mairie-nord", "--email", "bilal@nord.example", "--name", "Bilal")


@pytest.mark.parametrize(("offices", "limited_to"), [((), 0), (("--office", "town-hall"), 1)])
def test_an_agent_works_in_the_offices_named_or_in_all(
    run: Run, database: Database, offices: tuple[str, ...], limited_to: int
) -> None:
    run(*MAIRIE_NORD)

    said = run(*BILAL, *offices)

    assert "Agent created: bilal@nord.example  password: " in said.output
    assert database.one(select(Membership.role)) == Role.AGENT
    assert database.count(MembershipOffice) == limited_to


def test_an_administrator_can_be_an_agent_too(run: Run, database: Database) -> None:
    run(*MAIRIE_NORD)
    run(*DORA)

    assert run("create-agent", *DORA[1:]).exit_code == 0
    assert {*database.all(select(Membership.role))} == {Role.AGENT, Role.ADMINISTRATOR}


def test_an_office_nobody_knows_leaves_nobody_behind(run: Run, database: Database) -> None:
    run(*MAIRIE_NORD)

    said = run(*BILAL, "--office", "town-hall", "--office", "moulin")

    assert said.exit_code == 1
    assert "There is no office moulin." in said.output
    assert database.count(Person) == database.count(Membership) == database.count(MembershipOffice) == 0


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        (("--email", "bilal"), "Write one e-mail address, like name@commune.be."),
        (("--email", "bilal@nord.example, x@y.be"), "Write one e-mail address, like name@commune.be."),
        (("--name", "12"), "A name has at least one letter, of any script."),
        (("--name", "B" * 101), "This is too long: at most 100 characters."),
    ],
)
def test_an_address_or_a_name_that_is_none_is_said_in_a_sentence(
    run: Run, database: Database, instead: tuple[str, ...], sentence: str
) -> None:
    run(*MAIRIE_NORD)

    said = run(*BILAL, *instead)

    assert said.exit_code == 2
    assert sentence in " ".join(said.output.split())
    assert database.count(Person) == 0


def test_check_says_nothing_is_wrong_or_what_is(run: Run, database: Database) -> None:
    def a_visit(session: Any) -> None:
        work = a_working_commune(session)
        an_appointment(session, work.counter, work.service, email=None)

    database.write(a_visit)
    assert run("check").exit_code == 0

    database.write(lambda session: session.execute(delete(Claim)) and None)
    said = run("check")
    assert said.exit_code == 1
    assert "claims exactly its ticks" in said.output
    assert "Ana" not in said.output


def test_forget_erases_what_is_over_and_says_how_much(run: Run, database: Database, clock: Clock) -> None:
    def a_visit(session: Any) -> None:
        work = a_working_commune(session)
        an_appointment(session, work.counter, work.service)

    database.write(a_visit)
    clock.forward(days=31)

    said = run("forget")

    assert "contacts: 1" in said.output
    assert database.one(select(Appointment.email)) is None
    assert run("forget").output.strip() == "Nothing to forget."


@pytest.mark.engines("sqlite")
def test_the_demonstration_comes_and_goes(run: Run, database: Database) -> None:
    came = run("demo")
    assert came.exit_code == 0, came.output
    assert database.count(Commune, Commune.is_demonstration) == 2
    assert "@" not in came.output

    gone = run("demo", "--remove")
    assert "2 demonstration communes removed." in gone.output
    assert database.count(Commune) == database.count(CommuneSlug) == database.count(Person) == 0


def test_production_makes_no_demonstration_and_takes_away_the_one_that_was_tried_there(
    make_app: Callable[..., Flask], database: Database
) -> None:
    def tried(session: Session) -> int:
        a_working_commune(session, is_demonstration=True)
        real = a_working_commune(session, slug="sud")
        an_appointment(session, real.counter, real.service)
        return real.commune.id

    real = database.write(tried)
    run = make_app(production=True).test_cli_runner().invoke

    assert run(args=("demo",)).exit_code == 1
    assert database.count(Commune) == 2
    assert "1 demonstration communes removed." in run(args=("demo", "--remove")).output
    assert database.all(select(Commune.id)) == [real]
    assert database.count(Appointment) == 1


def test_figures_counts_every_day_since_the_first_and_then_nothing_more(
    run: Run, database: Database, clock: Clock
) -> None:
    database.write(
        lambda session: an_appointment(session, (work := a_working_commune(session)).counter, work.service) and None
    )
    clock.forward(days=500)

    assert run("figures").output.splitlines()[-1] == "Days counted: 501"
    assert database.all(select(DailyFigure.ways)) == [{"online fr": 1}]
    assert run("figures").output.splitlines()[-1] == "Days counted: 0"


RACHIDA = ("create-admin", "--platform", "--email", "rachida@platform.example", "--name", "Rachida")


def test_somebody_runs_the_platform_and_works_for_no_commune(run: Run, database: Database) -> None:
    said = run(*RACHIDA)

    assert "Platform administrator created: rachida@platform.example  password: " in said.output
    assert database.one(select(Person.platform_since)) is not None
    assert database.count(Membership) == 0
    assert "Runs the platform already" in run(*RACHIDA).output


def test_an_administrator_is_of_a_commune_or_of_the_platform(run: Run, database: Database) -> None:
    for words in (("create-admin", *RACHIDA[2:]), (*RACHIDA, "--commune", "mairie-nord")):
        said = run(*words)
        assert said.exit_code == 2
        assert "--commune, or --platform" in said.output
    assert run("create-agent", *RACHIDA[2:]).exit_code == 2
    assert database.count(Person) == 0


def test_a_commune_gets_an_auditor(run: Run, database: Database) -> None:
    run(*MAIRIE_NORD)

    said = run("create-auditor", "--commune", "mairie-nord", "--email", "tom@nord.example", "--name", "Tom")

    assert "Auditor created: tom@nord.example" in said.output
    assert database.one(select(Membership.role)) == Role.AUDITOR


def test_a_second_factor_that_is_lost_is_taken_off(run: Run, database: Database) -> None:
    database.write(lambda session: a_person(session, email="dora@nord.example", has_telephone=True) and None)

    assert "taken off" in run("forget-second-factor", "--email", "Dora@nord.example").output
    assert "There was no second factor" in run("forget-second-factor", "--email", "dora@nord.example").output
    assert run("forget-second-factor", "--email", "nobody@nord.example").output.strip() == (
        "Error: There is no account nobody@nord.example."
    )


def test_the_code_of_the_demonstration_is_the_one_its_telephone_shows(run: Run) -> None:
    assert run("demo-code").output.strip() == code_at(SECRET, step_at(EARLY))
