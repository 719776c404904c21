"""A visit as a calendar file: the invitation, its cancellation, and the copy to download.

The three follow iTIP (RFC 5546) to the letter, because calendars drop what does not: a cancellation
must carry the same UID, the organizer, the attendee and a higher SEQUENCE than the invitation.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress
from icalendar.enums import CLASS, CUTYPE, PARTSTAT, ROLE, STATUS, TRANSP

from booking.core.letters import VisitLetter
from booking.words.catalogues import texts
from booking.words.formatting import moment_sentence, phone_shown, reference_shown
from booking.words.plain import on_one_line, wire_address

FILE_NAMES: Final = {"fr": "rendez-vous.ics", "nl": "afspraak.ics", "de": "termin.ics", "en": "appointment.ics"}

DAY_BEFORE: Final = timedelta(days=1)

BRUSSELS: Final = "Europe/Brussels"

# Written by hand: calendars read only the rule and the two offsets, and the lists of dates that
# libraries generate shift summer appointments by an hour in several of them.
BRUSSELS_CLOCK: Final = b"""\
BEGIN:VTIMEZONE
TZID:Europe/Brussels
X-LIC-LOCATION:Europe/Brussels
BEGIN:DAYLIGHT
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
"""


def calendar_of(letter: VisitLetter) -> tuple[str, bytes]:
    """The method and the file that go with a letter."""
    if letter.kind.ends_the_visit:
        return "CANCEL", cancellation(letter)
    return "REQUEST", invitation(letter)


def invitation(letter: VisitLetter) -> bytes:
    """``METHOD:REQUEST``: enters the visit, or replaces it when the sequence is higher."""
    event = visit(letter, STATUS.CONFIRMED)
    event.add("DESCRIPTION", description(letter), {"LANGUAGE": letter.language})
    event.add("ATTENDEE", attendee(letter))
    if letter.start - letter.stamped_at > DAY_BEFORE:
        event.add_component(reminder(letter))
    return calendar("REQUEST", event, letter)


def cancellation(letter: VisitLetter) -> bytes:
    """``METHOD:CANCEL``: takes the visit out of the calendar."""
    event = visit(letter, STATUS.CANCELLED)
    event.add("ATTENDEE", attendee(letter))
    return calendar("CANCEL", event, letter)


def publication(letter: VisitLetter) -> bytes:
    """``METHOD:PUBLISH``: the file to download, the same UID and sequence as the invitation."""
    event = visit(letter, STATUS.CONFIRMED)
    event.add("DESCRIPTION", description(letter), {"LANGUAGE": letter.language})
    return calendar("PUBLISH", event, letter)


def calendar(method: str, event: Event, letter: VisitLetter) -> bytes:
    product = f"-//Guichet//Guichet 1//{letter.language.upper()}"
    around = Calendar.new(method=method, prodid=product, calscale="GREGORIAN")
    around.pop("UID")  # drawn anew each time, and a letter sent again is the same letter
    if letter.zone == BRUSSELS:
        around.add_component(Timezone.from_ical(BRUSSELS_CLOCK))
    around.add_component(event)
    content: bytes = around.to_ical()
    return content


def visit(letter: VisitLetter, status: STATUS) -> Event:
    """What the three files have in common."""
    language = {"LANGUAGE": letter.language}
    event = Event.new(
        uid=on_one_line(letter.uid),
        start=on_the_wall(letter.start, letter.zone),
        end=on_the_wall(letter.end, letter.zone),
        stamp=letter.stamped_at,
        created=letter.created_at,
        last_modified=letter.changed_at,
        sequence=letter.sequence,
        status=status,
        transparency=TRANSP.OPAQUE,
        classification=CLASS.PRIVATE,
        organizer=vCalAddress.new(
            wire_address(letter.commune.sender_address), cn=on_one_line(letter.commune.name.in_(letter.language))
        ),
    )
    event.add("SUMMARY", summary(letter), language)
    event.add("LOCATION", location(letter), language)
    return event


def on_the_wall(moment: datetime, zone: str) -> datetime:
    """Brussels time with its zone, whose rule the file carries; elsewhere UTC, which needs none."""
    return moment.astimezone(ZoneInfo(BRUSSELS)) if zone == BRUSSELS else moment


def attendee(letter: VisitLetter) -> vCalAddress:
    # Replies would reach a mailbox that nobody reads: the description says how to cancel instead.
    return vCalAddress.new(
        wire_address(letter.recipient),
        cn=on_one_line(letter.addressee),
        cutype=CUTYPE.INDIVIDUAL,
        role=ROLE.REQ_PARTICIPANT,
        partstat=PARTSTAT.NEEDS_ACTION,
        rsvp=False,
        language=letter.language,
    )


def reminder(letter: VisitLetter) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", summary(letter), {"LANGUAGE": letter.language})
    alarm.TRIGGER = -DAY_BEFORE
    return alarm


def summary(letter: VisitLetter) -> str:
    """The title of the entry: calendars are shared, so a delicate service is not named."""
    _ = texts(letter.language).gettext
    if letter.is_sensitive:
        return _("Appointment at the commune")
    services = [on_one_line(line.service.in_(letter.language)) for line in letter.lines]
    return _("Appointment at the commune: %(services)s") % {"services": " · ".join(services)}


def location(letter: VisitLetter) -> str:
    return ", ".join(on_one_line(text.in_(letter.language)) for text in (letter.office.name, letter.office.address))


def description(letter: VisitLetter) -> str:
    """What to bring, the reference and the way to change one's mind."""
    _ = texts(letter.language).gettext
    lines = [_("Reference: %(reference)s") % {"reference": reference_shown(letter.reference)}]
    papers = [on_one_line(paper.text.in_(letter.language)) for line in letter.lines for paper in line.papers]
    if papers and not letter.is_sensitive:
        lines += [_("What to bring:"), *(f"- {paper}" for paper in papers)]
    for other in letter.others:
        if not other.is_cancelled:
            moment = moment_sentence(other.day, other.wall, letter.language)
            told = {"moment": moment, "reference": reference_shown(other.reference)}
            lines.append(_("It belongs with your appointment on %(moment)s, reference %(reference)s.") % told)
    lines.append(
        _("Answering this invitation does not cancel the appointment. To see or cancel it: %(url)s")
        % {"url": on_one_line(letter.manage_url.in_(letter.language))}
    )
    if letter.commune.phone:
        lines.append(_("By phone: %(phone)s") % {"phone": phone_shown(letter.commune.phone, letter.language)})
    return "\n".join(lines)
