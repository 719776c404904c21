"""The twenty services, in the order of the list, and how each commune offers them."""

from __future__ import annotations

from datetime import time
from typing import Any

from booking.core.checklist import Checklist, Paper
from booking.core.quotas import QuotaPer
from booking.core.services import ServiceContent
from booking.core.translated import Translated
from booking.demo.content.catalogue import address, cards, certificates, driving, family, residence
from booking.demo.content.papers import PAPERS
from booking.demo.content.questions import CHECKLISTS
from booking.demo.content.shapes import NOTHING, DemoCommune, DemoGroup, DemoService, filled
from booking.demo.content.synonyms import SYNONYMS
from booking.usecases.starting import THEMES

GROUPS = tuple(DemoGroup(code, icon, name) for code, icon, name in THEMES)

SERVICES: tuple[DemoService, ...] = (
    *cards.SERVICES,
    *driving.SERVICES,
    *address.SERVICES,
    *certificates.SERVICES,
    address.PARKING_CARD,
    *family.SERVICES,
    *residence.SERVICES,
)

KEPT_BACK: dict[str, dict[str, Any]] = {
    "eu-registration": {
        "release_weekday": 0,
        "release_time": time(8),
        "release_weeks": 5,
        "quota": 60,
        "quota_per": QuotaPer.WEEK,
    }
}
"""Services whose times open on Monday mornings, and of which there are so many in a week."""

ASKS_NAMES = frozenset({"kids-id", "child-passport", "change-of-address"})
"""Families come for these, and each of them has a file."""


COLLECTED = {
    "identity-card": Translated.of(
        fr="La carte est prête environ 3 semaines plus tard. Vous venez la chercher sans rendez-vous.",
        nl="De kaart is ongeveer 3 weken later klaar. U haalt ze af zonder afspraak.",
        en="The card is ready about 3 weeks later. You collect it without an appointment.",
        de="Der Ausweis ist etwa 3 Wochen später fertig. Sie holen ihn ohne Termin ab.",
    ),
    "passport": Translated.of(
        fr="Le passeport est prêt environ 3 semaines plus tard. Vous venez le chercher sans rendez-vous.",
        nl="Het paspoort is ongeveer 3 weken later klaar. U haalt het af zonder afspraak.",
        en="The passport is ready about 3 weeks later. You collect it without an appointment.",
        de="Der Reisepass ist etwa 3 Wochen später fertig. Sie holen ihn ohne Termin ab.",
    ),
}
"""What happens after a visit for these."""
PROMISED_DAYS = {"identity-card": 14, "passport": 14, "eu-registration": 21}
"""What is promised; the last is more than can be kept."""


def content_of(service: DemoService, commune: DemoCommune, *, group_id: int) -> ServiceContent:
    """What ``commune`` publishes about ``service``, under the group that has ``group_id`` there."""
    mode = commune.modes.get(service.code, service.mode)
    blanks = {"phone": commune.phone_shown, "undertakers": commune.undertakers, "post": commune.post_address}
    return ServiceContent(
        group_id=group_id,
        code=service.code,
        mode=mode,
        name=service.name,
        synonyms=SYNONYMS[service.code],
        summary=service.summary,
        details=service.details,
        who_comes=service.who_comes,
        link=service.link,
        authority=service.authority,
        by_phone=filled(service.by_phone, **blanks),
        by_post=filled(service.by_post, **blanks),
        minutes_first=service.minutes_first,
        minutes_extra=service.minutes_extra,
        minutes_beside=service.minutes_beside,
        information_minutes=service.information_minutes,
        information_days=service.information_days,
        max_persons=service.max_persons,
        notice_minutes=service.notice_minutes,
        cancel_notice_minutes=service.cancel_notice_minutes,
        horizon_days=service.horizon_days,
        promised_days=PROMISED_DAYS.get(service.code),
        asks_names=service.code in ASKS_NAMES,
        has_priority=service.code == "death",
        reminder_hours=service.reminder_hours,
        asks_coming=service.asks_coming,
        earlier_list=mode.is_bookable,
        is_sensitive=service.is_sensitive or service.code in commune.sensitive,
        urgent_mode=service.urgent_mode,
        urgent_text=service.urgent_text,
        follow_up=COLLECTED.get(service.code, NOTHING),
        fees=service.fees,
        **KEPT_BACK.get(service.code, {}),
    )


def checklist_of(service: DemoService) -> Checklist:
    """What a service asks and wants brought."""
    plain = Checklist(papers=tuple(Paper(code, PAPERS[code]) for code in service.papers))
    return CHECKLISTS.get(service.code, plain)
