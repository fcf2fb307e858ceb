"""Locales for whose languages CSL has words: "and", "n.d.", the labels of locators."""

from __future__ import annotations

import re

from dossier.model import Span
from dossier.problems import Problem

# The languages of the CSL locales (repository citation-style-language/locales, release 1.0.2).
_LANGUAGES = """
af ar bg ca cs cy da de el en es et eu fa fi fr gl he hi hr hu id is it ja km ko la lij lt lv mn nb
nl nn pl pt ro ru sk sl sr sv th tr uk vi zh
"""
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read_locale(locale: str, *, place: Span) -> tuple[str, tuple[Problem, ...]]:
    """Return a locale as pandoc takes it (RFC 5646), en-US for one without words in CSL."""
    tag = locale.strip().replace("_", "-") or "en-US"
    if _LOCALE.fullmatch(tag) and tag.partition("-")[0].lower() in _LANGUAGES.split():
        return tag, ()
    message = f"no citation words are known for the locale {locale}"
    hint = "write a language, or a language and a country, as in en-US or de-DE"
    problem = Problem("unknown-locale", place.path, place.line, place.column, message, hint)
    return "en-US", (problem,)
