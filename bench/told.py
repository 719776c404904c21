"""What reaches the driver: every statement with its parameters, in the driver's own terms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

COMMIT = "COMMIT"
Told = tuple[str, Any]


@contextmanager
def told_to(engine: Engine) -> Iterator[list[Told]]:
    """The list grows with every statement and every commit."""
    told: list[Told] = []

    def statement(connection: Any, cursor: Any, said: str, parameters: Any, context: Any, many: bool) -> None:
        assert not isinstance(parameters, list), "told once for each row, which the driver would have to be too"
        told.append((said, parameters))

    def commit(connection: Any) -> None:
        told.append((COMMIT, None))

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)
