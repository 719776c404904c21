"""Notices to everybody on every public page: a strike, an outage, from one moment to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from booking.core.errors import EndsBeforeStart, Unknown
from booking.core.seen import check_seen
from booking.core.timespan import instant
from booking.core.translated import Translated
from booking.models import Banner, Commune
from booking.models.base import Instant
from booking.usecases.journal import Actor, note
from booking.usecases.rows import differing, refuse_half_written
from booking.usecases.statements import table_of

DAY = timedelta(days=1)

noted = partial(note, subject="banner")


@dataclass(frozen=True)
class Notice:
    """What a banner says, and from when until when on the commune's wall clock.

    Without a time it is there from the beginning of its first day, or until the end of its last.
    """

    text: Translated
    from_day: date
    from_wall: time | None
    until_day: date
    until_wall: time | None


BANNERS = table_of(Banner)
IS_SHOWN = (
    BANNERS.c.shown_from <= bindparam("now", type_=Instant),
    BANNERS.c.shown_until > bindparam("now", type_=Instant),
)
LATEST_FIRST = (BANNERS.c.shown_from.desc(), BANNERS.c.id.desc())


def banners_of(session: Session, *, commune_id: int) -> Sequence[Banner]:
    """Every notice, past ones too, the latest first."""
    wanted = select(Banner).where(Banner.commune_id == commune_id)
    return session.scalars(wanted.order_by(*LATEST_FIRST)).all()


def banner(session: Session, *, commune_id: int, banner_id: int) -> Banner:
    """One notice. Raises ``Unknown``."""
    found = session.scalars(select(Banner).where(Banner.commune_id == commune_id, Banner.id == banner_id)).one_or_none()
    if found is None:
        raise Unknown
    return found


def add_banner(session: Session, *, commune_id: int, notice: Notice, actor: Actor, now: datetime) -> int:
    """Raises ``TextMissing`` or ``EndsBeforeStart``."""
    columns = columns_of(session, commune_id=commune_id, notice=notice)
    row = insert(Banner).values(commune_id=commune_id, **columns)
    banner_id = session.scalars(row.returning(Banner.id)).one()
    noted(session, actor, commune_id=commune_id, subject_id=banner_id, act="added", fields=columns, now=now)
    return banner_id


def facts_of(found: Banner) -> dict[str, object]:
    """What a notice says now, and from when until when."""
    return {"text": found.text, "shown_from": found.shown_from, "shown_until": found.shown_until}


def change_banner(
    session: Session,
    *,
    commune_id: int,
    banner_id: int,
    notice: Notice,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a notice anew. ``seen`` is the word for the facts it was made from.

    Raises ``ChangedMeanwhile``, ``TextMissing``, ``EndsBeforeStart`` or ``Unknown``.
    """
    columns = columns_of(session, commune_id=commune_id, notice=notice)
    session.execute(select(Banner.id).where(Banner.id == banner_id).with_for_update())
    found = banner(session, commune_id=commune_id, banner_id=banner_id)
    check_seen(seen, facts_of(found))
    changed = differing(found, columns)
    if changed:
        session.execute(update(Banner).where(Banner.id == banner_id).values(**columns))
        noted(session, actor, commune_id=commune_id, subject_id=banner_id, act="changed", fields=changed, now=now)


def remove_banner(session: Session, *, commune_id: int, banner_id: int, actor: Actor, now: datetime) -> None:
    """Take a notice down for good; one that is gone already needs nothing."""
    gone = delete(Banner).where(Banner.commune_id == commune_id, Banner.id == banner_id).returning(Banner.id)
    if session.scalars(gone).one_or_none() is not None:
        noted(session, actor, commune_id=commune_id, subject_id=banner_id, act="removed", now=now)


def columns_of(session: Session, *, commune_id: int, notice: Notice) -> dict[str, object]:
    refuse_half_written(notice.text)
    zone = session.get_one(Commune, commune_id).zone
    first = (notice.from_day, notice.from_wall or time.min)
    last = (notice.until_day, notice.until_wall) if notice.until_wall else (notice.until_day + DAY, time.min)
    shown_from, shown_until = instant(*first, zone), instant(*last, zone)
    if shown_from >= shown_until:
        raise EndsBeforeStart
    return {"text": notice.text, "shown_from": shown_from, "shown_until": shown_until}
