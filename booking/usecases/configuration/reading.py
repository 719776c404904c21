"""From a file that was read to all that it says of a commune, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from booking.core.configuration.kinds import UNREAD, Key, Kind, Many, Record, unlike
from booking.core.configuration.scalars import Number
from booking.core.configuration.tree import Branch, Fault, FaultKind, Faults, Leaf, Node, Row
from booking.core.services import gaps_of_counters
from booking.models.offices import CounterKind
from booking.usecases.configuration.hours import (
    MOST_CLOSURES,
    MOST_SESSIONS,
    check_clashes,
    closure_record,
    session_record,
)
from booking.usecases.configuration.sections import (
    COMMUNE,
    FACTS,
    GROUP,
    RULES,
    Configuration,
    Names,
    OfficeSection,
    ServiceState,
    counter_record,
    service_record,
)
from booking.usecases.offices import OfficeFacts
from booking.usecases.queue_rules import QueueRules

VERSION = 1
MOST_GROUPS, MOST_SERVICES, MOST_OFFICES, MOST_COUNTERS = 19, 300, 60, 120


class Depending:
    """Records whose keys depend on what each of them says itself; ``whole`` is how all of them are written."""

    def __init__(self, pick: Any, whole: Record) -> None:
        self.pick, self.whole = pick, whole

    def read(self, node: Node, faults: Faults) -> Any:
        return self.pick(node).read(node, faults)

    def write(self, value: Any) -> Any:
        return self.whole.write(value)


def read_configuration(tree: Node) -> tuple[Configuration | None, tuple[Fault, ...]]:
    """What a file says, and everything that is wrong with it: only one that has no fault can be applied."""
    faults = Faults()
    said = file_record(names_in(tree)).read(tree, faults)
    if said is not UNREAD and said["guichet"] != VERSION and isinstance(tree, Branch):
        faults.note(tree.lines["guichet"], FaultKind.OTHER_VERSION, VERSION)
    if said is not UNREAD:
        check_counters(said, tree, faults)
    if faults.found or said is UNREAD:
        return None, faults.in_order()
    return Configuration(**{name: value for name, value in said.items() if name != "guichet"}), ()


def check_counters(said: Mapping[str, Any], tree: Node, faults: Faults) -> None:
    """What can be done online has a counter that does it as well, before it is published."""
    served = {code for office in said["offices"] for counter in office.counters for code in counter.services}
    for service, node in zip(said["services"], listed(tree, "services"), strict=True):
        is_public = service.state == ServiceState.PUBLISHED
        if is_public and gaps_of_counters(service.content.mode, int(service.code in served)):
            faults.note(node.line, FaultKind.NOT_PUBLISHABLE, "counters")


def written(configuration: Configuration) -> dict[str, Any]:
    """What a configuration says, in plain values for a file."""
    return file_record(names_of(configuration)).write(vars(configuration) | {"guichet": VERSION})


def file_record(names: Names) -> Record:
    services = Many(service_record(names), MOST_SERVICES, unlike(lambda one: one.code))
    groups = Many(GROUP, MOST_GROUPS, unlike_groups)
    office = Depending(lambda node: office_record(names, node), office_record(names, None))
    closures = Many(Depending(lambda node: closure_at(names, node), closure_record({}, None)), MOST_CLOSURES)
    return Record(
        {
            "guichet": Key(Number(1, 999)),
            "commune": Key(COMMUNE),
            "groups": Key(groups, ()),
            "services": Key(services, ()),
            "offices": Key(Many(office, MOST_OFFICES, unlike(lambda one: one.code)), ()),
            "closures": Key(closures, ()),
        }
    )


def unlike_groups(groups: Any, nodes: Any, faults: Faults) -> None:
    unlike(lambda one: one.code)(groups, nodes, faults)
    unlike(lambda one: one.letter)(groups, nodes, faults)


def office_record(names: Names, node: Node | None) -> Record:
    """The keys of an office, whose sessions may name its own counters."""
    code = text_at(node, "code") or ""
    counters, lanes = names.counters.get(code, frozenset()), names.lanes.get(code, frozenset())
    sessions = Many(session_record(counters, lanes, names.services), MOST_SESSIONS, check_clashes)
    keys: dict[str, Key] = {
        **FACTS,
        **RULES,
        "is_retired": retired(),
        "counters": Key(Many(counter_record(names.services), MOST_COUNTERS, unlike(lambda one: one.label)), ()),
        "sessions": Key(sessions, ()),
    }
    return Record(keys, office_of, taken=said_of_office)


def retired() -> Key:
    return counter_record(()).keys["is_retired"]


def office_of(*, counters: Any, sessions: Any, is_retired: bool, **said: Any) -> OfficeSection:
    facts = OfficeFacts(**{name: said[name] for name in FACTS})
    rules = QueueRules(**{name: said[name] for name in RULES})
    return OfficeSection(facts, rules, counters, sessions, is_retired)


def said_of_office(office: OfficeSection) -> dict[str, Any]:
    own = {"counters": office.counters, "sessions": office.sessions, "is_retired": office.is_retired}
    return vars(office.facts) | vars(office.rules) | own


def closure_at(names: Names, node: Node) -> Kind:
    return closure_record(names.labels, text_at(node, "office"))


# What the parts of a file are called


def names_in(tree: Node) -> Names:
    """The names a file gives, whatever else is wrong with it."""
    services = {text_at(one, "code"): text_at(one, "state") for one in listed(tree, "services")}
    offices = {text_at(one, "code") or "": one for one in listed(tree, "offices")}
    return Names(
        groups=known(text_at(one, "code") for one in listed(tree, "groups")),
        services=known(services),
        living=known(code for code, state in services.items() if state != ServiceState.DEACTIVATED),
        counters={code: labels(one, are_lanes=False) for code, one in offices.items()},
        lanes={code: labels(one, are_lanes=True) for code, one in offices.items()},
    )


def labels(office: Node, *, are_lanes: bool) -> frozenset[str]:
    found = (
        text_at(one, "label")
        for one in listed(office, "counters")
        if (text_at(one, "kind") == CounterKind.EXTRA) == are_lanes
    )
    return known(found)


def known(names: Any) -> frozenset[str]:
    return frozenset(name for name in names if name)


def listed(node: Node | None, name: str) -> Iterator[Node]:
    found = node.items.get(name) if isinstance(node, Branch) else None
    yield from found.items if isinstance(found, Row) else ()


def text_at(node: Node | None, name: str) -> str | None:
    found = node.items.get(name) if isinstance(node, Branch) else None
    return found.text if isinstance(found, Leaf) else None


def names_of(configuration: Configuration) -> Names:
    """The names of a configuration that is there: nothing is asked of it, it is only written."""
    empty: Mapping[str, frozenset[str]] = {office.code: frozenset() for office in configuration.offices}
    return Names(counters=empty, lanes=empty)
