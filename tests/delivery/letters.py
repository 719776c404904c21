"""Letters to Ana: honest defaults, and a test states only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from booking.core.checklist import ToBring
from booking.core.letter_facts import CommuneFacts, OfficeFacts
from booking.core.letters import LetterKind, LetterLine, OtherVisit, Proposal, StaffLetter, VisitLetter
from booking.core.list_letters import ListLetter, OfferFacts
from booking.core.translated import Translated

COMMUNE = CommuneFacts(
    name=Translated.of(fr="Val-Saint-Pierre", nl="Sint-Pietersdal"),
    sender_address="rendez-vous@val-saint-pierre.example",
    phone="+3221234567",
    home_url=Translated.of(
        fr="https://guichet.example/fr/val-saint-pierre/",
        nl="https://guichet.example/nl/sint-pietersdal/",
        en="https://guichet.example/en/val-saint-pierre/",
    ),
    colour="#0b5563",
)

TOWN_HALL = OfficeFacts(
    name=Translated.of(fr="Maison communale", nl="Gemeentehuis", en="Town hall", de="Gemeindehaus"),
    address=Translated.of(fr="place communale\u00a01", nl="Gemeenteplein\u00a01"),
    transport=Translated.of(fr="Tram 92, arrêt Pacification", nl="Tram 92, halte Pacificatie"),
)

IDENTITY_CARD = LetterLine(
    service=Translated.of(fr="Carte d’identité (eID)", nl="Identiteitskaart (eID)", en="Identity card (eID)"),
    papers=(
        ToBring(
            "card",
            Translated.of(
                fr="votre carte d’identité actuelle",
                nl="uw huidige identiteitskaart",
                en="your current identity card",
                de="Ihren heutigen Ausweis",
            ),
        ),
    ),
)

BIRTH = LetterLine(
    service=Translated.of(fr="Déclaration de naissance", nl="Geboorteaangifte"),
    papers=(ToBring("booklet", Translated.of(fr="le carnet de mariage", nl="het trouwboekje")),),
)


OTHER = OtherVisit(
    day=date(2026, 12, 3),
    wall=time(9),
    office=TOWN_HALL.name,
    services=(BIRTH.service,),
    reference="M4P82QRS",
)


def manage_url(language: str, commune: str) -> str:
    return f"https://guichet.example/{language}/{commune}/v/{'0123456789abcdef' * 4}"


SHORT_URL = Translated.of(
    fr=f"https://guichet.example/fr/val-saint-pierre/a/{'0123456789abcdefghij' * 2}-_A",
    nl=f"https://guichet.example/nl/sint-pietersdal/a/{'0123456789abcdefghij' * 2}-_A",
)


PROPOSAL = Proposal(
    day=date(2026, 12, 4),
    wall=time(9, 45),
    office=TOWN_HALL,
    until=datetime(2026, 12, 2, 12, 0, tzinfo=ZoneInfo("Europe/Brussels")),
    is_cancelled_after=False,
    reason=Translated.of(fr="Grève", nl="Staking"),
    accept_url=Translated.of(fr=manage_url("fr", "val-saint-pierre"), nl=manage_url("nl", "sint-pietersdal")),
    choose_url=Translated.of(fr=manage_url("fr", "val-saint-pierre"), nl=manage_url("nl", "sint-pietersdal")),
    cancel_url=Translated.of(fr=manage_url("fr", "val-saint-pierre"), nl=manage_url("nl", "sint-pietersdal")),
)
"""Another time for her: Friday 4 December 2026 at 9:45."""


def visit_letter(**stated: Any) -> VisitLetter:
    """Ana's appointment of Thursday 3 December 2026 at 8:30, fifteen minutes at the town hall."""
    facts: dict[str, Any] = {
        "kind": LetterKind.CONFIRMATION,
        "message_id": "<message-1@guichet.example>",
        "language": "fr",
        "help_language": None,
        "recipient": "ana@example.be",
        "name": "Ana Silva",
        "commune": COMMUNE,
        "office": TOWN_HALL,
        "day": date(2026, 12, 3),
        "wall": time(8, 30),
        "start": datetime(2026, 12, 3, 7, 30, tzinfo=UTC),
        "end": datetime(2026, 12, 3, 7, 45, tzinfo=UTC),
        "zone": "Europe/Brussels",
        "lines": (IDENTITY_CARD,),
        "reference": "K7F29MXD",
        "manage_url": Translated.of(
            fr=manage_url("fr", "val-saint-pierre"),
            nl=manage_url("nl", "sint-pietersdal"),
            en=manage_url("en", "val-saint-pierre"),
        ),
        "coming_url": Translated.of(
            fr="https://guichet.example/fr/val-saint-pierre/coming/0123",
            nl="https://guichet.example/nl/sint-pietersdal/coming/0123",
        ),
        "short_url": SHORT_URL,
        "uid": "1b671a64-40d5-491e-99b0-da01ff1f3341@guichet.example",
        "sequence": 0,
        "stamped_at": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        "created_at": datetime(2026, 11, 20, 8, 59, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 20, 8, 59, tzinfo=UTC),
        "kept_until": date(2027, 1, 2),
    }
    if stated.get("kind") == LetterKind.REBOOKING:
        facts["proposal"] = PROPOSAL
    return VisitLetter(**facts | stated)


def cancellation_letter(**stated: Any) -> VisitLetter:
    later = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
    told = {"kind": LetterKind.CANCELLATION, "sequence": 1, "stamped_at": later, "changed_at": later}
    return visit_letter(**told | stated)


def password_letter(**stated: Any) -> StaffLetter:
    facts: dict[str, Any] = {
        "message_id": "<message-2@guichet.example>",
        "language": "nl",
        "recipient": "bilal@sint-pietersdal.example",
        "name": "Bilal",
        "commune": COMMUNE,
        "url": "https://guichet.example/nl/password/abc",
        "expires_at": datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        "stamped_at": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    }
    return StaffLetter(**facts | stated)


AN_OFFER = OfferFacts(
    office=TOWN_HALL,
    day=date(2026, 12, 3),
    wall=time(8, 30),
    minutes=15,
    until=datetime.combine(date(2026, 11, 20), time(12)),
    told_on=date(2026, 11, 20),
    present=datetime.combine(date(2027, 1, 12), time(9, 15)),
)


def list_letter(**stated: Any) -> ListLetter:
    """An earlier time is being kept for Ana, instead of her appointment of 12 January."""
    facts: dict[str, Any] = {
        "message_id": "<message-3@guichet.example>",
        "language": "fr",
        "help_language": None,
        "recipient": "ana@example.be",
        "name": "Ana Silva",
        "commune": COMMUNE,
        "services": (IDENTITY_CARD.service,),
        "url": Translated.of(
            fr=manage_url("fr", "val-saint-pierre"),
            nl=manage_url("nl", "sint-pietersdal"),
            en=manage_url("en", "val-saint-pierre"),
        ),
        "stamped_at": datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        "short_url": SHORT_URL,
        "expires_at": datetime(2026, 11, 20, 11, 0, tzinfo=UTC),
        "offer": AN_OFFER,
    }
    return ListLetter(**facts | stated)
