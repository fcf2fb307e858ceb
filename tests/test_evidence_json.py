"""What is kept of the evidence between builds comes back equal, or not at all."""

from __future__ import annotations

import json
from dataclasses import fields
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier import evidence_json
from dossier.evidence_json import Form
from dossier.model import Finding, Overlap, Record, Reference, Row, Series, Span
from dossier.problems import Problem

FORMS: dict[type, Form[Any]] = {
    Reference: evidence_json.REFERENCES,
    Record: evidence_json.RECORDS,
    Finding: evidence_json.FINDINGS,
    Series: evidence_json.SERIES,
    Overlap: evidence_json.OVERLAPS,
}
_CELLS = st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3).map(MappingProxyType)


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.__name__)
@settings(max_examples=30)
@given(data=st.data())
def test_values_and_problems_come_back_equal(kind: type, data: st.DataObject) -> None:
    """Every field of every value survives JSON, lone surrogates and empty texts too."""
    st.register_type_strategy(Row, st.builds(Row, _CELLS, span=st.from_type(Span)))
    form = FORMS[kind]
    values = tuple(data.draw(st.lists(st.from_type(kind), max_size=2)))
    problems = tuple(data.draw(st.lists(st.from_type(Problem), max_size=1)))
    kept = json.loads(json.dumps(form.write_all(values, problems)))
    assert form.read_all(kept) == (values, problems)


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: kind.__name__)
def test_a_value_of_another_form_is_refused(kind: type) -> None:
    """What is no list of values and problems, or has fields too few or too many, is None."""
    form = FORMS[kind]
    wide = ["x"] * (len(fields(kind)) + 2)
    for kept in (None, 7, [], [[]], {}, [[["x"]], []], [[wide], []], [[], [["x"]]], [[None], []]):
        assert form.read_all(kept) is None, kept


def test_a_value_read_back_is_hashable_as_it_was() -> None:
    """Lists come back as tuples: what is compared or kept in sets stays so."""
    reference = Reference("k", "book", (("title", "T"),), "@book{k}", Span("r.bib"))
    kept = json.loads(json.dumps(evidence_json.REFERENCES.write_all((reference,), ())))
    read = evidence_json.REFERENCES.read_all(kept)
    assert read is not None
    assert hash(read[0][0]) == hash(reference)
