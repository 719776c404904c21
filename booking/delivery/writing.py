"""A letter's words: its subject, its plain text and its page, in the reader's languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from booking.core.alerts import AlertLetter, Cause
from booking.core.letter_facts import CommuneFacts
from booking.core.letters import Letter, LetterKind, SheetLetter, StaffLetter, VisitLetter
from booking.core.list_letters import ListLetter
from booking.core.message_texts import filled
from booking.core.translated import OFFICIAL, Translated
from booking.words import formatting, roles
from booking.words.catalogues import INTERFACE_LANGUAGES, OWN_NAMES, texts
from booking.words.plain import on_one_line

INK: Final = "#1f2937"

_l = str  # Marks a text for the translators; it is looked up when its language is known.

SUBJECTS: Final = {
    LetterKind.CONFIRMATION: (_l("Your appointment on %(moment)s"), _l("Your appointment at the commune")),
    LetterKind.MOVED: (
        _l("Your appointment has changed: %(moment)s"),
        _l("Your appointment at the commune has changed"),
    ),
    LetterKind.RESTORED: (
        _l("Your appointment on %(moment)s is kept after all"),
        _l("Your appointment at the commune is kept after all"),
    ),
    LetterKind.CANCELLATION: (
        _l("Your appointment on %(moment)s is cancelled"),
        _l("Your appointment at the commune is cancelled"),
    ),
    LetterKind.CANCELLED_BY_COMMUNE: (
        _l("We have to cancel your appointment on %(moment)s"),
        _l("We have to cancel your appointment at the commune"),
    ),
    LetterKind.REMINDER: (
        _l("Reminder: your appointment on %(moment)s"),
        _l("Reminder: your appointment at the commune"),
    ),
    LetterKind.PAUSED: (
        _l("A system is down: your appointment on %(moment)s"),
        _l("A system is down: your appointment at the commune"),
    ),
    LetterKind.REBOOKING: (
        _l("Another time for your appointment on %(moment)s"),
        _l("Another time for your appointment at the commune"),
    ),
}
"""The subject of each kind of letter, and the one of a delicate visit. Its text is the template of the same name."""

ALERTS: Final = {
    Cause.PROMISE: _l("A first free time is later than promised"),
    Cause.POST: _l("Messages to residents leave late"),
}

PRODUCT: Final = {"fr": "Guichet · Loket", "nl": "Loket · Guichet", "en": "Guichet · Loket", "de": "Guichet · Loket"}


def languages_of(letter: Letter) -> tuple[str, ...]:
    """The letter's own language, then the help language when a letter can be written in it."""
    helping = None if isinstance(letter, StaffLetter | AlertLetter) else letter.help_language
    if helping in INTERFACE_LANGUAGES and helping != letter.language:
        return letter.language, helping
    return (letter.language,)


def subject(letter: Letter) -> str:
    """One line that a notification may show to anybody: a delicate visit does not even give its moment."""
    _ = texts(letter.language).gettext
    if isinstance(letter, StaffLetter):
        return _("You are invited to work with Guichet") if letter.invited_as else _("Choose a new password")
    if isinstance(letter, AlertLetter):
        return _(ALERTS[letter.cause])
    if isinstance(letter, SheetLetter):
        day = formatting.date_sentence(letter.day, letter.language)
        return _("Day sheet of %(day)s") % {"day": day}
    said = own_subject(letter) or usual_subject(letter)
    return _("Test: %(subject)s") % {"subject": said} if letter.is_sample else said


def own_subject(letter: VisitLetter | ListLetter) -> str:
    """The commune's own, empty where it has none. About a delicate visit only what is said everywhere is said."""
    written = letter.wording.subject.texts.get(letter.language, "")
    if letter.is_sensitive or not written:
        return ""
    return on_one_line(filled(written, blanks(letter, letter.language)))


def usual_subject(letter: VisitLetter | ListLetter) -> str:
    _ = texts(letter.language).gettext
    if isinstance(letter, ListLetter):
        return list_subject(letter)
    moment = {"moment": formatting.moment_without_year(letter.day, letter.wall, letter.language)}
    named, neutral = SUBJECTS[letter.kind]
    return _(neutral) if letter.is_sensitive else _(named) % moment


def list_subject(letter: ListLetter) -> str:
    _ = texts(letter.language).gettext
    if letter.over:
        return _("We are no longer keeping the time that came free for you")
    if letter.offer is None:
        return _("Confirm that you want an earlier appointment")
    if letter.is_sensitive:
        return _("An earlier time has come free at the commune")
    moment = formatting.moment_without_year(letter.offer.day, letter.offer.wall, letter.language)
    return _("An earlier time for you: %(moment)s") % {"moment": moment}


def text(letter: Letter) -> str:
    # An absent part leaves its empty lines behind, and a template full of dashes to prevent that is unreadable.
    return re.sub(r"\n{3,}", "\n\n", written(letter, "txt")).strip() + "\n"


def page(letter: Letter) -> str:
    return written(letter, "html")


def written(letter: Letter, form: str) -> str:
    """The letter in its language and, below it and marked as a help, in the help language."""
    name = template_of(letter)
    own = letter.language
    versions = [
        (language, environment(language, own, form).get_template(f"{name}.{form}").render(letter=letter))
        for language in languages_of(letter)
    ]
    if isinstance(letter, VisitLetter | ListLetter):
        # Plain text as far as the language goes: what is rendered is escaped already, and must not be once more.
        versions = [(language, said + str(own_words(letter, "closing", language, form))) for language, said in versions]
    frame = environment(own, own, form).get_template(f"frame.{form}")
    about = letter if isinstance(letter, VisitLetter | ListLetter) else None
    return frame.render(
        letter=letter,
        subject=subject(letter),
        own=versions[0][1],
        helps=versions[1:],
        helper=about.helper_name if about else "",
        to_helper=bool(about and about.is_for_helper),
    )


