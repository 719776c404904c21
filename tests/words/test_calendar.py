from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, Timezone

from booking.core.checklist import ToBring
from booking.core.letters import LetterKind
from booking.core.translated import Translated
from booking.words.calendar import BRUSSELS_CLOCK, calendar_of, cancellation, invitation, publication
from tests.delivery.letters import BIRTH, IDENTITY_CARD, OTHER, cancellation_letter, visit_letter
from tests.words.libical import is_legal

BRUSSELS = ZoneInfo("Europe/Brussels")

FILES = [
    ("REQUEST", invitation, visit_letter()),
    ("CANCEL", cancellation, cancellation_letter()),
    ("PUBLISH", publication, visit_letter()),
]


def event_in(content: bytes) -> Event:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def names_in(content: bytes) -> list[str]:
    return [line.partition(":")[0].partition(";")[0] for line in unfolded(content)]


@pytest.mark.parametrize(("method", "write", "letter"), FILES)
def test_calendars_find_nothing_to_object_to(method, write, letter):
    content = write(letter)

    assert is_legal(content)
    parsed = vobject.readOne(content.decode())
    assert parsed.validate(raiseException=True)
    assert parsed.method.value == method
    assert Calendar.from_ical(content)["METHOD"] == method


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content.replace(b"METHOD:REQUEST", b"METHOD:PUBLISH"),
        lambda content: b"\r\n".join(line for line in content.split(b"\r\n") if not line.startswith(b"ORGANIZER")),
        lambda content: b"\r\n".join(line for line in content.split(b"\r\n") if not line.startswith(b"DTSTAMP")),
    ],
    ids=["published with an attendee", "no organizer", "no stamp"],
)
def test_the_checker_of_these_tests_can_say_no(spoil):
    assert not is_legal(spoil(invitation(visit_letter())))


@pytest.mark.parametrize(("method", "write", "letter"), FILES)
def test_three_parsers_see_the_same_visit_at_half_past_eight_in_brussels(method, write, letter):
    content = write(letter)
    starts = datetime(2026, 12, 3, 8, 30, tzinfo=BRUSSELS)

    (occurrence,) = recurring_ical_events.of(Calendar.from_ical(content)).at(date(2026, 12, 3))
    assert occurrence.start == event_in(content).start == vobject.readOne(content.decode()).vevent.dtstart.value
    assert event_in(content).start == starts == letter.start
    assert event_in(content).end == letter.end
    assert event_in(content)["UID"] == letter.uid
    assert event_in(content)["SEQUENCE"] == letter.sequence


def test_ana_is_invited_by_her_commune_and_reminded_the_day_before():
    content = invitation(visit_letter())
    event = event_in(content)

    assert event["ORGANIZER"] == "mailto:rendez-vous@val-saint-pierre.example"
    assert event["ORGANIZER"].params == {"CN": "Val-Saint-Pierre"}
    assert event["ATTENDEE"] == "mailto:ana@example.be"
    assert event["ATTENDEE"].params == {
        "CN": "Ana Silva",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "FALSE",
        "LANGUAGE": "fr",
    }
    assert [str(event[name]) for name in ("STATUS", "TRANSP", "CLASS")] == ["CONFIRMED", "OPAQUE", "PRIVATE"]
    assert [event[name].params["LANGUAGE"] for name in ("SUMMARY", "DESCRIPTION", "LOCATION")] == ["fr"] * 3
    assert event["LOCATION"] == "Maison communale, place communale\u00a01"
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm.TRIGGER) == ("DISPLAY", timedelta(days=-1))


def test_the_description_says_what_to_bring_and_that_an_answer_cancels_nothing():
    told = str(event_in(invitation(visit_letter(language="nl")))["DESCRIPTION"])

    assert "- uw huidige identiteitskaart" in told
    assert "K7F2\u00a09MXD" in told
    assert "antwoorden annuleert de afspraak niet" in told
    assert visit_letter().manage_url.in_("nl") in told


def test_no_reminder_rings_for_a_visit_that_is_nearer_than_a_day():
    tomorrow = visit_letter(stamped_at=datetime(2026, 12, 2, 12, 0, tzinfo=UTC))

    assert event_in(invitation(tomorrow)).walk("VALARM") == []


def test_a_cancellation_says_so_and_does_not_ring():
    event = event_in(cancellation(cancellation_letter()))

    assert event["STATUS"] == "CANCELLED"
    assert event.walk("VALARM") == []
    assert event["ATTENDEE"] == "mailto:ana@example.be"


def test_a_downloaded_file_invites_nobody():
    names = names_in(publication(visit_letter()))

    assert "ATTENDEE" not in names
    assert "ORGANIZER" in names
    assert "BEGIN:VALARM" not in unfolded(publication(visit_letter()))


