"""All that is kept of a commune in one archive, as it is handed over: rows, configuration, appointments to come."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import IO

from sqlalchemy.orm import Session

from booking import yamlfile
from booking.core.timespan import local_date
from booking.models import Commune
from booking.usecases.configuration.current import configuration_of
from booking.usecases.configuration.reading import written
from booking.usecases.leaving import rows_of, staff_of, tables_handed_over, visits_to_come

ABOUT = """\
What is in this archive
=======================

rows/<table>.jsonl          Every row that is kept of the commune, table by table, one JSON object a line.
                            Moments are UTC in ISO 8601; "start" and "end" of visits are UTC, "local_date" and
                            "wall_time" what was promised. Texts are objects by language.
rows/staff.jsonl            The accounts of those who work for the commune, without their passwords.
configuration.yaml          Offices, counters, hours, closures, services and settings: flask import-commune reads it.
appointments-to-come.csv    The appointments to come (UTF-8, semicolons), as the page "Import" of the administration
                            and other systems read them. A cell that a spreadsheet would calculate has an apostrophe
                            in front.

Left out: keys of links and sessions, passwords, and what follows from other rows (claimed times, places taken).
What was erased because its time was over, or because somebody asked, is not here: it is gone.
"""


def write_archive(session: Session, file: IO[bytes], *, commune_id: int, now: datetime) -> None:
    """Write the archive, a few rows in memory at a time. ``session`` sees one moment from first to last."""
    commune = session.get_one(Commune, commune_id)
    own = {"commune_id": commune_id}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        put(archive, "README.txt", [ABOUT.encode()], now)
        configuration = configuration_of(session, **own, since=local_date(now, commune.zone))
        put(archive, "configuration.yaml", [yamlfile.write(written(configuration)).encode()], now)
        put(archive, "appointments-to-come.csv", visits_to_come(session, **own, now=now), now)
        put(archive, "rows/staff.jsonl", staff_of(session, **own), now)
        for table in tables_handed_over():
            put(archive, f"rows/{table.name}.jsonl", rows_of(session, table=table, **own), now)


def put(archive: zipfile.ZipFile, name: str, chunks: Iterable[bytes], now: datetime) -> None:
    entry = zipfile.ZipInfo(name, now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as inside:
        for chunk in chunks:
            inside.write(chunk)
