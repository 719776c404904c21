"""Communes: starting one, finding it by its address or its tile, and taking a demonstration away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import and_, bindparam, delete, exists, insert, select
from sqlalchemy.orm import Session

from booking.core.colours import too_faint
from booking.core.errors import NotInProduction, SlugTaken, TextMissing, TooFaint, Unknown, UnknownZone
from booking.core.needs import NeedTimes
from booking.core.text import folded
from booking.core.translated import LANGUAGES, OFFICIAL, Translated
from booking.models import (
    Base,
    Commune,
    CommuneSlug,
    JournalEntry,
    Membership,
    Pause,
    Person,
    Postcode,
    TicketStep,
)
from booking.usecases.banners import BANNERS, IS_SHOWN, LATEST_FIRST
from booking.usecases.journal import SYSTEM, note
from booking.usecases.rows import refuse_half_written, refusing
from booking.usecases.statements import QUIETLY, table_of


@dataclass(frozen=True)
class Theme:
    """The commune's colour as ``#rrggbb``, a stronger one for text on white, a soft one for surfaces."""

    brand: str = "#1d4f91"
    strong: str = "#163d70"
    soft: str = "#e8eef6"


BLUE = Theme()


@dataclass(frozen=True)
class Contacts:
    """How residents reach a commune, and the address its messages come from; ``phone`` is E.164."""

    phone: str
    email: str
    post_address: Translated
    sender_address: str


def create_commune(
    session: Session,
    *,
    name: Translated,
    slugs: Mapping[str, str],
    zone: str,
    contacts: Contacts,
    first_language: str,
    postcodes: Iterable[str],
    now: datetime,
    theme: Theme = BLUE,
    contact_days: int = 30,
    name_months: int = 12,
    is_demonstration: bool = False,
) -> int:
    """A commune with its words in addresses: ``slugs`` per language, French and Dutch at least.

    Raises ``SlugTaken``, ``TextMissing``, ``TooFaint`` (its colours) or ``UnknownZone``.
    """
    refuse_half_written(name, contacts.post_address)
    if faint := too_faint(theme.brand, theme.strong, theme.soft):
        raise TooFaint(colours=faint)
    words = words_in_addresses(slugs, first_language)
    if zone not in available_timezones():
        raise UnknownZone
    row = insert(Commune).values(
        name=name,
        first_language=first_language,
        zone_key=zone,
        theme_brand=theme.brand,
        theme_brand_strong=theme.strong,
        theme_brand_soft=theme.soft,
        **vars(contacts),
        contact_days=contact_days,
        name_months=name_months,
        need_minutes=NeedTimes(),
        privacy_text=Translated({}),
        legal_text=Translated({}),
        is_demonstration=is_demonstration,
        created_at=now,
    )
    commune_id = session.scalars(row.returning(Commune.id)).one()
    with refusing(session, SlugTaken, on="pk_commune_slug"):
        session.execute(
            insert(CommuneSlug),
            [{"commune_id": commune_id, "language": language, "slug": word} for language, word in words.items()],
        )
    codes = sorted(set(postcodes))
    if codes:
        session.execute(insert(Postcode), [{"code": code, "commune_id": commune_id} for code in codes])
    note(session, SYSTEM, commune_id=commune_id, act="added", subject="commune", subject_id=commune_id, now=now)
    return commune_id


def words_in_addresses(slugs: Mapping[str, str], first_language: str) -> dict[str, str]:
    """A word for every language, made of letters, digits and hyphens. Raises ``TextMissing``.

    A language without one of its own is reached by that of the commune's first language.
    """
    words = {language: word_in_addresses(slug) for language, slug in slugs.items()}
    missing = tuple(language for language in OFFICIAL if not words.get(language))
    if missing:
        raise TextMissing(languages=missing)
    return {language: words.get(language) or words[first_language] for language in LANGUAGES}


def word_in_addresses(text: str) -> str:
    """The text as a word of letters, digits and hyphens; empty when nothing of it can stand in an address."""
    return "-".join(folded(text).split())


def commune_with_slug(session: Session, *, slug: str) -> int:
    """The commune that has this word in its addresses, in any language. Raises ``Unknown``."""
    found = set(session.scalars(select(CommuneSlug.commune_id).where(CommuneSlug.slug == slug)))
    if len(found) != 1:
        raise Unknown(commune=slug)
    return found.pop()


