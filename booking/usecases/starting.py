"""What a new commune finds on its first day: a building, and the themes under which services are listed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking.core.translated import Translated
from booking.models import Commune
from booking.usecases.communes import create_commune
from booking.usecases.journal import SYSTEM
from booking.usecases.offices import OfficeFacts, add_office
from booking.usecases.services import add_group

TOWN_HALL = Translated.of(fr="Maison communale", nl="Gemeentehuis", en="Town hall", de="Gemeindehaus")
THEMES = (
    (
        "cards",
        "card",
        Translated.of(
            fr="Cartes et passeports", nl="Kaarten en paspoorten", en="Cards and passports", de="Ausweise und Pässe"
        ),
    ),
    (
        "driving",
        "driving",
        Translated.of(fr="Permis de conduire", nl="Rijbewijs", en="Driving", de="Führerschein"),
    ),
    (
        "address",
        "address",
        Translated.of(
            fr="Adresse et certificats",
            nl="Adres en attesten",
            en="Address and certificates",
            de="Adresse und Bescheinigungen",
        ),
    ),
    ("family", "family", Translated.of(fr="Famille", nl="Gezin", en="Family", de="Familie")),
    ("residence", "residence", Translated.of(fr="Séjour", nl="Verblijf", en="Residence", de="Aufenthalt")),
)


def start_commune(session: Session, *, office: OfficeFacts | None = None, now: datetime, **facts: Any) -> int:
    """A commune (``facts`` are those of ``create_commune``) with its themes and its first office.

    That is a town hall at its postal address, unless another ``office`` is named.

    Counters, services and hours are for its administrators. Raises what ``create_commune`` raises.
    """
    commune_id = create_commune(session, now=now, **facts)
    commune = session.get_one(Commune, commune_id)
    for code, icon, name in THEMES:
        add_group(session, commune_id=commune_id, code=code, name=name, icon=icon)
    address, zone = commune.post_address, commune.zone_key
    town_hall = OfficeFacts(code="town-hall", name=TOWN_HALL, address=address, zone_key=zone)
    add_office(session, commune_id=commune_id, facts=office or town_hall, actor=SYSTEM, now=now)
    return commune_id
