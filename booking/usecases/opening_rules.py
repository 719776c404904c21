"""The opening sessions of an office, as its administrators see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking.core.errors import Unknown
from booking.core.opening import SessionRule
from booking.models import Counter
from booking.usecases.schedules import rules_of


def session_rule(session: Session, *, commune_id: int, office_id: int, session_id: int | None) -> SessionRule:
    """One session of an office, over or not. Raises ``Unknown``."""
    rules = sessions_of(session, commune_id=commune_id, office_id=office_id, since=date.min)
    found = next((rule for rule in rules if rule.id == session_id), None)
    if found is None:
        raise Unknown
    return found


def sessions_of(session: Session, *, commune_id: int, office_id: int, since: date) -> Sequence[SessionRule]:
    """The sessions of an office that are not over before ``since``, in the order of a week."""
    mine = select(Counter).where(Counter.commune_id == commune_id, Counter.office_id == office_id)
    counters = session.scalars(mine).all()
    rules = rules_of(session, [office_id], counters)[office_id]
    return in_order_of_the_week(rule for rule in rules if not is_over(rule, since))


def is_over(rule: SessionRule, day: date) -> bool:
    """Whether a session has ended before a day."""
    return rule.valid_until is not None and rule.valid_until < day


def in_order_of_the_week(rules: Iterable[SessionRule]) -> list[SessionRule]:
    return sorted(rules, key=lambda rule: (sorted(rule.weekdays), rule.start, rule.end, rule.id))
