"""The commune of the browser's tests on its Monday morning, and who works there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.roles import Role
from booking.core.translated import Translated
from booking.models import ServiceGroup
from tests.factories import a_person, a_service, a_session, a_working_commune, an_appointment
from tests.moments import MONDAY, at

BILAL, DORA = "bilal@mairie-nord.example", "dora@mairie-nord.example"
THURSDAY = MONDAY + timedelta(days=3)


def a_commune_at_work(session: Session, language: str = "fr") -> None:
    """Thursday is open until seven in the evening; Yusuf comes on Monday, Nadia late on Thursday.

    Bilal and Dora read ``language``.
    """
    home = a_working_commune(session, counters=2)
    group = session.scalars(select(ServiceGroup)).one()
    passport = {"code": "passport", "group": group, "name": Translated.of(fr="Passeport", nl="Reispas")}
    a_service(session, home.commune, **passport)
    a_session(session, home.office, home.counters, start="13:30", end="19:00", weekdays=0b0001000)
    an_appointment(session, home.counter, home.service, start=at(MONDAY, "09:00"), name="Yusuf Demir")
    nadia = {"start": at(THURSDAY, "18:30"), "name": "Nadia Haddad", "name_search": "nadia haddad"}
    an_appointment(session, home.counter, home.service, **nadia)
    a_person(session, home.commune, email=BILAL, language=language)
    dora = {"name": "Dora Willems", "email": DORA, "role": Role.ADMINISTRATOR}
    a_person(session, home.commune, language=language, **dora)
