"""The facts of a letter, read from the rows as they are now."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.appointments import AppointmentState, has_begun
from booking.core.checklist import Attendee, Attending
from booking.core.letters import (
    CommuneFacts,
    LetterKind,
    LetterLine,
    OfficeFacts,
    StaffLetter,
    VisitLetter,
)
from booking.core.references import link_token
from booking.core.retention import contact_kept_until
from booking.core.translated import LANGUAGES, Translated
from booking.models import Appointment, Commune, CommuneSlug, Message, Office, Person
from booking.models.messages import MessageKind, Recipient
from booking.usecases.catalogue import fee_on
from booking.usecases.lists import LineList, lists_of


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


def message_id(base_url: str, number: int) -> str:
    """The identifier of a message, made from its row: sent again, it is the same mail."""
    return f"<message-{number}@{urlsplit(base_url).hostname}>"


def visit_letter(
    session: Session,
    *,
    appointment: Appointment,
    base_url: str,
    secret: str = "",
    kind: LetterKind = LetterKind.CONFIRMATION,
    number: int = 0,
    recipient: Recipient = Recipient.PERSON,
    now: datetime | None = None,
) -> VisitLetter:
    """What is true of an appointment now. Without ``secret`` it holds no link (the page is open already)."""
    to_helper = recipient == Recipient.HELPER
    commune = session.get_one(Commune, appointment.commune_id)
    office = session.get_one(Office, appointment.office_id)
    lists = lists_of(session, appointment=appointment)
    token = link_token(secret, "appointment", appointment.nonce) if secret else ""
    path = f"/appointment/open/{token}" if secret else "/find"
    language = appointment.language or commune.first_language
    booked_at = appointment.booked_at or appointment.created_at
    return VisitLetter(
        kind=kind,
        message_id=message_id(base_url, number),
        language=language,
        help_language=appointment.help_language,
        recipient=(appointment.helper_email if to_helper else appointment.email) or "",
        phone=(appointment.helper_phone if to_helper else appointment.phone) or "",
        name=appointment.name or "",
        helper_name=appointment.helper_name or "",
        is_for_helper=to_helper,
        needs=appointment.needs or frozenset(),
        commune=commune_facts(session, commune=commune, base_url=base_url, language=language),
        office=OfficeFacts(name=office.name, address=office.address, transport=office.transport),
        day=appointment.local_date,
        wall=appointment.wall_time,
        start=appointment.start,
        end=appointment.end,
        zone=office.zone_key,
        lines=tuple(line_told(session, one, appointment.local_date) for one in lists),
        reference=appointment.reference or "",
        manage_url=addresses(session, commune_id=commune.id, base_url=base_url, path=path, language=language),
        uid=appointment.uid,
        sequence=appointment.sequence,
        stamped_at=now or booked_at,
        created_at=booked_at,
        changed_at=appointment.cancelled_at or booked_at,
        kept_until=contact_kept_until(appointment.local_date, commune.contact_days),
        is_sensitive=any(one.service.is_sensitive for one in lists),
        reason=appointment.cancel_reason or Translated({}),
        asks_coming=appointment.coming_at is None and any(one.service.asks_coming for one in lists),
        coming_url=addresses(
            session, commune_id=commune.id, base_url=base_url, path=f"{path}/coming", language=language
        )
        if secret
        else Translated({}),
    )


def line_told(session: Session, one: LineList, day: date) -> LetterLine:
    """A line with its list and the fee of its procedure; who comes is said of the service where no answer tells."""
    line, service, found = one.line, one.service, one.resolution
    fee = fee_on(session, service=service, day=day, procedure=line.procedure)
    usual = (Attending(Attendee.PERSON, service.who_comes),) if service.who_comes else ()
    return LetterLine(
        service=line.service_name,
        persons=line.persons,
        papers=found.to_bring,
        must_come=found.attending or usual,
        warnings=found.warnings,
        procedure=line.procedure,
        fee_cents=fee.cents if fee else None,
        fee_note=fee.note if fee else Translated({}),
        number=line.id,
        ticked=one.ticked,
    )


def letter_for(
    session: Session, *, message_number: int, base_url: str, secret: str, now: datetime
) -> VisitLetter | StaffLetter | None:
    """The letter a message stands for, or ``None`` when it was overtaken: cancelled, corrected, erased, deleted."""
    message = session.get(Message, message_number)
    if message is None:
        return None
    if message.kind == MessageKind.PASSWORD_RESET:
        return reset_letter(session, message=message, base_url=base_url, secret=secret, now=now)
    appointment = session.get(Appointment, message.appointment_id)
    if appointment is None or not is_still_true(session, message, appointment, now):
        return None
    if is_out_of_reach(appointment, message.recipient):
        return None
    return visit_letter(
        session,
        appointment=appointment,
        base_url=base_url,
        secret=secret,
        kind=message.kind.letter,
        number=message.id,
        recipient=message.recipient,
        now=now,
    )


def is_still_true(session: Session, message: Message, appointment: Appointment, now: datetime) -> bool:
    """Whether what a message was left to say is so, and nobody else says it more truly.

    A reminder is of one start: of a visit that was moved or has begun there is nothing to remind of.
    """
    if message.kind.letter.ends_the_visit:
        is_so = appointment.state == AppointmentState.CANCELLED
    else:
        is_so = appointment.state == AppointmentState.BOOKED
    if message.of_start is not None:
        is_so = is_so and message.of_start == appointment.start and not has_begun(appointment.start, now)
    return is_so and (bool(message.copy) or not has_successor(session, message))


def is_out_of_reach(appointment: Appointment, recipient: Recipient) -> bool:
    """Whether there is no way to a person any more, or none of their own because whoever helps them is told."""
    if recipient == Recipient.HELPER:
        return not (appointment.helper_email or appointment.helper_phone)
    has_others = appointment.helper_name is not None or appointment.name is None
    return has_others and not (appointment.email or appointment.phone)


def has_successor(session: Session, message: Message) -> bool:
    """Whether a later letter of the same kind says the same, more truly: the contact was corrected meanwhile."""
    later = select(Message.id).where(
        Message.appointment_id == message.appointment_id,
        Message.kind == message.kind,
        Message.recipient == message.recipient,
        Message.copy == 0,
        Message.id > message.id,
    )
    return session.scalars(later.limit(1)).first() is not None


def reset_letter(
    session: Session, *, message: Message, base_url: str, secret: str, now: datetime
) -> StaffLetter | None:
    person = session.get(Person, message.person_id)
    commune = session.get(Commune, message.commune_id)
    if person is None or commune is None:
        return None
    if person.reset_nonce is None or person.reset_until is None or person.reset_until <= now:
        return None
    token = link_token(secret, "reset", person.reset_nonce)
    urls = addresses(
        session,
        commune_id=commune.id,
        base_url=base_url,
        path=f"/agent/password/open/{token}",
        language=person.language,
    )
    return StaffLetter(
        message_id=message_id(base_url, message.id),
        language=person.language,
        recipient=person.email,
        name=person.name,
        commune=commune_facts(session, commune=commune, base_url=base_url, language=person.language),
        url=urls.in_(person.language),
        expires_at=person.reset_until,
        stamped_at=now,
    )
