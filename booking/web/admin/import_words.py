"""What the columns of a table with visits are called, and why a line of it is not booked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from booking.core.visit_imports import Column, WhyNot

COLUMN_WORDS: Mapping[Column, Any] = {
    Column.DAY: _l("Day"),
    Column.TIME: _l("Time"),
    Column.NAME: _l("Name"),
    Column.SERVICE: _l("Service"),
    Column.OFFICE: _l("Office"),
    Column.COUNTER: _l("Counter"),
    Column.EMAIL: _l("E-mail address"),
    Column.PHONE: _l("Telephone number"),
    Column.LANGUAGE: _l("Language"),
    Column.PERSONS: _l("Persons"),
    Column.MINUTES: _l("Length in minutes"),
}

WHY_NOT: Mapping[WhyNot, Any] = {
    WhyNot.NO_DAY: _l("The day cannot be read: write it like 31/12/2027."),
    WhyNot.NO_TIME: _l("The time cannot be read: write it like 8:30."),
    WhyNot.OFF_GRID: _l("Appointments begin on a multiple of five minutes, like 8:35."),
    WhyNot.PAST: _l("This moment is over."),
    WhyNot.NO_NAME: _l("There is no name, or it is too long."),
    WhyNot.NATIONAL_NUMBER: _l("A national register number stands in the name: it is not stored."),
    WhyNot.NO_SERVICE: _l("No service of the commune is called this."),
    WhyNot.NOT_BOOKABLE: _l("This service is not had by appointment."),
    WhyNot.NO_OFFICE: _l("No office of yours is called this."),
    WhyNot.NO_COUNTER: _l("No counter of this office is called this."),
    WhyNot.BAD_EMAIL: _l("The e-mail address is not right."),
    WhyNot.BAD_PHONE: _l("The telephone number is not right."),
    WhyNot.BAD_PERSONS: _l("The number of persons is not right."),
    WhyNot.BAD_MINUTES: _l("The length is not a multiple of five minutes."),
    WhyNot.TOO_MANY_PERSONS: _l("This service is not for so many persons at once."),
    WhyNot.CLOSED: _l("No counter takes appointments for this service at this time."),
    WhyNot.TAKEN: _l("All the counters for this service are taken at this time."),
    WhyNot.TWICE: _l("This appointment stands here twice, or is booked already."),
}
