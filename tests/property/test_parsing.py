"""Whoever reads texts finds the same in them, in the same order."""

from __future__ import annotations

from documents import job_text, resource_text, script_text, transported, unmarked
from hypothesis import given, settings
from hypothesis import strategies as st

from jobferry.model.document.facts import FactRules
from jobferry.model.document.references import VariableSyntax
from jobferry.model.kinds import ObjectKind
from jobferry.parsing.here import InProcessParser
from jobferry.parsing.ports import Text
from jobferry.parsing.processes import ParserProcesses

BROKEN = (b"", b"# a comment", b"a=b", b"<xml/>", b"[]", b'{"a":1,"a":2}', b'{"a":"\\ud800"}', b"\xff", b"{")
FAULTY = b'{"name":"j","params":[{"name":"a b","value":1e400}],"nodes":[{"name":""},{"name":"n","type":7}]}'

texts = st.one_of(
    st.builds(Text, st.just(ObjectKind.JOB), transported(job_text()).map(unmarked)),
    st.builds(Text, st.just(ObjectKind.SCRIPT), transported(script_text()).map(unmarked)),
    st.builds(Text, st.just(ObjectKind.RESOURCE), transported(resource_text()).map(unmarked)),
    st.builds(Text, st.sampled_from(ObjectKind), st.sampled_from((*BROKEN, FAULTY))),
)
readings = st.builds(
    FactRules,
    patterns=st.sampled_from(((), ("*name*",))),
    variables=st.sampled_from(VariableSyntax),
    mrs_queue=st.booleans(),
)


@settings(max_examples=15)
@given(st.lists(st.lists(texts, max_size=4), min_size=2, max_size=12), readings)
def test_processes_read_what_is_read_here(pages: list[list[Text]], reading: FactRules) -> None:
    here = list(InProcessParser().read(pages, reading))
    assert [len(reads) for reads in here] == [len(page) for page in pages]
    assert list(ParserProcesses(2, worth=1).read(pages, reading)) == here
