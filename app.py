"""The application as ``flask``, ``gunicorn app:app`` and the tests find it."""

from __future__ import annotations

from booking import create_app

app = create_app()
