"""How a commune looks and where it is reached: names and their order, colours, logo, contact and sender."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from booking.core.colours import too_faint
from booking.core.errors import TooFaint
from booking.core.seen import check_seen
from booking.core.translated import Translated
from booking.models import Commune, Logo
from booking.usecases.commune_words import commune_taken, write_columns
from booking.usecases.communes import Contacts
from booking.usecases.journal import Actor
from booking.usecases.rows import refuse_half_written

NOTHING = Translated({})


@dataclass(frozen=True, kw_only=True)
class Look:
    """The names of a commune, the language whose name stands first in the logo, and its colours as ``#rrggbb``."""

    name: Translated
    first_language: str
    theme_brand: str
    theme_brand_strong: str
    theme_brand_soft: str

    @property
    def faint(self) -> dict[str, float]:
        """The colours that cannot be read where they are used, each with the contrast it would have."""
        return too_faint(self.theme_brand, self.theme_brand_strong, self.theme_brand_soft)


def look_of(commune: Commune) -> Look:
    return Look(**{field.name: getattr(commune, field.name) for field in fields(Look)})


def contacts_of(commune: Commune) -> Contacts:
    return Contacts(**{field.name: getattr(commune, field.name) for field in fields(Contacts)})


def change_look(
    session: Session, *, commune_id: int, look: Look, seen: str | None = None, actor: Actor, now: datetime
) -> None:
    """Write names and colours anew. ``seen`` is the word for what these were made from.

    Its addresses stay: links that people have been sent lead there. Raises ``ChangedMeanwhile``, ``TextMissing`` (the
    name) or ``TooFaint``.
    """
    refuse_half_written(look.name)
    if look.faint:
        raise TooFaint(colours=look.faint)
    commune = commune_taken(session, commune_id=commune_id)
    check_seen(seen, look_of(commune))
    write_columns(session, commune, vars(look), actor=actor, now=now)


def change_contacts(
    session: Session, *, commune_id: int, contacts: Contacts, seen: str | None = None, actor: Actor, now: datetime
) -> None:
    """Write anew where the commune is reached and where its messages come from.

    ``seen`` is the word for what these were made from. Raises ``ChangedMeanwhile`` or ``TextMissing``.
    """
    refuse_half_written(contacts.post_address)
    commune = commune_taken(session, commune_id=commune_id)
    check_seen(seen, contacts_of(commune))
    write_columns(session, commune, vars(contacts), actor=actor, now=now)


def set_logo(
    session: Session, *, commune_id: int, png: bytes, width: int, height: int, actor: Actor, now: datetime
) -> None:
    """Put a picture beside the commune's name, instead of the one there was."""
    commune = commune_taken(session, commune_id=commune_id)
    session.execute(delete(Logo).where(Logo.commune_id == commune_id))
    session.execute(insert(Logo).values(commune_id=commune_id, png=png))
    mark = hashlib.sha256(png).hexdigest()[:12]
    columns = {"logo_mark": mark, "logo_width": width, "logo_height": height}
    write_columns(session, commune, columns, actor=actor, now=now)


def remove_logo(session: Session, *, commune_id: int, actor: Actor, now: datetime) -> None:
    """Take the picture away, and what is said of it; the name stands alone again."""
    commune = commune_taken(session, commune_id=commune_id)
    session.execute(delete(Logo).where(Logo.commune_id == commune_id))
    columns = {"logo_mark": None, "logo_width": None, "logo_height": None, "logo_alt": NOTHING}
    write_columns(session, commune, columns, actor=actor, now=now)


def describe_logo(session: Session, *, commune_id: int, alt: Translated, actor: Actor, now: datetime) -> None:
    """Say what the logo shows, for whoever does not see it. Raises ``TextMissing``."""
    refuse_half_written(*filter(None, (alt,)))
    commune = commune_taken(session, commune_id=commune_id)
    write_columns(session, commune, {"logo_alt": alt}, actor=actor, now=now)