def opening(letter: VisitLetter | ListLetter, language: str, form: str) -> str:
    """How a letter begins: in the commune's own words, else with a greeting."""
    own = own_words(letter, "opening", language, form)
    hello = texts(language).gettext("Hello,")
    return own or (Markup("<p>{}</p>").format(hello) if form == "html" else hello)


def own_words(letter: VisitLetter | ListLetter, part: str, language: str, form: str) -> str:
    """A part in the commune's own words, filled; empty where it has none in this language."""
    written = getattr(letter.wording, part).texts.get(language, "")
    if not written:
        return ""
    said = filled(written, blanks(letter, language))
    if form == "txt":
        return f"\n\n{said}" if part == "closing" else said
    paragraphs = [one.splitlines() for one in re.split(r"\n\s*\n", said) if one.strip()]
    return Markup("").join(Markup("<p>{}</p>\n").format(Markup("<br>").join(lines)) for lines in paragraphs)


def blanks(letter: VisitLetter | ListLetter, language: str) -> dict[str, str]:
    """What fills the blanks of a commune's own words."""
    phone, own = letter.commune.phone, letter.language
    facts = {
        "name": on_one_line(letter.addressee),
        "commune": said(letter.commune.name, language, own),
        "phone": formatting.phone_shown(phone, language) if phone else "",
    }
    told = letter.offer if isinstance(letter, ListLetter) else letter
    if told is not None:
        facts["moment"] = formatting.moment_without_year(told.day, told.wall, language)
        facts["office"] = said(told.office.name, language, own)
    if isinstance(letter, VisitLetter):
        facts["reference"] = formatting.reference_shown(letter.reference)
        facts["reason"] = said(letter.reason, language, own)
    return facts


def template_of(letter: Letter) -> str:
    if isinstance(letter, VisitLetter):
        return letter.kind.name.lower()
    if isinstance(letter, StaffLetter):
        return "invitation" if letter.invited_as else "password_reset"
    if isinstance(letter, AlertLetter):
        return f"alert_{letter.cause}"
    if isinstance(letter, SheetLetter):
        return "day_sheet"
    if letter.over:
        return "list_over"
    return "list_offer" if letter.offer else "list_proof"


@cache
def environment(language: str, own: str, form: str) -> Environment:
    """Templates that speak ``language``, and the letter's ``own`` one where a text is not written in it.

    ``form`` is ``html``, where everything is escaped, or ``txt``.
    """
    made = Environment(
        loader=PackageLoader("booking.delivery"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(texts(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(filters(language))
    made.filters["address"] = partial(said, language=language, own=own)
    made.filters["say"] = partial(spoken if form == "html" else said, language=language, own=own)
    made.globals.update(language=language, own_names=OWN_NAMES, product=PRODUCT[language], role_names=roles.NAMES)
    made.globals.update(opening=partial(opening, language=language, form=form))
    made.globals.update(notice=notice, colour=colour, strong=strong, isolated=isolated, telephone=telephone)
    return made


def filters(language: str) -> dict[str, Callable[..., str]]:
    return {
        "moment": lambda told: formatting.moment_sentence(told.day, told.wall, language),
        "moment_of": lambda wall: formatting.moment_without_year(wall.date(), wall.time(), language),
        "time": lambda wall: formatting.time_sentence(wall.time(), language),
        "day": lambda day: formatting.date_without_weekday(day, language),
        "date": lambda day: formatting.date_sentence(day, language),
        "minutes": lambda number: formatting.minutes(number, language),
        "money": lambda cents: formatting.money(cents, language),
        "phone": lambda e164: formatting.phone_shown(e164, language),
        "reference": formatting.reference_shown,
        "one_line": on_one_line,
    }


def said(facts: Translated, language: str, own: str) -> str:
    return on_one_line(facts.in_(chosen(facts, language, own)))


def spoken(facts: Translated, language: str, own: str) -> Markup:
    """The text, marked with the language it is really in when that is another one."""
    inside = facts.language_for(chosen(facts, language, own))
    words = said(facts, language, own)
    return escape(words) if inside == language else Markup('<span lang="{}">{}</span>').format(inside, words)


def chosen(facts: Translated, language: str, own: str) -> str:
    return own if facts.missing((language,)) else language


def strong(words: str) -> Markup:
    return Markup("<strong>{}</strong>").format(words)


def isolated(name: str) -> Markup:
    """A name may be written from right to left; the sentence around it stays as it is."""
    return Markup("<bdi>{}</bdi>").format(name)


def telephone(shown: str, e164: str) -> Markup:
    return Markup('<a href="tel:{}">{}</a>').format(e164, shown)


def colour(commune: CommuneFacts) -> str:
    """The commune's colour; what is none never reaches a style sheet."""
    return commune.colour if re.fullmatch(r"#[0-9a-fA-F]{6}", commune.colour) else INK


def notice(language: str) -> str:
    """What a text in a help language must say once about itself."""
    if language in OFFICIAL:
        return ""
    return texts(language).gettext("Translation. The French and Dutch texts are the official ones.")
