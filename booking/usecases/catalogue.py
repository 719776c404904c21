"""What a commune offers its residents: services in their groups, fees, offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking.core.checklist import Procedure
from booking.core.errors import Unknown
from booking.models import Office, Service, ServiceFee, ServiceGroup
from booking.usecases.search import ranked


@dataclass(frozen=True)
class Card:
    """A service as the list shows it, with the fee of the day in cents."""

    service: Service
    fee: int | None


@dataclass(frozen=True)
class Group:
    group: ServiceGroup
    cards: tuple[Card, ...]


def public_services(session: Session, *, commune_id: int) -> list[Service]:
    wanted = select(Service).where(
        Service.commune_id == commune_id, Service.published_at.is_not(None), Service.deactivated_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(Service.position, Service.id)))


# Made once: every page of a service asks for it and for the offices.
PUBLIC_SERVICE = select(Service).where(
    Service.commune_id == bindparam("commune_id"),
    Service.code == bindparam("code"),
    Service.published_at.is_not(None),
    Service.deactivated_at.is_(None),
)
OFFICES = (
    select(Office)
    .where(Office.commune_id == bindparam("commune_id"), Office.retired_at.is_(None))
    .order_by(Office.position, Office.id)
)


def public_service(session: Session, *, commune_id: int, code: str) -> Service:
    """A published service by its word in addresses. Raises ``Unknown``."""
    service = session.scalars(PUBLIC_SERVICE, {"commune_id": commune_id, "code": code}).one_or_none()
    if service is None:
        raise Unknown
    return service


def groups_of(session: Session, *, commune_id: int, today: date) -> list[Group]:
    """The public services by group."""
    groups = session.scalars(
        select(ServiceGroup).where(ServiceGroup.commune_id == commune_id).order_by(ServiceGroup.position)
    )
    fees = fees_on(session, commune_id=commune_id, day=today)
    found = public_services(session, commune_id=commune_id)
    by_group = [
        Group(group, tuple(Card(service, fees.get(service.id)) for service in found if service.group_id == group.id))
        for group in groups
    ]
    return [group for group in by_group if group.cards]


def found_by(session: Session, *, commune_id: int, query: str, language: str, today: date) -> list[Card]:
    """The public services that ``query`` may mean, best first; ``language`` is that of the page."""
    fees = fees_on(session, commune_id=commune_id, day=today)
    services = public_services(session, commune_id=commune_id)
    return [Card(service, fees.get(service.id)) for service in ranked(services, query=query, language=language)]


def fees_on(session: Session, *, commune_id: int, day: date) -> dict[int, int]:
    """The normal fee of each service on a day, in cents: the latest one that has begun."""
    rows = session.execute(
        select(ServiceFee.service_id, ServiceFee.cents)
        .where(
            ServiceFee.commune_id == commune_id,
            ServiceFee.procedure == Procedure.NORMAL,
            ServiceFee.valid_from <= day,
        )
        .order_by(ServiceFee.valid_from)
    )
    return {row.service_id: row.cents for row in rows}


def fee_on(
    session: Session, *, service: Service, day: date, procedure: Procedure = Procedure.NORMAL
) -> ServiceFee | None:
    wanted = select(ServiceFee).where(
        ServiceFee.commune_id == service.commune_id,
        ServiceFee.service_id == service.id,
        ServiceFee.procedure == procedure,
        ServiceFee.valid_from <= day,
    )
    return session.scalars(wanted.order_by(ServiceFee.valid_from.desc()).limit(1)).first()


def fees_from(session: Session, *, service: Service, day: date, until: date) -> dict[Procedure, list[ServiceFee]]:
    """The fees of a service on a day, as far as it has any, and those that begin later but not after ``until``."""
    wanted = select(ServiceFee).where(
        ServiceFee.commune_id == service.commune_id, ServiceFee.service_id == service.id, ServiceFee.valid_from <= until
    )
    fees = session.scalars(wanted.order_by(ServiceFee.valid_from)).all()
    return {
        procedure: [fee for fee in fees if fee.procedure == procedure and fee.valid_from <= day][-1:]
        + [fee for fee in fees if fee.procedure == procedure and fee.valid_from > day]
        for procedure in Procedure
    }


def offices_of(session: Session, *, commune_id: int) -> list[Office]:
    return list(session.scalars(OFFICES, {"commune_id": commune_id}))
