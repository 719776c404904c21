"""One loop: keep sheets and figures fresh, pass offers and visits on, send what is due, let reminders follow, tidy up.

It stops politely, after the message in hand.
"""

from __future__ import annotations

import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import structlog
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from booking import mailbox
from booking.core.alerts import AlertLetter
from booking.core.letters import Letter, SheetLetter, StaffLetter
from booking.core.list_letters import ListLetter
from booking.database import db, in_unit, reading
from booking.delivery import carrier, text_sender
from booking.delivery.carriers import Carrier, Later, Refused, deliver
from booking.delivery.gateway import TextSender
from booking.delivery.short import has_short
from booking.models.messages import MessageState
from booking.paper.pdf import NoPrinter, pdf_of
from booking.paper.sheets import day_sheet_page
from booking.settings import Settings
from booking.usecases.alerts import tell_administrators
from booking.usecases.daily_figures import EVERYTHING, LATELY, count_day, days_due
from booking.usecases.daily_figures import Due as DueDay
from booking.usecases.first_free import communes_of, note_first_free
from booking.usecases.letters import letter_for
from booking.usecases.messages import LAST_TRY, Leased, lease_next, put_back, settle
from booking.usecases.proposals import carry_on
from booking.usecases.reminder_changes import follow_new_hours
from booking.usecases.retention import KINDS, letters_kept_from
from booking.usecases.sheets import Due, day_sheet, keep_sheet, sheets_due
from booking.usecases.waiting_answers import pass_on

PAUSE_SECONDS = 2.0
DAILY = timedelta(days=1)
EVERY_MINUTE = timedelta(minutes=1)
FIGURES_EVERY = timedelta(minutes=10)
AGAIN = timedelta(hours=1)
"""What could not be tidied is tried so much later: letters go first."""

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger("worker")


@dataclass(frozen=True)
class Work:
    """What the loop needs: the database, who carries letters, the clock, and who carries text messages if anybody."""

    engine: Engine
    carrier: Carrier
    settings: Settings
    clock: Callable[[], datetime]
    texts: TextSender | None = None


def run(app: Flask, *, stop: threading.Event) -> None:
    """Work until ``stop`` is set. Any number of these may run at once."""
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        engine = db.engine
    with carrier(settings.smtp_url, settings.mailbox) as carries:
        work = Work(engine, carries, settings, app.extensions["clock"], text_sender(settings.text_gateway))
        tidy_at = sheets_at = figures_at = work.clock()
        due: list[Due] = []
        days: list[DueDay] = []
        while not stop.is_set():
            # One in a turn: letters wait for the drawing of one sheet, and not of all of them.
            if not due and work.clock() >= sheets_at:
                due, sheets_at = attempted(look_at_sheets, work) or [], work.clock() + EVERY_MINUTE
            if due:
                attempted(make_sheet, work, due.pop(0))
            if not days and work.clock() >= figures_at:
                attempted(look_at_promises, work)
                days, figures_at = attempted(look_at_days, work) or [], work.clock() + FIGURES_EVERY
            if days:
                attempted(count_one_day, work, days.pop(0))
            passed_on = attempted(pass_on_offers, work, stop)
            carried = attempted(carry_visits_on, work, stop)
            settled = attempted(send_due, work, stop)
            followed = attempted(follow_hours, work)
            now = work.clock()
            if now >= tidy_at:
                forgotten = attempted(tidy, work.engine, settings, now=now)
                if forgotten is not None:
                    log.info("tidied", **forgotten)
                tidy_at = now + (AGAIN if forgotten is None else DAILY)
                days = attempted(look_at_days, work, back=EVERYTHING) or days
            if not (settled or passed_on or carried or followed or due or days):
                stop.wait(PAUSE_SECONDS)


