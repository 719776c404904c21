"""The checklists of the demonstration, by the code of their service; the others have a plain list of papers."""

from __future__ import annotations

from collections.abc import Mapping

from booking.core.checklist import Checklist
from booking.demo.content.questions import cards, driving, family, passports, residence

CHECKLISTS: Mapping[str, Checklist] = {
    "identity-card": cards.IDENTITY_CARD,
    "kids-id": cards.KIDS_ID,
    "passport": passports.PASSPORT,
    "child-passport": passports.CHILD_PASSPORT,
    "driving-licence": driving.DRIVING_LICENCE,
    "eu-registration": residence.EU_REGISTRATION,
    "birth": family.BIRTH,
    "marriage": family.MARRIAGE,
}
