"""Texts by digest."""

from __future__ import annotations

import msgspec
import pytest

from jobferry.model.document.facts import Facts
from jobferry.model.document.problems import Problem
from jobferry.model.document.references import Reference
from jobferry.model.kinds import NeedKind, ObjectKind
from jobferry.model.records import ImportOrigin, Text, Version
from jobferry.model.transfer.plan import ObjectOutcome
from jobferry.model.transfer.prior import Prior
from jobferry.model.transfer.receipt import Receipt, ReceiptItem
from jobferry.store import bulk

EXACT = [
    b'{"a": "\\u8ba2\\u5355 \\u0000 \\ud83d\\ude80"}',
    '{"a":"订单 🚀 é é"}'.encode(),
    b'{\r\n\t"a" : 1E5,\r\n "b":-0, "c": 18446744073709551616 }\r\n',
    b"\xef\xbb\xbf{}",
    b"",
    b'"%s ? :name \\\\ \'"',
]
WHOLE = Facts(
    name="订单",
    directory="/a",
    subtype="BATCH",
    references=(Reference(NeedKind.SCRIPT, "脚本", ("nodes", 0, "properties", 2, "value"), "w", "nested"),),
    problems=(Problem("code", "nodes[0]", {"name": "a\x00b"}),),
    sensitive=(("params", 1, "value"),),
    exposed=True,
    zones=(("UTC", ("schedule", "cron", "expressionTimeZone")),),
    parameters=(("x", ("params", 0, "value")),),
    has_schedule=True,
    nodes=3,
)


def put(store, texts, at=1):
    with store.write() as uow:
        uow.contents.put(texts, at=at)
        uow.commit()


@pytest.mark.parametrize("exact", EXACT)
def test_a_text_comes_back_byte_for_byte(store, make, exact):
    text = msgspec.structs.replace(make.text(exact), facts=WHOLE)
    put(store, [text])
    with store.read() as snapshot:
        assert list(snapshot.contents.texts([text.digest])) == [(text.digest, exact)]
        assert snapshot.contents.texts_at_once([text.digest, "f" * 64]) == {text.digest: exact}
        assert snapshot.contents.facts([text.digest], text.facts_version) == {text.digest: WHOLE}
        assert snapshot.contents.sizes([text.digest]) == {text.digest: len(exact)}


def test_any_number_of_texts_is_put_known_and_read(store, make):
    texts = [make.text(f'"{number}"') for number in range(bulk.PAGE + 1)]
    put(store, texts)
    digests = [text.digest for text in texts]
    with store.read() as snapshot:
        assert snapshot.contents.known([*digests, "f" * 64]) == set(digests)
        assert len(snapshot.contents.sizes(digests)) == len(digests)
        assert len(snapshot.contents.facts(digests, "e1")) == len(digests)
        read = list(snapshot.contents.texts([*digests, *digests, "f" * 64]))
    assert sorted(digest for digest, _ in read) == sorted(digests)


def test_of_many_texts_those_that_are_there_or_come_twice_are_kept_once(store, make):
    texts = [make.text(f'"{number}"') for number in range(120)]
    put(store, texts[:60])
    again = [msgspec.structs.replace(text, facts_version="e2", facts=WHOLE) for text in texts]
    put(store, [*again, *again[50:70]], at=2)
    digests = [text.digest for text in texts]
    with store.read() as snapshot:
        assert snapshot.contents.facts(digests, "e2") == dict.fromkeys(digests, WHOLE)
        assert dict(snapshot.contents.texts(digests)) == {text.digest: text.text for text in texts}


def test_texts_larger_than_a_page_are_read_too(store, make):
    texts = [make.text(f'"{number}{"数" * 2_000_000}"') for number in range(3)]
    put(store, texts)
    with store.read() as snapshot:
        read = dict(snapshot.contents.texts([text.digest for text in texts]))
    assert read == {text.digest: text.text for text in texts}


def test_nothing_is_asked_for_nothing(store):
    with store.write() as uow:
        assert uow.contents.known([]) == set()
        assert list(uow.contents.texts([])) == []
        assert uow.contents.facts([], "e1") == {}
        uow.contents.put([], at=1)


def test_facts_of_another_reading_do_not_count(store, make):
    text = make.text("[1]")
    put(store, [text])
    with store.read() as snapshot:
        assert snapshot.contents.facts([text.digest], "e1") == {text.digest: text.facts}
        assert snapshot.contents.facts([text.digest], "e2") == {}


def test_a_text_put_again_gets_the_new_facts(store, make):
    text = make.text("[1]")
    put(store, [text])
    put(store, [Text(text.digest, text.text, WHOLE, "e2")])
    with store.read() as snapshot:
        assert snapshot.contents.facts([text.digest], "e1") == {}
        assert snapshot.contents.facts([text.digest], "e2") == {text.digest: WHOLE}


def test_the_same_text_twice_in_one_batch_is_stored_once(store, make):
    put(store, [make.text("[1]"), make.text("[1]")])
    with store.read() as snapshot:
        assert len(list(snapshot.contents.texts([make.text("[1]").digest]))) == 1


def test_a_sweep_deletes_what_nothing_refers_to(store, make):
    names = ("draft", "version", "landing", "prior", "unused", "young")
    text = {name: make.text(f'"{name}"') for name in names}
    digest = {name: text[name].digest for name in names}
    put(store, [text[name] for name in names if name != "young"], at=10)
    put(store, [text["young"]], at=30)
    make.stored(store, [make.object(1, "a", digest=digest["draft"])])
    prior = Prior(object_id=1, name="a", directory="/", subtype="", digest=digest["prior"], live_version=0)
    item = ReceiptItem(kind=ObjectKind.JOB, name="a", outcome=ObjectOutcome.OVERWRITTEN, prior=prior)
    receipt = Receipt(
        id="r",
        workspace_id="w1",
        workspace="first",
        platform_id="p",
        imported_by="me",
        imported_at=1,
        package_name="x",
        package_digest="d",
    )
    landed = ImportOrigin(
        workspace_id="w1",
        object_id=1,
        kind=ObjectKind.JOB,
        source_platform="p",
        source_uid="u",
        entry_digest="e",
        edits_digest="",
        result_digest=digest["landing"],
        landed_at=1,
        source_workspace="w",
    )
    with store.write() as uow:
        uow.objects.add_versions([Version(object_id=1, number=1, digest=digest["version"])])
        uow.objects.save_landings([landed])
        uow.receipts.add(receipt, [item])
        assert uow.contents.sweep(before=20) == 2  # "unused", and the fixture's "{}"
        uow.commit()
    with store.read() as snapshot:
        assert snapshot.contents.known(digest.values()) == set(digest.values()) - {digest["unused"]}


def test_a_text_that_was_put_again_is_not_swept(store, make):
    hours = 60 * 60 * 1000
    put(store, [make.text("[1]")], at=1 * hours)
    put(store, [make.text("[1]")], at=30 * hours)
    with store.write() as uow:
        uow.contents.sweep(before=24 * hours)
        assert uow.contents.known([make.text("[1]").digest]) != set()
