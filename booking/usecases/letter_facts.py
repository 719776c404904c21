"""What letters of every kind say: of whom they come, and where their links lead."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.letter_facts import CommuneFacts, OfficeFacts
from booking.core.translated import LANGUAGES, Translated
from booking.models import Commune, CommuneSlug, Office


def addresses(session: Session, *, commune_id: int, base_url: str, path: str, language: str) -> Translated:
    """An address below a commune, in each language.

    ``language`` is that of the letter it stands in: its address is taken where the commune has no word of its own.
    """
    rows = session.execute(select(CommuneSlug.language, CommuneSlug.slug).where(CommuneSlug.commune_id == commune_id))
    pages = {code: f"{base_url}/{code}/{slug}{path}" for code, slug in rows}
    return Translated({code: pages.get(code, pages[language]) for code in LANGUAGES})


def commune_facts(session: Session, *, commune: Commune, base_url: str, language: str) -> CommuneFacts:
    return CommuneFacts(
        name=commune.name,
        sender_address=commune.sender_address,
        phone=commune.phone,
        home_url=addresses(session, commune_id=commune.id, base_url=base_url, path="/", language=language),
        logo_order=tuple(language for language, _ in commune.wordmark),
        colour=commune.theme_brand,
        is_demonstration=commune.is_demonstration,
    )


def office_facts(office: Office) -> OfficeFacts:
    return OfficeFacts(name=office.name, address=office.address, transport=office.transport)


def message_id(base_url: str, number: int) -> str:
    """The identifier of a message, made from its row: sent again, it is the same mail."""
    return f"<message-{number}@{urlsplit(base_url).hostname}>"
