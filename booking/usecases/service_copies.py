"""What other communes of the installation offer, and taking a service over from one of them as a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.checklist import Checklist, Way
from booking.core.errors import CodeTaken, Unknown
from booking.core.services import LONGEST_CODE, NOTHING, ServiceContent
from booking.core.translated import Translated
from booking.models import Commune, Service, ServiceGroup
from booking.usecases.checklists import newest_of, other_services, save_checklist
from booking.usecases.journal import Actor
from booking.usecases.services import add_service, content_of

MOST_ALIKE = 20
"""So many services of one code, each with its number, and the next one needs a code of its own."""


@dataclass(frozen=True)
class Elsewhere:
    """A commune and the services it shows its residents, in its order."""

    name: Translated
    services: tuple[Service, ...]


@dataclass(frozen=True)
class Original:
    """A service of another commune as it would be copied, and the code of its theme there."""

    commune: Translated
    service: Service
    content: ServiceContent
    checklist: Checklist
    group_code: str


@dataclass(frozen=True)
class Copied:
    """A copy, by its word in addresses; ``lost`` is how many answers led to a service that is not there here."""

    code: str
    lost: int


def elsewhere(session: Session, *, commune_id: int, language: str) -> list[Elsewhere]:
    """The other communes by name, each with its public services, where it has any: one statement."""
    rows = session.execute(
        select(Commune.id, Commune.name, Service)
        .join(Service, Service.commune_id == Commune.id)
        .where(Commune.id != commune_id, Service.published_at.is_not(None), Service.deactivated_at.is_(None))
        .order_by(Service.position, Service.id)
    )
    found: dict[int, tuple[Translated, list[Service]]] = {}
    for number, name, service in rows:
        found.setdefault(number, (name, []))[1].append(service)
    communes = [Elsewhere(name, tuple(services)) for name, services in found.values()]
    return sorted(communes, key=lambda one: one.name.in_(language).casefold())


def original(session: Session, *, commune_id: int, service_id: int) -> Original:
    """A public service of another commune. Raises ``Unknown``."""
    service = session.get(Service, service_id)
    if service is None or service.commune_id == commune_id or not service.is_public:
        raise Unknown
    return Original(
        session.get_one(Commune, service.commune_id).name,
        service,
        own_of(content_of(session, service=service)),
        newest_of(session, service=service).content,
        session.get_one(ServiceGroup, service.group_id).code,
    )


def own_of(content: ServiceContent) -> ServiceContent:
    """What can be taken over: how that commune is reached, what it promises and has room for is its own."""
    return replace(
        content,
        by_phone=NOTHING,
        by_post=NOTHING,
        promised_days=None,
        quota=None,
        quota_per=None,
        release_weekday=None,
        release_time=None,
        release_weeks=None,
    )


def copy_service(
    session: Session, *, commune_id: int, service_id: int, group_id: int, actor: Actor, now: datetime
) -> Copied:
    """A draft with the texts, questions, papers, fees and minutes of another commune's service.

    Answers that lead to a service that is not there here lead nowhere in the copy. Raises ``Unknown`` (the service or
    the group).
    """
    found = original(session, commune_id=commune_id, service_id=service_id)
    own: dict[str, Any] = {"commune_id": commune_id, "actor": actor, "now": now}
    new_id, code = added(session, replace(found.content, group_id=group_id), **own)
    copy = session.get_one(Service, new_id)
    known = other_services(session, service=copy)
    kept = tuple(one for one in found.checklist.outcomes if one.way != Way.OTHER_SERVICE or one.service in known)
    save_checklist(session, service_id=new_id, content=replace(found.checklist, outcomes=kept), **own)
    return Copied(code, len(found.checklist.outcomes) - len(kept))


def added(
    session: Session, content: ServiceContent, *, commune_id: int, actor: Actor, now: datetime
) -> tuple[int, str]:
    """A draft under its code, or under the first one with a number that is free."""
    for code in codes_like(content.code):
        try:
            found = add_service(
                session, commune_id=commune_id, content=replace(content, code=code), actor=actor, now=now
            )
        except CodeTaken:
            continue
        return found, code
    raise CodeTaken


def codes_like(code: str) -> Sequence[str]:
    ends = [f"-{number}" for number in range(2, MOST_ALIKE + 2)]
    return [code, *(code[: LONGEST_CODE - len(end)] + end for end in ends)]
