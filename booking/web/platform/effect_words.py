"""What a configuration does to a commune, in words: what is new, changed, gone or back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from booking.core.changes import AddClosure
from booking.core.opening import SessionRule
from booking.core.translated import Translated
from booking.usecases.configuration.effect import Act, Effect, Item, Subject
from booking.usecases.configuration.hours import NamedClosure
from booking.usecases.configuration.sections import Configuration
from booking.web.admin.told import Names, closure_told, place_told, told
from booking.web.languages import current_language

ACTS: Mapping[Act, Any] = {
    Act.NEW: _l("New"),
    Act.CHANGED: _l("Changed"),
    Act.GONE: _l("Taken out of use"),
    Act.BACK: _l("In use again"),
}
SUBJECTS: Mapping[Subject, Any] = {
    Subject.COMMUNE: _l("Commune"),
    Subject.GROUP: _l("Topic"),
    Subject.SERVICE: _l("Service"),
    Subject.OFFICE: _l("Office"),
    Subject.COUNTER: _l("Counter"),
    Subject.SESSION: _l("Opening hours"),
    Subject.CLOSURE: _l("Closure"),
}


@dataclass(frozen=True)
class Told:
    """One thing a file does: what kind of thing, which one, and the keys that differ."""

    subject: Any
    what: str
    fields: tuple[str, ...]


def by_act(effect: Effect, configuration: Configuration, *, today: date) -> list[tuple[Any, list[Told]]]:
    """What a file does, sorted by whether it is new, changed, gone or back."""
    names = names_in(configuration)
    found = {act: [told_of(one, names, today) for one in effect.items if one.act == act] for act in Act}
    return [(ACTS[act], items) for act, items in found.items() if items]


def told_of(item: Item, names: Names, today: date) -> Told:
    return Told(SUBJECTS[item.subject], what_of(item, names, today), item.fields)


def what_of(item: Item, names: Names, today: date) -> str:
    place, name = said(item.place), said(item.name)
    match item.rule:
        case SessionRule():
            return f"{place} – {told(item.rule, names, today=today)}"
        case NamedClosure():
            counters: Iterable[Any] = sorted(item.rule.rule.counters or ())
            where = place_told(item.rule.office, list(counters))
            return closure_told(AddClosure(None, item.rule.rule, item.rule.reason), where)
    return _("%(office)s, counter %(counters)s", office=place, counters=name) if place else name


def names_in(configuration: Configuration) -> Names:
    """A file names counters by their labels and services by their codes: so do its rules."""
    labels: Any = {counter.label: counter.label for office in configuration.offices for counter in office.counters}
    services: Any = {one.code: said(one.content.name) for one in configuration.services}
    return Names(labels, services)


def said(name: Translated | str) -> str:
    return name.joined(current_language()) if isinstance(name, Translated) else name
