"""Abbreviations whose full stop does not end a sentence: the one list, in small letters.

Those of single letters with stops between them (U.S., S.T.O.P., e.g.) need no entry.
"""

from __future__ import annotations

import re


def _list(words: str) -> frozenset[str]:
    return frozenset(re.split(r"\s+", words.strip()))


BEFORE_MORE = _list(
    """
    adm assoc attorney-gen brig capt cf cmdr col comm'r cpl dr eds esp et fr gen gov hon lt maj
    messrs mr mrs ms msgr mt mx pres prof pvt rep reps rev sen sens sgt st supt v viz vs ex
    approx ca incl
    """
)
"""Something always follows these: titles before names, `v.` between parties."""

BEFORE_NUMBERS = _list(
    """
    app apr art arts aug ch chs cl dec exh ext feb fig figs jan jul jun mar nos no nov oct p par
    para paras pp pt pts reg sec secs sect sep sept stat suppl tit tbl vol vols
    """
)
"""These end no sentence before a number: No. 40, p. 3, Jan. 5."""

BEFORE_CAPITALS = _list(
    """
    acad admin al ave bldg blvd bros cal co conn corp ct dep't dept dist div ed est etc ft fla
    gov't id inc int'l intl jr l.l.c llc ltd mass md mich minn misc mfg nat'l natl op ord pa
    ph.d phd rd sq sr stats supp sup tenn tex univ wash wis u.s.c
    """
)
"""These end a sentence only where a word follows that begins one, such as `The` or `It`."""

OPENERS = _list(
    """
    a after all although an and another as at because before both but by during each even few for
    from he her here his how however if in it its many most neither no nobody none nor not nothing
    of on one only or other others our several she since so some such than that the their then
    there these they this those though through to under until we what when where whether which
    while who whose why with without yet you
    """
)
"""Words that, with a capital letter behind an abbreviation, begin a sentence."""
