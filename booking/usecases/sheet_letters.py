"""The letter that brings an office the sheet of its day."""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy.orm import Session

from booking.core.letters import SheetLetter
from booking.core.sheets import NOON
from booking.core.timespan import instant
from booking.core.translated import OFFICIAL
from booking.models import Commune, DaySheet, Message, Office
from booking.usecases.letter_facts import commune_facts, message_id


def sheet_letter(session: Session, *, message: Message, base_url: str, now: datetime) -> SheetLetter | None:
    """The sheet as it is now. ``None`` when the office wants none or nobody works that day, or it is noon already."""
    sheet = session.get(DaySheet, message.day_sheet_id)
    if sheet is None or sheet.html is None or not sheet.is_working:
        return None
    office = session.get_one(Office, sheet.office_id)
    until = instant(sheet.day, NOON, office.zone)
    if office.sheet_by_mail is None or office.retired_at is not None or now >= until:
        return None
    commune = session.get_one(Commune, sheet.commune_id)
    first = commune.first_language
    return SheetLetter(
        message_id=message_id(base_url, message.id),
        language=first,
        help_language=next(one for one in OFFICIAL if one != first),
        recipient=office.sheet_by_mail,
        addressee=office.name.in_(first),
        commune=commune_facts(session, commune=commune, base_url=base_url, language=first),
        office=office.name,
        day=sheet.day,
        html=zlib.decompress(sheet.html).decode(),
        pdf=sheet.pdf,
        made_at=sheet.made_at,
        stamped_at=now,
        expires_at=until,
    )
