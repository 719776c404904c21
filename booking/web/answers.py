"""Refusal → status and sentence, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from booking.core import errors
from booking.core.errors import BookingError
from booking.web.formatting import in_words
from booking.web.languages import current_language
from booking.web.steps import order_told
from booking.words import formatting

# A sentence that changes with a number is a function of the refusal’s facts.
ANSWERS: Mapping[type[BookingError], tuple[int, Any]] = {
    errors.Unknown: (404, _l("We cannot find this page.")),
    errors.SlotTaken: (
        409,
        lambda times: ngettext(
            "Someone has just taken this time.", "Someone has just taken one of these two times.", times
        ),
    ),
    errors.HoldLapsed: (
        409,
        lambda times: ngettext(
            "We no longer hold this time for you: the minutes are over.",
            "We no longer hold these two times for you: the minutes are over.",
            times,
        ),
    ),
    errors.HoldGone: (
        409,
        lambda times: ngettext(
            "We are no longer holding this time for you.", "We are no longer holding these two times for you.", times
        ),
    ),
    errors.OutsideHours: (409, _l("No appointment for this service begins at that time. Please choose another time.")),
    errors.NotBookable: (409, _l("No appointment can be made for this service.")),
    errors.NoRoomForNeeds: (409, _l("What you need takes more time than there is left at this time.")),
    errors.TooSoon: (409, _l("This time is too near or already past. Please choose a later one.")),
    errors.TooFarAhead: (409, _l("This time cannot be booked yet. Please choose an earlier one.")),
    errors.NotYetReleased: (
        409,
        _l("The times of that day are not open yet: they open on %(day)s at %(at)s. Please choose an earlier one."),
    ),
    errors.QuotaReached: (
        409,
        _l("For this service, all the appointments of that day or week are given. Please choose another day."),
    ),
    errors.WrongPartySize: (422, _l("A group is 2 to %(limit)s people.")),
    errors.TooManyPersons: (
        409,
        lambda limit: ngettext(
            "One appointment for this service takes at most %(num)s person.",
            "One appointment for this service takes at most %(num)s people.",
            limit,
        ),
    ),
    errors.TooManyServices: (409, _l("One visit is for at most %(limit)s services. Make a second appointment.")),
    errors.NotTogether: (
        409,
        _l("This service takes two appointments of its own. Make a separate appointment for anything else."),
    ),
    errors.NoCounterForAll: (
        409,
        _l("No counter takes all of this. Make a separate appointment for what you add."),
    ),
    errors.TooManyHolds: (
        429,
        _l(
            "Too many times are being held from your connection. "
            "Finish one of your requests, or try again in ten minutes."
        ),
    ),
    errors.NoMoreExtensions: (
        409,
        lambda minutes: ngettext(
            "You already had more time twice. We keep holding this for you for %(num)s more minute.",
            "You already had more time twice. We keep holding this for you for %(num)s more minutes.",
            minutes,
        ),
    ),
    errors.TooManyAppointments: (
        409,
        lambda limit: ngettext(
            "There is already %(num)s appointment to come with this e-mail address or phone number. "
            "Cancel it if you do not need it, or call us.",
            "There are already %(num)s appointments to come with this e-mail address or phone number. "
            "Cancel one you do not need, or call us.",
            limit,
        ),
    ),
    errors.AlreadyBooked: (
        409,
        _l(
            "There is already an appointment to come in this name for this service. "
            "You find it in the message we sent, or with its reference."
        ),
    ),
    errors.NameMissing: (422, _l("Write a name, with at least one letter.")),
    errors.TextTooLong: (422, _l("Write at most %(limit)s characters.")),
    errors.LooksLikeNationalNumber: (
        422,
        _l("This looks like a national register number. We do not need it: please remove it."),
    ),
    errors.ContactMissing: (422, _l("Give an e-mail address or a phone number: one of the two is enough.")),
    errors.ForbiddenMove: (
        409,
        _l("This is no longer possible: the appointment has changed meanwhile."),
    ),
    errors.TooLateToCancel: (
        409,
        _l("The appointment is too near to be cancelled here. Please call us: the time can then serve someone else."),
    ),
    errors.TooLateToMove: (
        409,
        _l("The appointment is too near to be moved here. Please call us: we look for another time together."),
    ),
    errors.CallToCancel: (409, _l("This appointment is not cancelled here. Please call us.")),
    errors.CallToMove: (409, _l("This appointment is not moved here. Please call us.")),
    errors.TooManyMoves: (
        409,
        lambda limit: ngettext(
            "You have already moved this appointment %(num)s time. Please call us if it has to change again.",
            "You have already moved this appointment %(num)s times. Please call us if it has to change again.",
            limit,
        ),
    ),
    errors.StepsOutOfOrder: (409, order_told),
    errors.TooLateToUndo: (409, _l("This cancellation can no longer be undone. Please choose a new time.")),
    errors.OneTimeGone: (
        409,
        _l(
            "Meanwhile somebody else has taken one of the two times, so both appointments stay cancelled. "
            "Please choose new times."
        ),
    ),
    errors.OfferedMeanwhile: (
        409,
        _l(
            "Your time is being offered to somebody in the list for an earlier appointment. "
            "If they decline it, you can still have it again until %(until)s."
        ),
    ),
    errors.HasArrived: (409, _l("The person is already here: this visit is no longer moved.")),
    errors.VisitBegun: (409, _l("The visit has begun: this can no longer be changed here. Please call us.")),
    errors.AlreadyTrusted: (409, _l("This contact is trusted already.")),
    errors.NameIsFixed: (
        422,
        _l("Two letters can be corrected here, not more: a time is not passed on to others. Call us if it is you."),
    ),
    errors.NameCorrected: (409, _l("The name was corrected here once already. For more, please call us.")),
    errors.LateNotice: (
        409,
        _l("This can only be said on the day itself, as long as you have not arrived. You see what is true now."),
    ),
    errors.NoSuchAppointment: (404, _l("We find no appointment with this reference and this contact.")),
    errors.OutOfDate: (409, _l("The appointment has changed since this page was opened. You see it as it is now.")),
    errors.TooManyTries: (
        429,
        lambda minutes: gettext(
            "Too many tries. Please wait %(minutes)s and try again, or call us.",
            minutes=formatting.minutes(minutes, current_language()),
        ),
    ),
    errors.TooManyCopies: (
        429,
        _l("We have already sent this message several times. Look in your unwanted mail, or call us."),
    ),
    errors.WrongPassword: (422, _l("This e-mail address and password do not belong together.")),
    errors.PasswordTooShort: (422, _l("Choose a password of at least %(limit)s characters.")),
    errors.PasswordTooCommon: (422, _l("This password is one of the first that others would try. Choose another one.")),
    errors.WrongCode: (
        422,
        _l("This is no code of this moment. Write the six digits that your telephone shows now, or a code on paper."),
    ),
    errors.CodeUsed: (409, _l("This code was used already: each works once. Wait for the next one.")),
    errors.TooManyLines: (
        413,
        _l("A file holds at most %(limit)s lines, and this is more. Choose a shorter period."),
    ),
    errors.LastAdministrator: (
        409,
        _l("Nobody else administers the whole commune. Give this role to a colleague first."),
    ),
    errors.NotOneself: (409, _l("Nobody does this for themselves. Ask another administrator.")),
    errors.RoleNeeded: (
        422,
        _l(
            "Choose at least one role. "
            "The account of whoever no longer works here is deactivated: see below on this page."
        ),
    ),
    errors.WorksHere: (409, _l("Somebody with this address works here already, or is invited.")),
    errors.WorksElsewhere: (
        409,
        _l("This person administers elsewhere, too. Those who run the platform reset their second step."),
    ),
    errors.AnotherAccount: (
        409,
        _l("This invitation is for another account than yours. Sign out, and open the link again."),
    ),
    errors.LinkOver: (410, _l("This link was used already, or it is too old. Ask for a new one.")),
    errors.TooEarlyToMark: (
        409,
        _l("This visit is still to come: from the day itself on you can note whether the person came."),
    ),
    errors.NotMissedYet: (409, _l("The time of this visit has not come yet: until then, nobody is missing.")),
    errors.TooLateToArrive: (
        409,
        _l("The day of this visit is over. Say whether it took place, or that the person did not come."),
    ),
    errors.EndsBeforeStart: (422, _l("The end must come after the start.")),
    errors.NoWeekday: (422, _l("Choose at least one day of the week.")),
    errors.NoCounter: (422, _l("Choose at least one counter.")),
    errors.NeverOpen: (
        422,
        _l("With these dates the hours fall on no day at all. Look at the days of the week, the dates and the season."),
    ),
    errors.AnchorMissing: (422, _l("Give the first date from which the weeks are counted.")),
    errors.NothingLeft: (422, _l("Leave at least a quarter of each hour for everybody.")),
    errors.SessionsClash: (
        409,
        _l(
            "On %(day)s one of these counters is already open at these hours for the same kind of visit. "
            "Change one of the two."
        ),
    ),
    errors.ClosedAllTheSame: (
        409,
        _l("On %(day)s a closure keeps these hours shut: %(reason)s. Remove it, and the usual hours count again."),
    ),
    errors.AlreadyClosed: (409, _l("This closure is there already.")),
    errors.Undecided: (
        409,
        _l("Other appointments have come into these hours meanwhile. Please decide about them too."),
    ),
    errors.ReasonMissing: (422, _l("Give the reason in French and in Dutch: it goes into the messages.")),
    errors.TextMissing: (422, _l("This text is needed in French and in Dutch.")),
    errors.ChecklistInconsistent: (
        422,
        _l("The list does not hold together yet, and nothing is saved. What you typed is kept."),
    ),
    errors.CodeTaken: (409, _l("Another one already has this short name. Choose a different one.")),
    errors.SlugTaken: (409, _l("Another commune already has this address. Choose a different one.")),
    errors.AddressTaken: (409, _l("There is already an account with this e-mail address.")),
    errors.NotReachable: (
        422,
        _l(
            "An online service can only be published with its link and the other ways: "
            "a counter that serves it, telephone and post."
        ),
    ),
    errors.TooFaint: (422, _l("These colours cannot be read where they are used. Choose others.")),
    errors.NoPicture: (422, _l("This is not a picture that can be read. Choose a PNG, JPEG or WebP file.")),
    errors.PictureTooHeavy: (422, _l("This file is too large. Choose one of at most %(limit)s MB.")),
    errors.TooManyPixels: (
        422,
        _l("This picture has too many pixels. Choose one of at most %(limit)s million: a logo needs far fewer."),
    ),
    errors.UnknownBlanks: (422, _l("These blanks cannot be filled: %(blanks)s. You can use: %(known)s.")),
    errors.NothingToSend: (
        409,
        _l("There is nothing to send any more: what this message said is no longer so, or nobody can be reached."),
    ),
    errors.SentEnough: (
        429,
        lambda limit: ngettext(
            "%(num)s copy has gone out in the last 24 hours: that is as many as may.",
            "%(num)s copies have gone out in the last 24 hours: that is as many as may.",
            limit,
        ),
    ),
    errors.UnknownZone: (422, _l("There is no time zone of this name.")),
    errors.NotInProduction: (409, _l("This is only for demonstrations and development.")),
    errors.ChangedMeanwhile: (
        409,
        _l(
            "Somebody else has saved a change here meanwhile, and yours is not saved yet. What you typed is kept: "
            "compare the two, then save again."
        ),
    ),
    errors.RemovedMeanwhile: (
        409,
        _l("Somebody else has removed or replaced these hours meanwhile. Nothing is left to be ended here."),
    ),
    errors.HasAppointments: (409, _l("There are appointments for this: it can be deactivated, but not deleted.")),
    errors.NoEarlierList: (409, _l("There is no list for an earlier appointment here.")),
    errors.AlreadyWaiting: (
        409,
        _l("You are already in the list for this service. You keep your place: there is nothing more to do."),
    ),
    errors.AddressMissing: (
        422,
        _l("Give an e-mail address: we write to you as soon as an earlier time comes free."),
    ),
    errors.OfferOver: (409, _l("This time is no longer being held for you.")),
    errors.ForbiddenStep: (409, _l("This is no longer possible with this ticket. You see what is true now.")),
    errors.TicketChanged: (409, _l("Somebody else has dealt with this ticket meanwhile. You see what is true now.")),
    errors.NobodyWaits: (409, _l("Nobody is waiting for this counter.")),
    errors.CounterBusy: (409, _l("There is somebody at this counter already. Finish with them first.")),
    errors.CounterClosed: (409, _l("This counter is closed. Open it first.")),
    errors.CallAgainFirst: (
        409,
        lambda calls: ngettext(
            "Somebody counts as absent after %(num)s call. Call first.",
            "Somebody counts as absent after %(num)s calls. Call again first.",
            calls,
        ),
    ),
    errors.TooLateToTakeBack: (409, _l("A step can be taken back within a minute, and that is over.")),
    errors.TooLateToReopen: (409, _l("This ticket ended too long ago. Hand out a new one.")),
    errors.NumbersUsedUp: (409, _l("All the numbers of this letter have been given out today.")),
    errors.LettersUsedUp: (409, _l("There is no letter left for the tickets of one more group.")),
    errors.LetterTaken: (409, _l("Two topics cannot have the same letter.")),
    errors.NumberTaken: (409, _l("This number has already been given out today.")),
    errors.NotToday: (409, _l("This appointment is not today: it is on %(day)s at %(at)s.")),
    errors.TooEarlyToCheckIn: (
        409,
        _l("It is too early for that: you can say that you are here from %(at)s on."),
    ),
    errors.OnlyByAppointment: (409, _l("This service needs an appointment.")),
    errors.NoWalkIns: (409, _l("No tickets are given out now for people without an appointment.")),
    errors.PausedNow: (
        409,
        _l(
            "A system is down: for the moment this cannot be done here, nor be had for today. "
            "Please choose another day."
        ),
    ),
    errors.AtAnotherOffice: (409, _l("This appointment is at another office: %(office)s.")),
    errors.VisitCancelled: (409, _l("This appointment was cancelled: nobody expects it any more.")),
    errors.PapersMissing: (
        409,
        _l("Papers incomplete: come back by %(until)s and go to the reception, you go before the others."),
    ),
    errors.VisitOver: (409, _l("This appointment is noted as over.")),
    errors.NothingToday: (404, _l("Nobody of this name is expected here today, and no such reference or number.")),
    errors.ReturnUsed: (409, _l("The person has already come back on this number.")),
    errors.ReturnOver: (409, _l("Coming back without a new wait was for the same week. Hand out a new ticket.")),
    errors.NotServedHere: (409, _l("No counter of this office does all of this in one go.")),
    errors.AlreadySeated: (409, _l("Somebody else has just sat down at this counter.")),
    errors.ForAgents: (403, _l("Only the agents at the counters do this.")),
    errors.NoService: (422, _l("Choose at least one service.")),
    errors.CounterTaken: (
        409,
        _l("This counter is taken during this time, so nothing is blocked. Move the visits first, then try again."),
    ),
    errors.NotAtCounter: (409, _l("You no longer sit at this counter. You see what is true now.")),
    errors.HandOverUnclear: (422, _l("Choose a counter, or another service.")),
    errors.KeyUnclear: (422, _l("A key is one letter, from A to Z.")),
    errors.KeyTaken: (422, _l("The key %(key)s is there twice. Choose another letter for one of the two.")),
    errors.FileMissing: (422, _l("Choose a file that is not empty.")),
    errors.FileTooLarge: (422, _l("This file is too large: at most %(limit)s MB.")),
    errors.FileUnreadable: (
        422,
        _l("This is not a table of text. Save it as CSV first, with a heading above each column."),
    ),
    errors.TableTooLong: (422, _l("This table has too many lines: at most %(limit)s. Divide it into several files.")),
    errors.NoLines: (422, _l("There is no line below the headings of this table.")),
    errors.ColumnsMissing: (422, _l("Say in which columns the day, the time, the name and the service stand.")),
    errors.ImportGone: (404, _l("This file is no longer kept. What was booked from it stays.")),
    errors.OtherName: (422, _l("This is not the name of the commune. Write it as it stands above.")),
    errors.VisitsToCome: (
        409,
        lambda number: ngettext(
            "%(num)s appointment is still to come there. Settle it first, or say that it goes too.",
            "%(num)s appointments are still to come there. Settle them first, or say that they go too.",
            number,
        ),
    ),
    errors.ImportTouches: (
        409,
        lambda number: ngettext(
            "%(num)s appointment would lose its time, so nothing is changed. Settle it first, by a closure.",
            "%(num)s appointments would lose their time, so nothing is changed. Settle them first, by a closure.",
            number,
        ),
    ),
    errors.ImportUnderWay: (409, _l("This file is being booked already: its columns stay as they are.")),
    errors.RoleMissing: (
        403,
        _l("Your role in the commune does not open this page. If you need it, ask an administrator."),
    ),
}


def status_of(refusal: BookingError) -> int:
    return ANSWERS[type(refusal)][0]


def sentence_of(refusal: BookingError) -> str:
    """The refusal in the reader's language, its facts filled in."""
    sentence = ANSWERS[type(refusal)][1]
    if callable(sentence):
        return str(sentence(**refusal.facts))
    text = str(sentence)
    return text % {name: in_words(fact) for name, fact in refusal.facts.items()} if refusal.facts else text


def answer(refusal: BookingError, template: str = "refused.html", **context: Any) -> Response:
    """The page that says no, with the status of the refusal and its sentence as ``refusal``."""
    page = render_template(template, refusal=sentence_of(refusal), **context)
    return make_response(page, status_of(refusal))
