"""What an installation fetches is what the application uses, in the versions that were tested."""

from __future__ import annotations

import re
from importlib.metadata import packages_distributions, requires, version

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as plain

from tests.shape import MIGRATIONS, ROOT, imports_of

# Started, or found by others, without being imported.
NOT_IMPORTED = {"gunicorn", "psycopg", "tzdata"}


def listed(name: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text().splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-")]


def pinned(name: str) -> dict[str, str]:
    """What a file pins, and to which version; every line of it does."""
    pins = {plain(one.name): re.fullmatch("==([0-9][^*]*)", str(one.specifier)) for one in listed(name)}
    assert None not in pins.values(), f"{name} leaves a version open"
    return {distribution: pin[1] for distribution, pin in pins.items() if pin}


def needed_by(wanted: list[Requirement]) -> set[str]:
    """All that is installed because of these, in turn, on this machine."""
    waiting, seen = [(one, "") for one in wanted], set()
    while waiting:
        one, extra = waiting.pop()
        if (one.marker and not one.marker.evaluate({"extra": extra})) or (plain(one.name), *one.extras) in seen:
            continue
        seen.add((plain(one.name), *one.extras))
        below = [Requirement(line) for line in requires(one.name) or ()]
        waiting += [(other, asked) for other in below for asked in ("", *one.extras)]
    return {name for name, *_ in seen}


def test_what_is_imported_is_pinned_and_nothing_else_is() -> None:
    files = [*(ROOT / "booking").rglob("*.py"), *MIGRATIONS.rglob("*.py")]
    imported = {name.partition(".")[0] for path in files for name in imports_of(path)}
    distributions = packages_distributions()
    used = {distribution for package in imported for distribution in distributions.get(package, ())}

    assert pinned("requirements.txt").keys() == {plain(name) for name in used} | NOT_IMPORTED


def test_what_those_need_in_turn_is_pinned_as_well_and_nothing_else_is() -> None:
    wanted = listed("requirements.txt") + listed("requirements-dev.txt")
    in_turn = needed_by(wanted) - {plain(one.name) for one in wanted}

    assert pinned("constraints.txt").keys() == in_turn
    assert "-c constraints.txt" in (ROOT / "requirements.txt").read_text().splitlines()


def test_the_pinned_versions_are_those_the_tests_run_with() -> None:
    pins = pinned("requirements.txt") | pinned("requirements-dev.txt") | pinned("constraints.txt")

    assert pins == {name: version(name) for name in pins}
