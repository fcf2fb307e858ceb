"""Numbers that are no dates: digits and words with their scales and units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from dossier.numbers.dates import FIRST_YEAR, LAST_YEAR
from dossier.numbers.spoken import Spoken
from dossier.numbers.values import EXACT, Kind
from dossier.numbers.vocabulary import LETTER_SCALES, MEASURES, SCALES, VULGAR

_GLYPHS = "".join(VULGAR)
_GAP = "(?:\\s+|[-\u2010\u2011])"
_END = r"(?![^\W_])"
_DIGITS = re.compile(
    r"(?P<sign>(?<![^\s(\[“\"‘'])[-−+]|(?<![^\W_])[Mm]inus\s+)?"
    r"(?P<currency>(?:(?<![^\W_])(?:(?:US|U\.S\.)\s?|CA?|AU?))?[$€£]\s?"
    r"|(?<![^\W_])(?:USD|EUR|GBP)\s)?(?P<inner>(?<=[$€£])[-−])?"
    r"(?:(?<![^\W_])|(?<=\bFY)|(?<=\bCY))(?<!\d\.)"
    r"(?P<numeral>\d{1,3}(?:[,\u2009\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<!\.)\.\d+)"
    rf"(?P<tail>\s?[{_GLYPHS}])?|(?P<glyph>[{_GLYPHS}])"
)
_SHARE = re.compile(r"(?P<n>[1-9])/(?P<d>\d\d?)(?![\d/]|[^\W_])")
_SCALE = re.compile(rf"{_GAP}(?P<word>{'|'.join(SCALES)}){_END}", re.IGNORECASE)
_LETTERS = re.compile(rf"(?P<gap>\s?)(?P<letters>{'|'.join(LETTER_SCALES)}){_END}")
_DECADE = re.compile(rf"s{_END}")
_PERCENT = re.compile(
    rf"\s*(?:%|(?:[-\u2010\u2011]\s*)?(?:per\s?cent(?P<age>age)?|pct\.?){_END})"
    rf"(?P<points>[\s-]points?{_END})?",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"{_GAP}(?:(?:U\.?S\.?|American)\s)?(?P<word>dollars?|USD|euros?|EUR|GBP|pounds\ssterling)"
    rf"{_END}",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    rf"{_GAP}(?P<word>{'|'.join(sorted(MEASURES, key=len, reverse=True))}){_END}", re.IGNORECASE
)
_MINUS = re.compile(r"(?<![^\W_])minus\s+\Z", re.IGNORECASE)
_MINUS_WIDTH = 10
_CURRENCIES = {
    **dict.fromkeys(("$", "us$", "u.s.$", "usd", "dollar", "dollars"), "$"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "€"),
    **dict.fromkeys(("£", "gbp", "pounds sterling"), "£"),
    **dict.fromkeys(("c$", "ca$"), "CA$"),
    **dict.fromkeys(("a$", "au$"), "AU$"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number while it is read: `written` times `scale` in a unit, and where it stands.

    `bare` marks four digits and nothing else, that may be a year, and `alone` the word *one*,
    that is a number with a scale or a unit only.
    """

    start: int
    end: int
    written: Decimal
    scale: int = 1
    kind: Kind = "count"
    unit: str = ""
    bare: bool = False
    alone: bool = False

    @property
    def value(self) -> Decimal:
        """The number with its scale worked in."""
        if self.scale == 1:
            return self.written
        return EXACT.multiply(self.written, Decimal(self.scale))


def read_digits(text: str) -> Iterator[Quantity]:
    """Yield the numbers written with digits; dates and identifiers are masked in the text."""
    end = 0
    while (match := _DIGITS.search(text, end)) is not None:
        number = _share(text, match) or _with_suffix(text, _plain(match))
        yield number
        end = number.end


def of_words(text: str, spoken: Spoken) -> Quantity:
    """Return a number in words with its sign and the unit that follows it in the text."""
    minus = _MINUS.search(text, max(0, spoken.start - _MINUS_WIDTH), spoken.start)
    written = spoken.written.copy_negate() if minus else spoken.written
    start = minus.start() if minus else spoken.start
    number = Quantity(start, spoken.end, written, spoken.scale, spoken.kind, alone=spoken.alone)
    return number if number.kind in ("fraction", "vague") else _with_unit(text, number)


