"""What looks like a number and is none: identifiers, ordinals, names, labels, addresses.

They are masked before numbers are read. A form that is missing here makes a false alarm, which
`sources/names.yml` ends; one too many would hide a false number. So the forms are narrow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from dossier.numbers.vocabulary import LETTER_SCALES, MONTHS, SPOKEN, VULGAR

_MASK = "\ufffc"
_HYPHEN = "[-\u2010\u2011]"
_APART = r"(?<![^\W_])"  # no letter or digit before; `_` is a mark of emphasis

# One section, with what is joined to it: 1373, 1373(a), 124h, 104-208, 5.2.
_SECTION = r"\d+(?>(?:[-\u2010-\u2013.]\d+)*)[A-Za-z]{0,2}(?>(?:\(\w{1,4}\))*)(?![^\W_])"
_QUANTITY = r"(?!,\d|\.\d|\s*%|[\s-]*(?:percent|per\scent|hundred|thousand|million|billion)\b)"
_MORE = rf"(?>(?:(?:,\s+(?:and\s+|or\s+)?|\s+(?:and|or|to|through)\s+){_SECTION}{_QUANTITY})*)"
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|(?<!\S)[^\s@]*+@\S+")
_DIGIT = re.compile(rf"[\d{''.join(VULGAR)}]")
_CODES = (
    r"(?:U\.?\s?S\.?\s?C\.?(?:\s?A\.)?|C\.?\s?F\.?\s?R\.?|Stat\.|Fed\.\s?Reg\.|S\.\s?Ct\."
    r"|F\.\s?(?:[23]d|4th)|F\.\s?Supp\.(?:\s?[23]d)?)"
)
_FORMS = (
    # Statutes, regulations and reporters: 8 U.S.C. § 1373(a), 28 CFR Part 23, 110 Stat. 3009.
    rf"{_APART}\d+\s?{_CODES}\s?(?:§§?\s?|[Ss]ec(?:tions?|s?\.)\s|[Pp]arts?\s)?{_SECTION}{_QUANTITY}",
    rf"{_APART}\d+\sU\.\s?S\.\s\d+(?=(?:,\s\d+)?\s\(\d{{4}}\))",
    rf"{_APART}(?:Pub(?:lic|\.)\s?L(?:aw|\.)|P\.\s?L\.)\s?(?:No\.\s)?{_SECTION}",
    # Bills and resolutions: SB 54, S.B. 4, S987, H.R. 1234, H. Con. Res. 5.
    (
        r"(?<![\w.'’])(?:H\.?\s?R\.?|[HS]\.\s?(?:J\.\s?|Con\.\s?)?Res\.|[SHA]\.?(?:J|C|R)\.?R\.?"
        rf"|[HSA]\.?\s?B\.?|[HS]\.?\s?F\.?|L\.?[BD]\.?|S\.)\s?\d{{1,5}}[A-Z]?(?![^\W_]){_QUANTITY}"
    ),
    (
        r"(?<![\w.])(?:Executive\sOrder|E\.?O\.?|Prop(?:osition|\.))\s(?:No\.\s)?\d+(?![^\W_])"
        rf"{_QUANTITY}"
    ),
    # Labels of the parts of a document, which count no more than an ordinal does.
    (
        rf"(?:§§|{_APART}(?:[Ss]ections|[Ss]ecs\.|[Cc]hapters|[Pp]aragraphs|[Pp]ages|pp\.|Nos\.))\s?"
        rf"{_SECTION}{_QUANTITY}{_MORE}(?:[\u2013-]\d+)?"
    ),
    (
        rf"(?:§|{_APART}(?:[Ss]ection|[Ss]ubsection|[Ss]ec\.|[Cc]hapter|[Pp]aragraph|[Pp]age|p\."
        r"|[Ff]ootnote|[Tt]itle|Part|Article|Appendix|Exhibit|Figure|Table|Volume|Vol\.|Rule|Form"
        rf"|No\.))\s?{_SECTION}{_QUANTITY}"
    ),
    rf"#{_SECTION}",
    # Dockets (3:21-cv-01418), versions (3.5.1, but not 19.11.2024) and 287(g), 501(c)(3).
    rf"{_APART}(?:\d+:)?\d+-(?:ap|bk|cr|cv|mc|md|mj)-\d+(?>(?:-\w+)*)",
    rf"{_APART}(?!\d\d?\.\d\d?\.\d{{4}}(?!\d))\d+(?:\.\d+){{2,}}",
    rf"{_APART}(?<!\d[.,])\d[\d.,]*+[A-Za-z]?(?>(?:\(\w{{1,4}}\))+)",
    rf"{_APART}\d+{_HYPHEN}[A-Z](?![^\W_])",
)
_FIXED = tuple(re.compile(form) for form in _FORMS)

_LETTERS_FIRST = re.compile(
    rf"{_APART}[^\W\d_]++\d[^\W_]*+(?>(?:\.\d+)*)(?>(?:{_HYPHEN}[^\W_]++)*)"
)
_DIGITS_FIRST = re.compile(
    rf"(?P<money>[$€£]\s?)?{_APART}(?<!\d[.,])(?P<digits>\d[\d,]*+(?:\.\d++)?)"
    rf"(?P<letters>[^\W\d_{''.join(VULGAR)}][^\W_]*+)(?>(?:{_HYPHEN}[^\W_]*\d[^\W_]*+)*)"
)
_HYPHENATED = re.compile(
    rf"{_APART}(?P<word>[^\W\d_]++){_HYPHEN}\d[^\W_]*+(?>(?:{_HYPHEN}[^\W_]++)*)"
)
_ORDINAL_ENDS = ("st", "nd", "rd", "th")
_ORDINAL = re.compile(rf"{_APART}(?<!\d,)\d[\d,]*+(?:{'|'.join(_ORDINAL_ENDS)})(?![^\W_])")
_FISCAL = re.compile(r"[FC]Y\d{4}")

# Before these and a hyphen, capital or not, a number stands as it would alone: Mid-2022.
_BEFORE = {
    *("early", "late", "mid", "over", "post", "pre", "since", "sub", "top", "under"),
    *(month for month in MONTHS),
    *SPOKEN,
}


def mask_identifiers(text: str, names: tuple[str, ...]) -> str:
    """Return a text as long as the one given, with what is no number blotted out.

    `names` are proper names with numbers in them (Special Order 40), found as written but
    for white space.
    """
    if names:
        text = _names(names).sub(_blot, text)
    text = _ADDRESS.sub(_blot, text)
    if not has_digits(text):
        return text  # all other forms have a digit
    for form in _FIXED:
        text = form.sub(_blot, text)
    text = _HYPHENATED.sub(_unless(_is_counted), text)
    text = _LETTERS_FIRST.sub(_unless(_is_fiscal), text)
    return _DIGITS_FIRST.sub(_unless(_is_scaled), text)


def has_digits(text: str) -> bool:
    """Tell whether any number of a text can be written with digits."""
    return _DIGIT.search(text) is not None


def mask_ordinals(text: str) -> str:
    """Return a text of the same length without the ordinals that are written with digits."""
    return _ORDINAL.sub(_blot, text)


def blot(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return a text of the same length with stretches of it, in order, made unreadable."""
    parts: list[str] = []
    at = 0
    for start, end in places:
        parts += [text[at:start], _MASK * (end - max(start, at))]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def _blot(match: re.Match[str]) -> str:
    return _MASK * len(match.group())


