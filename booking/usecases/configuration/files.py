"""Files with a configuration, kept between the look at their effect and their being applied."""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from booking.core.errors import ImportGone
from booking.models import ConfigurationFile

LONGEST_FILENAME = 100


def keep(session: Session, *, content: bytes, filename: str, person_id: int, now: datetime) -> int:
    """Keep a file for a day at most; gives its number."""
    row = insert(ConfigurationFile).values(
        person_id=person_id,
        created_at=now,
        filename=filename[-LONGEST_FILENAME:],
        content=zlib.compress(content),
    )
    return session.scalars(row.returning(ConfigurationFile.id)).one()


def kept_file(session: Session, *, number: int, person_id: int) -> ConfigurationFile:
    """The file that somebody brought along. Raises ``ImportGone``, also for that of somebody else."""
    theirs = (ConfigurationFile.id == number, ConfigurationFile.person_id == person_id)
    found = session.scalars(select(ConfigurationFile).where(*theirs)).one_or_none()
    if found is None:
        raise ImportGone
    return found


def content_of(file: ConfigurationFile) -> bytes:
    return zlib.decompress(file.content)


def drop(session: Session, *, number: int, person_id: int) -> None:
    theirs = (ConfigurationFile.id == number, ConfigurationFile.person_id == person_id)
    session.execute(delete(ConfigurationFile).where(*theirs))
