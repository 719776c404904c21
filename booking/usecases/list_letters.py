"""The facts of a letter about the list for an earlier appointment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.list_letters import ListLetter, OfferFacts, OverFacts
from booking.core.references import link_token, short_token
from booking.core.retention import UNPROVED
from booking.core.timespan import Span, local_date, wall_clock
from booking.core.waiting import OVER_TOLD, OfferState, WaitingState
from booking.models import Appointment, Commune, Message, Offer, Office, WaitingEntry
from booking.models.messages import MessageKind, MessageState
from booking.usecases.letter_facts import addresses, commune_facts, lines_told, message_id, office_facts
from booking.usecases.message_texts import wording_of
from booking.usecases.papers import lists_of
from booking.usecases.waiting_answers import open_offer
from booking.usecases.waiting_list import baskets_of, reached


def list_letter(session: Session, *, message: Message, base_url: str, secret: str, now: datetime) -> ListLetter | None:
    """What somebody in the list is told: ``None`` when they have left it, or it is no longer so."""
    entry = session.get_one(WaitingEntry, message.waiting_entry_id)
    commune = session.get_one(Commune, entry.commune_id)
    appointment = session.get(Appointment, entry.appointment_id) if entry.appointment_id else None
    kept = open_offer(session, entry=entry, now=now) if message.kind == MessageKind.LIST_OFFER else None
    who = appointment or entry
    told = reached(who, by_text=True)
    if told is None or not is_still_so(session, message, entry, kept[0] if kept else None):
        return None
    purpose, short = ("appointment", "a") if appointment else ("earlier", "e")
    token = link_token(secret, purpose, who.nonce)
    path, short_path = f"/{purpose}/open/{token}", f"/{short}/{short_token(token)}"
    language = who.language or commune.first_language
    services = baskets_of(session, [entry])[entry.id].services
    return ListLetter(
        message_id=message_id(base_url, message.id),
        language=language,
        help_language=who.help_language,
        recipient=told.email,
        phone=told.phone,
        name=who.name or "",
        helper_name=(appointment.helper_name or "") if appointment and told.is_helper else "",
        commune=commune_facts(session, commune=commune, base_url=base_url, language=language),
        services=tuple(service.name for service in services),
        url=addresses(session, commune_id=commune.id, base_url=base_url, path=path, language=language),
        short_url=addresses(session, commune_id=commune.id, base_url=base_url, path=short_path, language=language),
        stamped_at=now,
        expires_at=expiry(message, entry, kept[0] if kept else None),
        offer=offer_facts(session, *kept, present=appointment, now=now) if kept else None,
        over=over_facts(entry, appointment) if message.kind == MessageKind.LIST_OVER else None,
        is_sensitive=any(service.is_sensitive for service in services),
        wording=wording_of(session, commune_id=commune.id, kind=message.kind),
    )


def is_still_so(session: Session, message: Message, entry: WaitingEntry, kept: Offer | None) -> bool:
    """Whether what a message was left to say is so. Whoever has the next offer is not told of the end of the last."""
    if message.kind == MessageKind.LIST_PROOF:
        return entry.state == WaitingState.UNPROVED
    if entry.state != WaitingState.LIVE:
        return False
    if message.kind == MessageKind.LIST_OFFER:
        return kept is not None and kept.id == message.version
    has_next = select(Offer.id).where(Offer.entry_id == entry.id, Offer.state == OfferState.OPEN)
    was_told = select(Message.id).where(
        Message.waiting_entry_id == entry.id,
        Message.kind == MessageKind.LIST_OFFER,
        Message.version == message.version,
        Message.state == MessageState.SENT,
    )
    return session.scalar(was_told) is not None and session.scalar(has_next) is None


def expiry(message: Message, entry: WaitingEntry, kept: Offer | None) -> datetime:
    """Until when a letter is worth trying."""
    if kept is not None:
        return kept.until
    return message.due_at + OVER_TOLD if message.kind == MessageKind.LIST_OVER else entry.created_at + UNPROVED


def over_facts(entry: WaitingEntry, present: Appointment | None) -> OverFacts:
    stays = datetime.combine(present.local_date, present.wall_time) if present else None
    return OverFacts(entry.last_day, stays)


def offer_facts(
    session: Session, offer: Offer, held: Appointment, *, present: Appointment | None, now: datetime
) -> OfferFacts:
    office = session.get_one(Office, held.office_id)
    return OfferFacts(
        office=office_facts(office),
        day=held.local_date,
        wall=held.wall_time,
        minutes=Span(held.start, held.over_at).minutes,
        until=wall_clock(offer.until, office.zone),
        told_on=local_date(now, office.zone),
        present=datetime.combine(present.local_date, present.wall_time) if present else None,
        lines=lines_told(session, lists_of(session, appointment=held), held.local_date),
    )