def _unless(sound: Callable[[re.Match[str]], bool]) -> Callable[[re.Match[str]], str]:
    return lambda match: match.group() if sound(match) else _blot(match)


@lru_cache(maxsize=16)
def _names(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of names, the longest first, each as a whole word."""
    ordered = sorted(names, key=len, reverse=True)
    forms = (r"\s+".join(re.escape(word) for word in name.split()) for name in ordered)
    return re.compile(rf"{_APART}(?:{'|'.join(forms)})(?![^\W_]|[.,]\d)")


def _is_counted(match: re.Match[str]) -> bool:
    """Tell whether a word before a hyphen is none of a name: it has no capital, or is a prefix."""
    return match["word"].islower() or match["word"].lower() in _BEFORE


def _is_fiscal(match: re.Match[str]) -> bool:
    return _FISCAL.fullmatch(match.group()) is not None


def _is_scaled(match: re.Match[str]) -> bool:
    """Tell whether the letters behind digits are a scale, a decade's `s` or the `x` of times."""
    letters = match["letters"]
    if letters in _ORDINAL_ENDS:
        return True  # it may be the day of a date: blotted out when the dates are read
    if match.end() > match.end("letters"):
        return False
    if letters == "x" or (letters == "s" and match["digits"].endswith("0")):
        return True
    # A capital B or T is as often part of a number of a model or a bill.
    return letters in LETTER_SCALES and (match["money"] is not None or letters not in "bBtT")
