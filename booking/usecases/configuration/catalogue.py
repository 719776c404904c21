"""Applying what a file says of the commune itself, its groups of services and its services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import SlugTaken
from booking.core.services import changed_fields
from booking.models import Commune, CommuneSlug, Postcode, Service, ServiceGroup
from booking.usecases.checklists import save_checklist
from booking.usecases.commune_words import words_of
from booking.usecases.configuration.current import KEPT_FOR, PLAIN
from booking.usecases.configuration.effect import Act, Subject, Work
from booking.usecases.configuration.sections import (
    COMMUNE_KEYS,
    GroupSection,
    ServiceSection,
    ServiceState,
)
from booking.usecases.configuration.visits import visits_for
from booking.usecases.queue_rules import change_letters
from booking.usecases.rows import refusing
from booking.usecases.services import (
    add_group,
    add_service,
    change_service,
    deactivate_service,
    groups_of,
    publish_service,
    reactivate_service,
    unpublish_service,
)


def apply_commune(work: Work, wanted: Mapping[str, Any], current: Mapping[str, Any], *, is_new: bool) -> None:
    changed = tuple(name for name in COMMUNE_KEYS if wanted[name] != current[name])
    if is_new or changed:
        work.done(Act.NEW if is_new else Act.CHANGED, Subject.COMMUNE, wanted["name"], fields=() if is_new else changed)
    if not changed:
        return
    columns = {name: wanted[name] for name in (*PLAIN, *KEPT_FOR)}
    words = vars(words_of(work.session.get_one(Commune, work.commune_id)))
    theme = {"brand": "theme_brand", "strong": "theme_brand_strong", "soft": "theme_brand_soft"}
    columns |= {name: wanted[name] for name in words}
    columns |= {column: getattr(wanted["theme"], name) for name, column in theme.items()}
    work.session.execute(update(Commune).where(Commune.id == work.commune_id).values(**columns))
    if "slugs" in changed:
        write_slugs(work, wanted["slugs"])
    if "postcodes" in changed:
        work.session.execute(delete(Postcode).where(Postcode.commune_id == work.commune_id))
        if wanted["postcodes"]:
            work.session.execute(insert(Postcode), [work.own | {"code": code} for code in wanted["postcodes"]])
    work.journal("changed", Subject.COMMUNE, work.commune_id, changed)


def write_slugs(work: Work, slugs: Mapping[str, str]) -> None:
    """Raises ``SlugTaken``."""
    rows = [work.own | {"language": language, "slug": slug} for language, slug in slugs.items()]
    with refusing(work.session, SlugTaken, on="pk_commune_slug"):
        work.session.execute(delete(CommuneSlug).where(CommuneSlug.commune_id == work.commune_id))
        work.session.execute(insert(CommuneSlug), rows)


def add_groups(work: Work, groups: Sequence[GroupSection]) -> dict[str, int]:
    """Every group a file names is there, under its name; gives their numbers. Letters are for ``settle_groups``."""
    there = {group.code: group for group in groups_of(work.session, **work.own)}
    numbers = {}
    for wanted in groups:
        group = there.get(wanted.code)
        facts: dict[str, Any] = {"name": wanted.name, "icon": wanted.icon}
        if group is None:
            numbers[wanted.code] = add_group(work.session, **work.own, code=wanted.code, **facts)
            work.done(Act.NEW, Subject.GROUP, wanted.name)
            work.journal("added", Subject.GROUP, numbers[wanted.code])
            continue
        numbers[wanted.code] = group.id
        old = {"name": group.name, "icon": group.icon, "letter": group.letter}
        changed = tuple(name for name, value in old.items() if value != getattr(wanted, name))
        if changed:
            work.session.execute(update(ServiceGroup).where(ServiceGroup.id == group.id).values(**facts))
            work.done(Act.CHANGED, Subject.GROUP, wanted.name, fields=changed)
            work.journal("changed", Subject.GROUP, group.id, changed)
    return numbers


def settle_groups(work: Work, groups: Sequence[GroupSection], numbers: Mapping[str, int]) -> None:
    """Groups without services that no file names go; then every other one has its letter and its place.

    Raises ``LetterTaken`` when a group that has to stay has the letter of another.
    """
    used = exists().where(Service.commune_id == ServiceGroup.commune_id, Service.group_id == ServiceGroup.id)
    gone = delete(ServiceGroup).where(
        ServiceGroup.commune_id == work.commune_id, ServiceGroup.code.not_in(numbers), ~used
    )
    for row in work.session.execute(gone.returning(ServiceGroup.id, ServiceGroup.name)).all():
        work.done(Act.GONE, Subject.GROUP, row.name)
        work.journal("removed", Subject.GROUP, row.id)
    letters = {numbers[group.code]: group.letter for group in groups}
    change_letters(work.session, letters=letters, **work.named)
    in_order(work.session, ServiceGroup, [numbers[group.code] for group in groups])


def apply_services(
    work: Work, wanted: Sequence[ServiceSection], before: Sequence[ServiceSection], groups: Mapping[str, int]
) -> dict[str, int]:
    """Every service as the file has it; those it does not name are deactivated. Gives the numbers by code."""
    rows = work.session.scalars(select(Service).where(Service.commune_id == work.commune_id)).all()
    there = {row.code: row for row in rows}
    current = {one.code: one for one in before}
    numbers = {code: row.id for code, row in there.items()}
    for one in wanted:
        if one.code not in there:
            content = replace(one.content, group_id=groups[one.group])
            numbers[one.code] = add_service(work.session, content=content, **work.named)
            work.done(Act.NEW, Subject.SERVICE, one.content.name)
    for one in wanted:
        apply_service(work, one, current.get(one.code), numbers[one.code], groups)
    for code in there.keys() - {one.code for one in wanted}:
        if there[code].deactivated_at is None:
            let_go(work, there[code])
    in_order(work.session, Service, [numbers[one.code] for one in wanted])
    return numbers


def apply_service(
    work: Work, wanted: ServiceSection, before: ServiceSection | None, number: int, groups: Mapping[str, int]
) -> None:
    own = {"service_id": number, **work.named}
    state = before.state if before else ServiceState.DRAFT
    changed: tuple[str, ...] = ()
    if before is not None:
        changed = changed_fields(before.content, wanted.content)
        beside = ("group", "checklist", "last_day")
        changed += tuple(name for name in beside if getattr(before, name) != getattr(wanted, name))
        changed += ("state",) if state != wanted.state else ()
    if state == ServiceState.DEACTIVATED and wanted.state != ServiceState.DEACTIVATED:
        reactivate_service(work.session, **own)
        state = ServiceState.DRAFT
    if state == ServiceState.PUBLISHED and wanted.state == ServiceState.DRAFT:
        unpublish_service(work.session, **own)
    save_checklist(work.session, content=wanted.checklist, **own)
    if before is not None and {*changed} - {"checklist", "state", "last_day"}:
        content = replace(wanted.content, group_id=groups[wanted.group])
        change_service(work.session, content=content, **own)
    ends = update(Service).where(Service.id == number)
    work.session.execute(ends.values(last_day=wanted.last_day))
    if wanted.state == ServiceState.DEACTIVATED and state != ServiceState.DEACTIVATED:
        let_go(work, work.session.get_one(Service, number), is_told=bool(before))
        changed = tuple(name for name in changed if name != "state")
    if not wanted.content.mode.is_bookable and before is not None and before.content.mode.is_bookable:
        work.in_the_way |= visits_for(work, service_id=number)
    if changed:
        work.done(Act.CHANGED, Subject.SERVICE, wanted.content.name, fields=changed)


def publish_each(work: Work, wanted: Sequence[ServiceSection], numbers: Mapping[str, int]) -> None:
    """Publish what the file publishes, once the counters are there that an online service wants beside it."""
    for one in wanted:
        if one.state == ServiceState.PUBLISHED:
            publish_service(work.session, service_id=numbers[one.code], **work.named)


def let_go(work: Work, service: Service, *, is_told: bool = True) -> None:
    """Deactivate a service, unless somebody is still to come for it."""
    coming = visits_for(work, service_id=service.id)
    work.in_the_way |= coming
    if is_told:
        work.done(Act.GONE, Subject.SERVICE, service.name)
    if not coming:
        deactivate_service(work.session, service_id=service.id, **work.named)


def in_order(session: Session, model: Any, numbers: Sequence[int]) -> None:
    """The place of each in its list, as the file has it."""
    for place, number in enumerate(numbers, start=1):
        session.execute(update(model).where(model.id == number, model.position != place).values(position=place))
