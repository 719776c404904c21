"""What letters of every kind say: of whom they come, where their links lead, and what a visit is for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import Step
from booking.core.checklist import Attendee, Attending
from booking.core.letter_facts import CommuneFacts, LetterLine, OfficeFacts
from booking.core.translated import LANGUAGES, Translated
from booking.models import Commune, CommuneSlug, Office
from booking.usecases.catalogue import fee_on
from booking.usecases.papers import LineList


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


def lines_told(session: Session, lists: Iterable[LineList], day: date) -> tuple[LetterLine, ...]:
    """The lines of a visit as they are told, each with its list and the fee of its day."""
    return tuple(line_told(session, one, day) for one in lists)


def line_told(session: Session, one: LineList, day: date) -> LetterLine:
    """A line with its list and the fee of its procedure; who comes is said of the service where no answer tells."""
    line, service, found = one.line, one.service, one.resolution
    # Who is informed first brings nothing yet, and pays with the file.
    is_informed = line.step == Step.INFORMATION
    fee = None if is_informed else fee_on(session, service=service, day=day, procedure=line.procedure)
    usual = (Attending(Attendee.PERSON, service.who_comes),) if service.who_comes else ()
    return LetterLine(
        service=line.service_name,
        persons=line.persons,
        counted=service.max_persons > 1 or line.persons > 1,
        papers=() if is_informed else found.to_bring,
        must_come=found.attending or usual,
        warnings=found.warnings,
        procedure=line.procedure,
        fee_cents=fee.cents if fee else None,
        fee_note=fee.note if fee else Translated({}),
        number=line.id,
        ticked=one.ticked,
        step=line.step,
        follow_up=Translated({}) if is_informed else service.follow_up,
    )
