"""The form every form here is made from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import g
from flask_wtf import FlaskForm
from wtforms import SelectChoice


class Form(FlaskForm):
    """A form that can be sent to be shown in another language: then nothing is acted on, and nothing typed is lost."""

    def validate_on_submit(self, extra_validators: object = None) -> bool:
        return not g.switching and bool(super().validate_on_submit(extra_validators))


def choices(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """What can be chosen: each value with what it is called."""
    return [SelectChoice(value, label) for value, label in pairs]
