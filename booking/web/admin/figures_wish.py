"""What an address of the figures asks for: days, an office, a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import g, request
from flask_babel import lazy_gettext as _l

from booking.core.retention import months_from
from booking.core.roles import Role
from booking.core.typed import typed_day
from booking.database import read
from booking.models import Office, Service
from booking.usecases.figures import Chosen
from booking.usecases.services import services_written
from booking.web.admin.workplace import offices_read

READERS = Role.AUDITOR
"""For whom the figures are: administrators may what auditors may."""

USUAL = timedelta(days=27)
LONGEST = timedelta(days=3660)


@dataclass(frozen=True)
class Wish:
    """The days, both included, and the office or the service that alone is wished.

    ``first_unread`` and ``last_unread`` are what was typed for a day and is none; with ``is_reversed`` the days are
    those that are shown instead.
    """

    first: date
    last: date
    office: Office | None
    service: Service | None
    offices: Sequence[Office]
    services: Sequence[Service]
    first_unread: str = ""
    last_unread: str = ""
    is_reversed: bool = False

    @property
    def is_wrong(self) -> bool:
        return bool(self.first_unread or self.last_unread or self.is_reversed)

    @property
    def chosen(self) -> Chosen:
        offices = [self.office] if self.office else self.offices
        return Chosen(
            commune_id=g.commune.id,
            office_ids=frozenset(office.id for office in offices),
            first=self.first,
            last=self.last,
            service_id=self.service.id if self.service else None,
        )

    @property
    def of(self) -> Mapping[str, object]:
        """The part of an address that says of what figures are wished."""
        own = {"office": self.office and self.office.code, "service": self.service and self.service.code}
        return {name: value for name, value in own.items() if value}

    @property
    def where(self) -> Mapping[str, object]:
        return {"from": self.first.isoformat(), "until": self.last.isoformat(), **self.of}

    @property
    def name(self) -> str:
        """The beginning of a file's name."""
        return "-".join(["figures", *map(str, self.of.values()), self.first.isoformat(), self.last.isoformat()])


def wished() -> Wish:
    today = g.now.astimezone(g.commune.zone).date()
    offices = offices_read()
    services = [one.service for one in services_written(read(), commune_id=g.commune.id)]
    typed = {name: request.args.get(name, "").strip() for name in ("from", "until")}
    first, last = typed_day(typed["from"]), typed_day(typed["until"])
    until = last or today
    since = first or until - USUAL
    # A day of a century's end is still in the calendar, and longer than any office has been open.
    is_reversed = since > until or until - since > LONGEST
    return Wish(
        first=today - USUAL if is_reversed else since,
        last=today if is_reversed else until,
        office=next((one for one in offices if one.code == request.args.get("office")), None),
        service=next((one for one in services if one.code == request.args.get("service")), None),
        offices=offices,
        services=services,
        first_unread="" if first else typed["from"],
        last_unread="" if last else typed["until"],
        is_reversed=is_reversed,
    )


def periods() -> list[tuple[object, date, date]]:
    """The periods that are asked for most, each with its first and last day."""
    today: date = g.now.astimezone(g.commune.zone).date()
    month = today.replace(day=1)
    before = month - timedelta(days=1)
    return [
        (_l("Last seven days"), today - timedelta(days=6), today),
        (_l("Last four weeks"), today - USUAL, today),
        (_l("This month"), month, today),
        (_l("Last month"), before.replace(day=1), before),
        (_l("Last twelve months"), months_from(today, -12) + timedelta(days=1), today),
    ]
