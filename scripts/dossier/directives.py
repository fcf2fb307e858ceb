"""The directives: every line `::: name` that a page may have, and what it shows.

The check of pages reads their names and options from this one table, and the guides print it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Form:
    """How a directive is written: its argument, `[...]` where it may be left out, and options.

    `options` gives for each option the values that it takes, with what they mean.
    """

    argument: str
    means: str
    options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


DIRECTIVES: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "bibliography": Form(
            "",
            "the whole bibliography; every citation of the site leads here, and each work says "
            "where it is cited",
        ),
        "chart": Form(
            "SERIES",
            "a series as a picture, with its table folded below it; `assessments` in the place of "
            "a series draws all findings by chapter",
        ),
        "explorer": Form(
            "", "all findings in one table, by number, to choose among and to put in order"
        ),
        "findings": Form(
            "[CHAPTER]",
            "the findings of a chapter, or all, each with its assessment and the passages that "
            "bear on it",
            {"form": {"short": "statements and assessments alone, each leading to its chapter"}},
        ),
        "history": Form("", "what changed in the findings between the versions that git has"),
        "table": Form("SERIES", "a series as a table"),
        "assessments": Form(
            "",
            "the scale of the six assessments: their meanings, and the findings of each, counted",
        ),
        "drift": Form(
            "[KEY or KEY#PASSAGE]",
            "how a quotation changed from copy to copy: each passage that others name in "
            "`variant_of`, with the words that differ marked",
        ),
        "lineage": Form(
            "[KEY]",
            "which source takes its text or its facts from which, as a picture: of all sources, "
            "or of one and those around it",
        ),
        "rules": Form("", "how quotations are compared: what is forgiven, and what may be edited"),
        "verification": Form(
            "",
            "what was checked and how, counted, with every exception that the records make",
        ),
    }
)
