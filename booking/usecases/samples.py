"""A message about a visit that does not exist: how the commune's words read, on the screen or as a test by mail."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from booking.core.checklist import Attendee, Attending, ToBring
from booking.core.letter_facts import LetterLine, OfficeFacts
from booking.core.letters import LetterKind, VisitLetter
from booking.core.list_letters import ListLetter, OfferFacts, OverFacts
from booking.core.message_texts import AS_EVERYWHERE, TextKind, Wording
from booking.core.retention import contact_kept_until
from booking.core.timespan import instant, local_date
from booking.core.translated import OFFICIAL, Translated
from booking.models import Commune, Message, Person
from booking.usecases.catalogue import offices_of
from booking.usecases.letter_facts import addresses, commune_facts, message_id, office_facts
from booking.usecases.message_texts import wording_of

NAME, REFERENCE = "Ana Peeters", "K7F29MXD"
IN_DAYS, AT, MINUTES = 7, time(9, 15), 15
SERVICE = Translated.of(
    fr="Carte d’identité (exemple)",
    nl="Identiteitskaart (voorbeeld)",
    en="Identity card (example)",
    de="Personalausweis (Beispiel)",
)
LINE = LetterLine(
    service=SERVICE,
    papers=(
        ToBring(
            "card",
            Translated.of(
                fr="votre carte d’identité actuelle",
                nl="uw huidige identiteitskaart",
                en="your current identity card",
                de="Ihren heutigen Personalausweis",
            ),
        ),
    ),
    must_come=(
        Attending(
            Attendee.PERSON,
            Translated.of(
                fr="La personne elle-même.", nl="De persoon zelf.", en="The person.", de="Die Person selbst."
            ),
        ),
    ),
)
REASON = Translated.of(
    fr="le guichet est fermé ce jour-là",
    nl="het loket is die dag gesloten",
    en="the counter is closed that day",
    de="der Schalter ist an diesem Tag geschlossen",
)


def sample(
    session: Session,
    *,
    commune: Commune,
    kind: TextKind,
    language: str,
    recipient: str,
    wording: Wording = AS_EVERYWHERE,
    base_url: str,
    now: datetime,
    number: int = 0,
) -> VisitLetter | ListLetter:
    """A message of a kind about an invented visit in a week, at the commune's first office, with these words."""
    offices = offices_of(session, commune_id=commune.id)
    day = local_date(now, commune.zone) + timedelta(days=IN_DAYS)
    start = instant(day, AT, commune.zone)
    home = addresses(session, commune_id=commune.id, base_url=base_url, path="/", language=language)
    visit = VisitLetter(
        kind=LetterKind.CONFIRMATION if kind.is_of_list else LetterKind(kind.value),
        message_id=message_id(base_url, number),
        language=language,
        help_language=None,
        recipient=recipient,
        name=NAME,
        commune=commune_facts(session, commune=commune, base_url=base_url, language=language),
        office=office_facts(offices[0]) if offices else OfficeFacts(commune.name, commune.post_address),
        day=day,
        wall=AT,
        start=start,
        end=start + timedelta(minutes=MINUTES),
        zone=commune.zone_key,
        lines=(LINE,),
        reference=REFERENCE,
        manage_url=home,
        uid=f"sample-{commune.id}@{urlsplit(base_url).hostname}",
        sequence=0,
        stamped_at=now,
        created_at=now,
        changed_at=now,
        kept_until=contact_kept_until(day, commune.contact_days),
        reason=REASON if kind == TextKind.CANCELLED_BY_COMMUNE else Translated({}),
        coming_url=home,
        short_url=home,
        wording=wording,
        is_sample=True,
    )
    return list_sample(visit, kind) if kind.is_of_list else visit


def list_sample(visit: VisitLetter, kind: TextKind) -> ListLetter:
    """The same for somebody in the list: to prove the address, or that this time is kept for them, or no longer is."""
    until, today = datetime.combine(visit.day - timedelta(days=1), AT), visit.day - timedelta(days=IN_DAYS)
    kept = OfferFacts(visit.office, visit.day, visit.wall, MINUTES, until, today, lines=visit.lines)
    return ListLetter(
        message_id=visit.message_id,
        language=visit.language,
        help_language=None,
        recipient=visit.recipient,
        name=visit.name,
        commune=visit.commune,
        services=(SERVICE,),
        url=visit.manage_url,
        short_url=visit.short_url,
        stamped_at=visit.stamped_at,
        expires_at=visit.start,
        offer=kept if kind == TextKind.LIST_OFFER else None,
        over=OverFacts(visit.day) if kind == TextKind.LIST_OVER else None,
        wording=visit.wording,
        is_sample=True,
    )


def test_letter(session: Session, *, message: Message, base_url: str, now: datetime) -> VisitLetter | ListLetter | None:
    """What an administrator wanted to see, in the words there are now; ``None`` when they or the kind are gone."""
    person, commune = session.get(Person, message.person_id), session.get(Commune, message.commune_id)
    kind = next((one for one in TextKind if one == message.text_kind), None)
    if person is None or commune is None or kind is None:
        return None
    return sample(
        session,
        commune=commune,
        kind=kind,
        language=OFFICIAL[message.version],
        recipient=person.email,
        wording=wording_of(session, commune_id=commune.id, kind=kind),
        base_url=base_url,
        now=now,
        number=message.id,
    )
