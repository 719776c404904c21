"""How the two visits of a service in steps follow one another, as sentences in the reader’s language."""

from __future__ import annotations

from flask_babel import gettext, ngettext


def order_of_steps(days: int) -> str:
    if not days:
        return gettext("The visit with the file comes after the one for information.")
    return ngettext(
        "The visit with the file comes at least %(num)s day after the one for information.",
        "The visit with the file comes at least %(num)s days after the one for information.",
        days,
    )


def order_told(days: int) -> str:
    """The same to whoever chose a time that turns them round."""
    return f"{order_of_steps(days)} {gettext('Please choose another time.')}"
