"""What comes in as a copy is the source's text, letter by letter, but for the name."""

from __future__ import annotations

import json

import msgspec
from documents import job_text, script_text
from hypothesis import given

from builders import Load, job, script, stored, target
from jobferry.model.document.edits import Put, edited
from jobferry.model.kinds import ObjectKind
from jobferry.model.transfer.policy import Duplicates
from jobferry.model.transfer.rewrite import copy_name

HERE = (
    stored(ObjectKind.JOB, job("j")),
    stored(ObjectKind.SCRIPT, script("s"), id_=2),
)
COPIES = {(ObjectKind.JOB, "j"): "j_copy", (ObjectKind.SCRIPT, "s"): "s_copy"}


@given(job_text(), script_text())
def test_a_copys_text_is_the_sources_but_for_the_name(written_job: str, written_script: str) -> None:
    load = Load().add(ObjectKind.JOB, written_job.encode(), name="j")
    load.add(ObjectKind.SCRIPT, written_script.encode(), name="s")
    view = msgspec.structs.replace(target(*HERE), copies=COPIES)
    for arrival in load.context(view, duplicates=Duplicates.COPY).items:
        text = load.text_of(arrival.entry)
        made = edited(text, arrival.edits)
        assert (arrival.target, arrival.is_copy) == (None, True)
        assert json.loads(made)["name"] == arrival.name == COPIES[arrival.entry.key]
        back = [Put(one.path, json.loads(text)["name"]) for one in arrival.edits if one.path == ("name",)]
        assert len(back) == len(arrival.edits) == 1
        assert edited(made, back) == edited(text, back)


def test_names_of_copies_are_cut_where_they_would_be_too_long() -> None:
    assert copy_name("{name}_copy", "a", 1, ObjectKind.JOB) == "a_copy"
    assert copy_name("{name}_copy", "a" * 128, 12, ObjectKind.JOB) == "a" * 121 + "_copy12"
    assert copy_name("{name}_copy", "r" * 32, 1, ObjectKind.RESOURCE) == "r" * 27 + "_copy"
