"""Dora says which counter serves what, and puts notices on every page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.models import Appointment, Banner, Counter, CounterService
from booking.models.offices import CounterKind
from tests.databases import Database
from tests.factories import a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, Clock, at
from tests.pages import visit, words
from tests.web.administrators import Desk, at_a_desk


@pytest.fixture
def dora(client: FlaskClient, database: Database) -> Desk:
    return at_a_desk(client, database)


def test_a_counter_is_added_with_what_it_serves(dora: Desk, database: Database) -> None:
    service = str(dora.work.service.id)

    page = dora.open("/counters/new/town-hall").submit(holding="label", label="7", services=service, extra="y")

    assert "Le guichet 7 est ajouté." in page.text
    new = database.one(select(Counter).where(Counter.label == "7"))
    assert new.kind == CounterKind.EXTRA
    assert database.all(select(CounterService.service_id).where(CounterService.counter_id == new.id)) == [int(service)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"label": " "}, "Donnez au guichet un numéro ou un nom."),
        ({"label": "1"}, "Ce nom court est déjà pris. Choisissez-en un autre."),
        ({"label": "7", "note_fr": "pièce fermée"}, "Le texte néerlandais manque."),
    ],
)
def test_a_slip_is_named_and_the_counter_not_added(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = dora.open("/counters/new/town-hall").submit(holding="label", **typed)

    assert page.status == 422
    assert sentence in page.text
    assert database.count(Counter) == 1


def test_what_a_counter_serves_can_change_and_the_visits_stay(dora: Desk, database: Database) -> None:
    database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service) and None)

    page = dora.open(f"/counters/{dora.work.counter.id}").submit(holding="label", services=None)

    assert "Il ne traite plus\u00a0: Carte d’identité." in page.text
    assert "Ce changement touche 1 rendez-vous." in page.text
    assert database.count(CounterService) == 1, "nothing is saved before it was seen"
    page = page.submit(holding="listed", press=("step", "apply"), for_all="keep")
    assert "1 rendez-vous est maintenu." in page.text
    assert database.count(CounterService) == 0
    assert database.one(select(Appointment.kept_outside_at)) is None, (
        "the counter is open, and so it is inside the hours"
    )


def test_a_counter_is_taken_away_with_everybody_who_was_to_come(dora: Desk, database: Database) -> None:
    database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service) and None)
    page = dora.open(f"/counters/{dora.work.counter.id}/deactivate").submit()

    assert page.heading == "Désactiver le guichet 1\u202f?"
    assert "Ce changement touche 1 rendez-vous." in page.text
    offered = {one.attrib["value"] for one in page.tree.iterfind(".//input[@name='for_all']")}
    assert offered == {"propose", "cancel"}, "nobody is kept at a counter that is gone"
    page = page.submit(holding="listed", press=("step", "apply"), for_all="propose")
    assert "Une autre heure est recherchée pour 1\u00a0personne." in page.text
    assert page.heading.startswith("Guichet modifié\u00a0: à partir du lundi 4")
    assert database.one(select(Counter.retired_at)) is not None


def test_a_service_nobody_offers_here_is_not_taken_from_a_forged_form(dora: Desk, database: Database) -> None:
    theirs = database.write(lambda session: a_working_commune(session, slug="sud"))

    page = dora.open(f"/counters/{dora.work.counter.id}").submit(holding="label", services=str(theirs.service.id))

    assert page.status == 422
    assert dora.open(f"/counters/{theirs.counter.id}").status == 404
    assert dora.open(f"/counters/{theirs.counter.id}/deactivate").status == 404


def test_a_counter_with_visits_to_come_points_to_the_closure(dora: Desk, database: Database) -> None:
    database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service) and None)

    page = dora.open(f"/counters/{dora.work.counter.id}/deactivate")

    assert "1 rendez-vous est encore à venir ici, le lundi 4\u00a0janvier 2027." in page.text
    closure = page.follow("Seulement fermer jusqu’au lundi 4\u00a0janvier 2027")
    form = closure.form(holding="first")
    typed = {one.attrib.get("name"): one.attrib.get("value") for one in form.iter("input")}
    ticked = {one.attrib["name"]: one.attrib["value"] for one in form.iter("input") if "checked" in one.attrib}
    assert (typed["first"], typed["last"]) == ("04/01/2027", "04/01/2027")
    assert ticked == {"scope": "counters", "counters": str(dora.work.counter.id)}


def test_who_was_kept_at_a_closed_counter_is_named_as_what_keeps_it(dora: Desk, database: Database) -> None:
    kept = {"start": at(MONDAY, "09:00"), "kept_outside_at": EARLY}
    number = database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service, **kept).id)
    address = f"/counters/{dora.work.counter.id}/deactivate"

    page = dora.open(address)

    assert "Celui-ci a été maintenu hors plage d’ouverture\u00a0: il a toujours lieu." in page.text
    assert page.links()["Ana Peeters"].endswith(f"/agent/visits/{number}")
    database.write(lambda session: session.execute(update(Appointment).values(state="cancelled")) and None)
    assert "Le guichet 1 est désactivé." in dora.open(address).submit().text


def test_a_counter_with_visits_to_come_stays_open_to_residents(dora: Desk, database: Database) -> None:
    database.write(lambda session: an_appointment(session, dora.work.counter, dora.work.service) and None)

    page = dora.open(f"/counters/{dora.work.counter.id}").submit(
        holding="label", extra="y", note_fr="Au fond", note_nl="Achteraan"
    )

    assert page.status == 409
    assert "Il y a des rendez-vous à ce guichet jusqu’au lundi 4\u00a0janvier 2027." in page.text
    assert "Au fond" in {control.attrib.get("value") for control in page.form(holding="label").iter("input")}
    assert database.one(select(Counter.kind)) == CounterKind.NORMAL


def test_a_counter_is_taken_away_and_brought_back(dora: Desk, database: Database) -> None:
    number = dora.work.counter.id

    listed = dora.open(f"/counters/{number}/deactivate").submit()
    assert "Le guichet 1 est désactivé." in listed.text
    assert database.one(select(Counter.retired_at)) is not None

    dora.open(f"/counters/{number}/reactivate").submit()
    assert database.one(select(Counter.retired_at)) is None


STRIKE = {
    "text_fr": "Grève\u00a0: guichets fermés.",
    "text_nl": "Staking: loketten gesloten.",
    "from_day": "4/1/2027",
    "from_wall": "8h30",
    "until_day": "04/01/2027",
    "until_wall": "1200",
}


def test_a_notice_is_read_by_everybody_in_their_language_until_it_is_over(
    dora: Desk, database: Database, client: FlaskClient, clock: Clock
) -> None:
    page = dora.open("/banners/new").submit(holding="text_fr", **STRIKE)
    assert "L’avis est enregistré." in page.text
    assert "à venir" in page.text

    clock.now = at(MONDAY, "09:00")
    assert "Grève" in visit(client, "/fr/mairie-nord/").text
    assert "Staking" in visit(client, "/nl/gemeente-noord/").text
    clock.now = at(MONDAY, "12:00")
    assert "Grève" not in visit(client, "/fr/mairie-nord/").text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text_nl": ""}, "Le texte néerlandais manque."),
        ({"until_wall": "8:30"}, "La fin doit venir après le début."),
        ({"until_day": "3/1/2027", "until_wall": ""}, "La fin doit venir après le début."),
        ({"from_wall": "25:00"}, "Écrivez une heure comme 8:30, 8h30 ou 830."),
        ({"until_day": "demain"}, "Écrivez une date comme 31/12/2027."),
    ],
)
def test_a_notice_that_is_not_right_is_shown_again_as_it_was_typed(
    dora: Desk, database: Database, typed: dict[str, str], sentence: str
) -> None:
    page = dora.open("/banners/new").submit(holding="text_fr", **STRIKE | typed)

    assert page.status == 422
    assert sentence in page.text
    assert "Grève\u00a0: guichets fermés." in page.text
    assert database.count(Banner) == 0


def test_a_notice_is_changed_and_removed(dora: Desk, database: Database) -> None:
    dora.open("/banners/new").submit(holding="text_fr", **STRIKE)
    number = database.one(select(Banner.id))

    form = dora.open(f"/banners/{number}")
    shown = {control.attrib.get("value") for control in form.form(holding="text_fr").iter("input")}
    assert {"04/01/2027", "08:30", "12:00"} <= shown
    form.submit(holding="text_fr", until_wall="13:00")
    assert database.one(select(Banner.shown_until)) == at(MONDAY, "13:00")

    dora.open(f"/banners/{number}/remove").submit()
    assert database.count(Banner) == 0


def test_a_notice_of_another_commune_is_out_of_reach(dora: Desk, database: Database) -> None:
    def elsewhere(session: Session) -> int:
        theirs = a_working_commune(session, slug="sud")
        row = Banner(commune_id=theirs.commune.id, text=theirs.service.name, shown_from=at(MONDAY, "08:00"))
        row.shown_until = at(MONDAY, "18:00")
        session.add(row)
        session.flush()
        return row.id

    number = database.write(elsewhere)

    assert dora.open(f"/banners/{number}").status == dora.open(f"/banners/{number}/remove").status == 404


@pytest.mark.parametrize("until", ["", "24:00"])
def test_a_notice_of_whole_days_needs_no_times(dora: Desk, database: Database, until: str) -> None:
    whole = {"from_wall": "", "until_day": "5/1/2027", "until_wall": until}
    page = dora.open("/banners/new").submit(holding="text_fr", **STRIKE | whole)

    row = database.one(select(Banner))
    assert (row.shown_from, row.shown_until) == (at(MONDAY, "00:00"), at(MONDAY + timedelta(days=2), "00:00"))
    assert "lundi 4\u00a0janvier 2027 mardi 5\u00a0janvier 2027" in page.text
    form = dora.open(f"/banners/{row.id}").form(holding="text_fr")
    shown = {one.attrib.get("name"): one.attrib.get("value") for one in form.iter("input")}
    assert (shown["until_day"], shown["from_wall"], shown["until_wall"]) == ("05/01/2027", "", "")


def test_everything_that_a_notice_lacks_is_said_at_once(dora: Desk) -> None:
    empty = dict.fromkeys(STRIKE, "") | {"from_wall": "x"}
    page = dora.open("/banners/new").submit(holding="text_fr", **empty)

    assert [words(link) for link in page.tree.iterfind(".//div[@role='alert']//a")] == [
        "Ce que tout le monde doit savoir – Le texte français manque.",
        "Ce que tout le monde doit savoir – Le texte néerlandais manque.",
        "Premier jour – Écrivez une date comme 31/12/2027.",
        "À partir de quelle heure\u202f? – Écrivez une heure comme 8:30, 8h30 ou 830.",
        "Dernier jour – Écrivez une date comme 31/12/2027.",
    ]


def test_who_reads_english_gets_a_notice_in_both_languages_of_the_commune(
    dora: Desk, client: FlaskClient, clock: Clock
) -> None:
    dora.open("/banners/new").submit(holding="text_fr", **STRIKE | {"text_nl": "Staking, bel 02 555 01 10."})
    clock.now = at(MONDAY, "09:00")

    page = visit(client, "/en/mairie-nord/")

    read = [(one.attrib["lang"], words(one)) for one in page.tree.iterfind(".//aside//p")]
    assert read == [("fr", "Grève : guichets fermés."), ("nl", "Staking, bel 02\u00a0555\u00a001\u00a010.")]
    assert "Staking" not in visit(client, "/fr/mairie-nord/").text
