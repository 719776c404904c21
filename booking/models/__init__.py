"""Tables and their invariants. Importing this package makes them all known to ``Base.metadata``."""

from __future__ import annotations

from booking.models.appointments import Appointment, AppointmentLine, Claim, Seat
from booking.models.base import Base
from booking.models.cautions import Caution
from booking.models.checklists import ChecklistVersion
from booking.models.communes import Banner, Commune, CommuneSlug, Logo, Postcode, TrustedHelper
from booking.models.figures import Alert, DailyFigure, FiguredDay, FirstFree, HourlyFigure
from booking.models.imports import ConfigurationFile, RefusedLine, VisitImport
from booking.models.journal import JournalEntry
from booking.models.message_texts import MessageText
from booking.models.messages import Message
from booking.models.offices import Counter, CounterService, Office
from booking.models.opening import Block, Closure, ClosureCounter, OpeningCounter, OpeningService, OpeningSession
from booking.models.papers import CallMade, DaySheet
from booking.models.people import (
    LoginFailure,
    Membership,
    MembershipOffice,
    MembershipService,
    Person,
    RecoveryCode,
    SecondFactor,
    StaffSession,
)
from booking.models.rebookings import RebookedVisit, Rebooking
from booking.models.services import ReminderChange, Service, ServiceFee, ServiceGroup
from booking.models.tickets import Desk, LateMark, Pause, Ticket, TicketLine, TicketNumber, TicketStep, WalkInCount
from booking.models.waiting import FreedTime, Offer, WaitingEntry, WaitingLine, WaitingOffice

__all__ = [
    "Alert",
    "Appointment",
    "AppointmentLine",
    "Banner",
    "Base",
    "Block",
    "CallMade",
    "Caution",
    "ChecklistVersion",
    "Claim",
    "Closure",
    "ClosureCounter",
    "Commune",
    "CommuneSlug",
    "ConfigurationFile",
    "Counter",
    "CounterService",
    "DailyFigure",
    "DaySheet",
    "Desk",
    "FiguredDay",
    "FirstFree",
    "FreedTime",
    "HourlyFigure",
    "JournalEntry",
    "LateMark",
    "LoginFailure",
    "Logo",
    "Membership",
    "MembershipOffice",
    "MembershipService",
    "Message",
    "MessageText",
    "Offer",
    "Office",
    "OpeningCounter",
    "OpeningService",
    "OpeningSession",
    "Pause",
    "Person",
    "Postcode",
    "RebookedVisit",
    "Rebooking",
    "RefusedLine",
    "RecoveryCode",
    "ReminderChange",
    "Seat",
    "SecondFactor",
    "Service",
    "ServiceFee",
    "ServiceGroup",
    "StaffSession",
    "Ticket",
    "TicketLine",
    "TicketNumber",
    "TicketStep",
    "TrustedHelper",
    "VisitImport",
    "WaitingEntry",
    "WaitingLine",
    "WaitingOffice",
    "WalkInCount",
]
