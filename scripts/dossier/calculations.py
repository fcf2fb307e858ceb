"""What the build fills in between `{=` and `=}`: calculations, counts, what findings say."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    localcontext,
)
from typing import Final

from dossier.model import Evidence, Overlap, in_percent
from dossier.problems import listed, nearest

COUNTED: Final[Mapping[str, str]] = {
    "findings": "findings, of all chapters",
    "origins": "distinct origins of all passages that bear on findings",
    "passages": "passages of all records",
    "records": "source records",
    "references": "entries of the bibliography",
    "series": "series",
}
"""What `count` counts, and what each word means."""

OF_FINDINGS: Final = ("assessment", "statement")
FUNCTIONS: Final[Mapping[str, tuple[str, str]]] = {
    "assessment": ("FINDING", "the badge of a finding, which leads to its row"),
    "statement": ("FINDING", "the words of a finding"),
    "count": ("WHAT", "how many there are"),
    "origins": ("FINDING", "the number of distinct origins that support a finding"),
    "overlap": (
        "PART, WHOLE",
        "how much of a text stands in another, in percent, as `sources/overlaps.yml` has it",
    ),
}
"""What is filled in between `{=` and `=}`: the words in the brackets, and what is printed."""


@dataclass(frozen=True, slots=True)
class Worked:
    """A number worked out: what is printed, and the working where it is a calculation."""

    result: str
    working: str = ""


@dataclass(frozen=True, slots=True)
class OfFinding:
    """What of a finding is to be printed: a word of `OF_FINDINGS`, and the finding's id."""

    what: str
    finding: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a calculation cannot be worked out: a code, a message and the mend."""

    code: str
    message: str
    hint: str


_CALL = re.compile(r"(?P<name>[A-Za-z]+)\s*\((?P<arguments>[^()]*)\)\s*")
_NUMBER = re.compile(r"[$€£]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[$€£]?\d+(?:\.\d+)?")
_RESULT = re.compile(
    r"(?P<money>[$€£]?)(?P<minus>[-−]?)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"\s*(?P<percent>%|per\s?cent)?(?P<unit>(?:\s+\w[\w -]*)?)"
)
_ARITHMETIC = re.compile(r"[0-9.+*/()\s-]+")
_LONGEST = 400
# Digits enough for whatever _LONGEST characters can come to.
_PRECISION = 3 * _LONGEST


def names_a_finding(source: str) -> bool:
    """Tell whether what stands between the marks asks for words of a finding, not a number."""
    call = _CALL.fullmatch(source)
    return call is not None and call["name"] in OF_FINDINGS


def work_out(
    source: str, evidence: Evidence, origins: dict[str, int], every_origin: Collection[str]
) -> Worked | OfFinding | Fault:
    """Return the number or the finding for what stands between the marks, or why there is none.

    `origins` gives for each finding the number of origins that support it;
    `every_origin` holds the distinct origins of all passages that bear on findings.
    """
    if len(source) > _LONGEST:
        return Fault("bad-calculation", "this calculation is too long", "split it")
    call = _CALL.fullmatch(source)
    if call:
        return _count(call, evidence, origins, every_origin)
    terms, equals, result = source.rpartition("=")
    if not equals:
        return Fault(
            "bad-calculation",
            "a calculation gives its result, and a count has a name and brackets",
            "write {= 1 + 2 = 3 =} or {= count(findings) =}",
        )
    with localcontext(prec=_PRECISION):
        return _calculate(terms.strip(), result.strip())


def _count(
    call: re.Match[str], evidence: Evidence, origins: dict[str, int], every_origin: Collection[str]
) -> Worked | OfFinding | Fault:
    name = call["name"]
    arguments = [word.strip() for word in call["arguments"].split(",") if word.strip()]
    if name == "count" and len(arguments) == 1:
        counts = {
            "findings": len(evidence.findings),
            "origins": len(every_origin),
            "passages": sum(len(record.passages) for record in evidence.records.values()),
            "records": len(evidence.records),
            "references": len(evidence.references),
            "series": len(evidence.series),
        }
        if arguments[0] in counts:
            return Worked(f"{counts[arguments[0]]:,}")
        return _unknown("nothing that is counted", arguments[0], COUNTED, "counted are")
    if name == "origins" and len(arguments) == 1:
        if arguments[0] in origins:
            return Worked(f"{origins[arguments[0]]:,}")
        return _unknown("no finding", arguments[0], origins)
    if name in OF_FINDINGS and len(arguments) == 1:
        known = [finding.id for finding in evidence.findings]
        if arguments[0] in known:
            return OfFinding(name, arguments[0])
        return _unknown("no finding", arguments[0], known)
    if name == "overlap" and len(arguments) in (2, 3):
        return _overlap(arguments, evidence.overlaps)
    if name in FUNCTIONS:
        forms = (
            "count(findings), origins(finding-id), overlap(part, whole), assessment(finding-id) "
            "or statement(finding-id)"
        )
        return Fault("bad-calculation", f"`{name}` does not take these words", f"write {forms}")
    return _unknown("no count", name, FUNCTIONS)


def _unknown(what: str, word: str, known: Collection[str], there_are: str = "there are") -> Fault:
    near = nearest(word, known)
    words = listed(near or sorted(known)[:8])
    hint = f"did you mean {words}?" if near else f"{there_are} {words}"
    return Fault("unknown-count", f"`{word}` is {what}", hint)


_RUN = "5"


def _overlap(arguments: list[str], overlaps: tuple[Overlap, ...]) -> Worked | Fault:
    part, whole, run = (*arguments, _RUN)[:3]
    for overlap in overlaps:
        if (overlap.part, overlap.whole, str(overlap.run)) == (part, whole, run):
            return Worked(in_percent(overlap.share))
    return Fault(
        "unknown-count",
        f"no overlap of `{part}` in `{whole}` is measured over runs of {run} words",
        "sources/overlaps.yml lists what is",
    )


def _calculate(terms: str, result: str) -> Worked | Fault:
    shown = _RESULT.fullmatch(result)
    if shown is None:
        return Fault(
            "bad-calculation",
            f"`{result}` is no number",
            "write the result as digits, with $ before or % behind",
        )
    value = _value(terms)
    if isinstance(value, Fault):
        return value
    number = Decimal(shown["number"].replace(",", ""))
    if shown["minus"]:
        number = -number
    if shown["percent"]:
        value *= 100
    digits = max(0, -int(number.as_tuple().exponent))
    unit = Decimal(1).scaleb(-digits)
    roundings = {value.quantize(unit, rule) for rule in (ROUND_HALF_UP, ROUND_HALF_EVEN)}
    if number not in roundings:
        right = value.quantize(unit, ROUND_HALF_UP)
        return Fault(
            "calculation-wrong",
            f"{terms} is {right:,}{'%' if shown['percent'] else ''}, not {result}",
            "mend the result or the terms",
        )
    return Worked(result, " ".join(terms.replace("*", "×").replace("/", "÷").split()))


def _value(terms: str) -> Decimal | Fault:
    """Return the value of an arithmetic expression of decimal numbers, + - * / and brackets."""
    fault = Fault(
        "bad-calculation",
        f"`{terms}` is no calculation",
        "write numbers with + - * / and brackets; words stand outside of the marks",
    )
    plain = _NUMBER.sub(lambda m: m.group().lstrip("$€£").replace(",", ""), terms)
    plain = plain.replace("×", "*").replace("÷", "/").replace("−", "-")
    if not _ARITHMETIC.fullmatch(plain):
        return fault
    try:
        return _evaluate(ast.parse(plain.strip(), mode="eval").body, plain.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return fault
    except (DivisionByZero, InvalidOperation):
        return Fault("bad-calculation", f"`{terms}` cannot be worked out", "mend the terms")


def _evaluate(node: ast.expr, source: str) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return Decimal(ast.get_source_segment(source, node) or "0")
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand, source)
    if isinstance(node, ast.BinOp):
        left, right = _evaluate(node.left, source), _evaluate(node.right, source)
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Div):
            return left / right
    raise ValueError(source)
