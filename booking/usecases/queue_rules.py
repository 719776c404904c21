"""The rules of an office's queue, and the letters its numbers begin with: read, and changed by administrators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.errors import LetterTaken, Unknown
from booking.core.seen import check_seen
from booking.core.tickets import LETTERS
from booking.core.turns import QueuePolicy
from booking.models import Office, ServiceGroup
from booking.usecases.journal import Actor, note
from booking.usecases.rows import differing


@dataclass(frozen=True, kw_only=True)
class QueueRules:
    """How those who wait at an office are called. The columns of the same names say what each is (``models``)."""

    queue_policy: QueuePolicy
    language_minutes: int
    calls_needed: int
    check_in_minutes: int | None
    walk_in_lead_minutes: int
    calls_with_sound: bool


def rules_of(office: Office) -> QueueRules:
    """The rules of an office now."""
    return QueueRules(**{field.name: getattr(office, field.name) for field in fields(QueueRules)})


def change_rules(
    session: Session,
    *,
    commune_id: int,
    office_id: int,
    rules: QueueRules,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write the rules anew: whoever has a ticket already keeps the turn it gave them.

    ``seen`` is the word for the rules these were made from. Raises ``ChangedMeanwhile`` or ``Unknown``.
    """
    mine = select(Office).where(Office.commune_id == commune_id, Office.id == office_id)
    office = session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one_or_none()
    if office is None:
        raise Unknown
    check_seen(seen, rules_of(office))
    changed = differing(office, vars(rules))
    if changed:
        session.execute(update(Office).where(Office.id == office_id).values(**vars(rules)))
        noted = partial(note, subject="office", subject_id=office_id, fields=changed)
        noted(session, actor, commune_id=commune_id, act="changed", now=now)


def letters_of(session: Session, *, commune_id: int) -> list[ServiceGroup]:
    """The topics of a commune in their order, each with the letter its tickets begin with."""
    wanted = select(ServiceGroup).where(ServiceGroup.commune_id == commune_id)
    return list(session.scalars(wanted.order_by(ServiceGroup.position, ServiceGroup.id)))


def change_letters(
    session: Session,
    *,
    commune_id: int,
    letters: Mapping[int, str],
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Give topics other letters, from their next ticket on; two may change places.

    ``seen`` is the word for the letters these were made from. Raises ``LetterTaken`` where two would have one,
    ``ChangedMeanwhile`` or ``Unknown``.
    """
    mine = select(ServiceGroup).where(ServiceGroup.commune_id == commune_id).order_by(ServiceGroup.id)
    locked = mine.with_for_update().execution_options(populate_existing=True)
    before = {group.id: group.letter for group in session.scalars(locked)}
    if not letters.keys() <= before.keys() or not set(letters.values()) <= set(LETTERS):
        raise Unknown
    check_seen(seen, before)
    after = {**before, **letters}
    if len(set(after.values())) < len(after):
        raise LetterTaken
    changed = [group for group in before if before[group] != after[group]]
    # Every letter is given up before it is taken: a small one belongs to nobody.
    for letter_of in ({group: before[group].lower() for group in changed}, after):
        for group in changed:
            session.execute(update(ServiceGroup).where(ServiceGroup.id == group).values(letter=letter_of[group]))
    for group in changed:
        noted = partial(note, subject="service_group", subject_id=group, fields=("letter",))
        noted(session, actor, commune_id=commune_id, act="changed", now=now)
