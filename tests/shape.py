"""What the shape tests read: imports, schemas and texts, as they stand in the tree and in the databases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, text

ROOT = Path(__file__).resolve().parent.parent
MIGRATIONS = ROOT / "migrations"


def imports_of(path: Path) -> Iterator[str]:
    """Every module, and every name taken from a module, that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names)


def calls_in(path: Path) -> Iterator[tuple[str, str]]:
    """Everything a file calls, with what it is asked of: ``("time", "sleep")`` of ``time.sleep(1)``."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            asked = node.func.value if isinstance(node.func, ast.Attribute) else None
            yield last_word(asked), last_word(node.func)


def called_in(path: Path) -> set[str]:
    return {verb for _, verb in calls_in(path)}


def last_word(node: ast.expr | None) -> str:
    """``read`` of ``read()``, ``session`` of ``db.session``."""
    if isinstance(node, ast.Call):
        return last_word(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


@cache
def texts_in_the_tree() -> dict[str, tuple[str, ...]]:
    """Every sentence the code and the templates want translated, by its singular: ``(singular[, plural])``."""
    with (ROOT / "babel.cfg").open() as config:
        methods, options = parse_mapping_cfg(config)
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(["_l"])}
    texts: dict[str, tuple[str, ...]] = {}
    for _, _, message, _, _ in extract_from_dir(str(ROOT / "booking"), methods, options, keywords):
        ids = (message,) if isinstance(message, str) else tuple(message)
        texts[ids[0]] = ids
    return texts


def blanks(text_: str) -> set[str]:
    """The named placeholders of a sentence."""
    return set(re.findall(r"%\((\w+)\)[a-z]", text_))


def migrate(app: Flask, *, to: str, up: bool = False) -> None:
    """Take the database of ``app`` to a revision: down to a number or ``base``, or up to a number or ``head``."""
    with app.app_context():
        (upgrade if up or to == "head" else downgrade)(str(MIGRATIONS), to)


def schema_of(engine: Engine) -> dict[str, Any]:
    """Tables, columns, constraints and indexes as the database itself tells them, whatever their order."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            return {name: in_parts(sql) for name, sql in rows if own(name)}
        return {
            kind: {row for row in map(tuple, connection.execute(text(sql))) if own(row[0])}
            for kind, sql in POSTGRES.items()
        }


def own(table: str) -> bool:
    return not table.startswith(("sqlite_", "alembic_"))


def in_parts(sql: str) -> tuple[str, frozenset[str], str]:
    """A CREATE statement as its head, the unordered parts between its outer brackets, and its tail."""
    flat = " ".join(sql.replace('"', "").split())
    opening, closing, depth, parts = flat.index("("), flat.rindex(")"), 0, [""]
    for character in flat[opening + 1 : closing]:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return flat[:opening].strip(), frozenset(part.strip() for part in parts), flat[closing + 1 :].strip()


POSTGRES = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}
