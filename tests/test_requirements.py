"""What an installation fetches is what the application uses, in the versions that were tested."""

from __future__ import annotations

import re
from importlib.metadata import packages_distributions

from tests.shape import MIGRATIONS, ROOT, imports_of

# Started, or found by others, without being imported.
NOT_IMPORTED = {"gunicorn", "psycopg", "tzdata"}


def test_what_is_imported_is_pinned_and_nothing_else_is() -> None:
    pins = re.findall(r"^([\w-]+)[^=\n]*==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    files = [*(ROOT / "booking").rglob("*.py"), *MIGRATIONS.rglob("*.py")]
    imported = {name.partition(".")[0] for path in files for name in imports_of(path)}
    distributions = packages_distributions()
    used = {distribution for package in imported for distribution in distributions.get(package, ())}

    assert {plain(pin) for pin in pins} == {plain(name) for name in used} | NOT_IMPORTED


def plain(distribution: str) -> str:
    return distribution.lower().replace("_", "-")
