"""A commune starts, and a demonstration goes away without a trace."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import NotInProduction, SlugTaken, TextMissing, Unknown, UnknownZone
from booking.core.roles import Role
from booking.core.timespan import Span
from booking.core.translated import Translated
from booking.models import Base, Commune, CommuneSlug, Person
from booking.models.opening import BlockReason
from booking.usecases.blocks import Kept, add_blocks
from booking.usecases.communes import Contacts, commune_with_slug, create_commune, remove_commune
from booking.usecases.joining import add_membership
from booking.usecases.journal import SYSTEM, note
from tests.databases import Database
from tests.factories import Working, a_person, a_working_commune, an_appointment
from tests.moments import EARLY, MONDAY, at

CONTACTS = Contacts(
    phone="+3222000000",
    email="info@nord.example",
    post_address=Translated.of(fr="Place du Nord 1", nl="Noordplein 1"),
    sender_address="rendez-vous@nord.example",
)


def create(session: Session, **changes: Any) -> int:
    """Mairie Nord, unless something else is said."""
    facts = {
        "name": Translated.of(fr="Mairie Nord", nl="Gemeente Noord"),
        "slugs": {"fr": "mairie-nord", "nl": "gemeente-noord"},
        "zone": "Europe/Brussels",
        "contacts": CONTACTS,
        "first_language": "fr",
        "postcodes": ["1999", "1998"],
        "now": EARLY,
    }
    return create_commune(session, **(facts | changes))


def slugs_of(session: Session, commune_id: int) -> dict[str, str]:
    rows = session.scalars(select(CommuneSlug).where(CommuneSlug.commune_id == commune_id))
    return {row.language: row.slug for row in rows}


def test_a_commune_is_reached_in_every_language(session: Session) -> None:
    commune_id = create(session)

    assert slugs_of(session, commune_id) == {
        "fr": "mairie-nord",
        "nl": "gemeente-noord",
        "en": "mairie-nord",
        "de": "mairie-nord",
    }
    assert commune_with_slug(session, slug="gemeente-noord") == commune_id


def test_a_word_in_an_address_has_letters_digits_and_hyphens_only(session: Session) -> None:
    commune_id = create(session, slugs={"fr": "Évère / Nord", "nl": "Évere  2"})

    assert {language: slugs_of(session, commune_id)[language] for language in ("fr", "nl")} == {
        "fr": "evere-nord",
        "nl": "evere-2",
    }


def test_an_address_belongs_to_one_commune(session: Session) -> None:
    create(session)

    with pytest.raises(SlugTaken):
        create(session, slugs={"fr": "autre", "nl": "gemeente-noord"})


def test_half_a_commune_is_refused(session: Session) -> None:
    with pytest.raises(TextMissing):
        create(session, name=Translated.of(fr="Mairie Nord"))
    with pytest.raises(TextMissing):
        create(session, slugs={"fr": "mairie-nord", "nl": "…"})


@pytest.mark.parametrize("zone", ["Europe/Ixelles", "Europe", "", "../etc/passwd"])
def test_a_zone_that_no_clock_knows_is_refused(session: Session, zone: str) -> None:
    with pytest.raises(UnknownZone):
        create(session, zone=zone)


def a_full_commune(session: Session, **columns: Any) -> Working:
    """A row in nearly every table: staff, hours, a visit, a break, a line in the journal."""
    work = a_working_commune(session, **columns)
    own = {"commune_id": work.commune.id}
    an_appointment(session, work.counter, work.service)
    span = Span(at(MONDAY, "10:00"), at(MONDAY, "10:15"))
    add_blocks(session, **own, blocks=[Kept(work.counter.id, span, BlockReason.BREAK)], now=EARLY)
    note(session, SYSTEM, **own, act="looked", subject="appointment", subject_id=1, now=EARLY)
    return work


def rows_of(database: Database, commune_id: int) -> list[str]:
    """The tables in which a commune has anything left."""
    tables = [table for table in Base.metadata.sorted_tables if "commune_id" in table.columns]
    return [
        table.name
        for table in tables
        if database.all(select(table.columns.commune_id).where(table.columns.commune_id == commune_id))
    ]


def test_a_demonstration_goes_away_and_nothing_else_does(database: Database) -> None:
    def both(session: Session) -> tuple[int, int]:
        demo = a_full_commune(session, is_demonstration=True)
        real = a_full_commune(session, slug="sud")
        a_person(session, demo.commune, email="bilal@demo.example")
        emil = a_person(session, demo.commune, email="emil@elsewhere.example")
        a_person(session, real.commune, email="dora@sud.example")
        add_membership(session, commune_id=real.commune.id, person_id=emil.id, role=Role.AGENT)
        return demo.commune.id, real.commune.id

    demo, real = database.write(both)
    kept = rows_of(database, real)

    database.write(remove_commune, commune_id=demo)

    assert rows_of(database, demo) == []
    assert rows_of(database, real) == kept != []
    assert database.all(select(Commune.id)) == [real]
    assert sorted(database.all(select(Person.email))) == ["dora@sud.example", "emil@elsewhere.example"]


def test_a_real_commune_is_never_removed(session: Session) -> None:
    work = a_working_commune(session)

    with pytest.raises(NotInProduction):
        remove_commune(session, commune_id=work.commune.id)
    with pytest.raises(Unknown):
        remove_commune(session, commune_id=work.commune.id + 1)
