"""The words of numbers: months, numerals, scales, units and what stands between two of a range."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

_MONTH_NAMES: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
MONTHS: Final = {
    **{name: number for number, name in enumerate(_MONTH_NAMES, 1)},
    **{name[:3]: number for number, name in enumerate(_MONTH_NAMES, 1)},
    "sept": 9,
}
"""Names of months and their abbreviations, without the full stop, by number."""

_TEENS: Final = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL: Final = {
    **{word: number for number, word in enumerate(_TEENS, 1)},
    **{word: number * 10 for number, word in enumerate(_TENS, 2)},
}
"""Numerals under a hundred."""

SCALES: Final = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
SPOKEN: Final = frozenset((*SMALL, *SCALES))

LETTER_SCALES: Final = {
    **dict.fromkeys(("k", "K"), 10**3),
    **dict.fromkeys(("m", "M", "mn", "mln"), 10**6),
    **dict.fromkeys(("b", "B", "bn"), 10**9),
    **dict.fromkeys(("t", "T", "tn"), 10**12),
}
"""Letters behind digits that multiply them: $400m, $1.4bn, 42k."""

_ORDINALS: Final = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"),
    "tenth",
)
UNIT_ORDINALS: Final = frozenset(_ORDINALS[:9])
DENOMINATORS: Final = {
    **{word: number for number, word in enumerate(_ORDINALS, 1) if number > 2},
    "half": 2,
    "quarter": 4,
}
"""Singular denominators; the plural adds an s."""

_GLYPHS: Final = {2: "½", 3: "⅓⅔", 4: "¼ ¾", 5: "⅕⅖⅗⅘", 6: "⅙   ⅚", 8: "⅛ ⅜ ⅝ ⅞"}
VULGAR: Final = {
    glyph: (top, bottom)
    for bottom, glyphs in _GLYPHS.items()
    for top, glyph in enumerate(glyphs, 1)
    if glyph != " "
}
"""Fractions of one character, as numerator and denominator."""

_PLAIN_MEASURES: Final = (
    *("second", "minute", "hour", "day", "week", "month", "year", "decade", "mile"),
    *("kilometer", "meter", "acre", "pound", "ton", "tonne", "kilogram", "gram", "gallon"),
    *("liter", "degree", "cent"),
)
_IRREGULAR: Final = {
    "foot": ("foot", "feet"),
    "inch": ("inch", "inches"),
    "century": ("century", "centuries"),
    "kilometer": ("kilometre", "kilometres"),
    "meter": ("metre", "metres"),
    "liter": ("litre", "litres"),
}
MEASURES: Final = {
    **{name: name for name in _PLAIN_MEASURES},
    **{f"{name}s": name for name in _PLAIN_MEASURES},
    **{form: name for name, forms in _IRREGULAR.items() for form in forms},
}
"""Units of measure by the words for them. What is merely counted (centers, people) is none."""

HALF: Final = Decimal("0.5")