def attempted(step: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | None:
    """What a step of the loop gives, or ``None`` when it broke: the next one waits for nobody to start us again."""
    try:
        return step(*args, **kwargs)
    except DBAPIError as fault:
        # The database is away or overworked: what is due stays due.
        log.warning("database away", step=step.__name__, fault=type(fault.orig).__name__)
    except Exception as fault:
        log.error("unexpected", step=step.__name__, fault=named(fault))
    return None


def tidy(engine: Engine, settings: Settings, *, now: datetime) -> dict[str, int]:
    """Forget what is over, in units that stay small, and say how much of each kind it was.

    A kind that cannot be forgotten keeps no other waiting; its fault rises when all of them had their turn.
    """
    forgotten: Counter[str] = Counter()
    faults = []
    for kind, forget in KINDS.items():
        try:
            while piece := in_unit(engine, forget, now=now):
                forgotten[kind] += piece
        except DBAPIError as fault:
            log.warning("not forgotten", kind=kind, fault=type(fault.orig).__name__)
            faults.append(fault)
    if settings.keeps_messages and (letters := forget_letters(engine, settings.mailbox, now=now)):
        forgotten["letters"] = letters
    if faults:
        raise faults[0]
    return dict(forgotten)


def forget_letters(engine: Engine, folder: Path, *, now: datetime) -> int:
    """Take away the letters that development kept, as early as the contacts in them are due anywhere."""
    with reading(engine) as session:
        return mailbox.forget(folder, before=letters_kept_from(session, now=now))


def send_due(work: Work, stop: threading.Event | None = None) -> int:
    """Send what is due now and say how many were settled. A message in hand is always finished."""
    settled = 0
    while not (stop and stop.is_set()):
        leased = in_unit(work.engine, lease_next, now=work.clock())
        if leased is None:
            break
        carry(work, leased)
        settled += 1
    return settled


def pass_on_offers(work: Work, stop: threading.Event | None = None) -> int:
    """Pass every time on that nobody in the list answered for, each in a unit of its own, and say how many."""
    passed_on = 0
    while not (stop and stop.is_set()):
        if not in_unit(work.engine, pass_on, terms=work.settings.offers, now=work.clock()):
            break
        passed_on += 1
    return passed_on


def carry_visits_on(work: Work, stop: threading.Event | None = None) -> int:
    """Carry visits on whose hours have changed, each batch in a unit of its own, and say how many it was."""
    carried = 0
    while not (stop and stop.is_set()):
        batch = in_unit(work.engine, carry_on, now=work.clock())
        if not batch:
            break
        carried += batch
    return carried


def follow_hours(work: Work) -> bool:
    """Let the reminders of some visits follow their service's new hours: one piece, then letters have their turn."""
    return in_unit(work.engine, follow_new_hours, now=work.clock())


def look_at_sheets(work: Work) -> list[Due]:
    """The day sheets that are due to be made."""
    with reading(work.engine) as session:
        return list(sheets_due(session, now=work.clock()))


def look_at_promises(work: Work) -> None:
    """Write down once a day how long one waits for an appointment; tell administrators what does not go well."""
    with reading(work.engine) as session:
        communes = communes_of(session, now=work.clock())
    for commune in communes:
        if commune.is_to_note:
            in_unit(work.engine, note_first_free, commune_id=commune.id, day=commune.today, now=work.clock())
        in_unit(work.engine, tell_administrators, commune_id=commune.id, now=work.clock())


def look_at_days(work: Work, *, back: int = LATELY) -> list[DueDay]:
    """The days of offices that are to be counted anew."""
    with reading(work.engine) as session:
        return list(days_due(session, now=work.clock(), back=back))


def count_one_day(work: Work, due: DueDay) -> None:
    in_unit(work.engine, count_day, office_id=due.office_id, day=due.day, now=work.clock())


def make_sheet(work: Work, due: Due) -> None:
    """Make one day sheet and keep it, drawn outside any transaction; without a PDF file where none can be made."""
    now = work.clock()
    with reading(work.engine) as session:
        sheet = day_sheet(session, office_id=due.office_id, day=due.day, now=now)
    page = day_sheet_page(sheet)
    try:
        pdf = pdf_of(page)
    except NoPrinter:
        pdf = None
    in_unit(work.engine, keep_sheet, due=due, html=page, pdf=pdf, is_working=sheet.is_working, now=now)


def carry(work: Work, leased: Leased) -> None:
    """Read the facts, send outside any transaction, then mark the message and say so, if it is still ours."""
    now = work.clock()
    try:
        with reading(work.engine) as session:
            letter = letter_for(
                session,
                message_number=leased.id,
                base_url=work.settings.base_url,
                secret=work.settings.secret_key,
                now=now,
            )
        state = hand_over(letter, work, number=leased.id)
    except DBAPIError:
        # The database's fault and not the letter's: its lease runs out, and it is tried again.
        raise
    except Later as fault:
        step = {"leased": leased, "fault": str(fault), "give_up_at": give_up_at(letter, leased), "now": work.clock()}
        is_ours = in_unit(work.engine, put_back, **step)
        closed(is_ours, log.warning, "message put off", message=leased.id, attempts=leased.attempts, fault=str(fault))
    except Refused as fault:
        is_ours = in_unit(work.engine, settle, leased=leased, state=MessageState.REFUSED, fault=str(fault), now=now)
        closed(is_ours, log.error, "message refused", message=leased.id, fault=str(fault))
    except Exception as fault:
        # What nobody foresaw about one letter sets it aside for staff to see, and stops no other.
        is_ours = in_unit(work.engine, settle, leased=leased, state=MessageState.REFUSED, fault=named(fault), now=now)
        closed(is_ours, log.error, "message failed", message=leased.id, fault=named(fault))
    else:
        is_ours = in_unit(work.engine, settle, leased=leased, state=state, now=work.clock())
        closed(is_ours, log.info, f"message {state}", message=leased.id, kind=leased.kind)


def hand_over(letter: Letter | None, work: Work, *, number: int) -> MessageState:
    """Send a letter by mail, else as a text message, and give the state its message is then in.

    Who can be sent nothing is rung, when the letter is of a kind for that. Raises ``Refused`` or ``Later``.
    """
    if letter is None:
        return MessageState.DROPPED
    if isinstance(letter, SheetLetter) and letter.is_stale:
        # It was made before a worker was away for long, and is made anew now.
        raise Later("a newer sheet is being made")
    if isinstance(letter, StaffLetter | SheetLetter | AlertLetter) or letter.recipient:
        deliver(letter, work.carrier)
        return MessageState.SENT
    if letter.phone and work.texts and has_short(letter):
        work.texts.send(letter, number=number)
        return MessageState.SENT
    if isinstance(letter, ListLetter):
        return MessageState.DROPPED
    is_to_ring = letter.kind.nature.is_rung and (letter.phone or letter.kind.nature.is_owed)
    return MessageState.TO_RING if is_to_ring else MessageState.DROPPED


def closed(is_ours: bool, say: Callable[..., object], event: str, **facts: object) -> None:
    """One line for a message that was closed. When its lease had passed to another worker, nothing was."""
    if is_ours:
        say(event, **facts)
    else:
        log.warning("lease was over", instead_of=event, **facts)


def named(fault: Exception) -> str:
    """What kind of fault it was and where: its own words may name a person."""
    frames = traceback.extract_tb(fault.__traceback__)
    return f"{type(fault).__name__} at {Path(frames[-1].filename).name}:{frames[-1].lineno}"


def give_up_at(letter: Letter, leased: Leased) -> datetime:
    """Until when a letter is worth trying: the visit's start, the end of its link or of what it proposes; three days
    for an end told.
    """
    if isinstance(letter, StaffLetter | ListLetter | SheetLetter | AlertLetter):
        return letter.expires_at
    if letter.proposal is not None:
        return letter.proposal.until
    return leased.created_at + LAST_TRY if letter.kind.ends_the_visit else letter.start
