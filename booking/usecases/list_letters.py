"""The facts of a letter about the list for an earlier appointment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.letters import ListLetter, OfferFacts
from booking.core.references import link_token, short_token
from booking.core.retention import UNPROVED
from booking.core.timespan import Span, local_date, wall_clock
from booking.core.waiting import WaitingState
from booking.models import Appointment, Commune, Message, Offer, Office, WaitingEntry
from booking.models.messages import MessageKind
from booking.usecases.letter_facts import addresses, commune_facts, message_id, office_facts
from booking.usecases.waiting_answers import open_offer
from booking.usecases.waiting_list import baskets_of, reached


def list_letter(session: Session, *, message: Message, base_url: str, secret: str, now: datetime) -> ListLetter | None:
    """What somebody in the list is told: ``None`` when they have left it, or the offer is over."""
    entry = session.get_one(WaitingEntry, message.waiting_entry_id)
    commune = session.get_one(Commune, entry.commune_id)
    appointment = session.get(Appointment, entry.appointment_id) if entry.appointment_id else None
    is_proof = message.kind == MessageKind.LIST_PROOF
    wanted = WaitingState.UNPROVED if is_proof else WaitingState.LIVE
    kept = None if is_proof else open_offer(session, entry=entry, now=now)
    who = appointment or entry
    told = reached(who, by_text=True)
    if entry.state != wanted or told is None or (kept is None) != is_proof or (kept and kept[0].id != message.version):
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
        expires_at=kept[0].until if kept else entry.created_at + UNPROVED,
        offer=offer_facts(session, *kept, present=appointment, now=now) if kept else None,
        is_sensitive=any(service.is_sensitive for service in services),
    )


def offer_facts(
    session: Session, offer: Offer, held: Appointment, *, present: Appointment | None, now: datetime
) -> OfferFacts:
    office = session.get_one(Office, held.office_id)
    return OfferFacts(
        office=office_facts(office),
        day=held.local_date,
        wall=held.wall_time,
        minutes=Span(held.start, held.end).minutes,
        until=wall_clock(offer.until, office.zone),
        told_on=local_date(now, office.zone),
        present=datetime.combine(present.local_date, present.wall_time) if present else None,
    )