def remove_commune(session: Session, *, commune_id: int) -> None:
    """Delete a demonstration with everything in it, and the accounts of those who work nowhere else.

    Raises ``NotInProduction`` for a commune that is not a demonstration, or ``Unknown``.
    """
    commune = session.get(Commune, commune_id)
    if commune is None:
        raise Unknown
    if not commune.is_demonstration:
        raise NotInProduction
    take_away(session, commune)


def take_away(session: Session, commune: Commune) -> None:
    """Delete a commune with every row of it, and the accounts of those who work nowhere else and did nothing elsewhere.

    Whom the journal or the queue of another commune names keeps the account, which opens nothing.
    """
    commune_id = commune.id
    staff = list(session.scalars(select(Membership.person_id).where(Membership.commune_id == commune_id)))
    for table in reversed(Base.metadata.sorted_tables):
        if "commune_id" in table.columns:
            session.execute(table.delete().where(table.columns.commune_id == commune_id))
    elsewhere = select(Membership.person_id)
    named = [exists().where(acts.person_id == Person.id) for acts in (JournalEntry, TicketStep)]
    free = (Person.id.not_in(elsewhere), Person.platform_since.is_(None), *(~one for one in named))
    gone = delete(Person).where(Person.id.in_(staff), *free)
    session.execute(gone, execution_options=QUIETLY)
    session.delete(commune)
    session.flush()


@dataclass(frozen=True)
class Tile:
    """A commune on the first page: its name and colours, its addresses per language, its postcodes."""

    id: int
    name: Translated
    theme_brand: str
    theme_brand_strong: str
    theme_brand_soft: str
    slugs: dict[str, str] = field(default_factory=dict)
    postcodes: list[str] = field(default_factory=list)


COMMUNES, SLUGS, POSTCODES = table_of(Commune), table_of(CommuneSlug), table_of(Postcode)
LOOK = (COMMUNES.c.theme_brand, COMMUNES.c.theme_brand_strong, COMMUNES.c.theme_brand_soft)
# Made once: the first page is asked for more often than any other.
TILES = (
    select(COMMUNES.c.id, COMMUNES.c.name, *LOOK, SLUGS.c.language, SLUGS.c.slug, POSTCODES.c.code)
    .join(SLUGS, SLUGS.c.commune_id == COMMUNES.c.id)
    .outerjoin(POSTCODES, POSTCODES.c.commune_id == COMMUNES.c.id)
    .order_by(POSTCODES.c.code)
)
# Every page asks for its commune by a word of its address: with its words in every language, and its notices.
ADDRESSED = (
    select(Commune, CommuneSlug.language, CommuneSlug.slug, BANNERS.c.id, BANNERS.c.text)
    .add_columns(select(Pause.id).where(Pause.commune_id == Commune.id, Pause.until.is_(None)).exists())
    .join(CommuneSlug, CommuneSlug.commune_id == Commune.id)
    .outerjoin(BANNERS, and_(BANNERS.c.commune_id == Commune.id, *IS_SHOWN))
    .where(Commune.id.in_(select(CommuneSlug.commune_id).where(CommuneSlug.slug == bindparam("slug"))))
    .order_by(*LATEST_FIRST)
)


@dataclass(frozen=True)
class Home:
    """A commune with its words in addresses by language, and its notices of this moment, the latest first.

    ``has_pauses``: at one of its offices something cannot be done, because a system is down.
    """

    commune: Commune
    slugs: dict[str, str] = field(default_factory=dict)
    notices: dict[int, Translated] = field(default_factory=dict)
    has_pauses: bool = False


def tiles(session: Session, *, language: str) -> list[Tile]:
    """Every commune, by its name in a language."""
    known: dict[int, Tile] = {}
    for number, name, brand, strong, soft, spoken, slug, code in session.execute(TILES):
        tile = known.setdefault(number, Tile(number, name, brand, strong, soft))
        tile.slugs[spoken] = slug
        if code and code not in tile.postcodes:
            tile.postcodes.append(code)
    return sorted(known.values(), key=lambda tile: tile.name.in_(language).casefold())


def addressed(session: Session, *, slug: str, now: datetime) -> list[Home]:
    """The communes that have this word in their addresses, each in a language of its own."""
    homes: dict[int, Home] = {}
    for commune, language, word, notice_id, notice, pauses in session.execute(ADDRESSED, {"slug": slug, "now": now}):
        home = homes.setdefault(commune.id, Home(commune, has_pauses=pauses))
        home.slugs[language] = word
        if notice_id is not None:
            home.notices[notice_id] = notice
    return list(homes.values())
