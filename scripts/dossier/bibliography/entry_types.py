"""The types an entry may have, and the type under which pandoc is given it."""

from __future__ import annotations

from functools import lru_cache

from dossier.problems import nearest

# biblatex 3.20, sections 2.1.1 to 2.1.3: regular types, aliases, types without special
# support. The types of BibTeX ("BibTeXing", Patashnik 1988, section 3.1) are all among them.
_BIBLATEX = """
article book mvbook inbook bookinbook suppbook booklet collection mvcollection incollection
suppcollection dataset manual misc online patent periodical suppperiodical proceedings
mvproceedings inproceedings reference mvreference inreference report set software thesis
unpublished xdata customa customb customc customd custome customf
conference electronic mastersthesis phdthesis techreport www
artwork audio bibnote commentary image jurisdiction legislation legal letter movie music
performance review standard video
"""
# biblatex-software and biblatex-apa; IEEEtran's control entry.
_STYLES = """
softwareversion softwaremodule codefragment
constitution legmaterial legadminmaterial nameonly
ieeetranbstctl
"""

ENTRY_TYPES = frozenset(f"{_BIBLATEX} {_STYLES}".split())


@lru_cache(maxsize=1024)
def near_types(name: str) -> tuple[str, ...]:
    """Return the known types most like `name`, best first."""
    return tuple(nearest(name, ENTRY_TYPES))
