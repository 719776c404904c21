"""A notice to everybody: read from its first moment to its last, on the commune's own clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import EndsBeforeStart, TextMissing, Unknown
from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import Commune, CommuneSlug, JournalEntry
from booking.usecases.banners import Notice, add_banner, banner, banners_of, change_banner, remove_banner
from booking.usecases.communes import addressed
from booking.usecases.journal import Actor
from tests.factories import a_commune
from tests.moments import EARLY, MONDAY, at

STRIKE = Translated.of(fr="Grève : guichets fermés.", nl="Staking: loketten gesloten.")
NOTICE = Notice(STRIKE, MONDAY, time(8, 30), MONDAY, time(12, 0))


@pytest.fixture
def commune(session: Session) -> Commune:
    return a_commune(session)


def dora_in(commune: Commune) -> dict[str, Any]:
    return {"commune_id": commune.id, "actor": Actor(Role.ADMINISTRATOR), "now": EARLY}


def read_at(session: Session, commune: Commune, wall: str, day: date = MONDAY) -> list[Translated]:
    slug = session.scalars(select(CommuneSlug.slug).where(CommuneSlug.commune_id == commune.id)).first()
    (home,) = addressed(session, slug=slug or "", now=at(day, wall))
    assert home.commune == commune
    return list(home.notices.values())


def test_a_notice_is_read_from_its_first_moment_and_no_longer_at_its_last(session: Session, commune: Commune) -> None:
    add_banner(session, **dora_in(commune), notice=NOTICE)

    read = {wall: read_at(session, commune, wall) for wall in ("08:29", "08:30", "11:59", "12:00")}

    assert read == {"08:29": [], "08:30": [STRIKE], "11:59": [STRIKE], "12:00": []}


def test_a_notice_over_the_change_of_the_clock_ends_when_the_wall_says_so(session: Session, commune: Commune) -> None:
    night = replace(NOTICE, from_day=date(2027, 3, 27), until_day=date(2027, 3, 28), until_wall=time(8, 30))
    add_banner(session, **dora_in(commune), notice=night)

    assert read_at(session, commune, "08:29", date(2027, 3, 28)) == [STRIKE]
    assert read_at(session, commune, "08:30", date(2027, 3, 28)) == []


def test_the_latest_notice_stands_first(session: Session, commune: Commune) -> None:
    outage = Translated.of(fr="Panne", nl="Storing")
    add_banner(session, **dora_in(commune), notice=replace(NOTICE, text=outage, from_wall=time(9, 0)))
    add_banner(session, **dora_in(commune), notice=NOTICE)

    assert read_at(session, commune, "10:00") == [outage, STRIKE]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"text": Translated.of(fr="Grève")}, TextMissing),
        ({"until_wall": time(8, 30)}, EndsBeforeStart),
        ({"until_day": MONDAY - timedelta(days=1)}, EndsBeforeStart),
    ],
)
def test_half_a_notice_is_refused(
    session: Session, commune: Commune, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        add_banner(session, **dora_in(commune), notice=replace(NOTICE, **changes))


def test_a_notice_is_changed_taken_down_and_written_in_the_journal(session: Session, commune: Commune) -> None:
    here = dora_in(commune)
    banner_id = add_banner(session, **here, notice=NOTICE)

    change_banner(session, **here, banner_id=banner_id, notice=replace(NOTICE, until_wall=time(13, 0)))
    session.expire_all()
    assert banner(session, commune_id=commune.id, banner_id=banner_id).shown_until == at(MONDAY, "13:00")
    remove_banner(session, **here, banner_id=banner_id)
    remove_banner(session, **here, banner_id=banner_id)

    assert list(banners_of(session, commune_id=commune.id)) == []
    entries = session.execute(select(JournalEntry.act, JournalEntry.fields).order_by(JournalEntry.id)).all()
    assert [tuple(entry) for entry in entries] == [
        ("added", "shown_from,shown_until,text"),
        ("changed", "shown_until"),
        ("removed", ""),
    ]


def test_a_notice_of_another_commune_is_out_of_reach(session: Session, commune: Commune) -> None:
    elsewhere = a_commune(session, slug="sud", slug_nl="zuid")
    banner_id = add_banner(session, **dora_in(elsewhere), notice=NOTICE)

    remove_banner(session, **dora_in(commune), banner_id=banner_id)

    assert read_at(session, commune, "10:00") == []
    assert read_at(session, elsewhere, "10:00") == [STRIKE]
    with pytest.raises(Unknown):
        change_banner(session, **dora_in(commune), banner_id=banner_id, notice=NOTICE)


def test_a_notice_without_times_is_read_from_its_first_day_to_the_end_of_its_last(
    session: Session, commune: Commune
) -> None:
    add_banner(session, **dora_in(commune), notice=Notice(STRIKE, MONDAY, None, MONDAY, None))

    assert read_at(session, commune, "00:00") == read_at(session, commune, "23:59") == [STRIKE]
    assert read_at(session, commune, "00:00", MONDAY + timedelta(days=1)) == []
