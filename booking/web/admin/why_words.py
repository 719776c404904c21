"""The reasons for which there is no time, as sentences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from booking.core.quotas import QuotaPer
from booking.core.timespan import wall_clock
from booking.core.why import Reason
from booking.models import Office, Service
from booking.web.languages import current_language
from booking.words import formatting


@dataclass(frozen=True)
class About:
    """What was asked, as far as sentences name it; ``minutes`` is the length of the visit."""

    office: Office
    service: Service
    minutes: int
    day: date
    for_staff: bool
    now: datetime


def sentence_for(reason: Reason, about: About) -> str:
    return SENTENCES[reason](about)


def too_late(about: About) -> str:
    if about.for_staff:
        return _("These times are over.")
    notice = about.service.notice_minutes
    told = formatting.minutes(notice, current_language())
    return _("It is too late for these times: they are booked at least %(minutes)s before.", minutes=told)


def too_early(about: About) -> str:
    return ngettext(
        "It is too early: times can be booked at most %(num)s day ahead.",
        "It is too early: times can be booked at most %(num)s days ahead.",
        about.service.horizon_days,
    )


def not_released(about: About) -> str:
    release, zone = about.service.release, about.office.zone
    opens = wall_clock(release.comes_out(about.day, zone), zone) if release else None
    if opens is None:
        return _("These times are not open yet.")
    moment = formatting.moment_sentence(opens.date(), opens.time(), current_language())
    return _("These times are not open yet: they open on %(moment)s.", moment=moment)


def all_given(about: About) -> str:
    quota = about.service.counted
    most = quota.most if quota else 0
    if quota and quota.per == QuotaPer.WEEK:
        return ngettext(
            "The %(num)s appointment of this week is given.",
            "All %(num)s appointments of this week are given.",
            most,
        )
    return ngettext(
        "The %(num)s appointment of this day is given.", "All %(num)s appointments of this day are given.", most
    )


def length_of(about: About) -> str:
    return formatting.minutes(about.minutes, current_language())


def name_of(about: About) -> str:
    return about.service.name.joined(current_language())


SENTENCES: dict[Reason, Callable[[About], str]] = {
    Reason.NO_SESSION: lambda about: _("No counter of this office has opening hours on this day."),
    Reason.CLOSED: lambda about: _("The office is closed."),
    Reason.COUNTER_CLOSED: lambda about: _("Counters are closed."),
    Reason.WALK_IN: lambda about: _("Hours are for people without an appointment."),
    Reason.OTHER_SERVICES: lambda about: _("Hours are for other services only."),
    Reason.NOT_SERVED: lambda about: _("Open counters do not serve %(service)s.", service=name_of(about)),
    Reason.SHARE_KEPT: lambda about: _("A share of each hour is kept."),
    Reason.LAST_ENTRY: lambda about: _(
        "A visit of %(minutes)s would not end before the hours do.", minutes=length_of(about)
    ),
    Reason.ABSENT: lambda about: _("Counters have a break, or their agent is away."),
    Reason.TAKEN: lambda about: _("Times are booked."),
    Reason.HELD: lambda about: _("Times are being held by somebody who is booking now."),
    Reason.TOO_SHORT: lambda about: _(
        "What is free between is too short for a visit of %(minutes)s, or no start that is offered lies in it.",
        minutes=length_of(about),
    ),
    Reason.NOTICE: too_late,
    Reason.PAUSED: lambda about: _("A system is down: nothing of today is offered."),
    Reason.HORIZON: too_early,
    Reason.NOT_RELEASED: not_released,
    Reason.QUOTA: all_given,
}