def _share(text: str, match: re.Match[str]) -> Quantity | None:
    """Return `1/3` or `⅓` as a fraction, None where the figures are of another kind (9/11)."""
    start = match.start()
    if match["glyph"]:
        return Quantity(start, match.end(), _quotient(match["glyph"]), kind="fraction")
    share = _SHARE.match(text, start)
    if share is None or not int(share["n"]) < int(share["d"]) <= 10:
        return None
    value = EXACT.divide(Decimal(share["n"]), Decimal(share["d"]))
    return Quantity(start, share.end(), value, kind="fraction")


def _quotient(glyph: str) -> Decimal:
    top, bottom = VULGAR[glyph]
    return EXACT.divide(Decimal(top), Decimal(bottom))


def _plain(match: re.Match[str]) -> Quantity:
    """Return the number of digits, with its sign and currency and without what follows."""
    written = Decimal(re.sub(r"[,\u2009\u202f]", "", match["numeral"]))
    tail = (match["tail"] or "").strip()
    if tail:
        written = EXACT.add(written, _quotient(tail))
    sign = (match["sign"] or "") + (match["inner"] or "")
    if sign.strip().lower() in ("-", "−", "minus"):
        written = written.copy_negate()
    currency = (match["currency"] or "").strip().lower().replace(" ", "")
    plain = not (sign or currency or tail)
    bare = plain and len(match["numeral"]) == 4 and match["numeral"].isdigit()
    return Quantity(
        match.start(),
        match.end(),
        written,
        kind="money" if currency else "count",
        unit=_CURRENCIES.get(currency, currency),
        bare=bare and FIRST_YEAR <= written <= LAST_YEAR,
    )


def _with_suffix(text: str, number: Quantity) -> Quantity:
    """Return a number of digits with the scale and the unit that follow it."""
    decade = _DECADE.match(text, number.end)
    if decade:
        kind: Kind = "decade" if number.bare else "vague"
        return replace(number, end=decade.end(), kind=kind, bare=False)
    scaled = _scaled(text, number)
    return replace(_with_unit(text, scaled), bare=_is_bare(text, scaled))


def _scaled(text: str, number: Quantity) -> Quantity:
    letters = _LETTERS.match(text, number.end)
    if letters and (number.kind == "money" or not letters["gap"]):
        scale = LETTER_SCALES[letters["letters"]]
        return replace(number, end=letters.end(), scale=scale, bare=False)
    while (match := _SCALE.match(text, number.end)) is not None:
        scale = number.scale * SCALES[match["word"].lower()]
        number = replace(number, end=match.end(), scale=scale, bare=False)
    return number


def _is_bare(text: str, number: Quantity) -> bool:
    """Tell whether four digits stay a year: `2014 year-end` holds one, `2014 years` does not."""
    if not number.bare or _PERCENT.match(text, number.end) or _MONEY.match(text, number.end):
        return False
    measure = _MEASURE.match(text, number.end)
    return measure is None or measure["word"].lower() == MEASURES[measure["word"].lower()]


def _with_unit(text: str, number: Quantity) -> Quantity:
    money = _MONEY.match(text, number.end)
    if number.kind == "money":
        return replace(number, end=money.end()) if money else number
    if money:
        word = " ".join(money["word"].lower().split())
        return replace(number, end=money.end(), kind="money", unit=_CURRENCIES[word])
    percent = _PERCENT.match(text, number.end)
    if percent:
        # `percentage` alone is a word of its own: three percentage figures.
        if percent["age"] and not percent["points"]:
            return number
        unit = "points" if percent["points"] else "%"
        return replace(number, end=percent.end(), kind="percent", unit=unit)
    measure = _MEASURE.match(text, number.end)
    if measure and not (number.bare and _is_bare(text, number)):
        return replace(number, end=measure.end(), unit=MEASURES[measure["word"].lower()])
    return number
