"""The form while the time is held: filling it, keeping the time longer, giving it back, confirming."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from booking.core.appointments import EXTENSIONS, AppointmentState, Step
from booking.core.errors import (
    AlreadyBooked,
    BookingError,
    HoldGone,
    HoldLapsed,
    NoMoreExtensions,
    NoRoomForNeeds,
    NotYetReleased,
    OutsideHours,
    PausedNow,
    QuotaReached,
    SlotTaken,
    StepsOutOfOrder,
    TooFarAhead,
    TooManyAppointments,
    TooManyHolds,
    TooSoon,
)
from booking.core.needs import Need
from booking.core.retention import contact_kept_until
from booking.core.roles import Role
from booking.core.translated import OFFICIAL
from booking.core.typed import typed_number
from booking.database import read, write
from booking.models import Appointment
from booking.usecases.appointments import with_nonce
from booking.usecases.held import Held, check_free, held_by
from booking.usecases.holds import extend, release
from booking.usecases.papers import LineList, lists_of
from booking.usecases.waiting_along import confirm_meanwhile
from booking.web.answers import answer
from booking.web.guard import open_to
from booking.web.resident.answers import forget_answers
from booking.web.resident.baskets import in_address
from booking.web.resident.forms import DetailsForm
from booking.web.resident.needs import chosen_needs, forget_needs
from booking.web.resident.times import choice_of, hold_for, lost, together_of, typed_start

# Why a time was not given, by the name under which the page of a lost time carries it into another language.
SAID_AGAIN = (
    *(SlotTaken, HoldGone, HoldLapsed, NoRoomForNeeds, OutsideHours, TooSoon, TooFarAhead, PausedNow, QuotaReached),
)
REASONS = {one.__name__: one for one in SAID_AGAIN}


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/details", "details", details, methods=["GET", "POST"])
    blueprint.add_url_rule("/details/more-time", "more_time", more_time, methods=["POST"])
    blueprint.add_url_rule("/details/give-back", "give_back", give_back, methods=["POST"])
    blueprint.add_url_rule("/details/take", "take_near", take_near, methods=["POST"])


@open_to(Role.RESIDENT)
def details() -> ResponseReturnValue:
    official = g.language in OFFICIAL
    proposed = {"language": g.language if official else None, "help_language": None if official else g.language}
    form = DetailsForm(**proposed, needs=sorted(chosen_needs()))
    if g.switching and not official and not form.help_language.data:
        # Whoever turns to another language on the form itself is written to in it as well as whoever began in it.
        form.help_language.data = g.language
    key = form.hold.data if request.method == "POST" and form.hold.data else session.get("hold")
    held = held_by(read(), commune_id=g.commune.id, hold_key=key)
    if form.validate_on_submit():
        return confirmed(form, key)
    if held is None or not held.lasts(g.now):
        return lost_hold(HoldLapsed() if held else HoldGone(), form, key)
    if held.moves:
        return redirect(url_for(".move"), 303)
    form.hold.data = key
    return render_template("resident/details.html", form=form, **shown(held)), 422 if form.is_refused() else 200


def confirmed(form: DetailsForm, key: str) -> ResponseReturnValue:
    settings = current_app.extensions["settings"]
    try:
        booked = write(
            confirm_meanwhile,
            waiting=session.get("waiting_proved"),
            commune_id=g.commune.id,
            hold_key=key,
            wish=form.wish(),
            keeps_length=bool(form.as_it_is.data),
            per_contact=settings.appointments_per_contact,
            per_helper=settings.appointments_per_helper,
            now=g.now,
        )
    except (HoldLapsed, HoldGone, TooSoon) as refusal:
        return lost_hold(refusal, form, key)
    except NoRoomForNeeds as refusal:
        return too_short(refusal, form, key)
    except (AlreadyBooked, TooManyAppointments) as refusal:
        return still_filling(form, key, refusal)
    session.pop("hold", None)
    forget_answers()
    forget_needs()
    session["appointment"] = booked.nonce
    return redirect(url_for(".booked"), 303)


def lost_hold(refusal: BookingError, form: DetailsForm, key: str | None) -> ResponseReturnValue:
    """The time ran out or the hours changed: what was typed stays, and the next click goes on."""
    g.page = "resident.details"
    wished = held_by(read(), commune_id=g.commune.id, hold_key=key) or wished_before()
    return lost(why_lost(refusal, wished), wished, form=form) if wished else nothing_held()


def too_short(refusal: NoRoomForNeeds, form: DetailsForm, key: str) -> ResponseReturnValue:
    """The time is still held, and stays so; beside it stand those that are long enough for what is ticked."""
    session["needs"] = sorted(form.needs.needs())
    held = held_by(read(), commune_id=g.commune.id, hold_key=key)
    if held is None:
        return lost_hold(HoldGone(), form, key)
    form.hold.data = key
    wished = held.needing(g.commune.need_minutes.for_(form.needs.needs()))
    return lost(refusal, wished, form=form)


def why_lost(refusal: BookingError, wished: Held) -> BookingError:
    """That somebody else has the time says more than that its hold is over; that its moment has come says all."""
    if isinstance(refusal, TooSoon):
        return refusal
    try:
        check_free(read(), wished=wished, now=g.now)
    except SlotTaken as taken:
        return taken
    except BookingError:
        return refusal
    return refusal


def nothing_held() -> ResponseReturnValue:
    """Nobody knows which time was wished: the way to the appointment that was made here, or to a new one."""
    known = with_nonce(read(), commune_id=g.commune.id, nonce=session.get("appointment", ""))
    made = known if known and known.state == AppointmentState.BOOKED else None
    return render_template("resident/no_hold.html", appointment=made), 409


def wished_before() -> Held | None:
    """The wish as the form itself carries it, for when nothing is left of the hold."""
    try:
        choice = choice_of(request.form.get("service", ""), request.form)
        return choice.at(typed_start(request.form.get("start")))
    except BookingError:
        return None


def shown(held: Held) -> dict[str, object]:
    """What stays visible beside the form: the time, what to bring, the seconds left."""
    appointment: Appointment | None = held.appointment
    return {
        "held": held,
        "together": together_of(held),
        "seconds_left": int(held.seconds_left(g.now)),
        "extended": appointment.extensions if appointment else 0,
        "can_extend": appointment is not None and appointment.extensions < EXTENSIONS,
        "asks_names": held.whole.asks_names,
        "lists": told_of(held),
        "kept_until": contact_kept_until(held.day, g.commune.contact_days),
        "can_lengthen": g.commune.need_minutes.for_(Need) > max(one.basket.lengthened for one in held.visits),
    }


def told_of(held: Held) -> list[LineList]:
    """What each service of the held visits wants brought: of two steps, to the second, as every message says."""
    visits = (one.appointment for one in held.visits if one.basket.step != Step.INFORMATION)
    lists = [found for visit in visits if visit is not None for found in lists_of(read(), appointment=visit)]
    return [one for one in lists if one.resolution.to_bring]


@open_to(Role.RESIDENT)
def more_time() -> ResponseReturnValue:
    """Ten minutes more, twice at most. The form is shown again as it was typed, which no other address could know."""
    settings = current_app.extensions["settings"]
    form = DetailsForm()
    key = form.hold.data or session.get("hold")
    refusal: BookingError | None = None
    try:
        seen = typed_number(form.extended.data or "") or 0
        write(extend, commune_id=g.commune.id, hold_key=key, seen=seen, length=settings.hold, now=g.now)
    except (HoldGone, HoldLapsed) as gone:
        return lost_hold(gone, form, key)
    except BookingError as no:
        refusal = no
    return still_filling(form, key, refusal, is_longer=refusal is None)


def still_filling(
    form: DetailsForm, key: str, refusal: BookingError | None = None, *, is_longer: bool = False
) -> ResponseReturnValue:
    """The details page again, as it was typed, after a step that is not its own address."""
    g.page = "resident.details"
    held = held_by(read(), commune_id=g.commune.id, hold_key=key)
    if held is None:
        return lost_hold(HoldGone(), form, key)
    if held.moves:
        return redirect(url_for(".move"), 303)
    form.hold.data = key
    if refusal is not None:
        # Nothing is lost by it: the time is still held.
        is_kept = isinstance(refusal, NoMoreExtensions)
        return answer(refusal, "resident/details.html", form=form, is_kept=is_kept, **shown(held))
    return render_template("resident/details.html", form=form, is_longer=is_longer, **shown(held))


@open_to(Role.RESIDENT)
def give_back() -> ResponseReturnValue:
    key = session.pop("hold", None)
    held = held_by(read(), commune_id=g.commune.id, hold_key=key)
    if held is None:
        return redirect(url_for(".services"), 303)
    back = url_for(".times", **in_address(held.whole))
    write(release, commune_id=g.commune.id, hold_key=key)
    flash(
        ngettext(
            "You have given the time back. Somebody else can take it now.",
            "You have given the two times back. Somebody else can take them now.",
            len(held.visits),
        )
    )
    return redirect(back, 303)


@open_to(Role.RESIDENT)
def take_near() -> ResponseReturnValue:
    """One of the times offered instead of a lost one, or that one again: held at once, the form still filled."""
    form = DetailsForm()
    choice = choice_of(request.form.get("service", ""), request.form)
    if g.switching:
        wished = choice.at(typed_start(request.form.get("wished")))
        return lost(told_before(request.form.get("reason", ""), wished), wished, form=form)
    chosen = choice.at(typed_start(request.form.get("start")))
    try:
        session["hold"] = hold_for(chosen)
    except BookingError as refusal:
        return lost(refusal, chosen, form=form)
    # That a time is kept although it is too short was said of another one.
    form.as_it_is.data = ""
    return still_filling(form, session["hold"])


def told_before(reason: str, wished: Held) -> BookingError:
    """The refusal whose page is shown in another language, from the name it carries."""
    whole = wished.whole
    if reason == TooManyHolds.__name__:
        return TooManyHolds(limit=current_app.extensions["settings"].holds_per_client)
    if reason == StepsOutOfOrder.__name__ and whole.other:
        return StepsOutOfOrder(days=whole.other.days)
    if reason == NotYetReleased.__name__:
        try:
            whole.window.check_released(wished.chosen, g.now, wished.office.zone)
        except NotYetReleased as still:
            return still
    return REASONS.get(reason, HoldGone)()
