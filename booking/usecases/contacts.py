"""The contact of an appointment, written anew: where letters go, and whose link opens it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, or_, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from booking.core.appointments import Channel, has_begun
from booking.core.contacts import contact_keys
from booking.core.errors import ContactMissing, OutOfDate, VisitBegun
from booking.core.references import new_key
from booking.core.roles import Role
from booking.models import Appointment
from booking.models.messages import MessageKind
from booking.usecases.appointments import still_as_seen
from booking.usecases.groups import booked_after
from booking.usecases.journal import Actor, note
from booking.usecases.limits import MOST_HELPED, OF_PERSON, free_seats, take_seats_of_contact
from booking.usecases.messages import announce, check_copies, copies_sent
from booking.usecases.statements import QUIETLY


def correct_contact(
    session: Session,
    *,
    commune_id: int,
    appointment_id: int,
    version: int,
    email: str | None,
    phone: str | None,
    helper_email: str | None = None,
    helper_phone: str | None = None,
    per_contact: int,
    per_helper: int = MOST_HELPED,
    limit: int,
    actor: Actor,
    now: datetime,
    nonce: str | None = None,
    by_text: bool = False,
) -> str:
    """Write another contact and send the confirmation there; that letter counts as a copy of the first.

    Only ``by_text`` something is sent to whoever has a telephone and no address.

    Where somebody books for another person, theirs is written too, and one of the two is enough.

    Whoever had the letter to a mistyped address or number keeps no way in: with it the link changes, to that of
    ``nonce`` when the caller has drawn it. Gives the nonce that the appointment then has. What staff write down is
    counted by no limit.

    Raises ``ContactMissing``, ``OutOfDate``, ``VisitBegun``, ``TooManyAppointments``, ``AlreadyBooked`` or
    ``TooManyCopies``.
    """
    contacts, helpers = contact_keys(email, phone), contact_keys(helper_email, helper_phone)
    if not (contacts or helpers):
        raise ContactMissing
    another = or_(
        was_told_elsewhere(Appointment.email, Appointment.phone, email, phone),
        was_told_elsewhere(Appointment.helper_email, Appointment.helper_phone, helper_email, helper_phone),
    )
    changed = session.execute(
        update(Appointment)
        .where(*still_as_seen(commune_id, appointment_id, version))
        .values(
            email=email,
            phone=phone,
            helper_email=helper_email,
            helper_phone=helper_phone,
            contact_key=(*contacts, *helpers)[0],
            nonce=case((another, nonce or new_key()), else_=Appointment.nonce),
            version=Appointment.version + 1,
        )
        .returning(Appointment.version, Appointment.name, Appointment.channel, Appointment.start, Appointment.nonce),
        execution_options=QUIETLY,
    ).one_or_none()
    if changed is None:
        raise OutOfDate
    if has_begun(changed.start, now):
        raise VisitBegun
    free_seats(session, commune_id=commune_id, appointment_ids=[appointment_id], kinds=OF_PERSON)
    if changed.channel == Channel.ONLINE and actor.role == Role.RESIDENT:
        take_seats_of_contact(
            session,
            commune_id=commune_id,
            appointment_id=appointment_id,
            name=changed.name,
            contacts=contacts,
            per_contact=per_contact,
            helpers=helpers,
            per_helper=per_helper,
            beside=booked_after(session, commune_id=commune_id, appointment_id=appointment_id),
            now=now,
        )
    fields = ("email", "phone", *(("helper_email", "helper_phone") if helpers else ()))
    note(
        session,
        actor,
        commune_id=commune_id,
        act="changed",
        subject="appointment",
        subject_id=appointment_id,
        fields=fields,
        now=now,
    )
    if email or helper_email or (by_text and (phone or helper_phone)):
        check_copies(copies_sent(session, appointment_id=appointment_id), limit=limit)
        announce(
            session,
            MessageKind.CONFIRMATION,
            commune_id=commune_id,
            appointment_id=appointment_id,
            version=changed.version,
            now=now,
        )
    return str(changed.nonce)


def was_told_elsewhere(
    known_email: InstrumentedAttribute[str | None],
    known_phone: InstrumentedAttribute[str | None],
    email: str | None,
    phone: str | None,
) -> ColumnElement[bool]:
    """That letters went to another address than this one, or text messages to another number."""
    by_text = and_(known_email.is_(None), known_phone.is_not(None))
    return or_(known_email.is_distinct_from(email), and_(by_text, known_phone.is_distinct_from(phone)))
