"""A commune's own words in its messages: reading, checking and writing them, back to those of everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from booking.core.errors import SentEnough, UnknownBlanks
from booking.core.message_texts import AS_EVERYWHERE, TextKind, Wording, unknown_blanks
from booking.core.seen import check_seen
from booking.models import Message, MessageText, Person
from booking.models.messages import MessageKind
from booking.usecases.commune_words import commune_taken
from booking.usecases.journal import Actor, note
from booking.usecases.messages import announce_tests
from booking.usecases.rows import refuse_half_written

PARTS = tuple(field.name for field in fields(Wording))
MOST_TESTS = 20
"""So many tests one person may be sent within a day."""

A_DAY = timedelta(hours=24)


def wording_of(session: Session, *, commune_id: int, kind: str) -> Wording:
    """A commune's own words for a kind of message; those of everywhere where it has none."""
    found = session.get(MessageText, (commune_id, kind))
    return Wording(**{part: getattr(found, part) for part in PARTS}) if found else AS_EVERYWHERE


def own_kinds(session: Session, *, commune_id: int) -> frozenset[str]:
    """The kinds of messages for which a commune has words of its own."""
    return frozenset(session.scalars(select(MessageText.kind).where(MessageText.commune_id == commune_id)))


def check(kind: TextKind, wording: Wording) -> None:
    """Raises ``TextMissing`` for a part in one official language alone, or ``UnknownBlanks``."""
    parts = [getattr(wording, part) for part in PARTS]
    refuse_half_written(*filter(None, parts))
    found = dict.fromkeys(blank for part in parts for _, text in part for blank in unknown_blanks(text, kind.blanks))
    if found:
        raise UnknownBlanks(blanks=", ".join(found), known=", ".join(f"{{{blank}}}" for blank in kind.blanks))


def change_text(
    session: Session,
    *,
    commune_id: int,
    kind: TextKind,
    wording: Wording,
    seen: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Write a commune's own words for a kind; messages not sent yet say them too. With none it is as everywhere.

    ``seen`` is the word for what these were made from. Raises ``ChangedMeanwhile``, ``TextMissing`` or
    ``UnknownBlanks``.
    """
    check(kind, wording)
    # The commune's row is taken, so that two changes of one text follow one another.
    commune_taken(session, commune_id=commune_id)
    before = wording_of(session, commune_id=commune_id, kind=kind)
    check_seen(seen, before)
    changed = [part for part in PARTS if getattr(before, part) != getattr(wording, part)]
    if not changed:
        return
    own = {"commune_id": commune_id, "kind": kind.value}
    session.execute(delete(MessageText).filter_by(**own))
    if wording:
        session.execute(insert(MessageText).values(**own, **{part: getattr(wording, part) for part in PARTS}))
    noted(session, actor, commune_id, "changed", (f"{kind}.{part}" for part in changed), now=now)


def send_test(
    session: Session, *, commune_id: int, person_id: int, kind: TextKind, actor: Actor, now: datetime
) -> None:
    """Leave messages, one in each official language, that show a member of staff how a kind reads now.

    Raises ``SentEnough``.
    """
    # Their row is taken, so that tests are counted by one at a time.
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    lately = select(func.count()).where(
        Message.person_id == person_id, Message.kind == MessageKind.TEXT_TEST, Message.created_at > now - A_DAY
    )
    if (session.scalar(lately) or 0) >= MOST_TESTS:
        raise SentEnough(limit=MOST_TESTS)
    announce_tests(session, commune_id=commune_id, person_id=person_id, text_kind=kind.value, now=now)
    noted(session, actor, commune_id, "tested", (kind.value,), now=now)


def noted(session: Session, actor: Actor, commune_id: int, act: str, told: Iterable[str], *, now: datetime) -> None:
    note(
        session,
        actor,
        commune_id=commune_id,
        act=act,
        subject="message_text",
        subject_id=commune_id,
        fields=told,
        now=now,
    )
