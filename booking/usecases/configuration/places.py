"""Applying what a file says of offices, their counters and hours, and of closures."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from booking.core.changes import NEW
from booking.core.opening import SessionRule
from booking.core.translated import Translated
from booking.models import Appointment, Counter, Office
from booking.models.offices import CounterKind
from booking.usecases.configuration.catalogue import in_order
from booking.usecases.configuration.current import named_rule, numbered_closures, offices_in
from booking.usecases.configuration.effect import Act, Subject, Work, differing
from booking.usecases.configuration.hours import NamedClosure
from booking.usecases.configuration.sections import CounterSection, OfficeSection
from booking.usecases.configuration.visits import visits_at
from booking.usecases.counters import (
    CounterFacts,
    add_counter,
    at_counter,
    change_counter,
    counters_of,
    deactivate_counter,
    reactivate_counter,
)
from booking.usecases.offices import add_office, change_office, deactivate_office, reactivate_office
from booking.usecases.opening import end_row, names_in, open_session, remove_closure, shut
from booking.usecases.opening_rules import sessions_of
from booking.usecases.queue_rules import change_rules


def apply_offices(
    work: Work, wanted: Sequence[OfficeSection], before: Sequence[OfficeSection], services: Mapping[str, int]
) -> None:
    there = {row.code: row for row in offices_in(work.session, **work.own)}
    current = {one.code: one for one in before}
    numbers = {}
    for one in wanted:
        numbers[one.code] = apply_office(work, one, current.get(one.code), there.get(one.code))
        counters = apply_counters(work, one, current.get(one.code), numbers[one.code], services)
        apply_sessions(work, one, numbers[one.code], counters, services, is_new=one.code not in there)
    for code in there.keys() - numbers.keys():
        if there[code].retired_at is None:
            close_down(work, there[code])
    in_order(work.session, Office, list(numbers.values()))


def apply_office(work: Work, wanted: OfficeSection, before: OfficeSection | None, row: Office | None) -> int:
    if row is None or before is None:
        number = add_office(work.session, facts=wanted.facts, **work.named)
        change_rules(work.session, office_id=number, rules=wanted.rules, **work.named)
        work.done(Act.NEW, Subject.OFFICE, wanted.facts.name)
        if wanted.is_retired:
            deactivate_office(work.session, office_id=number, **work.named)
        return number
    changed = differing(before.facts, wanted.facts) + differing(before.rules, wanted.rules)
    if changed:
        change_office(work.session, office_id=row.id, facts=wanted.facts, **work.named)
        change_rules(work.session, office_id=row.id, rules=wanted.rules, **work.named)
        work.done(Act.CHANGED, Subject.OFFICE, wanted.facts.name, fields=changed)
    if before.is_retired and not wanted.is_retired:
        reactivate_office(work.session, office_id=row.id, **work.named)
        work.done(Act.BACK, Subject.OFFICE, wanted.facts.name)
    if wanted.is_retired and not before.is_retired:
        close_down(work, row)
    return row.id


def close_down(work: Work, office: Office) -> None:
    """Take an office out of use, unless somebody is still to come there."""
    coming = visits_at(work, Appointment.office_id == office.id)
    work.in_the_way |= coming
    work.done(Act.GONE, Subject.OFFICE, office.name)
    if not coming:
        deactivate_office(work.session, office_id=office.id, **work.named)


# Counters


def apply_counters(
    work: Work, office: OfficeSection, before: OfficeSection | None, office_id: int, services: Mapping[str, int]
) -> dict[str, int]:
    """Every counter of an office as the file has it; those it does not name go. Gives their numbers by label."""
    rows = work.session.scalars(select(Counter).where(Counter.office_id == office_id)).all()
    there = {row.label: row for row in rows}
    current = {one.label: one for one in before.counters} if before else {}
    numbers = {label: row.id for label, row in there.items()}
    for wanted in office.counters:
        own = {"place": office.facts.name}
        facts = facts_of(wanted, services)
        if wanted.label not in there:
            number = add_counter(work.session, office_id=office_id, facts=facts, **work.named)
            numbers[wanted.label] = number
            work.done(Act.NEW, Subject.COUNTER, wanted.label, **own)
            if wanted.is_retired:
                deactivate_counter(work.session, counter_id=number, **work.named)
        else:
            apply_counter(work, wanted, current[wanted.label], there[wanted.label], facts, office.facts.name)
    for label in there.keys() - {one.label for one in office.counters}:
        if there[label].retired_at is None:
            take_away(work, there[label], office.facts.name)
    in_order(work.session, Counter, [numbers[one.label] for one in office.counters])
    return numbers


def facts_of(counter: CounterSection, services: Mapping[str, int]) -> CounterFacts:
    return CounterFacts(
        label=counter.label,
        note=counter.note,
        kind=counter.kind,
        max_persons=counter.max_persons,
        service_ids=frozenset(services[code] for code in counter.services),
    )


def apply_counter(
    work: Work, wanted: CounterSection, before: CounterSection, row: Counter, facts: CounterFacts, place: Translated
) -> None:
    changed = tuple(name for name in differing(before, wanted) if name != "is_retired")
    leaves = wanted.kind == CounterKind.EXTRA != before.kind
    coming = visits_at(work, at_counter(row)) if leaves else set()
    work.in_the_way |= coming
    if changed and not coming:
        change_counter(work.session, counter_id=row.id, facts=facts, **work.named)
    if changed:
        work.done(Act.CHANGED, Subject.COUNTER, wanted.label, place=place, fields=changed)
    if before.is_retired and not wanted.is_retired:
        reactivate_counter(work.session, counter_id=row.id, **work.named)
        work.done(Act.BACK, Subject.COUNTER, wanted.label, place=place)
    if wanted.is_retired and not before.is_retired:
        take_away(work, row, place)


def take_away(work: Work, counter: Counter, place: Translated) -> None:
    """Take a counter out of use, unless somebody is still to come there."""
    coming = visits_at(work, at_counter(counter))
    work.in_the_way |= coming
    work.done(Act.GONE, Subject.COUNTER, counter.label, place=place)
    if not coming:
        deactivate_counter(work.session, counter_id=counter.id, **work.named)


# Hours


def apply_sessions(
    work: Work,
    office: OfficeSection,
    office_id: int,
    counters: Mapping[str, int],
    services: Mapping[str, int],
    *,
    is_new: bool,
) -> None:
    """Sessions that the file does not have end yesterday, those it has besides begin; what is over stays as it was."""
    labels = {number: label for label, number in counters.items()}
    codes = {number: code for code, number in services.items()}
    there = [
        (rule.id, named_rule(rule, labels, codes))
        for rule in sessions_of(work.session, **work.own, office_id=office_id, since=work.since)
    ]
    still = [rule for rule in office.sessions if rule.valid_until is None or rule.valid_until >= work.since]
    wished = Counted(from_now(work, rule) for rule in still)
    place = office.facts.name
    for number, rule in there:
        if wished[from_now(work, rule)]:
            wished[from_now(work, rule)] -= 1
            continue
        end_row(work.session, **work.own, session_id=number, since=work.since)
        work.done(Act.GONE, Subject.SESSION, place=place, rule=rule)
        work.journal("ended", Subject.SESSION, number)
    for rule in still:
        if wished[from_now(work, rule)]:
            wished[from_now(work, rule)] -= 1
            begun = rule if is_new else from_now(work, rule)
            number = open_session(
                work.session, **work.own, office_id=office_id, rule=numbered(begun, counters, services)
            )
            work.done(Act.NEW, Subject.SESSION, place=place, rule=rule)
            work.journal("added", Subject.SESSION, number, names_in(rule))


def from_now(work: Work, rule: SessionRule) -> SessionRule:
    """A session as far as it is to come: what was before stays what it was."""
    return replace(rule, valid_from=max(rule.valid_from, work.since))


def numbered(rule: SessionRule, counters: Mapping[str, int], services: Mapping[str, int]) -> SessionRule:
    """A session of a file with the numbers of its counters and services."""
    named: Any = rule
    return replace(
        rule,
        id=NEW,
        counters=frozenset(counters[label] for label in named.counters),
        lanes=frozenset(counters[label] for label in named.lanes),
        services=frozenset(services[code] for code in named.services),
    )


def apply_closures(work: Work, wanted: Sequence[NamedClosure]) -> None:
    offices = offices_in(work.session, **work.own)
    staffed = {one.id: counters_of(work.session, **work.own, office_id=one.id) for one in offices}
    there = numbered_closures(work.session, **work.own, offices=offices, staffed=staffed, since=work.since)
    still = [closure for closure in wanted if closure.rule.last >= work.since]
    wished = Counted(ahead(work, closure) for closure in still)
    for number, closure in there:
        if wished[ahead(work, closure)]:
            wished[ahead(work, closure)] -= 1
            continue
        remove_closure(work.session, closure_id=number, **work.named)
        work.done(Act.GONE, Subject.CLOSURE, closure.reason, rule=closure)
    numbers = {one.code: one.id for one in offices}
    labels: dict[tuple[int | None, str], int] = {
        (one.id, each.counter.label): each.counter.id for one in offices for each in staffed[one.id]
    }
    for closure in still:
        if wished[ahead(work, closure)]:
            wished[ahead(work, closure)] -= 1
            office_id = numbers[closure.office] if closure.office else None
            add_closure(work, closure, office_id, labels)


def add_closure(
    work: Work, closure: NamedClosure, office_id: int | None, labels: Mapping[tuple[int | None, str], int]
) -> None:
    named: Any = closure.rule.counters
    counters = None if named is None else frozenset(labels[office_id, label] for label in named)
    rule = replace(closure.rule, id=NEW, counters=counters)
    number = shut(work.session, **work.own, office_id=office_id, rule=rule, reason=closure.reason)
    work.done(Act.NEW, Subject.CLOSURE, closure.reason, rule=closure)
    work.journal("added", Subject.CLOSURE, number, ("office", "reason", *names_in(rule)))


def ahead(work: Work, closure: NamedClosure) -> NamedClosure:
    """A closure as far as it is to come."""
    return replace(closure, rule=replace(closure.rule, first=max(closure.rule.first, work.since)))
