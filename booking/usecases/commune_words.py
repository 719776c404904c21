"""What a commune says of itself: privacy, who answers for the site, the minutes that needs take, its figures."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking.core.needs import NeedTimes
from booking.core.seen import check_seen
from booking.core.translated import Translated
from booking.models import Commune
from booking.usecases.journal import Actor, note
from booking.usecases.rows import differing, refuse_half_written

NOTHING = Translated({})


@dataclass(frozen=True, kw_only=True)
class CommuneWords:
    """``privacy_text`` and ``legal_text`` stand on their pages beside what is true of every commune; either may be
    empty. ``data_officer`` is the address of the data protection officer. ``need_minutes`` lengthens visits to come.
    With ``shows_figures`` everybody may read how long one waits.
    """

    privacy_text: Translated = NOTHING
    legal_text: Translated = NOTHING
    data_officer: str | None = None
    need_minutes: NeedTimes = NeedTimes()
    shows_figures: bool = False


def words_of(commune: Commune) -> CommuneWords:
    """What the commune says now."""
    return CommuneWords(**{field.name: getattr(commune, field.name) for field in fields(CommuneWords)})


def change_words(
    session: Session, *, commune_id: int, words: CommuneWords, seen: str | None = None, actor: Actor, now: datetime
) -> None:
    """Write it anew. ``seen`` is the word for what these were made from.

    Raises ``ChangedMeanwhile``, or ``TextMissing`` for a text that is not in both languages.
    """
    refuse_half_written(*filter(None, (words.privacy_text, words.legal_text)))
    commune = commune_taken(session, commune_id=commune_id)
    check_seen(seen, words_of(commune))
    write_columns(session, commune, vars(words), actor=actor, now=now)


def commune_taken(session: Session, *, commune_id: int) -> Commune:
    """The commune as it is now, its row taken, so that two changes of it follow one another."""
    taken = select(Commune).where(Commune.id == commune_id).with_for_update()
    return session.scalars(taken, execution_options={"populate_existing": True}).one()


def write_columns(session: Session, commune: Commune, columns: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    """Write what differs, with its entry in the journal."""
    changed = differing(commune, columns)
    if not changed:
        return
    session.execute(update(Commune).where(Commune.id == commune.id).values(**columns))
    note(
        session,
        actor,
        commune_id=commune.id,
        act="changed",
        subject="commune",
        subject_id=commune.id,
        fields=changed,
        now=now,
    )