def test_a_shared_calendar_does_not_tell_about_a_delicate_visit():
    content = invitation(visit_letter(lines=(BIRTH,), is_sensitive=True)).decode().replace("\r\n ", "")

    assert "naissance" not in content
    assert "mariage" not in content
    assert "Rendez-vous à la commune" in content


def test_two_errands_in_one_visit_are_both_named():
    letter = visit_letter(lines=(IDENTITY_CARD, BIRTH), language="nl")

    assert event_in(invitation(letter))["SUMMARY"] == (
        "Afspraak bij de gemeente: Identiteitskaart (eID) · Geboorteaangifte"
    )


def test_the_same_letter_sent_again_is_the_same_file():
    assert invitation(visit_letter()) == invitation(visit_letter())


def test_a_letter_takes_the_file_that_belongs_to_it():
    assert calendar_of(visit_letter())[0] == "REQUEST"
    assert calendar_of(cancellation_letter())[0] == "CANCEL"
    assert calendar_of(cancellation_letter(kind=LetterKind.CANCELLED_BY_COMMUNE))[0] == "CANCEL"


def test_elsewhere_than_in_brussels_the_file_speaks_utc():
    content = invitation(visit_letter(zone="Europe/Lisbon"))

    assert "VTIMEZONE" not in content.decode()
    assert "DTSTART:20261203T073000Z" in unfolded(content)
    assert is_legal(content)


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029])
def test_the_clock_in_the_file_is_that_of_brussels(year):
    """Fails on the day Europe stops changing its clocks, which is what it is for."""
    clock = Timezone.from_ical(BRUSSELS_CLOCK).to_tz(lookup_tzid=False)
    for month in range(1, 13):
        for day in (1, 15, 28):
            noon = datetime.combine(date(year, month, day), time(12))
            assert noon.replace(tzinfo=clock).utcoffset() == noon.replace(tzinfo=BRUSSELS).utcoffset(), noon


class ToyCalendar:
    """A client that believes the highest sequence, as RFC 5546 asks, and no older one."""

    def __init__(self) -> None:
        self.kept: dict[str, Event] = {}
        self.seen: dict[str, int] = {}

    def receive(self, content: bytes) -> None:
        calendar, event = Calendar.from_ical(content), event_in(content)
        uid, sequence = str(event["UID"]), int(event["SEQUENCE"])
        if calendar["METHOD"] == "CANCEL" and sequence > self.seen.get(uid, -1):
            self.kept.pop(uid, None)
        elif calendar["METHOD"] != "CANCEL" and sequence >= self.seen.get(uid, -1):
            self.kept[uid] = event
        self.seen[uid] = max(sequence, self.seen.get(uid, -1))


def test_after_a_cancellation_the_calendar_is_empty_whatever_came_first():
    life = [invitation(visit_letter()), publication(visit_letter()), cancellation(cancellation_letter())]
    for order in (life, [life[1], life[2]], [life[0], life[2], life[0]], [life[2], life[0]]):
        calendar = ToyCalendar()
        for content in order:
            calendar.receive(content)
        assert calendar.kept == {}


def test_before_the_cancellation_the_calendar_holds_one_visit():
    calendar = ToyCalendar()
    calendar.receive(invitation(visit_letter()))
    calendar.receive(publication(visit_letter()))
    assert len(calendar.kept) == 1


NAMES = st.one_of(
    st.text(min_size=1, max_size=100),
    st.sampled_from(
        [
            "Ana\r\nATTENDEE:mailto:x@example.be",
            'Ana "the" Silva; CN=x, y: z',
            "Ана\u2028BEGIN:VEVENT",
            "محمد أمين",
            "👩‍👩‍👧‍👦 " * 20,
            "Zoë\x0b\x85\x00\\n",
            "d'Annevoie^'^n",
        ]
    ),
)


@settings(deadline=None)
@given(name=NAMES, paper=NAMES)
def test_no_name_or_paper_adds_a_line_of_its_own(name, paper):
    plain = invitation(visit_letter(lines=(IDENTITY_CARD,)))
    line = type(IDENTITY_CARD)(service=IDENTITY_CARD.service, papers=(ToBring("x", Translated.of(fr=f"x{paper}")),))

    content = invitation(visit_letter(name=name, lines=(line,)))

    assert names_in(content) == names_in(plain)
    assert all(len(folded) <= 75 for folded in content.split(b"\r\n"))
    assert content.count(b"\n") == content.count(b"\r\n") == content.count(b"\r")
    assert event_in(content)["ATTENDEE"] == "mailto:ana@example.be"


def test_an_entry_names_the_other_of_two_visits_that_belong_together():
    told = event_in(publication(visit_letter(others=(OTHER,))))["DESCRIPTION"]

    assert "référence M4P8\u00a02QRS" in told
